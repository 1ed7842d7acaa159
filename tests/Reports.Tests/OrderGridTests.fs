namespace Repro.Reports.Tests

open System.Collections.Generic
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// The authors' search over learning rate, threshold and weight of the regulariser.
[<TestFixture>]
module OrderGridTests =
    let private context = lazy (PairSamples.context "pascanu-updates" (fun _ -> None))

    let private planned = lazy (OrderGrid.plan context.Value Profile.Paper)

    /// Every planned run ended: after so many updates with success, or without.
    let private ended (updatesOf: Planned -> int option) = [
        for cell in planned.Value ->
            let outcome, updates =
                match updatesOf cell with
                | Some updates -> Outcomes.Succeeded, updates
                | None -> Outcomes.Completed, 100_000

            let result =
                RunResult(
                    outcome,
                    Dictionary<string, float>(),
                    Dictionary<string, Curve>(),
                    "",
                    int64<int> updates
                )

            PairSamples.finished (RunRecord.Of(cell.Run, result)) cell
    ]

    let private isChosen (cell: Planned) =
        cell.Series = "threshold 1 rate 0.01" && cell.X = "4"

    [<Test>]
    let ``The plan has every rate, threshold and weight for every seed, each in the spec`` () =
        let cells = planned.Value
        Assert.That(cells, Has.Length.EqualTo(2 * 3 * 5 * 3))

        for cell in cells do
            let training = Setting("spec", cell.Run.Spec).["training"]

            let threshold = training["threshold"].Number
            let rate = training["learningRate"].Number
            let series = $"threshold {threshold} rate {rate}"
            Assert.That(cell.Series, Is.EqualTo series)

            // A weight of zero is no regulariser at all, whose gradient costs a sweep of its own.
            if cell.X = "0" then
                Assert.That(training.Has "regularizer", Is.False)
            else
                Assert.That(training["regularizer"].["alpha"].Number, Is.EqualTo(float cell.X))

    [<Test>]
    let ``The chosen setting is that of Figure 7 but for its length and budget`` () =
        let figure = PairSamples.context "pascanu-fig7" (fun _ -> None)

        let withoutBudget (run: IRunnable) =
            let spec = run.Spec.DeepClone().AsObject()
            let training = (nonNull spec["training"]).AsObject()
            Assert.That(training.Remove "updates" && training.Remove "evaluateEvery")
            training.Remove "futility" |> ignore
            spec.ToJsonString()

        let theirs =
            OrderRuns.plan figure Profile.Paper
            |> List.find (fun c -> c.Series = "basic-tanh/MSGD-CR" && c.X = "100" && c.Seed = 1UL)

        let mine = planned.Value |> List.find (fun c -> isChosen c && c.Seed = 1UL)
        Assert.That(withoutBudget mine.Run, Is.EqualTo(withoutBudget theirs.Run))

    [<Test>]
    let ``A seed that does not succeed counts with the whole budget`` () =
        let runs =
            ended (fun cell -> if cell.Seed = 1UL then Some 10_000 else None)
            |> List.filter (fun f -> isChosen f.Cell)

        Assert.That(OrderGrid.meanWithin 100_000.0 runs, Is.EqualTo(70_000.0).Within 1e-9)

    [<Test>]
    let ``A setting counts once all its seeds have ended, the quickest first`` () =
        let all = ended (fun cell -> if isChosen cell then Some 9_000 else Some 20_000)
        let ranked = OrderGrid.ranked context.Value all
        Assert.That(ranked, Has.Length.EqualTo 30)
        let first, _, mean = ranked.Head
        Assert.That(first, Is.EqualTo(OrderGrid.chosen context.Value))
        Assert.That(mean, Is.EqualTo(9_000.0).Within 1e-9)

        let missing =
            all |> List.filter (fun f -> not (isChosen f.Cell && f.Cell.Seed = 3UL))

        Assert.That(OrderGrid.ranked context.Value missing, Has.Length.EqualTo 29)

    [<Test>]
    let ``Page and headline say what the search shows, once all of it has ended`` () =
        let all =
            ended (fun cell ->
                if cell.X = "0" || cell.Series.EndsWith "0.001" then None
                elif cell.Series.StartsWith "threshold 1" then Some 30_000
                elif cell.X = "2" && cell.Seed < 3UL then Some 10_000
                else None)

        let context = context.Value

        Assert.That(
            OrderGridPages.headline context all,
            Is.EqualTo
                "Of 30 settings of rate, threshold and regulariser at T = 100, none is quicker \
                 than the one the authors chose."
        )

        Assert.That(
            OrderGridPages.outcome context all |> List.exactlyOne,
            Is.EqualTo
                "At the rate 0.01, with the regulariser, 4 of 12 settings teach every seed and 6 \
                 at least one. At the rate 0.001, with the regulariser, 0 of 12 settings teach \
                 every seed and 0 at least one. Without it 0 of 6 settings teach every seed and 0 \
                 at least one. The authors' choice (rate 0.01, µ = 1, α = 4) teaches all 3 seeds \
                 in 30,000 updates on average, a seed that does not succeed counting with the \
                 whole 100,000. No setting is quicker."
        )

        let byValue = OrderGridPages.tables context all |> List.head |> snd
        let rows = byValue.Rows |> List.map (List.map _.Text)
        Assert.That(rows, Does.Contain [ "no regulariser"; "0 of 9"; "0 of 9" ])
        Assert.That(rows, Does.Contain [ "α = 2"; "7 of 9"; "0 of 9" ])
        Assert.That(rows, Does.Contain [ "µ = 1"; "12 of 12"; "0 of 12" ])
        Assert.That(OrderGridPages.figures context all, Has.Length.EqualTo 1)

        let oneMissing = List.tail all
        Assert.That(OrderGridPages.headline context oneMissing, Is.Empty)
        Assert.That(OrderGridPages.outcome context oneMissing, Is.Empty)

    [<Test>]
    let ``The claim counts a seed that does not succeed with the whole budget`` () =
        let verdicts updatesOf =
            OrderGrid.claims context.Value (ended updatesOf) |> List.map (snd >> _.Verdict)

        Samples.same
            [ Verdict.Reproduced ]
            (verdicts (fun cell -> if isChosen cell then Some 90_000 else None))

        Samples.same
            [ Verdict.NotReproduced ]
            (verdicts (fun cell -> if isChosen cell then None else Some 90_000))

        let none = OrderGrid.claims context.Value [] |> List.map (snd >> _.Verdict)
        Samples.same [ Verdict.NotRun ] none

    [<Test>]
    let ``A sentence is added to a summary and stands alone where there is no other`` () =
        Assert.That(Runs.withSentence "" "One.", Is.EqualTo "One.")
        Assert.That(Runs.withSentence "Two." "One.", Is.EqualTo "One. Two.")
        Assert.That(Runs.withSentence "Two." Runs.noneAtHand, Is.EqualTo "Two.")

    [<Test>]
    let ``Predictions of the search wait for all of it and are held against its runs`` () =
        let all =
            ended (fun cell ->
                if cell.X = "0" then None
                elif isChosen cell then Some 9_000
                elif cell.Series = "threshold 1 rate 0.01" then Some 20_000
                elif cell.Series = "threshold 6 rate 0.001" then Some 90_000
                else None)

        let table runs =
            OrderPredictions.table context.Value runs

        Samples.same [] (table all.Tail)
        let title, table = (table all).Head
        Assert.That(title, Does.EndWith "6 of 7 as predicted")

        Samples.same
            [ "yes"; "no"; "yes"; "yes"; "yes"; "yes"; "yes" ]
            (table.Rows |> List.map (fun row -> row[2].Text))

        Assert.That(
            table.Rows[1].[1].Text,
            Is.EqualTo "α = 0.5: 20,000, α = 1: 20,000, α = 2: 20,000, α = 4: 9,000"
        )
