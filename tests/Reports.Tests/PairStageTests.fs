namespace Repro.Reports.Tests

open System.Collections.Generic
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// Runs of the addition items with scores made up.
module PairSamples =
    /// The context of an item of the repository, with records found by `find`.
    let context (item: string) find =
        let root = Samples.root.Value
        let folder = Path.Combine(root, "paper-figures", item)

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = DataStore(DataFolder.Resolve root)
            Find = find
        }

    /// A result with validation scores, of 10,000, and a share of test sequences right.
    let resultOf outcome (scores: float list) (test: float) =
        let y = scores |> List.map (fun s -> s / 10000.0) |> Array.ofList
        let x = y |> Array.mapi (fun i _ -> float i)
        let curves = Dictionary(dict [ "validation correct", Curve(x, y) ])
        RunResult(outcome, Dictionary(dict [ "test correct", test ]), curves, "", 1L)

    /// A record of a run with such scores.
    let recordOf outcome (scores: float list) (run: IRunnable) =
        RunRecord.Of(run, resultOf outcome scores 0.5)

    /// A cell that ended.
    let finished (record: RunRecord) (cell: Planned) = {
        Cell = cell
        Id = record.Id
        Record = record
        Note = None
        Source = PoolSource.Recorded
        Matches = None
        Profile = Profile.Paper
    }

    /// The scores of a series at a length at the paper's scale, a seed each from 1.
    let group series x scores : Group = {
        Series = series
        X = x
        Profile = Profile.Paper
        Values = scores |> List.mapi (fun i v -> uint64 (i + 1), v)
    }

    let bars = [
        "gRNN", 744.0
        "oRNN", 766.0
        "iRNN", 8403.0
        "IRNN", 8578.0
        "nRNN", 8556.0
        "np-RNN", 9519.0
        "np-tanhRNN", 8425.0
    ]

    /// Finds records of stages that are so far from their bars; `missing` of the runs are not
    /// made. A run that readings share is as far as the first of them says.
    let stages names (missing: Planned -> bool) (farOf: Planned -> float) =
        let none = context PairStage.item (fun _ -> None)
        let records = Dictionary()

        for cell in names |> List.collect (fun name -> PairStage.plan name none Profile.Paper) do
            if not (missing cell) then
                let score = snd (List.find (fst >> (=) cell.Series) bars) + farOf cell
                let record = recordOf Outcomes.Completed (List.replicate 5 score) cell.Run
                records.TryAdd(RunId.Of cell.Run, record) |> ignore

        fun (run: IRunnable) ->
            match records.TryGetValue(RunId.Of run) with
            | true, record -> Some record
            | _ -> None

    /// The same of stage A.
    let stage missing farOf =
        stages [ PairStage.deciding ] missing farOf

