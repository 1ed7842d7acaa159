using System.Globalization;

namespace Repro.Engine.Records;

/// <summary>Numbers of a record that are kept to fewer digits than they have.</summary>
internal static class Rounding
{
    /// <summary>The value to some significant decimal digits; -0, NaN and the infinities stay
    /// what they are.</summary>
    public static double Significant(double value, int digits) => double.IsFinite(value)
        ? double.Parse(
            value.ToString("G" + digits, CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture)
        : value;

    /// <summary>The value to some decimal places; -0 stays -0.</summary>
    public static double Places(double value, int digits) => Math.Round(value, digits);

    /// <summary>The value, but 0 for -0: which of the two a sum of rounding errors ends at says
    /// nothing, and a record spells them differently.</summary>
    public static double WithoutNegativeZero(double value) => value + 0.0;
}
