namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// An item's values as its page shows them.
module ValueTables =
    let private optional (v: Nullable<float>) = if v.HasValue then v.Value else nan

    /// "12.1 to 14.3", each end to the digit that the interval leaves meaningful; an end without a
    /// limit is said as such.
    let private between (low: Nullable<float>) (high: Nullable<float>) =
        let low, high = optional low, optional high
        let say = Format.measured ((high - low) / 2.0)

        match Double.IsFinite low, Double.IsFinite high with
        | false, false -> "–"
        | true, false -> $"{Format.value low} or more"
        | false, true -> $"{Format.value high} or less"
        | true, true when low = high -> Format.value low
        | true, true -> $"{say low} to {say high}"

    let private ours (row: ValueRow) =
        let halfWidth = (optional row.High - optional row.Low) / 2.0
        Format.measured halfWidth (optional row.Ours)

    let private orDash (text: string) = if text = "" then "–" else text

    /// The table of all rows. A number that the paper does not print stands in a column of its
    /// own, and every interval says what it is.
    let ofRows (rows: ValueRow list) : Table =
        let has (text: ValueRow -> string) = rows |> List.exists (text >> (<>) "")
        let hasMetrics = rows |> List.distinctBy _.Metric |> List.length > 1

        let columns: (string * (ValueRow -> Cell)) list = [
            "series", _.Series >> Cell.text
            "x", _.X >> Cell.text
            if hasMetrics then
                "metric", _.Metric >> Cell.text
            if has _.Unit then
                "unit", _.Unit >> orDash >> Cell.text
            if has _.Paper then
                "paper", _.Paper >> orDash >> Cell.text
            if has _.Computed then
                "computed", _.Computed >> orDash >> Cell.text
            "ours", ours >> Cell.text
            if has _.IntervalKind then
                "interval", (fun r -> between r.Low r.High |> Cell.text)
                "of", _.IntervalKind >> orDash >> Cell.text
            if rows |> List.exists _.JudgedLow.HasValue then
                "agrees within", (fun r -> between r.JudgedLow r.JudgedHigh |> Cell.text)
            "seeds", _.N >> string >> Cell.text
            "profile", (fun r -> Cell.text (if r.N = 0 then "–" else r.Profile.Name()))
            "verdict",
            (fun r ->
                if r.Verdict.HasValue then
                    Cell.badge (Badges.ofVerdict r.Verdict.Value)
                else
                    Cell.text "–")
        ]

        Table.create (List.map fst columns) [
            for row in rows -> [ for _, cell in columns -> cell row ]
        ]

    /// The published values that cannot be decided, each with what is missing and, where it can be
    /// computed, how many seeds would decide; nothing where all are decided.
    let undecided (rows: ValueRow list) : (string * Table) list =
        match
            rows
            |> List.filter (fun r -> r.Verdict = Nullable Verdict.Undecided && r.Reason <> "")
        with
        | [] -> []
        | open' -> [
            "What would decide the undecided values",
            Table.ofStrings [ "series"; "x"; "metric"; "seeds"; "why" ] [
                for r in open' -> [ r.Series; r.X; r.Metric; string r.N; r.Reason ]
            ]
          ]
