namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics

/// Verdicts on sentences of the paper, from the rules in a protocol's `claims`:
///
/// - `successes`: the share of seeds that succeed is `atLeast` or `atMost` a bound in every cell;
/// - `below`: no seed that succeeds reaches a bound at the lengths named;
/// - `near`: a measure is of the paper's order, as powers of ten, by the rule `prediction`;
/// - `atLeast`: every seed's measure reaches a bound.
module Claims =
    let private say (v: float) = Words.Number(v, 4)

    let private because verdict n (reason: string) =
        Judgement(verdict, Nullable(), Nullable(), n, reason)

    let private notRun = because Verdict.NotRun 0 "No run was made at this scale."

    /// All hold, none holds, or something between.
    let private ofAll (holds: bool list) =
        if List.forall id holds then Verdict.Reproduced
        elif List.exists id holds then Verdict.Mixed
        else Verdict.NotReproduced

    /// Successes of all seeds in each cell, against a bound on their share.
    let successes (seeds: int) (holds: float -> bool) (cells: (string * bool list) list) =
        let said =
            String.Join(
                "; ",
                [
                    for x, runs in cells ->
                        if runs.IsEmpty then
                            $"{x}: not run"
                        else
                            $"{x}: {runs |> List.filter id |> List.length} of {runs.Length}"
                ]
            )

        let runs = cells |> List.sumBy (fun (_, runs) -> runs.Length)

        if runs = 0 then
            notRun
        elif cells |> List.exists (fun (_, runs) -> runs.Length < seeds) then
            let missing = cells |> List.sumBy (fun (_, runs) -> max 0 (seeds - runs.Length))

            because
                Verdict.Undecided
                runs
                $"Cannot decide: {missing} of the {seeds * cells.Length} runs that would decide \
                  are missing. Succeeded: {said}."
        else
            let share (runs: bool list) =
                float (runs |> List.filter id |> List.length) / float runs.Length

            because (cells |> List.map (snd >> share >> holds) |> ofAll) runs $"Succeeded: {said}."

    /// One value a seed, each of which has to hold.
    let everySeed (minSeeds: int) (holds: float -> bool) (values: float list) =
        let said = String.Join(", ", values |> List.map say)

        if values.IsEmpty then
            notRun
        elif values.Length < minSeeds then
            because
                Verdict.Undecided
                values.Length
                $"Cannot decide: {values.Length} of the {minSeeds} seeds that the rule needs \
                  ({said})."
        else
            because (values |> List.map holds |> ofAll) values.Length $"The seeds' values: {said}."

    /// One value a seed, compared with the paper's as powers of ten.
    let near (rule: VerdictRule) (paper: float) (values: float list) =
        let judged =
            rule.Judge(log10 paper, Nullable(), values |> List.map log10 |> Array.ofList)

        if not judged.Interval.HasValue then
            judged
        else
            let i = judged.Interval.Value

            because
                judged.Verdict
                judged.N
                $"The paper's {say paper}; ours {say (10.0 ** i.Estimate)}, with \
                  [{say (10.0 ** i.Low)}, {say (10.0 ** i.High)}] for one more run. As powers of \
                  ten: {judged.Reason}"

    /// The protocol's claims, each on the runs of the paper's scale. `measure` gives the named
    /// measures of a run.
    let judge (context: Context) (measure: string -> Finished -> float) (finished: Finished list) =
        let settings = Setting.Of context.Protocol
        let runs = Runs.ofProfile Profile.Paper finished
        let seeds = context.Protocol.Seeds[Profile.Paper]
        let minSeeds = context.Protocol.Rule.MinSeeds

        let expected (claim: Setting) =
            let all = CellRuns.abscissae settings claim["series"].Text

            match claim["x"].Text with
            | "every" -> all
            | "band" ->
                let low, high = settings["band"].At(0).Number, settings["band"].At(1).Number
                all |> List.filter (fun x -> float x >= low && float x <= high)
            | x -> [ x ]

        [
            for claim in settings["claims"].List do
                let judgement =
                    match claim["rule"].Text with
                    | "successes" ->
                        let mine =
                            runs |> List.filter (fun f -> f.Cell.Series = claim["series"].Text)

                        let holds share =
                            if claim.Has "atLeast" then
                                share >= claim["atLeast"].Number
                            else
                                share <= claim["atMost"].Number

                        successes seeds holds [
                            for x in expected claim ->
                                x,
                                mine
                                |> List.filter (fun f -> f.Cell.X = x)
                                |> List.map Runs.succeeded
                        ]
                    | "below" ->
                        let range = claim["lengths"]
                        let low, high = range.At(0).Whole, range.At(1).Whole

                        let mine =
                            runs |> List.filter (fun f -> f.Cell.Series = claim["series"].Text)

                        match mine |> List.filter Runs.succeeded with
                        | [] when not mine.IsEmpty ->
                            because Verdict.NotReproduced mine.Length "No seed succeeded."
                        | learnt ->
                            learnt
                            |> List.map (CellRuns.mostWrongFrom low high)
                            |> everySeed minSeeds (fun v -> v < claim["atMost"].Number)
                    | "near" ->
                        let rule =
                            VerdictRule(
                                RuleKind.Prediction,
                                context.Protocol.Rule.Confidence,
                                claim["margin"].Number,
                                Nullable claim["maxHalfWidth"].Number,
                                minSeeds,
                                ""
                            )

                        runs
                        |> List.map (measure claim["measure"].Text)
                        |> near rule claim["paper"].Number
                    | "atLeast" ->
                        runs
                        |> List.map (measure claim["measure"].Text)
                        |> everySeed minSeeds (fun v -> v >= claim["atLeast"].Number)
                    | other ->
                        let id = claim["id"].Text

                        raise (
                            ProtocolException(
                                $"the claim {id} has the rule '{other}'; there are successes, \
                                  below, near and atLeast"
                            )
                        )

                claim["text"].Text, judgement
        ]
