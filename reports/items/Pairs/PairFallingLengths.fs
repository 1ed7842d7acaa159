namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// Addition's whole figure with a learning rate that falls: the nearest reading that has one, at
/// every length. It stands beside the figure that is judged, and changes no verdict.
module PairFallingLengths =
    /// The part of the plan.
    [<Literal>]
    let part = "stage-F"

    /// What the protocol states of it.
    let settings (context: Context) : Setting =
        (PairRuns.settings (PairStage.ofAddition context)).["stageF"].Only [
            "text"
            "rule"
            "predictions"
        ]

    /// Its runs; none before every reading with a schedule is complete.
    let plan (context: Context) (profile: Profile) : Planned list =
        match PairFalling.nearest context profile with
        | None -> []
        | Some reading -> PairChosen.planOf part reading context profile

    let private own (finished: Finished list) = Runs.ofPart Profile.Paper part finished

    /// Its runs as groups of series and length.
    let groups (finished: Finished list) = PairChosen.groups (own finished)

    /// The rows of the paper's bars that it has runs of.
    let private rows metric (context: Context) finished =
        groups finished
        |> Judging.rows context.Protocol context.Targets metric
        |> List.filter (fun row -> row.N > 0 && row.Verdict.HasValue)

    let private said (verdict: Verdict) =
        if verdict.Agrees() then "within the margin"
        elif verdict.Disagrees() then "not within the margin"
        else "cannot be decided"

    let private named (context: Context) =
        match PairFalling.nearest context Profile.Paper with
        | Some reading -> $"reading {reading.Of.Name}: {reading.Of.Text}"
        | None -> "its reading is not settled"

    /// The paper's bars with ours, and the paper's claims.
    let tables metric (context: Context) (finished: Finished list) : (string * Table) list = [
        let rows = rows metric context finished

        if not rows.IsEmpty then
            $"The figure with a rate that falls (stage F), {metric}; {named context}",
            Table.ofStrings [ "variant"; "T"; "paper"; "ours"; "interval"; "bar"; "seeds" ] [
                for row in rows ->
                    let ends =
                        if row.Low.HasValue && row.High.HasValue then
                            $"{Format.whole row.Low.Value} to {Format.whole row.High.Value}"
                        else
                            "–"

                    [
                        row.Series
                        row.X
                        Format.whole (Judging.published context.Targets row.Series row.X)
                        Format.whole (if row.Ours.HasValue then row.Ours.Value else nan)
                        ends
                        said row.Verdict.Value
                        string row.N
                    ]
            ]

            "The paper's claims with a rate that falls (stage F)",
            Table.ofStrings [ "claim"; "with such a rate"; "reason" ] [
                for claim, judgement in Judging.orderings context.Protocol (groups finished) ->
                    [ claim; judgement.Verdict.Text(); judgement.Reason ]
            ]
    ]

    /// The paper's figure with these runs, as soon as there is one.
    let figures (context: Context) (finished: Finished list) : Figure list = [
        let runs = own finished

        if not runs.IsEmpty then
            for figure in PairFigures.all context Profile.Paper (PairChosen.groups runs) runs do
                {
                    figure with
                        Id = "falling"
                        Caption =
                            $"The same with a rate that falls, which the paper does not print: its \
                              values as black ticks, {runs.Length} runs of ours as dots beside \
                              their mean."
                        Note = $"Of {named context}. {figure.Note}"
                }
    ]

    /// Whether every planned run is there, and there are any.
    let private isWhole (context: Context) finished =
        let planned = (plan context Profile.Paper).Length
        planned > 0 && (own finished).Length >= planned

    /// How many bars lie within the margin, and how many do not.
    let private counted (rows: ValueRow list) =
        let count holds =
            rows |> List.filter (fun row -> holds row.Verdict.Value) |> List.length

        count _.Agrees(), count _.Disagrees()

    /// How many of the paper's bars lie within the margin, and of how many; None while runs are
    /// missing.
    let within metric (context: Context) (finished: Finished list) =
        if isWhole context finished then
            let rows = rows metric context finished
            Some(fst (counted rows), rows.Length)
        else
            None

    /// How far it is and what it gives, a sentence each; nothing before it is planned.
    let outcome metric (context: Context) (finished: Finished list) = [
        let planned = (plan context Profile.Paper).Length
        let runs = own finished

        if planned > 0 && runs.Length < planned then
            $"At every length (stage F) {runs.Length} of {planned} runs are recorded."
        elif planned > 0 then
            let rows = rows metric context finished
            let agree, disagree = counted rows

            $"At every length (stage F) {agree} of the {rows.Length} bars lie within the figure's \
              margin, {disagree} do not, and {rows.Length - agree - disagree} cannot be decided."
    ]
