namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures and tables of the number of updates to success.
module UpdatesPages =
    let private updates (f: Finished) =
        if PathologicalRuns.succeeded f then
            float f.Record.Result.Updates
        else
            nan

    /// One group a curve and length, the values updates to success, NaN without.
    let groups (finished: Finished list) = [
        for part in finished |> List.map _.Cell.Part |> List.distinct do
            yield! Judging.groups part updates finished
    ]

    let summary (_: Profile) (_: Group list) = ""
    let figures (_: Context) (_: Profile) (_: Group list) (_: Finished list) : Figure list = []
    let tables (_: Profile) (_: Finished list) : (string * Table) list = []
