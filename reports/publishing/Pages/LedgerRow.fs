namespace Repro.Reports

open System
open System.Security.Cryptography
open System.Text
open System.Text.RegularExpressions

/// One value of the ledger: what was published, what was made here, and how they compare.
type LedgerRow = {
    /// The item's name, such as "talathi-fig3".
    Item: string
    Series: string
    X: string
    Metric: string
    Unit: string
    /// The published value as printed; empty where the paper has none.
    Published: string
    /// What the paper's equations give where it prints no number; empty otherwise.
    Computed: string
    /// How the published value was had: printed, vector or digitised; empty without one.
    Provenance: string
    /// NaN where none is.
    Ours: float
    /// Ends of the interval; NaN where it has none.
    Low: float
    High: float
    /// What the interval is, such as "95 % prediction"; may be empty.
    IntervalKind: string
    /// Ends of what the published value, give or take its tolerance, had to meet; NaN where
    /// nothing was compared or it cannot be decided.
    JudgedLow: float
    JudgedHigh: float
    /// Runs behind our value.
    N: int
    /// "paper", "quick" or "smoke".
    Scale: string
    Verdict: Badge option
}

[<RequireQualifiedAccess>]
module LedgerRow =
    /// Whether there is something to compare ours with: a published value, or a computed one where
    /// the paper prints none.
    let isReferred (row: LedgerRow) : bool =
        row.Published <> "" || row.Computed <> ""

    /// The id of the row's element. It follows from what the row is about and not from its
    /// place or its numbers, so that a link to it lasts.
    let anchor (row: LedgerRow) : string =
        let isPublished = if isReferred row then "published" else "ours " + row.Scale

        let key = String.Join("\n", row.Item, row.Series, row.X, row.Metric, isPublished)

        let hash = SHA256.HashData(Encoding.UTF8.GetBytes key)
        "v" + Convert.ToHexStringLower(hash).Substring(0, 9)

    let private isCount (row: LedgerRow) =
        row.Unit = "count" || row.Unit = "updates"

    let private invariant = Globalization.CultureInfo.InvariantCulture

    let private superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

    let private raised (exponent: int) =
        let digits =
            (abs exponent).ToString invariant
            |> String.map (fun c -> superscripts[int c - int '0'])

        (if exponent < 0 then "⁻" else "") + digits

    /// A number with so many decimals, thousands apart and with a true minus.
    let private fixedTo (decimals: int) (value: float) =
        let text = (abs value).ToString("N" + decimals.ToString invariant, invariant)
        let isZero = text |> Seq.forall (fun c -> c = '0' || c = '.')
        if value < 0.0 && not isZero then "−" + text else text

    let private exponentOf (value: float) =
        int (value.ToString("E1", invariant).Split('E')[1])

    let private trimmed (text: string) =
        if text.Contains '.' then
            text.TrimEnd('0').TrimEnd('.')
        else
            text

    /// The number from 1 to 10 with so many decimals, and the power of ten that it is times.
    let private powered (decimals: int) (value: float) =
        let parts =
            (abs value).ToString("E" + decimals.ToString invariant, invariant).Split 'E'

        (if value < 0.0 then "−" else "") + parts[0], " × 10" + raised (int parts[1])

    /// Without an interval: five significant digits at most, and all of a whole number's own.
    let private plain (value: float) =
        let exponent = exponentOf value

        if value = 0.0 then
            "0"
        elif exponent < -4 || exponent > 8 then
            let number, power = powered 4 value
            trimmed number + power
        else
            // Four decimals are dropped one for each digit before the point.
            trimmed (fixedTo (max 0 (4 - exponent)) value)

    /// One run's value beside a published one: one digit more than that, and two significant ones
    /// at least.
    let private beside (published: string) (value: float) =
        let stated = published.IndexOf '.'

        if stated < 0 || published.Contains 'e' || published.Contains 'E' || value = 0.0 then
            plain value
        else
            let places = max (published.Length - stated) (1 - exponentOf value)

            if places > 9 then
                plain value
            else
                trimmed (fixedTo places value)

    /// Decimals that an interval leaves meaningful, to the second digit of half its width; below 0
    /// where that digit stands before the point. None without an interval, and where the digit is
    /// too small to write out.
    let private decimals (row: LedgerRow) =
        let half = (row.High - row.Low) / 2.0

        if Double.IsFinite half && half > 0.0 then
            let exponent = exponentOf half
            if exponent < -6 then None else Some(1 - exponent)
        else
            None

    /// A number of the row's unit: thousands apart, a true minus, as many digits as the row's
    /// interval leaves meaningful.
    let number (row: LedgerRow) (value: float) : string =
        if not (Double.IsFinite value) then
            "–"
        elif isCount row && abs value >= 100.0 then
            fixedTo 0 value
        else
            match decimals row with
            // The digits that an interval leaves stand before the point, as many as it leaves.
            | Some places when abs value >= 1e9 ->
                let number, power = powered (max 0 (exponentOf value + places)) value
                number + power
            | Some places -> fixedTo (max 0 places) value
            | None when row.N = 1 -> beside row.Published value
            | None -> plain value

    /// A number as the paper prints it, its digits kept: thousands apart and a true minus.
    let private stated (text: string) =
        match Double.TryParse(text, invariant) with
        | true, value when abs value >= 1000.0 && not (text.Contains 'e' || text.Contains 'E') ->
            match text.IndexOf '.' with
            | -1 -> fixedTo 0 value
            | point -> fixedTo (text.Length - point - 1) value
        | true, value when text.Contains 'e' || text.Contains 'E' -> plain value
        | _ -> text.Replace('-', '−')

    /// An abscissa as a reader sees it: a number has thousands apart and a true minus.
    let placeText (x: string) : string =
        match Double.TryParse(x, invariant) with
        | true, _ -> stated x
        | _ -> x

    /// The row's abscissa in that way.
    let place (row: LedgerRow) : string = placeText row.X

    /// The metric as a reader sees it: "of 10000" with thousands apart, room around signs.
    let metric (row: LedgerRow) : string =
        let spaced = Regex.Replace(row.Metric, @"(?<=\S)([<>])(?=\S)", " $1 ")
        Regex.Replace(spaced, @"(?<![\w.])\d{4,}(?![\w.])", fun m -> stated m.Value)

    /// The published value with a true minus, thousands apart in counts.
    let published (row: LedgerRow) : string = stated row.Published

    /// The computed value in the same way.
    let computed (row: LedgerRow) : string = stated row.Computed

    let private between (row: LedgerRow) (low: float) (high: float) =
        match Double.IsFinite low, Double.IsFinite high with
        | false, false -> "–"
        | true, false -> "≥ " + number row low
        | false, true -> "≤ " + number row high
        | true, true -> sprintf "%s to %s" (number row low) (number row high)

    /// Both ends of the interval, "–" without one.
    let interval (row: LedgerRow) : string = between row row.Low row.High

    /// Both ends of what the published value had to meet, "–" where nothing was compared.
    let judged (row: LedgerRow) : string =
        between row row.JudgedLow row.JudgedHigh
