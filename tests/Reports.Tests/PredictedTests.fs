namespace Repro.Reports.Tests

open System
open System.Text.Json.Nodes
open NUnit.Framework
open Repro.Engine.Records
open Repro.Reports.Items

/// What a protocol predicted, beside what came.
[<TestFixture>]
module PredictedTests =
    let private node =
        Setting(
            "settings",
            JsonNode.Parse """{ "predictions": "Red wins. Blue is about as good." }"""
        )

    let private red = Predicted.bound "Red wins" "blue won" false

    let private blue = Predicted.unbound "Blue is about as good" "red 3, blue 2"

    let private cells (table: Repro.Reports.Table) = [
        for row in table.Rows -> row |> List.map _.Text
    ]

    [<Test>]
    let ``A prediction stands beside what came, and the title counts those with a bound`` () =
        let title, table = (Predicted.table " of the race" "" node [ red; blue ]).Head

        Assert.That(
            title,
            Is.EqualTo
                "What was predicted before the runs of the race, and what came: 0 of 1 as predicted"
        )

        Samples.same
            [
                [ "Red wins"; "blue won"; "no" ]
                [ "Blue is about as good"; "red 3, blue 2"; "sets no bound" ]
            ]
            (cells table)

    [<Test>]
    let ``Where it was held is a column of its own`` () =
        let _, table = (Predicted.table "" "" node [ { red with At = "T = 50" } ]).Head
        Samples.same [ [ "Red wins"; "T = 50"; "blue won"; "no" ] ] (cells table)

    [<Test>]
    let ``Words that the protocol does not say are refused`` () =
        let green = Predicted.bound "Green wins" "blue won" false

        let thrown =
            Assert.Catch<SettingsException>(
                Action(fun () -> Predicted.table "" "" node [ green ] |> ignore)
            )
            |> nonNull

        Assert.That(thrown.Message, Does.Contain "'Green wins'")

    [<Test>]
    let ``Without predictions there is no table`` () =
        Samples.same [] (Predicted.table "" "" node [])
