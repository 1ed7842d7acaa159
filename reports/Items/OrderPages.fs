namespace Repro.Reports.Items

open Repro.Engine.Experiments
open Repro.Reports

/// Figures, tables and tests of success against length.
module OrderPages =
    /// One group a curve and length, the values 1 for success and 0 for failure.
    let groups (finished: Finished list) = [
        for part in finished |> List.map _.Cell.Part |> List.distinct do
            yield!
                Judging.groups
                    part
                    (fun f -> if PathologicalRuns.succeeded f then 1.0 else 0.0)
                    finished
    ]

    let rows (context: Context) (groups: Group list) =
        Judging.rows context.Protocol context.Targets "success rate over 5 seeds" groups

    let tests (_: Context) (_: Group list) : (string * Judgement) list = []
    let figures (_: Context) (_: Profile) (_: Group list) (_: Finished list) : Figure list = []

    let tables
        (_: Context)
        (_: Profile)
        (_: Group list)
        (_: Finished list)
        : (string * Table) list = []

    let summary (_: Profile) (_: Group list) = ""
