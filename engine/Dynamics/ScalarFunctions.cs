using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Dynamics;

/// <summary>The engine's elementary functions on one double: the same bits on every processor.
/// </summary>
internal static class ScalarFunctions
{
    /// <summary>σ(x) = 1/(1 + e^−x), in (0, 1).</summary>
    public static double Sigmoid(double x) =>
        ElementaryKernels<double, double, SimdScalar<double>>.Sigmoid(x);

    /// <summary>tanh x, in (−1, 1).</summary>
    public static double Tanh(double x) =>
        ElementaryKernels<double, double, SimdScalar<double>>.Tanh(x);

    /// <summary>The x with σ(x) = <paramref name="y"/>: log(y/(1 − y)).</summary>
    /// <param name="y">Strictly between 0 and 1.</param>
    public static double Logit(double y) => Elementary.Log(y / (1 - y));

    /// <summary>f(s).</summary>
    public static double Activate(Activation activation, double s) => activation switch
    {
        Activation.Relu => s < 0 ? 0 : s,
        Activation.Tanh => Tanh(s),
        Activation.Sigmoid => Sigmoid(s),
        _ => throw Unknown.Member(activation),
    };

    /// <summary>f′(s) written in h = f(s), as the kernels have it.</summary>
    public static double Slope(Activation activation, double h) => activation switch
    {
        Activation.Relu => h > 0 ? 1 : 0,
        Activation.Tanh => 1 - (h * h),
        Activation.Sigmoid => h * (1 - h),
        _ => throw Unknown.Member(activation),
    };

    /// <summary>The largest f′(s) of any s: γ, 1 for tanh and the rectifier, ¼ for the logistic.
    /// Source: Pascanu, Mikolov, Bengio 2013, §2.1.</summary>
    public static double LargestSlope(Activation activation) => activation switch
    {
        Activation.Relu or Activation.Tanh => 1,
        Activation.Sigmoid => 0.25,
        _ => throw Unknown.Member(activation),
    };

    /// <summary>√(Σ v²), also where the squares alone would leave the range of a double.
    /// </summary>
    public static double Norm(ReadOnlySpan<double> v)
    {
        double largest = 0;
        foreach (double e in v)
        {
            largest = Math.Max(largest, Math.Abs(e));
        }
        if (largest is > 0 and (< 1e-140 or > 1e140) && double.IsFinite(largest))
        {
            double scaled = 0;
            foreach (double e in v)
            {
                scaled = Math.FusedMultiplyAdd(e / largest, e / largest, scaled);
            }
            return largest * Math.Sqrt(scaled);
        }
        double sum = 0;
        foreach (double e in v)
        {
            sum = Math.FusedMultiplyAdd(e, e, sum);
        }
        return Math.Sqrt(sum);
    }
}
