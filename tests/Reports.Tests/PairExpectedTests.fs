namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module PairExpectedTests =
    let private context = lazy (PairSamples.context "talathi-fig4" (fun _ -> None))

    let private rows groups =
        match PairExpected.table context.Value groups with
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
                "50", "iRNN 1,110 and np-tanhRNN 2,400", "no"
                "50", "np-RNN 5,500", "yes"
                "50", "np-RNN 5,500 and IRNN 8,400", "yes"
                "50", "nRNN 4,000; the paper 7,856", "yes"
            ]
            (rows groups |> List.map (fun row -> row[1].Text, row[2].Text, row[3].Text))

    [<Test>]
    let ``A prediction waits for all seeds of all networks it speaks of`` () =
        Samples.same
            [ "200" ]
            (rows [
                PairSamples.group "np-RNN" "50" [ 9500.0; 9500.0 ]
                PairSamples.group "iRNN" "50" [ 1100.0; 1110.0; 1120.0 ]
                PairSamples.group "np-RNN" "200" [ 9500.0; 9500.0; 9500.0 ]
             ]
             |> List.map (fun row -> row[1].Text))

        Samples.same [] (rows [])
