namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// In how many settings of rate and threshold a variant learns.
[<TestFixture>]
module PairSensitivityTests =
    let private context = lazy (PairSamples.context "talathi-fig3" (fun _ -> None))
    let private planned = lazy (PairSensitivity.plan context.Value Profile.Paper)

    /// Every planned run ended, with the score that `scoreOf` gives it.
    let private ended (scoreOf: Planned -> string * float) = [
        for cell in planned.Value ->
            let outcome, score = scoreOf cell
            PairSamples.finished (PairSamples.recordOf outcome [ score ] cell.Run) cell
    ]

    [<Test>]
    let ``The area is the share of scores that reach the bound, the bound included`` () =
        let area = PairSensitivity.area 2000.0 [ 784.0; 1999.9; 2000.0; 9000.0 ]
        Assert.That(area, Is.EqualTo(0.5).Within 1e-12)

    [<Test>]
    let ``The plan has every pair of rate and threshold for every variant and seed`` () =
        let cells = planned.Value
        Assert.That(cells, Has.Length.EqualTo(7 * 5 * 3 * 3))

        let steps = [
            for c in cells ->
                let training = Setting("spec", c.Run.Spec).["training"]
                c.X, training["learningRate"].Number, training["threshold"].Number
        ]

        Assert.That(List.distinct steps, Has.Length.EqualTo 15)
        Assert.That(steps, Does.Contain(("rate 3e-4 clip 100", 3e-4, 100.0)))

    [<Test>]
    let ``The present setting is that of the quick profile's main part but for its budget`` () =
        let settings = PairRuns.settings context.Value
        let main = PairRuns.budget settings "main" Profile.Quick
        let reading = PairRuns.chosen settings
        let series = settings["series"].List.Head
        let quick = PairRuns.run context.Value main reading series 60 1UL

        let mine =
            planned.Value
            |> List.find (fun c -> c.Series = series.Text && c.X = PairSensitivity.x "1e-3" "10")

        // Lengths and budgets differ: the quick profile has to fit into minutes.
        let withoutBudget (run: IRunnable) =
            let spec = run.Spec.DeepClone().AsObject()
            let training = (nonNull spec["training"]).AsObject()
            Assert.That(training.Remove "updates" && training.Remove "evaluateEvery")
            spec.ToJsonString()

        Assert.That(withoutBudget mine.Run, Is.EqualTo(withoutBudget quick))

    [<Test>]
    let ``A seed without its whole grid has no area, and a run that diverged does not learn`` () =
        let scoreOf (cell: Planned) =
            if cell.X = "rate 1e-2 clip 100" then
                Outcomes.Diverged, 9000.0
            elif cell.X.StartsWith "rate 1e-2" then
                Outcomes.Completed, 9000.0
            else
                Outcomes.Completed, 800.0

        let all = ended scoreOf
        let places = all |> List.map _.Cell.X |> List.distinct

        let missing =
            all
            |> List.filter (fun f ->
                not (f.Cell.Seed = 2UL && f.Cell.X = places.Head && f.Cell.Series = "IRNN"))

        let areas = PairSensitivity.areas 2000.0 places "IRNN" missing
        Samples.same [ 1UL, 2.0 / 15.0; 3UL, 2.0 / 15.0 ] areas

    [<Test>]
    let ``One variant is less sensitive when its areas are larger with every seed`` () =
        let scoreOf (cell: Planned) =
            let learns =
                match cell.Series with
                | "np-RNN" -> not (cell.X.StartsWith "rate 1e-4")
                | "IRNN" -> cell.X.EndsWith "clip 10"
                | _ -> true

            Outcomes.Completed, (if learns then 5000.0 else 784.0)

        let verdicts =
            PairSensitivity.claims context.Value (ended scoreOf)
            |> List.map (snd >> _.Verdict)

        Samples.same [ Verdict.Reproduced; Verdict.NotReproduced ] verdicts

        let none = PairSensitivity.claims context.Value [] |> List.map (snd >> _.Verdict)

        Samples.same [ Verdict.NotRun; Verdict.NotRun ] none

    [<Test>]
    let ``The page leads with who learns in the most settings, once all runs are there`` () =
        let scoreOf (cell: Planned) =
            let learns =
                match cell.Series with
                | "IRNN" -> not (cell.X.StartsWith "rate 1e-4")
                | "np-RNN" -> cell.X.EndsWith "clip 10"
                | _ -> false

            Outcomes.Completed, (if learns then 5000.0 else 784.0)

        let all = ended scoreOf
        let context = context.Value

        Assert.That(
            PairSensitivity.headline context "np-RNN" all,
            Is.EqualTo
                "At T = 60 IRNN learns in 80\u00A0% of 15 settings of learning rate and threshold, \
                 np-RNN in 33\u00A0%."
        )

        Assert.That(
            PairSensitivity.headline context "IRNN" all,
            Does.EndWith "IRNN learns in 80\u00A0% of 15 settings of learning rate and threshold."
        )

        Assert.That(
            PairSensitivity.outcome context all |> List.exactlyOne,
            Does
                .Contain("learns in so many: IRNN in 80\u00A0% and np-RNN in 33\u00A0%.")
                .And.EndWith("gRNN, oRNN, iRNN, nRNN and np-tanhRNN learn in none.")
        )

        let _, byAxis = PairSensitivity.tables context all |> List.item 1

        let row name =
            byAxis.Rows |> List.map (List.map _.Text) |> List.find (fun r -> r.Head = name)

        Samples.same
            [ "IRNN"; "0.80"; "0.80"; "0.80"; "0.00"; "1.00"; "1.00"; "1.00"; "1.00" ]
            (row "IRNN")

        Samples.same
            [ "np-RNN"; "0.00"; "1.00"; "0.00"; "0.33"; "0.33"; "0.33"; "0.33"; "0.33" ]
            (row "np-RNN")

        let onIndex finished =
            PairHeadlines.sensitivity.Text context finished []

        Assert.That(
            onIndex all,
            Is.EqualTo(
                Some
                    "On addition at T = 60 IRNN learns in 80\u00A0% of 15 settings of learning \
                     rate and threshold, np-RNN in 33\u00A0%. The paper argues that np-RNN is the \
                     less sensitive one."
            )
        )

        let oneMissing = List.tail all
        Assert.That(onIndex oneMissing, Is.Null)
        Assert.That(PairSensitivity.headline context "np-RNN" oneMissing, Is.Empty)
        Assert.That(PairSensitivity.outcome context oneMissing, Is.Empty)
