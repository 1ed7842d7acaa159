using System.Globalization;

namespace Repro.Engine.Judging;

/// <summary>Numbers in sentences and tables for people: thousands apart, a true minus, powers of
/// ten instead of an E, and no digits beyond those asked for.</summary>
public static class Words
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>A number with so many significant digits, trailing zeros left out; all digits
    /// before the decimal point are kept. Infinity is ∞, and what is no number is <c>none</c>.
    /// </summary>
    /// <param name="value">Any.</param>
    /// <param name="digits">1 to 15.</param>
    public static string Number(double value, int digits = 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15);
        if (double.IsNaN(value))
        {
            return "none";
        }
        string sign = value < 0 ? "−" : "";
        if (double.IsInfinity(value))
        {
            return sign + "∞";
        }
        if (value == 0)
        {
            return "0";
        }
        CultureInfo culture = CultureInfo.InvariantCulture;
        string[] parts =
            Math.Abs(value).ToString($"E{digits - 1}", culture).Split('E');
        int exponent = int.Parse(parts[1], culture);
        if (exponent is < -4 or > 8)
        {
            return $"{sign}{Trimmed(parts[0])} × 10{Raised(exponent)}";
        }
        int decimals = Math.Max(0, digits - 1 - exponent);
        return sign + Trimmed(Math.Abs(value).ToString($"N{decimals}", culture));
    }

    /// <summary>A value beside its interval, to the digit that the interval leaves meaningful: the
    /// second significant one of its half-width.</summary>
    /// <param name="value">Any.</param>
    /// <param name="halfWidth">0 or more; where it is 0 or no number, six digits are kept.</param>
    public static string Measured(double value, double halfWidth)
    {
        if (!double.IsFinite(value) || !double.IsFinite(halfWidth) || halfWidth <= 0)
        {
            return Number(value);
        }
        CultureInfo culture = CultureInfo.InvariantCulture;
        int exponent = int.Parse(halfWidth.ToString("E1", culture).Split('E')[1], culture);
        if (exponent is < -6 or > 8)
        {
            return Number(value);
        }
        string text = Math.Abs(value).ToString($"N{Math.Max(0, 1 - exponent)}", culture);
        bool isZero = text.All(c => c is '0' or '.');
        return value < 0 && !isZero ? "−" + text : text;
    }

    private static string Trimmed(string number) =>
        number.Contains('.', StringComparison.Ordinal)
            ? number.TrimEnd('0').TrimEnd('.')
            : number;

    private static string Raised(int exponent)
    {
        string digits = string.Concat(
            Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)
                .Select(digit => Superscripts[digit - '0']));
        return exponent < 0 ? "⁻" + digits : digits;
    }
}
