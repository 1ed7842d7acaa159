namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// What the multiplication item's protocol predicted before its runs, and what came. The words
/// stand in the protocol, under `stageD`; here each part of them is checked on the runs at hand.
module PairExpected =
    /// A part of the predictions: the lengths that it speaks of, and for one of them what was found
    /// and whether that is as expected. None while runs are missing.
    type private Expectation = {
        Text: string
        Lengths: string list
        At: string -> (string * bool) option
    }

    let private expectations (context: Context) (groups: Group list) : Expectation list =
        let lengths = PairLengths.published context

        let shortest = List.truncate 1 lengths

        let mean x series =
            match Judging.tryFind Profile.Paper series x groups with
            | Some group when group.Values.Length >= context.Protocol.Rule.MinSeeds ->
                PairLengths.mean group |> Option.map (fun score -> series, score)
            | _ -> None

        let all x series =
            let found = series |> List.choose (mean x)

            if found.Length = List.length series then
                Some found
            else
                None

        let words scores =
            [ for series, score in scores -> $"{series} {Format.whole score}" ]
            |> Runs.listed

        let isIdle = PairConstant.learns PairConstant.multiplication >> not

        [
            {
                Text =
                    $"iRNN and np-tanhRNN stay at the constant's \
                      {Format.whole PairConstant.multiplication} (less than twice that)"
                Lengths = shortest
                At =
                    fun x ->
                        all x [ "iRNN"; "np-tanhRNN" ]
                        |> Option.map (fun s -> words s, s |> List.forall (snd >> isIdle))
            }
            {
                Text = "np-RNN is not above 9,000"
                Lengths = lengths
                At =
                    fun x ->
                        mean x "np-RNN" |> Option.map (fun own -> words [ own ], snd own <= 9000.0)
            }
            {
                Text = "np-RNN is not ahead of IRNN by 1,000"
                Lengths = shortest
                At =
                    fun x ->
                        all x [ "np-RNN"; "IRNN" ]
                        |> Option.map (fun s -> words s, snd s[0] - snd s[1] < 1000.0)
            }
            {
                Text = "nRNN stays below the paper's bar"
                Lengths = lengths
                At =
                    fun x ->
                        mean x "nRNN"
                        |> Option.map (fun own ->
                            let bar = Judging.published context.Targets "nRNN" x
                            $"{words [ own ]}; the paper {Format.whole bar}", snd own < bar)
            }
        ]

    /// Each prediction beside what the recorded runs of all its seeds gave; nothing before the
    /// first of them are there.
    let table (context: Context) (groups: Group list) : (string * Table) list =
        let rows = [
            for expected in expectations context groups do
                for x in expected.Lengths do
                    match expected.At x with
                    | Some(found, isSo) -> [
                        expected.Text
                        x
                        found
                        (if isSo then "yes" else "no")
                      ]
                    | None -> ()
        ]

        if rows.IsEmpty then
            []
        else
            [
                "What was expected before the runs, and what came",
                Table.ofStrings [ "expected"; "T"; "found, means of the seeds"; "as expected" ] rows
            ]
