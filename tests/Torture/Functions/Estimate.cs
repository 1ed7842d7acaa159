using Repro.Engine.Numerics;

namespace Repro.Torture.Functions;

/// <summary>
/// The functions in double precision, from the platform's own library: not the truth, but within
/// a few units of double's last place of it, which is less than 1e-8 of float's. It tells which of
/// four thousand million arguments are worth asking MPFR about.
/// </summary>
internal static class Estimate
{
    private const double TwoToMinus12 = 1.0 / (1 << 12);
    private const double TwoToMinus14 = 1.0 / (1 << 14);
    private const double TwoToMinus18 = 1.0 / (1 << 18);

    /// <summary>Whether the function is meant for the argument: beyond, it stays at its limit.
    /// </summary>
    public static bool IsInDomain(FloatFunction function, float x) => function switch
    {
        FloatFunction.Exp => Math.Abs(x) <= 87,
        FloatFunction.Tanh => float.IsFinite(x),
        FloatFunction.Logistic => Math.Abs(x) <= 87,
        FloatFunction.Log1p => x is >= 0 and <= 1,
        _ => throw Unknown.Member(function),
    };

    /// <summary>The domain in words.</summary>
    public static string Domain(FloatFunction function) => function switch
    {
        FloatFunction.Exp or FloatFunction.Logistic => "|x| ≤ 87",
        FloatFunction.Tanh => "all",
        FloatFunction.Log1p => "0 ≤ x ≤ 1",
        _ => throw Unknown.Member(function),
    };

    /// <summary>f(x). Near 0 the first terms of Taylor's series, which are exact to more digits
    /// than double has, and faster.</summary>
    public static double Of(FloatFunction function, double x)
    {
        double a = Math.Abs(x);
        switch (function)
        {
            case FloatFunction.Exp:
                return a < TwoToMinus18 ? 1 + (x + (x * x / 2)) : Math.Exp(x);
            case FloatFunction.Tanh:
                return a < TwoToMinus14 ? x - (x * x * x / 3)
                    : a > 20 ? Math.Sign(x) : Math.Tanh(x);
            case FloatFunction.Logistic:
                return a < TwoToMinus12
                    ? 0.5 + ((x / 4) - (x * x * x / 48))
                    : 1 / (1 + Math.Exp(-x));
            case FloatFunction.Log1p:
                // Kahan's correction of the rounding of 1 + x.
                double u = 1 + x;
                return a < TwoToMinus18
                    ? x - ((x * x / 2) - (x * x * x / 3))
                    : Math.Log(u) * (x / (u - 1));
            default:
                throw Unknown.Member(function);
        }
    }

    /// <summary>The distance of two neighbouring floats where the float nearest to a value lies.
    /// </summary>
    public static double Unit(double value)
    {
        int exponent = (BitConverter.SingleToInt32Bits((float)value) >> 23) & 0xFF;
        return BitConverter.Int64BitsToDouble((long)(Math.Max(exponent, 1) + 873) << 52);
    }
}