/// The rule by which a reading of what all seven variants share is chosen, and what the plans of
/// addition and multiplication make of it.
[<TestFixture>]
type PairStageTests() =
    let bars = [ "np-RNN", 9519.0; "gRNN", 744.0 ]
    let choose = PairStage.choose 1000.0 2000.0
    let all = fun (_: Planned) -> false

    /// A1 is 500 from every bar and the others 3,000.
    let nearA1 (cell: Planned) = if cell.X = "A1" then 500.0 else 3000.0

    [<Test>]
    member _.``The distance is the mean of how far each variant is from its bar``() =
        let means = [ "gRNN", 1744.0; "np-RNN", 9019.0 ]
        Assert.That(PairStage.distance bars means, Is.EqualTo(750.0).Within 1e-9)

    [<Test>]
    member _.``A variant that is missing leaves the distance open``() =
        Assert.That(PairStage.distance bars [ "gRNN", 744.0 ], Is.NaN)

    [<TestCase(2500.0, "A1", false)>]
    [<TestCase(2500.1, "", false)>]
    [<TestCase(2000.0, "A1", true)>]
    [<TestCase(2000.1, "A1", false)>]
    member _.``A reading is chosen when it is nearer by a thousand, and near from two on``
        (distance: float, chosen: string, isNear: bool)
        =
        let rows = [ "A0", true, 3500.0; "A1", true, distance; "D1", false, 100.0 ]
        let outcome = (choose rows).Value
        Assert.That(defaultArg outcome.Chosen "", Is.EqualTo chosen)
        Assert.That(outcome.IsNear, Is.EqualTo isNear)
        Assert.That(outcome.Nearest, Is.EqualTo "A1")

    [<Test>]
    member _.``Of readings equally near the first listed is chosen``() =
        let rows = [ "A0", true, 3500.0; "A4", true, 900.0; "A1", true, 900.0 ]
        Assert.That((choose rows).Value.Chosen, Is.EqualTo(Some "A4"))

    [<Test>]
    member _.``Nothing is chosen before every reading is complete``() =
        for missing in [ "A1", true, nan; "D1", false, nan ] do
            Assert.That((choose [ "A0", true, 3500.0; "A2", true, 1.0; missing ]).IsNone)

    [<Test>]
    member _.``A run's score is the mean of its last five points, and nothing if it diverged``() =
        let context = PairSamples.context PairStage.item (fun _ -> None)
        let run = (PairStage.plan PairStage.deciding context Profile.Smoke).Head.Run
        let scores = [ 9000.0; 1000.0; 2000.0; 3000.0; 4000.0; 5000.0 ]
        let ended = PairSamples.recordOf Outcomes.Completed scores run
        Assert.That(PairStage.score ended, Is.EqualTo(3000.0).Within 1e-9)
        let lost = PairSamples.recordOf Outcomes.Diverged scores run
        Assert.That(PairStage.score lost, Is.Zero)

    [<Test>]
    member _.``Stage B is planned when the last run of stage A is there, of the reading chosen``() =
        let context missing =
            PairSamples.context "talathi-fig3" (PairSamples.stage missing nearA1)

        let plan missing =
            PairChosen.plan PairChosen.addition (context missing) Profile.Paper

        let one (cell: Planned) =
            cell.X = "D2" && cell.Series = "nRNN" && cell.Seed = 13UL

        Assert.That(plan one, Is.Empty)
        let cells = plan all
        Assert.That(cells, Has.Length.EqualTo(5 * 7 * 3))

        Samples.same [ "150"; "200"; "300"; "400"; "500" ] (cells |> List.map _.X |> List.distinct)
        Samples.same [ 1UL; 2UL; 3UL ] (cells |> List.map _.Seed |> List.distinct)

        for cell in cells do
            let spec = Setting("spec", cell.Run.Spec)
            let training = spec["training"]
            Assert.That(spec["initializer"].["inputVarianceSize"].Text, Is.EqualTo "input")
            Assert.That(training["lossFactor"].Number, Is.EqualTo 1.0)
            Assert.That(training["updates"].Whole, Is.EqualTo 1000000L)
            Assert.That(training.Has "test", Is.False, "all test sequences are read")

    [<Test>]
    member _.``Where the present reading stays, its part is all there is``() =
        let find =
            PairSamples.stage all (fun cell -> if cell.X = "A1" then 2001.0 else 3000.0)

        for item, part in
            [
                "talathi-fig3", PairChosen.addition
                "talathi-fig4", PairChosen.multiplication
            ] do
            let plan = PairChosen.plan part (PairSamples.context item find) Profile.Paper
            Assert.That(plan, Is.Empty, item)

    [<Test>]
    member _.``A reading's changes of single variants go with it``() =
        // A1 and A6 are the same but for gRNN and oRNN.
        let farOf (cell: Planned) =
            match cell.X, cell.Series with
            | "A1", ("gRNN" | "oRNN") -> 3000.0
            | ("A1" | "A6"), _ -> 0.0
            | _ -> 3000.0

        let find = PairSamples.stage all farOf

        let context = PairSamples.context "talathi-fig3" find

        let recurrent =
            PairChosen.plan PairChosen.addition context Profile.Paper
            |> List.map (fun c ->
                c.Series, Setting("spec", c.Run.Spec).["initializer"].["recurrent"].Text)
            |> List.distinct
            |> List.truncate 3

        Samples.same [ "gRNN", "gaussian-0.05"; "oRNN", "orthogonal-1.1"; "iRNN", "iRNN" ] recurrent

    [<Test>]
    member _.``Multiplication takes the reading that addition chose``() =
        let context = PairSamples.context "talathi-fig4" (PairSamples.stage all nearA1)
        let cells = PairChosen.plan PairChosen.multiplication context Profile.Paper
        Assert.That(cells, Has.Length.EqualTo(3 * 5 * 3))

        for cell in cells do
            let spec = Setting("spec", cell.Run.Spec)
            Assert.That(spec["task"].["name"].Text, Is.EqualTo "multiplication")
            Assert.That(spec["initializer"].["inputVarianceSize"].Text, Is.EqualTo "input")
            Assert.That(spec["training"].["updates"].Whole, Is.EqualTo 625000L)
            Assert.That(spec["training"].["batch"].Count, Is.EqualTo 16)

    [<Test>]
    member _.``A figure is judged by the chosen reading when its last run is there, and whole``() =
        let context = PairSamples.context "talathi-fig3" (PairSamples.stage all nearA1)

        let ended (cells: Planned list) =
            cells
            |> List.map (fun c ->
                PairSamples.finished (PairSamples.recordOf Outcomes.Completed [ 1.0 ] c.Run) c)

        let own = PairChosen.plan PairChosen.addition context Profile.Paper |> ended

        let main =
            own
            |> List.map (fun f -> {
                f with
                    Cell = { f.Cell with Part = "main" }
            })

        let partsOf finished =
            PairChosen.judged PairChosen.addition context finished
            |> List.map _.Cell.Part
            |> List.distinct

        Samples.same [ "main" ] (partsOf (main @ own.Tail))
        Samples.same [ "stage-B" ] (partsOf (main @ own))
        let first = PairChosen.seenFirst PairChosen.addition context "150"
        Assert.That(first (main @ own.Tail), Is.Empty)
        Assert.That((snd (first (main @ own)).Head).Rows, Has.Length.EqualTo 7)

    [<Test>]
    member _.``The account counts what is missing, and then says what the rule gives``() =
        let said missing farOf =
            let find = PairSamples.stage missing farOf
            let context = PairSamples.context "talathi-fig3" find

            PairAccount.outcome context (PairStage.rows PairStage.deciding context Profile.Paper)
            |> String.concat " "

        let seed (cell: Planned) = cell.Seed = 12UL
        Assert.That(said seed nearA1, Does.StartWith "154 of the 231 runs")
        let chosen = said all nearA1
        Assert.That(chosen, Does.Contain "A1 (variance of W_hx is 1/2 (N = inputs)) is nearest")
        Assert.That(chosen, Does.Contain "500 of 10,000 away")
        Assert.That(chosen, Does.Contain "so the rule chooses A1.")
        Assert.That(chosen, Does.Not.Contain "no reading tried")
        let far = said all (fun cell -> if cell.X = "D1" then 100.0 else 2500.0)
        Assert.That(far, Does.Contain "keeps the present reading, 'half loss'")
        Assert.That(far, Does.Contain "no reading tried reproduces the figure")
        Assert.That(far, Does.Contain "D1 (")
        Assert.That(far, Does.Contain "is nearer, 100 away")
