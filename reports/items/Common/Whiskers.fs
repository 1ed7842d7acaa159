namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Repro.Reports

/// Intervals as charts draw them.
module Whiskers =
    /// An estimate with its interval, whose ends stay within what is possible, 0 to `most`. An
    /// end that is not finite is not drawn.
    let ofInterval (most: float) (interval: Interval) : Whisker =
        let bounded (v: float) =
            if Double.IsFinite v then Math.Clamp(v, 0.0, most) else nan

        {
            Value = interval.Estimate
            Low = bounded interval.Low
            High = bounded interval.High
        }

    /// A rule's estimate and interval from the values that are finite, the ends only where there
    /// are at least `fewest` of them: Student's interval of two seeds would dwarf every bar.
    let ofValues (rule: VerdictRule) (fewest: int) (most: float) (values: float list) : Whisker =
        match values |> List.filter Double.IsFinite |> Array.ofList with
        | [||] -> Whisker.none
        | finite ->
            let whisker = ofInterval most (rule.IntervalOf finite)

            if finite.Length >= fewest then
                whisker
            else
                { whisker with Low = nan; High = nan }

    /// The mean of some values, from the smallest to the largest.
    let ofRange (values: float list) : Whisker =
        if values.IsEmpty then
            Whisker.none
        else
            {
                Value = List.average values
                Low = List.min values
                High = List.max values
            }
