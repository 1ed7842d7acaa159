namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// How the best place of a grid is chosen.
[<TestFixture>]
module FeatureTests =
    /// A run that ended with these validation scores, the last of two points each.
    let private ended outcome (accuracy: float) (entropy: float) = {
        new IRunnable with
            member _.Label = ""

            member _.Spec =
                let spec = JsonObject()
                spec["scores"] <- JsonArray(JsonValue.Create accuracy, JsonValue.Create entropy)
                spec

            member _.Behaviour = Dictionary()
            member _.DataHashes = Dictionary()
            member _.EstimatedCost = 1.0

            member _.Execute _ =
                let curve last = Curve([| 0.0; 1.0 |], [| 0.99; last |])

                RunResult(
                    outcome,
                    Dictionary(),
                    dict [
                        "validation correct", curve accuracy
                        "validation cross-entropy", curve entropy
                    ]
                    |> Dictionary,
                    "",
                    1L
                )
    }

    let private find (run: IRunnable) =
        Some(RunRecord.Of(run, run.Execute Unchecked.defaultof<IRunContext>))

    let private cell series rate run = {
        Part = "grid"
        Series = series
        X = FeatureRuns.x { Rate = rate; Dropout = "0.5" }
        Seed = 1UL
        Run = run
    }

    let private best find grid =
        FeatureRuns.best find "np-RNN" grid
        |> Option.map _.Rate
        |> Option.defaultValue "none"

    [<Test>]
    let ``The best place is that of the accuracy at the end, and of two that of less entropy`` () =
        let grid = [
            cell "np-RNN" "1e-4" (ended Outcomes.Completed 0.7 0.1)
            cell "np-RNN" "1e-3" (ended Outcomes.Completed 0.8 0.9)
            cell "np-RNN" "5e-3" (ended Outcomes.Completed 0.8 0.6)
            cell "np-RNN" "1e-2" (ended Outcomes.Diverged 0.9 0.2)
            cell "IRNN" "1e-5" (ended Outcomes.Completed 0.95 0.1)
        ]

        Assert.That(best find grid, Is.EqualTo "5e-3")

    [<Test>]
    let ``Nothing is chosen before a model's whole grid is there, nor where all diverged`` () =
        let grid = [
            cell "np-RNN" "1e-3" (ended Outcomes.Completed 0.8 0.9)
            cell "np-RNN" "1e-2" (ended Outcomes.Completed 0.7 0.9)
        ]

        let findFirst run =
            if obj.ReferenceEquals(run, grid.Head.Run) then
                find run
            else
                None

        Assert.That(best findFirst grid, Is.EqualTo "none")
        let lost = [ cell "np-RNN" "1e-3" (ended Outcomes.Diverged nan nan) ]
        Assert.That(best find lost, Is.EqualTo "none")

    [<TestCase("1e-3", "0.5")>]
    [<TestCase("5e-05", "0.9")>]
    let ``A place reads back from its abscissa`` (rate: string, dropout: string) =
        let place: FeatureRuns.Place = { Rate = rate; Dropout = dropout }
        Assert.That(FeatureRuns.placeOf (FeatureRuns.x place), Is.EqualTo place)

    [<Test>]
    let ``An abscissa of another kind is refused by name`` () =
        let refused =
            try
                FeatureRuns.placeOf "T=150" |> ignore
                ""
            with :? FormatException as error ->
                error.Message

        Assert.That(refused, Does.Contain "'T=150'")

    [<TestCase("smoke")>]
    [<TestCase("quick")>]
    [<TestCase("paper")>]
    let ``Before any run the grid's page has the paper's maps alone`` (profile: string) =
        let context = Supplement.context "talathi-fig6"
        let analysis = FeatureGrid.analyse context (Profiles.Parse profile) []
        Samples.same [ "paper" ] (analysis.Figures |> List.map _.Id)
