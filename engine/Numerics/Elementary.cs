using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// Elementary functions made of IEEE operations and explicit fused multiply-adds. The runtime's
/// own (<c>MathF.Exp</c>, <c>MathF.Tanh</c>, <c>Math.Log</c>) call the platform's C library and
/// differ between platforms, so nothing that feeds a result may use them.
/// Source: the reduction by n·log 2 in two parts is Cody and Waite's ("Software Manual for the
/// Elementary Functions", 1980); for float the parts are theirs, for double those of Sun's fdlibm,
/// e_exp.c. The series are the functions' own, of Taylor for e^r − 1 and of
/// artanh for the logarithm, with coefficients 1/k! and 1/k; how many terms is the project's own
/// choice, so that the first one left out is below the last bit.
/// </summary>
public static class Elementary
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.693147180369123816490; // 33 bits, so n·Ln2High is exact
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Natural logarithm; error about one unit in the last place.</summary>
    /// <returns>NaN below 0, −∞ at 0.</returns>
    public static double Log(double x)
    {
        if (!(x > 0))
        {
            return x == 0 ? double.NegativeInfinity : double.NaN;
        }
        if (double.IsPositiveInfinity(x))
        {
            return x;
        }
        int exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2^54
            exponent = -54;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }
        // log m = 2 artanh(s) with s = (m − 1)/(m + 1), |s| ≤ 0.1716; artanh's own series.
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double sum = 1.0 / 23;
        for (int k = 21; k >= 3; k -= 2)
        {
            sum = Math.FusedMultiplyAdd(sum, z, 1.0 / k);
        }
        double series = 2 * s * z * sum;
        double low = Math.FusedMultiplyAdd(exponent, Ln2Low, series);
        return Math.FusedMultiplyAdd(exponent, Ln2High, low + (2 * s));
    }

    /// <summary>e^x; error about one unit in the last place.</summary>
    /// <returns>0 below −708, +∞ above 708.</returns>
    public static double Exp(double x)
    {
        if (x > 708)
        {
            return double.PositiveInfinity;
        }
        return x < -708 ? 0 : ElementaryKernels<double, double, SimdScalar<double>>.Exp(x);
    }

    /// <summary>x^y for x &gt; 0, as e^(y log x): the definition, with an error that grows with
    /// |y log x|.</summary>
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>The largest argument in size that 2^n is formed for: n stays normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Limit<T>() => typeof(T) == typeof(float) ? 87.0 : 708.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double RoundingShift<T>() =>
        typeof(T) == typeof(float) ? 12582912.0 : 6755399441055744.0;

    internal static double Log2OfE => Log2E;

    // The float constant has 9 significant bits, so that n·(it) is exact for every n used.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Ln2HighOf<T>() => typeof(T) == typeof(float) ? 0.693359375 : Ln2High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Ln2LowOf<T>() =>
        typeof(T) == typeof(float) ? -2.12194440054690581e-4 : Ln2Low;
}

