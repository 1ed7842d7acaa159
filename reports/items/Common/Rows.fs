namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics

/// Rows of values.csv beside those that a judgement makes.
module Rows =
    /// What the ends of an interval are when they are the extremes of the seeds.
    [<Literal>]
    let range = "smallest to largest"

    /// A number of ours without a published one, from `n` runs, with its interval and what that
    /// is; none when it is not finite.
    let ours
        (protocol: Protocol)
        (profile: Profile)
        (series: string)
        (x: string)
        (metric: string, unit: string)
        (n: int)
        (value: float)
        (interval: (Interval * string) option)
        =
        let finite = if Double.IsFinite value then Nullable value else Nullable()

        let ends, kind =
            match interval with
            | Some(interval, kind) -> Nullable interval, kind
            | None -> Nullable(), ""

        ValueRow.OfOurs(protocol.Item, series, x, metric, unit, finite, ends, kind, n, profile)

    /// The smallest and the largest of some values around an estimate.
    let rangeOf (estimate: float) (values: float list) =
        Some(Interval(estimate, List.min values, List.max values), range)
