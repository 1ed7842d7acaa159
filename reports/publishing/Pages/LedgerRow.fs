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
    /// How the published value was had: printed, vector, digitised or computed.
    Provenance: string
    /// NaN where none is.
    Ours: float
    /// Ends of the interval; NaN where it has none.
    Low: float
    High: float
    /// What the interval is, such as "95 % prediction"; may be empty.
    IntervalKind: string
    /// Runs behind our value.
    N: int
    /// "paper", "quick" or "smoke".
    Scale: string
    Verdict: Badge option
}

[<RequireQualifiedAccess>]
module LedgerRow =
    /// The id of the row's element. It follows from what the row is about and not from its
    /// place or its numbers, so that a link to it lasts.
    let anchor (row: LedgerRow) : string =
        let isPublished =
            if row.Published = "" then
                "ours " + row.Scale
            else
                "published"

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

    /// The published value with a true minus, thousands apart in counts.
    let published (row: LedgerRow) : string =
        match Double.TryParse(row.Published, Globalization.CultureInfo.InvariantCulture) with
        | true, value when isCount row && abs value >= 1000.0 -> number row value
        | _ -> row.Published.Replace('-', '−')

    /// Both ends of the interval, "–" without one.
    let interval (row: LedgerRow) : string =
        match Double.IsFinite row.Low, Double.IsFinite row.High with
        | false, false -> "–"
        | true, false -> "≥ " + number row row.Low
        | false, true -> "≤ " + number row row.High
        | true, true -> sprintf "%s to %s" (number row row.Low) (number row row.High)
