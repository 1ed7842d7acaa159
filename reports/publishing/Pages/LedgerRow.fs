namespace Repro.Reports

open System
open System.Security.Cryptography
open System.Text

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

    let private raised (exponent: string) =
        exponent
        |> String.map (fun c ->
            match c with
            | '-' -> '⁻'
            | '1' -> '¹'
            | '2' -> '²'
            | '3' -> '³'
            | digit -> char (int '⁰' + int digit - int '0'))

    /// A true minus, and "× 10⁻⁶" for "e-6".
    let private readable (text: string) =
        match text.Split 'e' with
        | [| mantissa; exponent |] ->
            sprintf "%s × 10%s" (mantissa.Replace('-', '−')) (raised exponent)
        | _ -> text.Replace('-', '−')

    /// A number of the row's unit: thousands apart, a true minus, as many digits as matter.
    let number (row: LedgerRow) (value: float) : string =
        if not (Double.IsFinite value) then
            "–"
        elif isCount row && abs value >= 100.0 then
            value.ToString("N0", Globalization.CultureInfo.InvariantCulture).Replace('-', '−')
        else
            let span = row.High - row.Low

            // One digit more than the interval's width warrants, and never fewer than two.
            let digits =
                if Double.IsFinite span && span > 0.0 && value <> 0.0 then
                    let ratio = abs value / span

                    if ratio > 1e4 then 6
                    elif ratio > 1e2 then 5
                    elif ratio > 1e1 then 4
                    else 3
                else
                    5

            readable (Number.significant digits value)

    let private stated (row: LedgerRow) (text: string) =
        match Double.TryParse(text, Globalization.CultureInfo.InvariantCulture) with
        | true, value when isCount row && abs value >= 1000.0 -> number row value
        | _ -> text.Replace('-', '−')

    /// The published value with a true minus, thousands apart in counts.
    let published (row: LedgerRow) : string = stated row row.Published

    /// The computed value in the same way.
    let computed (row: LedgerRow) : string = stated row row.Computed

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
