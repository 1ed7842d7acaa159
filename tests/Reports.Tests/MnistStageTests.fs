namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// The rule by which readings of sequential MNIST are chosen, and the plans it makes grow.
[<TestFixture>]
module MnistStageTests =
    let private settings batch =
        Setting(
            "settings",
            JsonNode.Parse
                $"""{{ "training": {{ "batch": {batch}, "updates": 375000, "evaluateEvery": 3750,
                       "schedule": [ [ 123750, 0.1 ], [ 247500, 0.01 ] ] }} }}"""
        )

    /// A run of a batch size, and a record of it with held-out cross-entropies by epoch.
    let private recorded outcome (batch: int) (values: (float * float) list) =
        let run = {
            new IRunnable with
                member _.Label = ""

                member _.Spec =
                    JsonNode.Parse $"""{{ "training": {{ "batch": {batch} }} }}""" :?> JsonObject

                member _.Behaviour = Dictionary()
                member _.DataHashes = Dictionary()
                member _.EstimatedCost = 1.0
                member _.Execute _ = invalidOp "not run"
        }

        let x = [| for epoch, _ in values -> epoch * 60000.0 / float batch |]
        let curves = dict [ MnistStage.curve, Curve(x, [| for _, v in values -> v |]) ]
        let result = RunResult(outcome, Dictionary(), Dictionary curves, "", 1L)
        run, RunRecord.Of(run, result)

    let private valueAt epochs (run, record) = MnistStage.valueAt run record epochs

    [<Test>]
    let ``Updates are those of as many sequences in batches of another size`` () =
        let numbers (settings: Setting) =
            let training = settings["training"]
            let step = training["schedule"].At 1
            [ training["updates"].Whole; training["evaluateEvery"].Whole; step.At(0).Whole ]

        let factor =
            (MnistRuns.inOwnBatches 16 (settings 32)).["training"].["schedule"].At(1)

        Assert.That(factor.At(1).Number, Is.EqualTo 0.01)
        Samples.same [ 187500L; 1875L; 123750L ] (numbers (MnistRuns.inOwnBatches 16 (settings 32)))
        Samples.same [ 375000L; 3750L; 247500L ] (numbers (MnistRuns.inOwnBatches 16 (settings 16)))

    [<Test>]
    let ``The distance is the mean of the differences, infinite where a run diverged`` () =
        Assert.That(MnistStage.distance [ 2.0, 2.1; 1.5, 1.2 ], Is.EqualTo(0.2).Within 1e-12)
        Assert.That(MnistStage.distance [ infinity, 2.1; 1.5, 1.2 ], Is.EqualTo infinity)
        Assert.That(MnistStage.distance [ nan, 2.1; 1.5, 1.2 ], Is.NaN)

    [<Test>]
    let ``The nearest eligible reading is chosen, the first listed of equals`` () =
        let rows = [ "R1", false, 0.1; "S1", true, infinity; "S2", true, 0.5; "S3", true, 0.5 ]
        Assert.That(MnistStage.choose rows, Is.EqualTo(Some("S2", 0.5)))

    [<Test>]
    let ``Nothing is chosen while a run is missing, nor where every eligible one diverged`` () =
        Assert.That((MnistStage.choose [ "S1", true, 0.5; "R1", false, nan ]).IsNone)
        Assert.That((MnistStage.choose [ "S1", true, infinity; "R1", false, 0.1 ]).IsNone)

    [<TestCase 16>]
    [<TestCase 32>]
    let ``A value is read after so many epochs whatever the batch`` (batch: int) =
        let run = recorded Outcomes.Completed batch [ 1.0, 2.1; 2.0, 1.9 ]
        Assert.That(valueAt 2.0 run, Is.EqualTo 1.9)
        Assert.That(valueAt 3.0 run, Is.NaN)

    [<Test>]
    let ``A run that diverged is infinitely far from there on`` () =
        let run = recorded Outcomes.Diverged 16 [ 1.0, 2.1; 2.0, nan ]

        Samples.same
            [ 2.1; infinity; infinity ]
            ([ 1.0; 2.0; 4.0 ] |> List.map (fun e -> valueAt e run))

    /// Held-out cross-entropies of the stage's runs as `valueOf` says, by reading and epoch.
    let internal found item (missing: Planned -> bool) (valueOf: string -> float -> float) =
        if String.IsNullOrEmpty(Environment.GetEnvironmentVariable "REPRO_DATA") then
            Assert.Ignore "REPRO_DATA names no folder with the data sets"

        let context find = {
            PairSamples.context item find with
                Data = Repro.Engine.Data.DataStore(Repro.Engine.Data.DataFolder.Resolve null)
        }

        let epochs = [ 1.0 .. 12.0 ]

        let records =
            dict [
                for cell in MnistStage.plan (context (fun _ -> None)) Profile.Paper do
                    if not (missing cell) then
                        let batch = MnistRuns.batchOf cell.Run
                        let x = [| for e in epochs -> e * 60000.0 / float batch |]
                        let y = [| for e in epochs -> valueOf cell.X e |]
                        let curves = Dictionary(dict [ MnistStage.curve, Curve(x, y) ])

                        let result = RunResult(Outcomes.Completed, Dictionary(), curves, "", 1L)

                        RunId.Of cell.Run, RunRecord.Of(cell.Run, result)
            ]

        context (fun run ->
            match records.TryGetValue(RunId.Of run) with
            | true, record -> Some record
            | _ -> None)

    /// S4 and I2 are the nearest.
    let internal flat (reading: string) (_: float) =
        match reading with
        | "S4" -> 1.9
        | "I2" -> 1.3
        | _ -> 2.3

    [<Test>]
    let ``The stage has thirteen readings of three seeds on images that are held out`` () =
        let cells =
            MnistStage.plan (found "talathi-fig5" (fun _ -> true) flat) Profile.Paper

        Assert.That(cells, Has.Length.EqualTo(13 * 3))
        Samples.same [ 11UL; 12UL; 13UL ] (cells |> List.map _.Seed |> List.distinct)

        for cell in cells do
            let spec = Setting("spec", cell.Run.Spec)
            let training = spec["training"]
            Assert.That(spec["task"].["validation"].Whole, Is.EqualTo 5000L)
            Assert.That(training["validation"].Whole, Is.EqualTo 5000L)
            Assert.That(training["testCurve"].Flag, Is.False)
            let sequences = training["updates"].Whole * training["batch"].Whole
            Assert.That(sequences, Is.EqualTo(12L * 60000L))

        Assert.That(
            cells |> List.map (fun c -> RunId.Of c.Run) |> List.distinct,
            Has.Length.EqualTo 39
        )

    [<Test>]
    let ``The chosen readings' runs are planned network by network`` () =
        let oneMissing (cell: Planned) = cell.X = "I4" && cell.Seed = 13UL

        let plan item missing =
            MnistStage.planChosen (found item missing flat) Profile.Paper

        let half = plan "talathi-fig5" oneMissing
        Samples.same [ "np-RNN" ] (half |> List.map _.Series |> List.distinct)

        let whole = plan "talathi-table2" (fun _ -> false)

        let counts = whole |> List.countBy (fun c -> c.Part, c.Series, c.X)

        Samples.same
            [
                ("chosen", "IRNN (RMSProp)", "100"), 3
                ("chosen", "np-RNN (SGD)", "100"), 3
                ("chosen-500", "IRNN (RMSProp)", "500"), 1
                ("chosen-500", "np-RNN (SGD)", "500"), 1
            ]
            counts

        for cell in whole do
            let spec = Setting("spec", cell.Run.Spec)
            Assert.That(spec["task"].["validation"].Whole, Is.Zero, "all images train")
            let training = spec["training"]
            let sequences = training["updates"].Whole * training["batch"].Whole
            Assert.That(sequences, Is.EqualTo(int64 cell.X * 60000L))

            if cell.Series.StartsWith "IRNN" then
                Assert.That(training["batch"].Whole, Is.EqualTo 32L)
            else
                Assert.That(spec["task"].["pixels"].Text, Is.EqualTo "bytes")

    [<Test>]
    let ``Rows are of the chosen reading once its seeds are all there`` () =
        let context = found "talathi-fig5" (fun _ -> false) flat

        let ended (cells: Planned list) =
            cells
            |> List.map (fun c ->
                PairSamples.finished (PairSamples.recordOf Outcomes.Completed [ 1.0 ] c.Run) c)

        let own = MnistStage.planChosen context Profile.Paper |> ended

        let main =
            own
            |> List.map (fun f -> {
                f with
                    Cell = { f.Cell with Part = "main" }
            })

        let parts finished =
            MnistStage.judged context finished
            |> List.map (fun f -> f.Cell.Series, f.Cell.Part)
            |> List.distinct
            |> List.sort

        Samples.same [ "IRNN", "chosen"; "np-RNN", "chosen" ] (parts (main @ own))

        let lacking =
            own |> List.filter (fun f -> not (f.Cell.Series = "IRNN" && f.Cell.Seed = 2UL))

        Samples.same [ "IRNN", "main"; "np-RNN", "chosen" ] (parts (main @ lacking))

    [<Test>]
    let ``Before the figure's own runs are there the page leads with the readings chosen`` () =
        let lead missing profile =
            let context = found "talathi-fig5" missing flat
            MnistPages.summary context profile [] "nats" (fun _ -> nan)

        Assert.That(
            lead (fun _ -> false) Profile.Paper,
            Does
                .Contain("nearest to the start of Figure 5's curves are")
                .And.Contain("S4 of np-RNN (")
                .And.Contain("of IRNN (")
                .And.EndWith("not complete.")
        )

        let onlyOne = lead (fun cell -> cell.X = "I4" && cell.Seed = 13UL) Profile.Paper
        Assert.That(onlyOne, Does.Contain("S4 of np-RNN (").And.Not.Contain("of IRNN ("))
        Assert.That(lead (fun _ -> true) Profile.Paper, Is.EqualTo Runs.noneAtHand)
        Assert.That(lead (fun _ -> false) Profile.Quick, Is.EqualTo Runs.noneAtHand)

    /// Runs of the chosen readings of an item, of 100 epochs: one value a seed, and of NaN one that
    /// diverged after two epochs.
    let private accuracies item (ofSeries: string -> float list) =
        let context = found item (fun _ -> false) flat

        let finished = [
            for cell in MnistStage.planChosen context Profile.Paper do
                let own = ofSeries cell.Series

                if cell.X = "100" && int cell.Seed <= own.Length then
                    let value = own[int cell.Seed - 1]
                    let isLost = Double.IsNaN value
                    let outcome = if isLost then Outcomes.Diverged else Outcomes.Completed
                    let epochs = if isLost then [| 1.0; 2.0 |] else [| 1.0 .. 100.0 |]
                    let batch = float (MnistRuns.batchOf cell.Run)
                    let x = epochs |> Array.map (fun e -> e * 60000.0 / batch)
                    let curve = Curve(x, epochs |> Array.map (fun e -> 1.0 / e))
                    let metrics = Dictionary(dict [ "test correct", value ])
                    let curves = Dictionary(dict [ "test cross-entropy", curve ])
                    let result = RunResult(outcome, metrics, curves, "", 1L)
                    PairSamples.finished (RunRecord.Of(cell.Run, result)) cell
        ]

        context, finished

    [<Test>]
    let ``Accuracies are a finding once both networks have their seeds, with what diverged`` () =
        let finding irnn np =
            let context, finished =
                accuracies "talathi-table2" (fun series ->
                    if series.StartsWith "IRNN" then irnn else np)

            MnistHeadlines.accuracy.Text context finished []

        Assert.That(
            finding [ 0.8; 0.85; 0.825 ] [ 0.4; nan; 0.3 ],
            Is.EqualTo(
                Some
                    "On sequential MNIST after 100 epochs IRNN with RMSprop has a mean test \
                     accuracy of 82.5 %, and np-RNN with SGD of 35 % (1 of 3 runs diverged); the \
                     paper has 83 and 92 %."
            )
        )

        Assert.That(
            (finding [ 0.8; 0.85; 0.825 ] [ nan; nan; nan ]).Value,
            Does.Contain "np-RNN with SGD of no value, since 3 of 3 runs diverged"
        )

        Assert.That((finding [ 0.8; 0.85; 0.825 ] [ 0.9; 0.9 ]).IsNone)

    [<Test>]
    let ``Means are of one number of epochs, and say how many runs diverged`` () =
        let context, finished =
            accuracies "talathi-table2" (fun series ->
                if series.StartsWith "IRNN" then
                    [ 0.8; 0.85; 0.825 ]
                else
                    [ 0.4; nan; nan ])

        let longer =
            finished
            |> List.filter (fun f -> Double.IsNaN(f.Record.Metric "test correct"))
            |> List.truncate 1
            |> List.map (fun f -> {
                f with
                    Cell = {
                        f.Cell with
                            Part = "chosen-500"
                            X = "500"
                    }
            })

        Assert.That(
            MnistPages.summary context Profile.Paper (finished @ longer) "%" (fun f ->
                100.0 * f.Record.Metric "test correct"),
            Is.EqualTo
                "After 100 epochs on average: IRNN (RMSProp) 82.5 % and np-RNN (SGD) 40 % (2 of \
                 3 runs diverged). After 500 epochs on average: np-RNN (SGD) no value, since 1 of \
                 1 runs diverged."
        )

    [<Test>]
    let ``A mean is of the curves that reach the furthest, not of as many points elsewhere`` () =
        let near = [| 1.0; 2.0; 3.0 |], [| 1.0; 1.0; 1.0 |]

        let far level =
            [| 5.0; 10.0; 15.0 |], [| level; level; level |]

        let lost = [| 5.0; 10.0 |], [| 9.0; 9.0 |]
        let x, y = Judging.meanCurve [ near; far 2.0; lost; far 4.0 ]
        Samples.same [ 5.0; 10.0; 15.0 ] (List.ofArray x)
        Samples.same [ 3.0; 3.0; 3.0 ] (List.ofArray y)
        Assert.That(Judging.meanCurve [ [||], [||] ], Is.EqualTo(([||], [||]): float[] * float[]))

    [<Test>]
    let ``After it diverged a run has no finite value at an epoch, and is not missing there`` () =
        let context, finished =
            accuracies "talathi-fig5" (fun series ->
                if series = "IRNN" then
                    [ 0.8; 0.8; 0.8 ]
                else
                    [ nan; nan; nan ])

        let groups =
            MnistPages.groupsAt
                context
                Profile.Paper
                "test cross-entropy"
                1.0
                [ "1", 2.0; "9", 10.0 ]
                finished

        let at series x =
            groups
            |> List.find (fun g -> g.Series = series && g.X = x)
            |> _.Values
            |> List.map snd

        Samples.same [ 0.5; 0.5; 0.5 ] (at "np-RNN" "1")
        Samples.same [ nan; nan; nan ] (at "np-RNN" "9")
        Samples.same [ 0.1; 0.1; 0.1 ] (at "IRNN" "9")

    [<Test>]
    let ``The page says which reading is chosen and whether it is near`` () =
        let context = found "talathi-fig5" (fun _ -> false) flat
        let far = MnistStagePages.conclusion context "np-RNN"
        Assert.That(far, Does.StartWith "np-RNN: the rule chooses S4 (")
        Assert.That(far, Does.Contain "no reading tried reproduces the start")
        let paper = [ 1.0, 2.1; 2.0, 2.14; 4.0, 1.86; 6.0, 2.08; 11.0, 1.43 ]

        let exact (reading: string) epoch =
            if reading = "S5" then
                paper
                |> List.tryFind (fst >> (=) epoch)
                |> Option.map snd
                |> Option.defaultValue 2.0
            else
                2.3

        let near =
            MnistStagePages.conclusion (found "talathi-fig5" (fun _ -> false) exact) "np-RNN"

        Assert.That(near, Does.Contain "chooses S5, the present reading,")
        Assert.That(near, Does.Contain "0.00 nats from the paper's points")
        Assert.That(near, Does.Contain "the curve begins as the paper's does")

        let other = MnistStagePages.shortAccount context
        Assert.That(other, Does.Contain "takes the place of the general answers below")
        Assert.That(other, Does.Contain "../talathi-fig5/index.html")

        let undecided =
            MnistStagePages.shortAccount (found "talathi-fig5" (fun _ -> true) flat)

        Assert.That(undecided, Does.Not.Contain "takes the place")

    [<Test>]
    let ``Predictions of np-RNN's readings are held against distances and first points`` () =
        let row name isEligible (means: float list) distance : MnistStage.Row = {
            Which = {
                Name = name
                Text = ""
                Network = "np-RNN"
                IsEligible = isEligible
                IsPresent = false
                Changes = settings 16
            }
            Recorded = 3
            Wanted = 3
            Means = means
            Distance = distance
        }

        let rows = [
            row "S1" true [ 2.30; 2.29; 1.2 ] 0.4
            row "S4" true [ 1.9; 1.8; 1.7 ] 0.25
            row "S5" true [ 2.30; 2.20; 2.2 ] 0.3
            row "S8" true [ 30.0; infinity; infinity ] infinity
            row "R1" false [ 1.8; 1.7; 1.6 ] 0.21
        ]

        Samples.same
            [
                "lowest in the first six epochs 2.20 (near: within 0.05)", Some false
                "nearest S4 0.25; S4 0.25", Some true
                "S8 30.00 nats after the first epoch", Some true
                "nearest S4 0.25", Some true
                "R1 0.21 and S4 0.25", Some true
            ]
            (MnistPredictions.ofNp 0.2 rows |> List.map (fun p -> p.Came, p.IsSo))
