namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports.Items

/// What is said of readings with a learning rate that falls, on made-up scores.
[<TestFixture>]
module PairFallingTests =
    let private none = PairSamples.context PairStage.item (fun _ -> None)

    let private plan stage = PairStage.plan stage none Profile.Paper

    /// A context whose runs, but for some, are so far from their bars.
    let private context (missing: Planned -> bool) (farOf: Planned -> float) =
        PairSamples.stages [ PairStage.deciding; PairStage.falling ] missing farOf
        |> PairSamples.context PairStage.item

    let private rows stage context =
        PairStage.rows stage context Profile.Paper

    let private said context =
        PairFalling.outcome
            context
            (rows PairStage.deciding context)
            (rows PairStage.falling context)
        |> String.concat " "

    let private headline context =
        PairHeadlines.falling.Text context [] [] |> Option.defaultValue "nothing"

    let private all = fun (_: Planned) -> false

    /// Readings with a schedule are near all bars but gRNN's and oRNN's, others near two.
    let private found (cell: Planned) =
        match cell.X, cell.Series with
        | ("D1" | "E1" | "E2" | "E3" | "E4"), ("gRNN" | "oRNN") -> 6000.0
        | ("D1" | "E1" | "E2" | "E3" | "E4"), _ -> 500.0
        | _, ("IRNN" | "np-RNN") -> -1000.0
        | _ -> 3000.0

    [<Test>]
    let ``Before a reading is complete nothing is said of its bars`` () =
        let context = context (fun cell -> cell.Seed = 12UL) found
        Assert.That(said context, Does.Contain "No reading with a rate that falls is complete")
        Assert.That(headline context, Is.EqualTo "nothing")

    [<Test>]
    let ``The nearest reading is set beside the fixed rate's`` () =
        let text = said (context all found)
        Assert.That(text, Does.Contain "nearest to its bars, 2,071 of 10,000 away on average")
        Assert.That(text, Does.Contain "Of its 7 bars 5 lie within 1,000 of the paper's")
        Assert.That(text, Does.Contain "gRNN with 6,744 where the paper has 744")
        Assert.That(text, Does.Contain "Of the 9 complete readings with a fixed rate none")
        Assert.That(text, Does.Contain "more than 2 so near")
        Assert.That(text, Does.Contain "np-RNN scores 10,019 in it and IRNN 9,078.")

    [<Test>]
    let ``The index says how many bars come out, and with a fixed rate how many at most`` () =
        let text = headline (context all found)
        Assert.That(text, Does.Contain "5 of its 7 bars for addition at T = 150")
        Assert.That(text, Does.Contain "at most 2 do, in 9 readings. np-RNN then scores 10,019")

    [<Test>]
    let ``Where a falling rate brings out no more bars the index is silent`` () =
        let context = context all (fun cell -> if cell.X = "A1" then 100.0 else 5000.0)
        Assert.That(headline context, Is.EqualTo "nothing")

    [<Test>]
    let ``Stage E changes no choice of stage A`` () =
        let chosen farOf =
            (PairStage.chosen (context all farOf) Profile.Paper)
            |> Option.map _.Of.Name
            |> Option.defaultValue "none"

        Assert.That(chosen found, Is.EqualTo "none")

        let near (cell: Planned) =
            if cell.X = "A5" then 200.0 else found cell

        Assert.That(chosen near, Is.EqualTo "A5")

    [<Test>]
    let ``E1 shares the runs of D1 but for the two initialisers of Keras`` () =
        let ids x stage =
            plan stage
            |> List.filter (fun cell -> cell.X = x)
            |> List.map (fun cell -> cell.Series, RunId.Of cell.Run)

        let first = Set.ofList (ids "D1" PairStage.deciding)

        let own =
            ids "E1" PairStage.falling
            |> List.filter (first.Contains >> not)
            |> List.map fst
            |> List.distinct

        Samples.same [ "gRNN"; "oRNN" ] own

    [<Test>]
    let ``A rate divided at each third falls by ten and by a hundred`` () =
        let cell = plan PairStage.falling |> List.find (fun cell -> cell.X = "E2")
        let steps = Setting("spec", cell.Run.Spec).["training"].["schedule"].List

        Samples.same [ 333333L, 0.1; 666667L, 0.01 ] [
            for step in steps -> step[0].Whole, step[1].Number
        ]

    [<Test>]
    let ``The nearest reading with a schedule is trained at every length, once all are there`` () =
        let near (cell: Planned) =
            if cell.X = "E4" then 300.0 else found cell

        let one (cell: Planned) =
            cell.X = "E3" && cell.Series = "nRNN" && cell.Seed = 13UL

        Assert.That(PairFallingLengths.plan (context one near) Profile.Paper, Is.Empty)
        let cells = PairFallingLengths.plan (context all near) Profile.Paper
        Assert.That(cells, Has.Length.EqualTo(5 * 7 * 3))
        Samples.same [ "stage-F" ] (cells |> List.map _.Part |> List.distinct)
        Samples.same [ 1UL; 2UL; 3UL ] (cells |> List.map _.Seed |> List.distinct)

        for cell in cells do
            let spec = Setting("spec", cell.Run.Spec)
            Assert.That(spec["training"].["schedule"].Text, Is.EqualTo "linear")
            Assert.That(spec["training"].["updates"].Whole, Is.EqualTo 1000000L)
            Assert.That(spec["training"].Has "test", Is.False, "all test sequences are read")

    let private metric = "test sequences with |error|<0.04 of 10000"

    /// Runs of stage F, each as far from its bar as said.
    let private ended context (farOf: Planned -> float) = [
        for cell in PairFallingLengths.plan context Profile.Paper do
            let bar = Judging.published context.Targets cell.Series cell.X
            let score = (bar + farOf cell) / 10000.0
            let result = PairSamples.resultOf Outcomes.Completed [] score

            PairSamples.finished (RunRecord.Of(cell.Run, result)) cell
    ]

    [<Test>]
    let ``Bars of a falling rate are counted, and are no rows of the figure`` () =
        let context = context all found

        let runs =
            ended context (fun cell ->
                match cell.Series with
                | "gRNN" -> 4000.0 + float cell.Seed
                | _ -> float cell.Seed)

        let text = PairFallingLengths.outcome metric context runs |> String.concat " "
        Assert.That(text, Does.Contain "30 of the 35 bars lie within the figure's margin")
        Assert.That(text, Does.Contain "5 do not, and 0 cannot be decided")
        let some = PairFallingLengths.outcome metric context runs.Tail |> String.concat " "
        Assert.That(some, Is.EqualTo "At every length (stage F) 104 of 105 runs are recorded.")

        let bars, claims =
            (match PairFallingLengths.tables metric context runs with
             | [ (_, bars); (_, claims) ] -> bars, claims
             | tables -> failwith $"{tables.Length} tables")

        Assert.That(bars.Rows, Has.Length.EqualTo 35)
        Assert.That(claims.Rows, Has.Length.EqualTo 5)
        Assert.That((PairFallingLengths.figures context runs).Head.Id, Is.EqualTo "falling")
        Assert.That(PairChosen.judged PairChosen.addition context runs, Is.Empty)

    [<Test>]
    let ``Before stage F is planned nothing is said or drawn of it`` () =
        let context = context (fun cell -> cell.X = "E2") found
        Assert.That(PairFallingLengths.outcome metric context [], Is.Empty)
        Assert.That(PairFallingLengths.tables metric context [], Is.Empty)
        Assert.That(PairFallingLengths.figures context [], Is.Empty)
