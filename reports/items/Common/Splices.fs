namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// What the prose of an item's script may take from its runs, by name:
///
/// - `finding`, `verdict`, `reason`, `verdicts` (of the published values), `claims`;
/// - `runs`, `seeds`, `cost`, `date`;
/// - `ours SERIES/X`, `paper SERIES/X` and `verdict SERIES/X` of a value, without `/X` where it
///   has no abscissa, and with `: METRIC` after it where more than one metric is published there.
module Splices =
    let private place (row: LedgerRow) =
        if row.X = "" then row.Series else $"{row.Series}/{row.X}"

    /// The text of our value: with its interval, and with its scale where that is not the paper's.
    let ours (row: LedgerRow) =
        if row.N = 0 || not (Double.IsFinite row.Ours) then
            "not run"
        else
            let value = LedgerRow.number row row.Ours

            let interval =
                match LedgerRow.interval row with
                | "–" -> ""
                | ends -> $" ({ends})"

            let scale =
                if row.Scale = Profile.Paper.Name() then
                    ""
                else
                    $" in the {row.Scale} profile"

            value + interval + scale

    let private paper (row: LedgerRow) =
        match row.Published, row.Computed with
        | "", "" -> "not printed"
        | "", _ -> LedgerRow.computed row
        | _ -> LedgerRow.published row

    let private verdict (row: LedgerRow) =
        match row.Verdict with
        | Some badge -> badge.Name
        | None -> "not judged"

    // The metric that a name without one means: the published one, or the only one.
    let private meant (metrics: (string * LedgerRow list) list) =
        match metrics |> List.filter (snd >> List.exists LedgerRow.isReferred), metrics with
        | [ metric, _ ], _
        | [], [ metric, _ ] -> Some metric
        | _ -> None

    /// Names and texts of an item's values. Where there are several rows of one name, the
    /// published one speaks, else that of the paper's scale, else the first.
    let ofRows (rows: LedgerRow list) : (string * string) list = [
        for at, here in rows |> List.groupBy place do
            let metrics = here |> List.groupBy _.Metric

            for metric, same in metrics do
                let row =
                    same
                    |> List.tryFind LedgerRow.isReferred
                    |> Option.orElse (
                        same |> List.tryFind (fun r -> r.Scale = Profile.Paper.Name())
                    )
                    |> Option.defaultValue same.Head

                for name in
                    [
                        if meant metrics = Some metric then
                            at
                        $"{at}: {metric}"
                    ] do
                    $"ours {name}", ours row
                    $"paper {name}", paper row
                    $"verdict {name}", verdict row
    ]

    /// The text of a name in the prose of a script. Raises FormatException for an unknown one,
    /// which it names with the nearest that there is.
    let lookup (script: string) (known: (string * string) list) : string -> string =
        let texts = dict known

        fun name ->
            match texts.TryGetValue name with
            | true, text -> text
            | _ ->
                let near =
                    match NearestWord.Of(name, known |> List.map fst) with
                    | null -> "there are " + String.Join(", ", texts.Keys)
                    | near -> $"did you mean '{near}'?"

                raise (
                    FormatException(
                        $"the prose of {script} takes the value '{name}', which the item does not \
                          have; {near}"
                    )
                )
