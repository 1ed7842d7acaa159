namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module PairPredictionsTests =
    let private context = lazy (PairSamples.context "talathi-fig4" (fun _ -> None))

    let private rows groups =
        match PairPredictions.multiplication context.Value groups with
        | [] -> []
        | tables -> (snd tables.Head).Rows

    [<Test>]
    let ``A prediction is set beside the means of its seeds`` () =
        let groups = [
            PairSamples.group "iRNN" "50" [ 1100.0; 1110.0; 1120.0 ]
            PairSamples.group "np-tanhRNN" "50" [ 2100.0; 2100.0; 3000.0 ]
            PairSamples.group "np-RNN" "50" [ 5000.0; 5500.0; 6000.0 ]
            PairSamples.group "IRNN" "50" [ 8000.0; 8400.0; 8800.0 ]
            PairSamples.group "nRNN" "50" [ 4000.0; 4000.0; 4000.0 ]
        ]

        Samples.same
            [
                "T = 50", "iRNN 1,110 and np-tanhRNN 2,400 (leaves: twice that)", "no"
                "T = 50", "np-RNN 5,500", "yes"
                "T = 50", "np-RNN 5,500 and IRNN 8,400", "yes"
                "T = 50", "nRNN 4,000; the paper 7,856", "yes"
            ]
            (rows groups |> List.map (fun row -> row[1].Text, row[2].Text, row[3].Text))

    [<Test>]
    let ``A prediction waits for all seeds of all networks it speaks of`` () =
        Samples.same
            [ "T = 200" ]
            (rows [
                PairSamples.group "np-RNN" "50" [ 9500.0; 9500.0 ]
                PairSamples.group "iRNN" "50" [ 1100.0; 1110.0; 1120.0 ]
                PairSamples.group "np-RNN" "200" [ 9500.0; 9500.0; 9500.0 ]
             ]
             |> List.map (fun row -> row[1].Text))

        Samples.same [] (rows [])

    /// Readings with a schedule are near all bars but gRNN's and oRNN's, others near two.
    let private far (cell: Planned) =
        match cell.X, cell.Series with
        | ("D1" | "E1" | "E2" | "E3" | "E4"), ("gRNN" | "oRNN") -> 6000.0
        | ("D1" | "E1" | "E2" | "E3" | "E4"), _ -> 500.0
        | _, ("IRNN" | "np-RNN") -> -1000.0
        | _ -> 3000.0

    /// The tables of addition with the stages' runs made but for some.
    let private addition (missing: Planned -> bool) finished =
        let context =
            PairSamples.stages [ PairStage.deciding; PairStage.falling ] missing far
            |> PairSamples.context PairStage.item

        let rows stage =
            PairStage.rows stage context Profile.Paper

        PairPredictions.addition
            "correct"
            context
            (rows PairStage.deciding)
            (rows PairStage.falling)
            finished

    let private verdicts (table: Table) =
        table.Rows |> List.map (fun row -> (List.last row).Text)

    [<Test>]
    let ``Predictions of addition's stages are held against their means`` () =
        match addition (fun _ -> false) [] with
        | [ deciding, a; falling, e ] ->
            Assert.That(deciding, Does.EndWith "3 of 6 as predicted")
            Samples.same [ "no"; "yes"; "no"; "yes"; "no"; "yes" ] (verdicts a)
            Samples.same [ "np-tanhRNN 11,425 and iRNN 11,403" ] [ a.Rows[0].[1].Text ]
            Samples.same [ "in 0 of 9" ] [ a.Rows[4].[1].Text ]
            Assert.That(falling, Does.EndWith "2 of 6 as predicted")

            Samples.same [ "yes"; "sets no bound"; "no"; "no"; "yes"; "no"; "no" ] (verdicts e)
        | tables -> Assert.Fail $"{tables.Length} tables"

    [<Test>]
    let ``A prediction of a reading waits for the reading's runs`` () =
        let tables = addition (fun c -> c.X = "A6" || c.X = "E3" || c.X = "E4") []

        Samples.same
            [ [ "no"; "yes"; "yes" ]; [ "yes"; "sets no bound"; "no" ] ]
            (tables |> List.map (snd >> verdicts))

    [<Test>]
    let ``Predictions of the grid of rates and thresholds wait for all of it`` () =
        let context = PairSamples.context PairStage.item (fun _ -> None)

        let runs = [
            for cell in PairSensitivity.plan context Profile.Paper ->
                let score =
                    match cell.Series with
                    | "IRNN" when cell.X.EndsWith "clip 1" -> 9000.0
                    | "np-tanhRNN" when cell.X = "rate 1e-3 clip 1" -> 9000.0
                    | _ -> 700.0

                PairSamples.finished
                    (PairSamples.recordOf Outcomes.Completed [ score ] cell.Run)
                    cell
        ]

        Samples.same [] (addition (fun _ -> true) runs.Tail)

        Samples.same
            [ "sets no bound"; "yes"; "no"; "yes"; "yes"; "no" ]
            (addition (fun _ -> true) runs |> List.head |> snd |> verdicts)
