namespace Repro.Reports.Svg

open System
open Repro.Reports

/// Where an axis puts its ticks, and how they are written.
[<RequireQualifiedAccess>]
module internal Ticks =
    /// The smallest of 1, 2, 2.5 and 5 times a power of ten that gives at most about `target` steps
    /// over `span`, as (mantissa, exponent).
    let niceStep (span: float) (target: int) =
        let raw = span / float (max 1 target)
        let exponent = int (floor (Number.log10 raw))
        let fraction = raw / Number.pow10 exponent

        if fraction <= 1.0001 then 1.0, exponent
        elif fraction <= 2.0001 then 2.0, exponent
        elif fraction <= 2.5001 then 2.5, exponent
        elif fraction <= 5.0001 then 5.0, exponent
        else 1.0, exponent + 1

    let private scaled (v: float) exponent =
        // Dividing by an exact power rounds once; multiplying by 1e-k would round twice.
        if exponent >= 0 then
            v * Number.pow10 exponent
        else
            v / Number.pow10 -exponent

    let private superscript (n: int) =
        string n
        |> String.map (fun c ->
            match c with
            | '-' -> '⁻'
            | '1' -> '¹'
            | '2' -> '²'
            | '3' -> '³'
            | d -> char (int '⁰' + int d - int '0'))

    /// Digits as a reader expects them: thousands apart from 1,000 on, and a true minus.
    let dressed (text: string) =
        let digits = text.TrimStart '-'
        let whole = (digits.Split '.')[0]

        let grouped =
            if whole.Length > 3 && whole |> Seq.forall Char.IsAsciiDigit then
                let head = whole.Length % 3

                [
                    if head > 0 then
                        whole.Substring(0, head)

                    for at in head..3 .. whole.Length - 3 do
                        whole.Substring(at, 3)
                ]
                |> String.concat ","
            else
                whole

        (if text.StartsWith '-' then "−" else "")
        + grouped
        + digits.Substring whole.Length

    /// A power of ten as text: plain from 0.001 to 10,000, "10⁻⁵" outside.
    let decade (exponent: int) =
        if exponent >= -3 && exponent <= 4 then
            Number.significant 3 (Number.pow10 exponent) |> dressed
        else
            "10" + superscript exponent

    let private label (mantissa: float) exponent (v: float) =
        let size = abs v
        let decimals = -exponent + (if mantissa = 2.5 then 1 else 0)

        if v = 0.0 then
            "0"
        elif size < 1e9 && exponent >= 0 then
            Number.fixedPoint (if mantissa = 2.5 && exponent = 0 then 1 else 0) v |> dressed
        elif size >= 1e6 || decimals > 5 then
            Number.significant 8 v |> dressed
        else
            Number.fixedPoint (max 0 decimals) v |> dressed

    /// Ticks at whole multiples of a nice step inside [lo, hi], with their labels.
    let linear (lo: float) (hi: float) (target: int) : (float * string)[] =
        let mantissa, exponent = niceStep (hi - lo) target
        let step = scaled mantissa exponent
        let slack = 1e-9 * (hi - lo)

        let first, last = ceil ((lo - slack) / step), floor ((hi + slack) / step)

        if not (Double.IsFinite first && Double.IsFinite last) || last - first > 60.0 then
            [||]
        else
            [|
                for k in 0 .. int (last - first) do
                    let v = scaled ((first + float k) * mantissa) exponent
                    let v = if v = 0.0 then 0.0 else v
                    v, label mantissa exponent v
            |]

    /// Ticks of a logarithmic axis between two decades (given as log10): whole decades,
    /// and 2 and 5 in between where fewer than three decades are shown.
    let log (lo: float) (hi: float) (target: int) : (float * string)[] =
        let slack = 1e-9 * max 1.0 (hi - lo)
        let first, last = int (ceil (lo - slack)), int (floor (hi + slack))
        let every = max 1 (int (ceil (float (last - first + 1) / float (max 2 target))))

        let decades = [|
            for e in first..last do
                if e % every = 0 then
                    float e, decade e
        |]

        if hi - lo >= 2.5 then
            decades
        else
            let within = [|
                for e in int (floor lo) .. int (floor hi) do
                    for digit in [ 2.0; 5.0 ] do
                        let v = scaled digit e
                        let at = Number.log10 v

                        if at >= lo - slack && at <= hi + slack then
                            at, dressed (Number.significant 3 v)
            |]

            let all = Array.append decades within |> Array.sortBy fst

            if all.Length >= 2 || lo < -290.0 || hi > 290.0 then
                all
            else
                linear (Number.exp10 lo) (Number.exp10 hi) 5
                |> Array.filter (fun (v, _) -> v > 0.0)
                |> Array.map (fun (v, text) -> Number.log10 v, text)
