namespace Repro.Reports.Items

open System
open System.Globalization
open Repro.Engine.Judging

/// Numbers in the words of a page.
module Format =
    /// A number in a pattern of .NET's, the same on every machine, with a true minus; `absent`
    /// when it is not finite. "G" and a number is so many significant digits, never with an E.
    let numberOr (absent: string) (pattern: string) (v: float) =
        if not (Double.IsFinite v) then
            absent
        elif pattern.StartsWith 'G' then
            Words.Number(v, Int32.Parse(pattern.Substring 1, CultureInfo.InvariantCulture))
        else
            let text = (abs v).ToString(pattern, CultureInfo.InvariantCulture)
            let isZero = text |> Seq.forall (fun c -> c = '0' || c = '.')
            if v < 0.0 && not isZero then "−" + text else text

    /// A number in a pattern of .NET's, "–" when it is not finite.
    let number (pattern: string) (v: float) = numberOr "–" pattern v

    /// A number with six significant digits at most, or as many as given; "–" when it is not
    /// finite.
    let value (v: float) =
        if Double.IsFinite v then Words.Number v else "–"

    /// A number to the digit that its interval leaves meaningful, "–" when it is not finite.
    let measured (halfWidth: float) (v: float) =
        if Double.IsFinite v then
            Words.Measured(v, halfWidth)
        else
            "–"

    /// A whole number with thousands apart, "–" when it is not finite.
    let whole (v: float) = number "N0" v
