namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What is missing where a verdict is open.
module Undecided =
    /// The published values that cannot be decided, each with what is missing and, where it can be
    /// computed, how many seeds would decide; nothing where all are decided.
    let tables (rows: ValueRow list) : (string * Table) list =
        match
            rows
            |> List.filter (fun r -> r.Verdict = Nullable Verdict.Undecided && r.Reason <> "")
        with
        | [] -> []
        | undecided -> [
            "What would decide the undecided values",
            Table.ofStrings [ "series"; "x"; "metric"; "seeds"; "why" ] [
                for r in undecided -> [ r.Series; r.X; r.Metric; string r.N; r.Reason ]
            ]
          ]
