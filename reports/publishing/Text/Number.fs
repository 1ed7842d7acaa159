namespace Repro.Reports

open System
open System.Globalization

/// Numbers as text, the same on every machine: invariant culture, no exponent surprises.
[<RequireQualifiedAccess>]
module Number =
    let private invariant = CultureInfo.InvariantCulture

    /// Values beyond this magnitude are treated like infinities: differences of two of them
    /// would overflow while an axis is laid out.
    let internal largest = 1e300

    let internal drawable (v: float) =
        not (Double.IsNaN v) && abs v <= largest

    /// Whether a logarithmic axis can show a value: room beyond its last decades, for a margin,
    /// has to be numbers too.
    let internal hasDecade (v: float) = v >= 1e-299 && v <= 1e299

    /// Ten to a whole power, correctly rounded on every platform (unlike Math.Pow).
    let pow10 (exponent: int) =
        Double.Parse("1e" + exponent.ToString invariant, NumberStyles.Float, invariant)

    let private ln2 = 0.693147180559945309417
    let private ln10 = 2.30258509299404568402

    /// log10 of a positive finite number by IEEE operations only, error below 1e-14 relative
    /// to max(1, |result|). Math.Log10 belongs to the C runtime and may move a figure's bytes.
    let log10 (v: float) =
        let subnormal = v < 2.2250738585072014e-308
        let scaled = if subnormal then v * 18014398509481984.0 else v
        let bits = BitConverter.DoubleToInt64Bits scaled
        let exponent = int ((bits >>> 52) &&& 0x7FFL) - 1023 - (if subnormal then 54 else 0)

        let mantissa =
            BitConverter.Int64BitsToDouble((bits &&& 0xFFFFFFFFFFFFFL) ||| 0x3FF0000000000000L)

        let mantissa, exponent =
            if mantissa > 1.4142135623730951 then
                mantissa / 2.0, exponent + 1
            else
                mantissa, exponent

        let t = (mantissa - 1.0) / (mantissa + 1.0)
        let t2 = t * t
        let mutable sum = 0.0

        for k in 14..-1..0 do
            sum <- sum * t2 + 1.0 / float (2 * k + 1)

        let result = (2.0 * t * sum + float exponent * ln2) / ln10
        let whole = Math.Round result

        // Exact powers of ten must land on whole decades, or a tick falls off its axis.
        if abs (result - whole) < 1e-12 && abs whole < 300.0 && pow10 (int whole) = v then
            whole
        else
            result

    /// 10 to any power whose result is a normal number, by IEEE operations only, relative
    /// error below 1e-14.
    let internal exp10 (power: float) =
        let whole = floor power
        let x = (power - whole) * ln10
        let mutable sum = 1.0

        // 30 terms of the series of e^x for 0 <= x < 2.303.
        for k in 30..-1..1 do
            sum <- 1.0 + sum * x / float k

        pow10 (int whole) * sum

    /// A coordinate of a drawing: at most one decimal, never "-0".
    let coordinate (v: float) =
        let text = (Math.Round(v, 1)).ToString("0.#", invariant)
        if text = "-0" then "0" else text

    /// A width, an opacity or another part of a drawing that one decimal is too coarse for: at
    /// most two decimals, never "-0".
    let fine (v: float) =
        let text = (Math.Round(v, 2)).ToString("0.##", invariant)
        if text = "-0" then "0" else text

    /// A number with the digits that a figure shows: whole ones keep theirs, others the first
    /// seven, as many as single precision has. What comes after is noise of the arithmetic, as
    /// in 0.30000000000000004.
    let carried (v: float) =
        if not (Double.IsFinite v) || (abs v < 1e15 && v = Math.Truncate v) then
            v
        else
            Double.Parse(v.ToString("G7", invariant), invariant)

    /// A value with at most `digits` significant digits (a whole number keeps all of its own);
    /// "–" when it is not a number.
    /// Magnitudes outside 1e-4 … 1e7 use an exponent.
    let significant (digits: int) (v: float) =
        if Double.IsNaN v then
            "–"
        elif Double.IsInfinity v then
            (if v > 0.0 then "∞" else "−∞")
        elif v = 0.0 then
            "0"
        else
            let a = abs v

            if a >= pow10 digits && a < 1e7 then
                (Math.Round v).ToString("0", invariant)
            elif a >= 1e-4 && a < 1e7 then
                let rounded = Double.Parse(v.ToString("G" + string digits, invariant), invariant)
                rounded.ToString("0.##########", invariant)
            else
                v.ToString("0." + String('#', max 0 (digits - 1)) + "e0", invariant)

    /// A value with exactly `decimals` decimals; "–" when it is not finite.
    let fixedPoint (decimals: int) (v: float) =
        if Double.IsFinite v then
            let text = v.ToString("F" + string decimals, invariant)

            if text.TrimStart('-').Trim('0', '.') = "" then
                text.TrimStart '-'
            else
                text
        else
            significant 3 v

    /// A fraction as a percentage: 0.5 without decimals is "50 %", with a no-break space.
    let percent (decimals: int) (fraction: float) =
        if Double.IsFinite fraction then
            fixedPoint decimals (100.0 * fraction) + "\u00A0%"
        else
            "–"

    /// The shortest text that reads back as the same number, in JSON and CSV.
    let roundTrip (v: float) = v.ToString("R", invariant)
