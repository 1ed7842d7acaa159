namespace Repro.Reports.Items

open System
open Repro.Engine.Judging

/// Rows of values.csv beside those that a judgement makes.
module Rows =
    /// A number of ours without a published one, from `n` runs; an end without a value is none.
    let ours
        (protocol: Protocol)
        (profile: Profile)
        (series: string)
        (x: string)
        (metric: string)
        (n: int)
        (value: Nullable<float>, low: Nullable<float>, high: Nullable<float>)
        =
        ValueRow(protocol.Item, series, x, metric, "", value, low, high, n, profile, Nullable())

    let private changed low high verdict (row: ValueRow) =
        ValueRow(
            row.Item,
            row.Series,
            row.X,
            row.Metric,
            row.Paper,
            row.Ours,
            low,
            high,
            row.N,
            row.Profile,
            verdict
        )

    /// The row with another verdict.
    let withVerdict (verdict: Verdict) (row: ValueRow) =
        changed row.Low row.High (Nullable verdict) row

    /// The row with other ends of its interval.
    let withEnds (low: Nullable<float>) (high: Nullable<float>) (row: ValueRow) =
        changed low high row.Verdict row
