using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Repro.Engine.Numerics;

/// <summary>
/// The rate of float32 fused multiply-adds one core reaches when nothing but arithmetic limits
/// it: the ceiling a kernel's speed is compared with. It measures time and feeds no result.
/// Source: the project's own: independent chains s ← s/2 + 1/2, all of which tend to 1.
/// </summary>
public static class PeakRate
{
    private const int Chains = 12;
    private const int Turns = 200_000;

    /// <summary>Measures once, for about two milliseconds on a fast core.</summary>
    /// <param name="set">The vector width.</param>
    /// <returns>10⁹ floating-point operations a second; a fused multiply-add counts as two.
    /// </returns>
    /// <exception cref="NotSupportedException">This process cannot run that width.</exception>
    public static double Measure(InstructionSet set)
    {
        if (!InstructionSets.IsSupported(set))
        {
            throw new NotSupportedException(
                $"this process cannot run {set} kernels; the best here is {InstructionSets.Best}");
        }
        return set switch
        {
            InstructionSet.Avx512 => Time<Vector512<float>, Simd512<float>>(),
            InstructionSet.Avx2 => Time<Vector256<float>, Simd256<float>>(),
            InstructionSet.Vector128 => Time<Vector128<float>, Simd128<float>>(),
            InstructionSet.Scalar => Time<float, SimdScalar<float>>(),
            _ => throw Unknown.Member(set),
        };
    }

    private static double Time<V, S>()
        where V : unmanaged
        where S : struct, ISimd<float, V>
    {
        long start = Stopwatch.GetTimestamp();
        float sum = Chain<V, S>(Turns);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Debug.Assert(sum > 0, "every chain tends to 1");
        return 2.0 * Chains * S.Lanes * Turns / seconds / 1e9;
    }

    // Twelve chains cover the latency of two units of four cycles with some to spare.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe float Chain<V, S>(int turns)
        where V : unmanaged
        where S : struct, ISimd<float, V>
    {
        V half = S.Set(0.5);
        V s0 = S.Set(1), s1 = S.Set(2), s2 = S.Set(3), s3 = S.Set(4);
        V s4 = S.Set(5), s5 = S.Set(6), s6 = S.Set(7), s7 = S.Set(8);
        V s8 = S.Set(9), s9 = S.Set(10), s10 = S.Set(11), s11 = S.Set(12);
        for (int i = 0; i < turns; i++)
        {
            s0 = S.Fma(s0, half, half);
            s1 = S.Fma(s1, half, half);
            s2 = S.Fma(s2, half, half);
            s3 = S.Fma(s3, half, half);
            s4 = S.Fma(s4, half, half);
            s5 = S.Fma(s5, half, half);
            s6 = S.Fma(s6, half, half);
            s7 = S.Fma(s7, half, half);
            s8 = S.Fma(s8, half, half);
            s9 = S.Fma(s9, half, half);
            s10 = S.Fma(s10, half, half);
            s11 = S.Fma(s11, half, half);
        }
        V sum = S.Add(S.Add(S.Add(s0, s1), S.Add(s2, s3)), S.Add(S.Add(s4, s5), S.Add(s6, s7)));
        sum = S.Add(sum, S.Add(S.Add(s8, s9), S.Add(s10, s11)));
        float* lanes = stackalloc float[S.Lanes];
        S.Store(lanes, sum);
        return lanes[0];
    }
}
