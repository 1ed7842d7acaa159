namespace Repro.Engine.Numerics;

/// <summary>
/// The sine, made of IEEE operations and explicit fused multiply-adds as in
/// <see cref="Elementary"/>. The argument is brought to ±π/4 by Cody and Waite's reduction with
/// π/2 in two parts; the series are Taylor's, with coefficients 1/k!, up to the first term that is
/// below the last bit.
/// </summary>
public static class Sine
{
    private const double HalfPi = 1.5707963267948966;
    private const double HalfPiRest = 6.123233995736766e-17;

    /// <summary>sin x, x in radians; error about one unit in the last place of 1 for arguments
    /// below 100,000 in size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The argument is larger, or not finite.
    /// </exception>
    public static double Of(double x)
    {
        if (!(Math.Abs(x) <= 100_000))
        {
            throw new ArgumentOutOfRangeException(
                nameof(x), x, "the sine is known for arguments of up to 100,000 in size");
        }
        double n = Math.Round(x / HalfPi);
        double r = Math.FusedMultiplyAdd(-n, HalfPi, x);
        r = Math.FusedMultiplyAdd(-n, HalfPiRest, r);
        return ((long)n & 3) switch
        {
            0 => Series(r),
            1 => Cosine(r),
            2 => -Series(r),
            _ => -Cosine(r),
        };
    }

    /// <summary>sin r = r·(1 − r²/(2·3)·(1 − r²/(4·5)·(…))), up to r^17.</summary>
    private static double Series(double r)
    {
        double z = r * r;
        double sum = 1;
        for (int k = 17; k >= 5; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(-z / (k * (k - 1)), sum, 1);
        }
        return Math.FusedMultiplyAdd(-z / 6 * sum, r, r);
    }

    /// <summary>cos r, in the same way, up to r^18.</summary>
    private static double Cosine(double r)
    {
        double z = r * r;
        double sum = 1;
        for (int k = 18; k >= 2; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(-z / (k * (k - 1)), sum, 1);
        }
        return sum;
    }
}
