using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Numerics;

namespace Repro.Torture.Functions;

/// <summary>
/// The logarithm, which the engine has in double precision and one path, over every float. Its
/// true value is made of MPFR's logarithm of the 2^23 significands in two doubles and n·log 2 in
/// two doubles, added with an error below 1e-28.
/// </summary>
internal static class LogScan
{
    private const int Significands = 1 << 23;
    private const int Chunk = 1 << 16;

    // log 2 in two doubles.
    private const double High = 0.6931471805599453;
    private const double Low = 2.3190468138462996e-17;

    /// <summary>Every n-th bit pattern, beginning with 0.</summary>
    /// <param name="stride">n, 1 or more.</param>
    /// <param name="measuresError">Whether the worst error is wanted; it needs stride 1.</param>
    public static FunctionFigures Of(long stride, bool measuresError)
    {
        (double[] High, double[] Low)? truth =
            measuresError && stride == 1 && Mpfr.IsThere ? Truth() : null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ulong[] values = new ulong[Chunk];
        double worst = 0;
        double worstAt = 0;
        long inputs = ((1L << 32) + stride - 1) / stride;
        for (long begin = 0; begin < inputs; begin += Chunk)
        {
            int count = (int)Math.Min(Chunk, inputs - begin);
            for (int i = 0; i < count; i++)
            {
                uint bits = (uint)((begin + i) * stride);
                float x = BitConverter.UInt32BitsToSingle(bits);
                double y = Elementary.Log(x);
                values[i] = double.IsNaN(y)
                    ? 0x7FF8000000000000 : BitConverter.DoubleToUInt64Bits(y);
                if (truth is { } known && x > 0 && float.IsFinite(x))
                {
                    double ulps = Ulps(y, x, known.High, known.Low);
                    (worst, worstAt) = ulps > worst ? (ulps, x) : (worst, worstAt);
                }
            }
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan(0, count)));
        }
        return new FunctionFigures(
            "log", ["Scalar"], inputs, Convert.ToHexStringLower(hash.GetHashAndReset()),
            "x > 0, in double", truth is null ? null : worst, truth is null ? null : worstAt);
    }

    /// <summary>|y − log x| in units of double's last place.</summary>
    private static double Ulps(double y, float x, double[] high, double[] low)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        int significand = (int)((bits >> 29) & (Significands - 1));
        // Those above √2 were taken at half, so that nothing cancels near 1.
        exponent += IsHalved(significand) ? 1 : 0;
        double product = exponent * High;
        double rest = Math.FusedMultiplyAdd(exponent, High, -product) + (exponent * Low);
        double sum = product + high[significand];
        double back = sum - product;
        double lost = (product - (sum - back)) + (high[significand] - back);
        double error = (y - sum) - (lost + rest + low[significand]);
        double size = Math.Abs(sum);
        return size == 0 ? (y == 0 ? 0 : double.PositiveInfinity)
            : Math.Abs(error) / (Math.BitIncrement(size) - size);
    }

    private static bool IsHalved(int significand) =>
        1 + (significand / (double)Significands) > 1.4142135623730951;

    private static (double[] High, double[] Low) Truth()
    {
        double[] high = new double[Significands];
        double[] low = new double[Significands];
        using Mpfr mpfr = new();
        for (int i = 0; i < Significands; i++)
        {
            double m = 1 + (i / (double)Significands);
            (high[i], low[i]) = mpfr.LogOf(IsHalved(i) ? m / 2 : m);
        }
        return (high, low);
    }
}
