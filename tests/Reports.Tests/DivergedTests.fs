namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading
open NUnit.Framework
open Plotly.NET
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports
open Repro.Reports.Items
open Repro.Reports.Svg

/// A run that diverged has no score, and none is drawn: a ✕ says at which update.
[<TestFixture>]
module DivergedTests =
    let private noContext = {
        new IRunContext with
            member _.Cancellation = CancellationToken.None
            member _.LoadCheckpoint _ = null
            member _.SaveCheckpoint(_, _) = ()
            member _.CheckpointDue = false
            member _.Report(_, _) = ()
    }

    let private context = lazy (PairSamples.context "talathi-fig3" (fun _ -> None))

    /// A run of IRNN at a rate of 1e8, which leaves the finite numbers within a few updates.
    let private trained =
        lazy
            (let context = context.Value
             let settings = PairRuns.settings context
             let wild = RunSettings.change "training" [ "learningRate", JsonValue.Create 1e8 ]
             let series = settings["series"].List |> List.find (fun s -> s.Text = "IRNN")
             let budget = PairRuns.budget settings "main" Profile.Smoke
             let run = PairRuns.runOf context budget "wild" [ wild ] series 12 1UL
             RunRecord.Of(run, run.Execute noContext))

    let private ended part x (record: RunRecord) run : Finished =
        PairSamples.finished record {
            Part = part
            Series = "IRNN"
            X = x
            Seed = 1UL
            Run = run
        }

    let private rows (chart: GenericChart) =
        let lines = (Chart.toCsv chart).TrimEnd('\n').Split '\n'
        let header = lines[0].Split ','

        [
            for line in lines[1..] ->
                Array.zip header (line.Split(',', header.Length)) |> Map.ofArray
        ]

    let private isMark (row: Map<string, string>) =
        row |> Map.tryFind "series" = Some Diverged.name

    let private hovers (svg: string) =
        Samples.named "title" (Samples.parse svg) |> List.map _.Value

    /// The panel's marks as the drawing has them.
    let private markOf (chart: GenericChart) =
        let panel = Samples.panel chart
        let own = panel.Traces |> List.map _.Trace |> List.find _.Unscored.IsSome
        panel, own

    [<Test>]
    let ``A trained run that diverges is marked at the update that left the finite numbers`` () =
        let record = trained.Value
        Assert.That(record.Result.Outcome, Is.EqualTo Outcomes.Diverged)
        let run = ended "main" "150" record Unchecked.defaultof<IRunnable>

        let said =
            $"diverged at update {Ticks.dressed (string (record.Result.Updates + 1L))}"

        Assert.That(Runs.diverged run, Is.EqualTo(Some said))

        let groups = PairChosen.groups [ run ]
        let figures = PairFigures.all context.Value Profile.Paper groups [ run ]
        let chart = (figures |> List.find (fun f -> f.Id = "paper")).Chart
        let marks = rows chart |> List.filter isMark
        Samples.same [ "" ] (marks |> List.map (Map.find "y"))
        Samples.same [ said ] (marks |> List.map (fun row -> (row["note"]).Trim '"'))
        Assert.That(hovers (Chart.toSvg chart), Does.Contain said)
        Assert.That(Chart.toJson chart, Does.Contain said)

        let curves = (PairFigures.curves 784.0 Profile.Paper [ run ]).Head.Chart
        let ends = rows curves |> List.filter isMark
        Assert.That(ends, Has.Length.EqualTo 1)

        Assert.That(
            (Chart.toJson curves).Contains "\"symbol\":\"x\"",
            "the end of the curve is a ✕"
        )

    [<Test>]
    let ``A seed that diverged counts as the lowest score in a comparison and none in a mean`` () =
        let groups = [
            PairSamples.group "np-RNN" "500" [ 800.0; 900.0; 1000.0 ]
            PairSamples.group "IRNN" "500" [ 700.0; nan; 1000.0 ]
            // The length that is still being run is not the one spoken of.
            PairSamples.group "np-RNN" "600" [ 5.0 ]
        ]

        let compared = Judging.compare Profile.Paper "500" "np-RNN" "IRNN" groups
        let difference = (900.0 - (700.0 + 700.0 + 1000.0) / 3.0)
        Assert.That(fst compared.Value, Is.EqualTo(difference).Within 1e-9)

        let none = [
            PairSamples.group "np-RNN" "500" [ nan ]
            PairSamples.group "IRNN" "500" [ nan ]
        ]

        Assert.That(Judging.compare Profile.Paper "500" "np-RNN" "IRNN" none, Is.EqualTo None)

        let title, table = (PairPages.comparisons 784.0 Profile.Paper "np-RNN" groups).Head
        Assert.That(title, Does.Contain("T = 500").And.Contain "diverged counts as the lowest")
        Assert.That(table.Rows.Length, Is.EqualTo 1)

        let summary = PairPages.summary 784.0 Profile.Paper "np-RNN" groups

        Assert.That(
            summary,
            Does
                .Contain("At T = 500 np-RNN scores highest, with 900")
                .And.Contain("ahead of IRNN with 850")
                .And.Contain
                "Runs that diverged have no score: 1 of 3 of IRNN at T = 500."
        )

        Assert.That(
            PairPages.summary 784.0 Profile.Paper "np-RNN" none,
            Does.Contain "At T = 500 every run diverged."
        )

    [<Test>]
    let ``A page of lengths speaks of the longest that is learnt and says that longer ones are not``
        ()
        =
        let learnt = [
            PairSamples.group "np-RNN" "150" [ 5000.0; 5200.0 ]
            PairSamples.group "IRNN" "150" [ 9000.0; 9200.0 ]
            PairSamples.group "np-RNN" "200" [ 3000.0; 3200.0 ]
            PairSamples.group "IRNN" "200" [ 6000.0; nan ]
        ]

        let unlearnt = [
            PairSamples.group "np-RNN" "400" [ 790.0; 830.0 ]
            PairSamples.group "IRNN" "400" [ 780.0; nan ]
            PairSamples.group "np-RNN" "500" [ 760.0; 780.0 ]
            PairSamples.group "IRNN" "500" [ nan; nan ]
        ]

        let summary groups =
            PairPages.summary PairConstant.addition Profile.Paper "np-RNN" groups

        Assert.That(
            summary (learnt @ unlearnt),
            Is.EqualTo
                "At T = 200 IRNN scores highest, with 6,000 of 10,000 on average; np-RNN scores \
                 3,100. At T = 400 and 500 no network learns: none scores above 810, where always \
                 answering the same scores 784. Runs that diverged have no score: 1 of 2 of IRNN \
                 at T = 200, 1 of 2 of IRNN at T = 400 and 2 of 2 of IRNN at T = 500."
        )

        let title groups =
            PairPages.comparisons PairConstant.addition Profile.Paper "np-RNN" groups
            |> List.head
            |> fst

        Assert.That(title (learnt @ unlearnt), Does.Contain "T = 200")
        Assert.That(title unlearnt, Does.Contain "T = 500")

    [<Test>]
    let ``Without runs of np-RNN there is no table of it beside its rivals`` () =
        let groups = [
            PairSamples.group "IRNN" "50" [ 9000.0 ]
            PairSamples.group "iRNN" "50" [ 800.0 ]
        ]

        Assert.That(
            PairPages.comparisons PairConstant.addition Profile.Paper "np-RNN" groups,
            Is.Empty
        )

    [<Test>]
    let ``Bars that come out because nothing learns are counted apart`` () =
        let targets = context.Value.Targets

        let judgedWith oursOf isOut =
            PairPages.unlearnt PairConstant.addition targets [
                for target in targets do
                    let verdict =
                        if isOut target then
                            Verdict.Reproduced
                        else
                            Verdict.NotReproduced

                    let judgement = Judgement(verdict, Nullable(oursOf target), Nullable(), 3, "")
                    ValueRow.Of(target, judgement, Profile.Paper)
            ]

        let judged = judgedWith _.Value
        let isIdle (target: Target) = target.Value < 1568.0
        let idle = targets |> List.filter isIdle |> List.length
        Assert.That(judged (fun _ -> false), Is.Empty)
        Assert.That(judged (isIdle >> not), Is.Empty)
        Assert.That(judgedWith (fun _ -> 1821.0) isIdle, Is.Empty, "ours has learnt something")

        Assert.That(
            judged isIdle,
            Does.Contain $"learns nothing, in the paper as here: {idle} in all"
        )

        let first = targets |> List.find isIdle

        Assert.That(
            judged (fun t -> t.Series = first.Series && t.X = first.X),
            Does.StartWith "The one bar that comes out is of a network that learns nothing"
        )

        Assert.That(
            judged (fun _ -> true),
            Does.Contain $"Of the {targets.Length} bars that come out, {idle} are of networks"
        )

    [<Test>]
    let ``What the constant scores is its probability`` () =
        let within (cdf: float -> float) middle =
            10000.0 * (cdf (middle + 0.04) - cdf (middle - 0.04))

        let sum z =
            if z <= 1.0 then
                z * z / 2.0
            else
                1.0 - (2.0 - z) ** 2.0 / 2.0

        let product z = z * (1.0 - log z)
        Assert.That(PairConstant.addition, Is.EqualTo(within sum 1.0).Within 0.5)
        Assert.That(PairConstant.multiplication, Is.EqualTo(within product 0.25).Within 1.0)

    [<Test>]
    let ``A mark without a value stands at the end of the axis in drawing and figure alike`` () =
        for marks, edge in [ Diverged.atFoot, 0.0; Diverged.atTop, 1.0 ] do
            for log in [ StyleParam.AxisType.Linear; StyleParam.AxisType.Log ] do
                let chart =
                    Chart.Point([ 1.0; 2.0 ], [ 3.0; 700.0 ], Name = "runs")
                    |> Diverged.onto (marks [ 2.0, Diverged.note 12L ])
                    |> Chart.withYAxisStyle (AxisType = log)

                let panel, own = markOf chart

                let places = Panel.standing panel own |> panel.Y.Places
                Assert.That(panel.Y.Fraction places[0], Is.EqualTo(edge).Within 1e-6)
                Assert.That(Drawing.svg (Chart.toJson chart), Is.EqualTo(Chart.toSvg chart))

    // The ends of the first were 0.000342 and 1: seven digits of the axis's end lay beyond it.
    [<Test>]
    let ``A mark at an end of an axis is never rounded out of it`` () =
        let ends = [
            yield 0.0003416968, 1.0
            for i in 1..60 do
                yield 0.00037 * float i, 0.9 + 0.0123 * float (i * i)
        ]

        for axis in [ StyleParam.AxisType.Log; StyleParam.AxisType.Linear ] do
            for low, high in ends do
                for marks in [ Diverged.atTop; Diverged.atFoot ] do
                    let chart =
                        Chart.Point([ 1.0; 2.0 ], [ low; high ], Name = "one")
                        |> Diverged.onto (marks [ 1.5, Diverged.note 7L ])
                        |> Chart.withYAxisStyle (AxisType = axis)

                    let panel, own = markOf chart
                    let at = (Panel.standing panel own |> panel.Y.Places)[0]

                    Assert.That(
                        at,
                        Is.InRange(panel.Y.Lo, panel.Y.Hi),
                        $"{axis} from {low} to {high}"
                    )

    [<Test>]
    let ``Marks of runs that diverged change no colour and no end of an axis`` () =
        let bare () =
            Chart.combine [
                Chart.Point([ 1.0 ], [ 3.0 ], Name = "one")
                Chart.Point([ 2.0 ], [ 5.0 ], Name = "two")
            ]

        let colours chart =
            (Samples.panel chart).Traces
            |> List.filter _.Trace.Unscored.IsNone
            |> List.map _.MarkerColor

        let marked = bare () |> Diverged.onto (Diverged.atFoot [ 1.5, Diverged.note 3L ])
        Samples.same (colours (bare ())) (colours marked)
        Assert.That((Samples.panel marked).Y.Lo, Is.EqualTo (Samples.panel (bare ())).Y.Lo)
        Assert.That((Samples.panel marked).Y.Hi, Is.EqualTo (Samples.panel (bare ())).Y.Hi)

    [<Test>]
    let ``The recorded runs that diverged have a mark and no score among the readings`` () =
        let context = context.Value
        let settings = PairRuns.settings context
        let grid = PairRuns.budget settings "grid" Profile.Paper
        let folder = Path.Combine(context.Root, "paper-figures", "talathi-fig3", "runs")

        let finished = [
            for reading in PairRuns.readings settings do
                for series in settings["readingsOf"].List do
                    for length in PairRuns.lengths grid do
                        let run = PairRuns.run context grid reading series length 1UL
                        let path = Path.Combine(folder, RunId.Of run + ".json")

                        if File.Exists path then
                            let record = RunRecord.Parse(ReadOnlySpan(File.ReadAllBytes path))

                            PairSamples.finished record {
                                Part = "readings"
                                Series = series.Text
                                X = reading.Name
                                Seed = 1UL
                                Run = run
                            }
        ]

        let lost = finished |> List.choose Runs.diverged
        Assert.That(lost, Has.Length.EqualTo 2)
        Assert.That(lost, Does.Contain "diverged at update 392,127")

        let chart = (PairReadings.figures settings Profile.Paper finished).Head.Chart

        let marks = rows chart |> List.filter isMark
        Samples.same [ ""; "" ] (marks |> List.map (Map.find "y"))

        let bars =
            rows chart
            |> List.filter (fun row -> row["series"] = "np-RNN" || row["series"] = "IRNN")

        let scored = finished |> List.filter (Runs.diverged >> Option.isNone)

        Assert.That(
            bars |> List.filter (fun row -> row["y"] <> ""),
            Has.Length.EqualTo scored.Length
        )

        let table = PairReadings.tables context settings finished |> List.head |> snd

        Assert.That(sprintf "%A" table, Does.Contain "diverged at update 392,127")

    [<Test>]
    let ``A curve that diverged ends in a mark at its last measured point`` () =
        let record = trained.Value
        let run = ended "main" "150" record Unchecked.defaultof<IRunnable>
        let x, y = Runs.curve "validation correct" run

        for mark in Runs.divergedEnds (fun _ -> x, y) [ run ] do
            let atX, atY, _ = mark
            Assert.That(Array.contains (atX, atY) (Array.zip x y))

        let without = Runs.divergedEnds (fun _ -> [||], [||]) [ run ]
        let _, value, _ = without.Head
        Assert.That(Double.IsNaN value)
        let lines = SeedLines.chart "validation correct" [ run ]
        Assert.That(rows lines |> List.filter isMark, Has.Length.EqualTo 1)

    [<Test>]
    let ``An empty cell of a heat map says which run left it empty`` () =
        let chart =
            Chart.Heatmap([ [ 0.2; nan ] ], X = [ "1e-3"; "1e-2" ], Y = [ "0.5" ])
            |> Diverged.onto (Diverged.atCells [ "1e-2", "0.5", Diverged.note 7L ])

        let mark = rows chart |> List.filter isMark |> List.exactlyOne

        Assert.That(
            (mark["x"], mark["y"], mark["note"]),
            Is.EqualTo(("1e-2", "0.5", "diverged at update 7"))
        )

        Assert.That(Chart.toSvg chart, Does.Contain "diverged at update 7")
