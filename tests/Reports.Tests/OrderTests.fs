namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Plotly.NET
open Repro.Reports
open Repro.Reports.Svg
open Repro.Reports.Items

/// Pages of temporal order from made-up ends of planned runs: nothing is trained.
[<TestFixture>]
module OrderTests =
    let private context item =
        let root = Samples.root.Value
        let folder = Path.Combine(root, "paper-figures", item)

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = DataStore(DataFolder.Resolve(Path.GetTempPath()))
            Find = fun _ -> None
        }

    let private ended (metrics: (string * float) list) outcome updates profile (cell: Planned) =
        let metrics = metrics |> List.map KeyValuePair |> Dictionary

        let result =
            RunResult(outcome, metrics, Dictionary<string, Curve>(), "", int64<int> updates)

        {
            Cell = cell
            Id = RunId.Of cell.Run
            Record = RunRecord.Of(cell.Run, result)
            Note = None
            Source = PoolSource.Trained
            Matches = None
            Profile = profile
        }

    let private plan (context: Context) profile = OrderRuns.plan context profile

    /// The paper-scale runs of a curve, as many of them succeeding as the rate asks for.
    let private curve (context: Context) series (rate: string -> float) = [
        for x, cells in
            plan context Profile.Paper
            |> List.filter (fun p -> p.Series = series)
            |> List.groupBy _.X do
            let successes = int (Math.Round(rate x * float cells.Length))

            for cell in cells ->
                if int cell.Seed <= successes then
                    ended [] Outcomes.Succeeded (1000 * int cell.Seed) Profile.Paper cell
                else
                    ended [] Outcomes.Futile 1_000_000 Profile.Paper cell
    ]

    /// The run with other final weights, as a hash.
    let private withWeights (weights: string) (run: Finished) =
        let old = run.Record.Result

        let result = RunResult(old.Outcome, old.Metrics, old.Curves, weights, old.Updates)

        {
            run with
                Record = RunRecord.Of(run.Cell.Run, result)
        }

    let private paperRate (context: Context) series x =
        (context.Targets |> List.find (fun t -> t.Series = series && t.X = x)).Value

    let private verdicts context finished =
        OrderPages.tests context finished |> List.map (fun (_, j) -> j.Verdict)

    let private seedsOf (cells: OrderCell list) = [
        for c in cells -> c.X, c.Ended |> List.map (fun f -> int f.Cell.Seed)
    ]

    [<Test>]
    let ``A cell counts when its runs have ended, near a fall also with the first seeds alone`` () =
        let context = context "pascanu-fig7"
        let all = curve context "smart-tanh/MSGD" (fun _ -> 1.0)

        let without seed x =
            all |> List.filter (fun f -> not (f.Cell.X = x && int f.Cell.Seed = seed))

        let counted finished =
            OrderCells.whole (OrderCells.planned context Profile.Paper finished)
            |> seedsOf
            |> Map.ofList

        (counted all)["50"] |> Samples.same [ 1..10 ]
        (counted (without 8 "50"))["50"] |> Samples.same [ 1..5 ]
        Assert.That(counted (without 3 "50") |> Map.containsKey "50", Is.False)
        Assert.That(counted (without 5 "100") |> Map.containsKey "100", Is.False)
        (counted (without 5 "100"))["150"] |> Samples.same [ 1..5 ]

    [<Test>]
    let ``A curve like the paper's is reproduced, one that never falls is not, others not run`` () =
        let context = context "pascanu-fig7"
        let series = "basic-tanh/MSGD"
        let like = verdicts context (curve context series (paperRate context series))
        Assert.That(like |> List.filter ((=) Verdict.Reproduced), Has.Length.EqualTo 1)
        Assert.That(like |> List.filter ((=) Verdict.NotRun), Has.Length.EqualTo 8)
        let unlike = verdicts context (curve context series (fun _ -> 1.0))
        Assert.That(unlike |> List.filter ((=) Verdict.NotReproduced), Has.Length.EqualTo 1)

    [<Test>]
    let ``A curve made by the runs of an earlier one is judged and not counted`` () =
        let context = context "pascanu-fig7"
        let rate = paperRate context "sigmoid/MSGD"

        let marked series =
            curve context series rate
            |> List.map (fun f -> withWeights $"{f.Cell.X} {f.Cell.Seed}" f)

        let plain, clipped = marked "sigmoid/MSGD", marked "sigmoid/MSGD-C"

        let of' series finished =
            OrderPages.tests context finished
            |> List.find (fun (text, _) -> text.StartsWith(series + ":"))
            |> snd

        let both = plain @ clipped
        let first, second = of' "sigmoid, MSGD" both, of' "sigmoid, MSGD-C" both
        Assert.That(first.SameAs, Is.Null)
        Assert.That(second.SameAs, Is.EqualTo "sigmoid, MSGD")
        Assert.That(second.Verdict, Is.EqualTo first.Verdict)
        Assert.That(second.Reason, Does.Contain "The same runs as sigmoid, MSGD")

        let overall (twin: Judgement) =
            Pages.overall context.Protocol {
                Claim = ""
                Summary = ""
                Values = []
                Orderings = [ "one", first; "the other", twin ]
                Figures = []
                Tables = []
            }

        let against =
            Judgement(Verdict.NotReproduced, Nullable(), Nullable(), 5, "It does not.")

        Assert.That(first.Verdict, Is.EqualTo Verdict.Reproduced)
        Assert.That(overall against, Is.EqualTo Verdict.Mixed)
        Assert.That(overall (against.RestingOn "one"), Is.EqualTo Verdict.Reproduced)

        // One seed that ends elsewhere makes the curve evidence of its own.
        let other = withWeights "another" clipped.Head :: clipped.Tail
        Assert.That((of' "sigmoid, MSGD-C" (plain @ other)).SameAs, Is.Null)

    [<Test>]
    let ``Runs that ended with the same weights are one run, runs that diverged are not`` () =
        let context = context "pascanu-fig7"
        let runs = curve context "sigmoid/MSGD" (fun _ -> 1.0) |> List.truncate 3
        let same = runs |> List.map (withWeights "w")
        Twins.identical same |> List.map List.length |> Samples.same [ 3 ]
        Assert.That(Twins.identical runs, Is.Empty, "no weights to compare")
        Assert.That(Twins.tables runs, Is.Empty)
        let text = Twins.tables same |> List.exactlyOne |> snd |> Table.toCsv
        Assert.That(text, Does.Contain "1 = 2 = 3")

        let diverged = [
            for f in same -> ended [] Outcomes.Diverged 10 Profile.Paper f.Cell |> withWeights "w"
        ]

        Assert.That(Twins.identical diverged, Is.Empty)
        // A run recorded under two names is one run, and no twin of itself.
        Assert.That(Twins.distinct (same @ same), Has.Length.EqualTo 3)
        Assert.That(Twins.identical [ same.Head; same.Head ], Is.Empty)

    [<Test>]
    let ``The tests decide the figure's verdict and not its cells`` () =
        let context = context "pascanu-fig7"
        let series = "basic-tanh/MSGD"
        let finished = curve context series (fun _ -> 1.0)

        let analysis = {
            Claim = ""
            Summary = ""
            Values = OrderPages.rows context finished
            Orderings = OrderPages.tests context finished
            Figures = []
            Tables = []
        }

        let cells =
            analysis.Values
            |> List.choose (fun r -> Option.ofNullable r.Verdict)
            |> List.distinct

        Assert.That(cells, Does.Contain Verdict.Reproduced, "a cell of ten seeds at T = 35")
        Assert.That(Pages.overall context.Protocol analysis, Is.EqualTo Verdict.NotReproduced)

    [<Test>]
    let ``Runs given up as futile are counted, labelled and drawn in dashes`` () =
        let context = context "pascanu-fig7"

        let finished =
            curve context "basic-tanh/MSGD-C" (paperRate context "basic-tanh/MSGD-C")

        let figures = OrderPages.figures context Profile.Paper finished
        let budget = figures |> List.find (fun f -> f.Id = "budget-paper")
        let futile = finished |> List.filter OrderCells.futile |> List.length
        Assert.That(budget.Note, Does.Contain $"({futile} in all) were given up as futile")

        let dashes = [
            for panel in (FigureJson.read (Chart.toJson budget.Chart)).Cells do
                for trace in panel.Traces do
                    match trace.Name with
                    | Some name -> name, trace.Line.Dash
                    | None -> ()
        ]

        Assert.That(dashes, Does.Contain(("T = 65", "dash")))
        Assert.That(dashes, Does.Contain(("T = 20", "solid")))

        let outcomes =
            OrderPages.tables context Profile.Paper finished
            |> List.find (fun (title, _) -> title.StartsWith "How the runs ended")
            |> snd

        let row =
            outcomes.Rows |> List.map (List.map _.Text) |> List.find (fun r -> r[1] = "65")

        row
        |> Samples.same [ "basic tanh, MSGD-C"; "65"; "10"; "6"; "4"; "0"; "0"; "3,500" ]

    [<Test>]
    let ``Every figure at the paper's scale is whole XML, with runs and without`` () =
        let context = context "pascanu-fig7"

        let finished =
            context.Targets
            |> List.map _.Series
            |> List.distinct
            |> List.collect (fun series -> curve context series (paperRate context series))

        let redrawn = OrderPages.figures context Profile.Paper []
        Assert.That((List.exactlyOne redrawn).Caption, Does.Contain "redrawn")
        let figures = OrderPages.figures context Profile.Paper finished
        Assert.That(figures.Head.Caption, Does.Contain $"{finished.Length} runs of ours")

        for figure in redrawn @ figures do
            let texts = Samples.texts (Samples.parse (Chart.toSvg figure.Chart))
            Assert.That(texts, Does.Contain "sigmoid, MSGD-CR", figure.Id)

    [<Test>]
    let ``The share of successes steps up at each success and lasts until the budget's end`` () =
        OrderFigures.steps 400.0 5000.0 4 [ 2000.0; nan; 1000.0; nan ]
        |> Samples.same [
            400.0, 0.0
            1000.0, 0.0
            1000.0, 0.25
            2000.0, 0.25
            2000.0, 0.5
            5000.0, 0.5
        ]

    [<Test>]
    let ``Where a curve falls is said in words`` () =
        let context = context "pascanu-fig7"
        let series = "smart-tanh/MSGD"

        let fall rate =
            curve context series rate
            |> OrderCells.planned context Profile.Paper
            |> OrderCells.whole
            |> OrderPages.fall

        // The middle of 20 and 50 on a logarithmic axis.
        Assert.That(fall (paperRate context series), Is.EqualTo "at T = 31.6")
        Assert.That(fall (fun _ -> 1.0), Is.EqualTo "nowhere up to T = 250")
        Assert.That(fall (fun _ -> 0.0), Is.EqualTo "below T = 16")
        Assert.That(fall (fun x -> if x = "250" then 0.8 else 1.0), Does.StartWith "beyond T = 24")

    [<Test>]
    let ``A seed that never succeeds has no number of updates`` () =
        let context = context "pascanu-updates"
        let finished = curve context "smart-tanh/MSGD" (fun _ -> 0.9)
        let group = UpdatesPages.groups context finished |> List.exactlyOne
        group.Values |> List.map fst |> Samples.same [ 1UL .. 10UL ]

        group.Values
        |> List.filter (snd >> Double.IsNaN)
        |> List.map fst
        |> Samples.same [ 10UL ]

        let row =
            Judging.rows context.Protocol context.Targets "mean updates to converge" [ group ]
            |> List.find (fun r -> r.N > 0)

        Assert.That(row.Verdict, Is.EqualTo(Nullable Verdict.Undecided), "it cannot be decided")
        Assert.That(row.Ours, Is.EqualTo(Nullable 5000.0), "the mean of the nine")

    let private lengthRuns (context: Context) outcomeOf count = [
        let settings = Setting.Of context.Protocol
        let run = CellRuns.shared settings settings["profiles"].["paper"]

        for seed in 1..count ->
            {
                Part = "main"
                Series = "basic-tanh/MSGD-CR"
                X = "50-200"
                Seed = uint64 seed
                Run = CellRuns.run context run $"seed {seed}" (uint64 seed)
            }
            |> ended
                [
                    "test correct at 5000", 0.9999
                    "test correct at 50", 1.0
                    "test loss at 50", 0.1
                ]
                (outcomeOf seed)
                400_000
                Profile.Paper
    ]

    [<Test>]
    let ``Wrong sequences are counted at each test length, the shortest first`` () =
        let context = context "pascanu-random-length"
        let run = lengthRuns context (fun _ -> Outcomes.Succeeded) 1 |> List.exactlyOne
        LengthPages.wrongAt run |> Samples.same [ 50, 0.0; 5000, 1.0 ]

    [<TestCase(5, "reproduced")>]
    [<TestCase(4, "not reproduced")>]
    let ``The seeds that succeed are one number, judged when all have ended``
        (successes: int, verdict: string)
        =
        let context = context "pascanu-random-length"

        let outcome seed =
            if seed <= successes then
                Outcomes.Succeeded
            else
                Outcomes.Futile

        let row count =
            LengthPages.rows context (lengthRuns context outcome count)
            |> List.find (fun r -> r.Metric = "seeds that succeed of 5")

        let whole = row 5
        Assert.That(whole.Verdict.Value.Text(), Is.EqualTo verdict)
        Assert.That(whole.Ours, Is.EqualTo(Nullable(float successes)))
        Assert.That(whole.N, Is.EqualTo 5)
        Assert.That((row 4).Verdict.Value.Text(), Is.EqualTo "not run", "a seed still runs")