/// <summary>
/// Vector forms of e^x, tanh, the logistic function and log(1 + x): the same bits in every lane
/// at every width. The worst errors stated for float32 are those over every float of the domain,
/// against GNU MPFR with 200 bits (<c>tests/Torture</c>, form <c>functions</c>).
/// </summary>
internal static unsafe class ElementaryKernels<T, V, S>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    /// <summary>e^x for |x| ≤ 87 (float) or 708 (double); beyond, the value at the limit. Worst
    /// error in float32 1.060 units in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        V high = S.Set(Elementary.Limit<T>());
        return ExpOfNegative(S.SelectLess(high, x, high, x));
    }

    /// <summary>e^x for x ≤ 0: one bound less to keep.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative(V x)
    {
        V p = ReducedExpm1(x, out V scale);
        return S.Fma(scale, p, scale);
    }

    /// <summary>
    /// tanh x = −m/(m + 2) with m = e^(−2|x|) − 1, which keeps the relative error small near 0.
    /// Worst error in float32 2.499 units in the last place.
    /// Source: the definition tanh x = (1 − e^(−2x))/(1 + e^(−2x)), written in m.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        V zero = S.Set(0);
        V a = S.Abs(x);
        V p = ReducedExpm1(S.Multiply(a, S.Set(-2)), out V scale);
        V m = S.Fma(scale, p, S.Subtract(scale, S.Set(1)));
        V t = S.Divide(m, S.Add(m, S.Set(2)));
        return S.SelectLess(x, zero, t, S.Subtract(zero, t));
    }

    /// <summary>σ(x) = 1/(1 + e^−x), from e^−|x| so that neither side overflows. Worst error in
    /// float32 2.402 units in the last place for |x| ≤ 87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x)
    {
        V zero = S.Set(0);
        V one = S.Set(1);
        V e = ExpOfNegative(S.Subtract(zero, S.Abs(x)));
        return S.Divide(S.SelectLess(x, zero, e, one), S.Add(one, e));
    }

    /// <summary>log(1 + e) for 0 ≤ e ≤ 1, as 2 artanh(e/(2 + e)). Worst error in float32 2.879
    /// units in the last place.
    /// Source: log y = 2 artanh((y − 1)/(y + 1)) with y = 1 + e, and artanh's own series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p(V e)
    {
        V s = S.Divide(e, S.Add(S.Set(2), e));
        V z = S.Multiply(s, s);
        // z ≤ 1/9: 8 terms reach float32, 17 float64.
        int last = typeof(T) == typeof(float) ? 17 : 35;
        V sum = S.Set(1.0 / last);
        for (int k = last - 2; k >= 1; k -= 2)
        {
            sum = S.Fma(sum, z, S.Set(1.0 / k));
        }
        return S.Multiply(S.Add(s, s), sum);
    }

    /// <summary>e^r − 1 with x = n log 2 + r, |r| ≤ log(2)/2, and scale = 2^n; x is below the
    /// limit.
    /// Source: Cody and Waite 1980 for r in two steps of a fused multiply-add; n is rounded by
    /// adding and taking away 1.5·2^23 (float) or 1.5·2^52 (double).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedExpm1(V x, out V scale)
    {
        V low = S.Set(-Elementary.Limit<T>());
        x = S.SelectLess(x, low, low, x);
        V shift = S.Set(Elementary.RoundingShift<T>());
        V shifted = S.Fma(x, S.Set(Elementary.Log2OfE), shift);
        scale = S.PowerOfTwo(shifted);
        V n = S.Subtract(shifted, shift);
        V r = S.Fma(n, S.Set(-Elementary.Ln2HighOf<T>()), x);
        r = S.Fma(n, S.Set(-Elementary.Ln2LowOf<T>()), r);
        // Taylor's series: the next term is below 5e-9 (float32) and 5e-18 (float64).
        V q;
        if (typeof(T) == typeof(float))
        {
            q = S.Set(1.0 / 5040);
        }
        else
        {
            q = S.Set(1.0 / 6227020800.0);
            q = S.Fma(q, r, S.Set(1.0 / 479001600.0));
            q = S.Fma(q, r, S.Set(1.0 / 39916800.0));
            q = S.Fma(q, r, S.Set(1.0 / 3628800.0));
            q = S.Fma(q, r, S.Set(1.0 / 362880.0));
            q = S.Fma(q, r, S.Set(1.0 / 40320.0));
            q = S.Fma(q, r, S.Set(1.0 / 5040.0));
        }
        q = S.Fma(q, r, S.Set(1.0 / 720.0));
        q = S.Fma(q, r, S.Set(1.0 / 120.0));
        q = S.Fma(q, r, S.Set(1.0 / 24.0));
        q = S.Fma(q, r, S.Set(1.0 / 6.0));
        q = S.Fma(q, r, S.Set(0.5));
        return S.Fma(S.Multiply(r, r), q, r);
    }
}
