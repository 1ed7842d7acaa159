using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// The functions of <see cref="ElementaryKernels{T, V, S}"/> on four vectors at once, with the
/// same bits. One function is a chain of some twenty operations, each waiting for the one
/// before; the processor looks ahead by little more than three chains, so that four written one
/// after the other leave its arithmetic half idle. Here they go step by step together.
/// </summary>
internal static unsafe class ElementaryFours<T, V, S>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    /// <summary>to = tanh(from), over whole vectors: `length` is a multiple of a cache line.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(T* from, T* to, long length)
    {
        V zero = S.Set(0);
        V one = S.Set(1);
        V two = S.Set(2);
        V minusTwo = S.Set(-2);
        long at = 0;
        for (; at + (4 * S.Lanes) <= length; at += 4 * S.Lanes)
        {
            V x0 = S.Load(from + at);
            V x1 = S.Load(from + at + S.Lanes);
            V x2 = S.Load(from + at + (2 * S.Lanes));
            V x3 = S.Load(from + at + (3 * S.Lanes));
            V p0 = S.Multiply(S.Abs(x0), minusTwo);
            V p1 = S.Multiply(S.Abs(x1), minusTwo);
            V p2 = S.Multiply(S.Abs(x2), minusTwo);
            V p3 = S.Multiply(S.Abs(x3), minusTwo);
            ReducedExpm1(
                ref p0, ref p1, ref p2, ref p3, out V s0, out V s1, out V s2, out V s3);
            p0 = S.Fma(s0, p0, S.Subtract(s0, one));
            p1 = S.Fma(s1, p1, S.Subtract(s1, one));
            p2 = S.Fma(s2, p2, S.Subtract(s2, one));
            p3 = S.Fma(s3, p3, S.Subtract(s3, one));
            p0 = S.Divide(p0, S.Add(p0, two));
            p1 = S.Divide(p1, S.Add(p1, two));
            p2 = S.Divide(p2, S.Add(p2, two));
            p3 = S.Divide(p3, S.Add(p3, two));
            S.Store(to + at, S.SelectLess(x0, zero, p0, S.Subtract(zero, p0)));
            S.Store(to + at + S.Lanes, S.SelectLess(x1, zero, p1, S.Subtract(zero, p1)));
            S.Store(to + at + (2 * S.Lanes), S.SelectLess(x2, zero, p2, S.Subtract(zero, p2)));
            S.Store(to + at + (3 * S.Lanes), S.SelectLess(x3, zero, p3, S.Subtract(zero, p3)));
        }
        for (; at < length; at += S.Lanes)
        {
            S.Store(to + at, ElementaryKernels<T, V, S>.Tanh(S.Load(from + at)));
        }
    }

    /// <summary>The gates of an LSTM: i, f and o become σ of themselves, g tanh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gates(ref V i, ref V f, ref V g, ref V o)
    {
        V zero = S.Set(0);
        V one = S.Set(1);
        V p0 = S.Subtract(zero, S.Abs(i));
        V p1 = S.Subtract(zero, S.Abs(f));
        V p2 = S.Multiply(S.Abs(g), S.Set(-2));
        V p3 = S.Subtract(zero, S.Abs(o));
        ReducedExpm1(ref p0, ref p1, ref p2, ref p3, out V s0, out V s1, out V s2, out V s3);
        p0 = S.Fma(s0, p0, s0);
        p1 = S.Fma(s1, p1, s1);
        p2 = S.Fma(s2, p2, S.Subtract(s2, one));
        p3 = S.Fma(s3, p3, s3);
        i = S.Divide(S.SelectLess(i, zero, p0, one), S.Add(one, p0));
        f = S.Divide(S.SelectLess(f, zero, p1, one), S.Add(one, p1));
        V t = S.Divide(p2, S.Add(p2, S.Set(2)));
        g = S.SelectLess(g, zero, t, S.Subtract(zero, t));
        o = S.Divide(S.SelectLess(o, zero, p3, one), S.Add(one, p3));
    }

    /// <summary>As in <see cref="ElementaryKernels{T, V, S}"/>: x becomes e^r − 1, s is 2^n.
    /// Source: as there; four at a time is the project's own, so that their latencies overlap.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReducedExpm1(
        ref V x0, ref V x1, ref V x2, ref V x3, out V s0, out V s1, out V s2, out V s3)
    {
        V low = S.Set(-Elementary.Limit<T>());
        V r0 = S.SelectLess(x0, low, low, x0);
        V r1 = S.SelectLess(x1, low, low, x1);
        V r2 = S.SelectLess(x2, low, low, x2);
        V r3 = S.SelectLess(x3, low, low, x3);
        V shift = S.Set(Elementary.RoundingShift<T>());
        V factor = S.Set(Elementary.Log2OfE);
        V n0 = S.Fma(r0, factor, shift);
        V n1 = S.Fma(r1, factor, shift);
        V n2 = S.Fma(r2, factor, shift);
        V n3 = S.Fma(r3, factor, shift);
        s0 = S.PowerOfTwo(n0);
        s1 = S.PowerOfTwo(n1);
        s2 = S.PowerOfTwo(n2);
        s3 = S.PowerOfTwo(n3);
        n0 = S.Subtract(n0, shift);
        n1 = S.Subtract(n1, shift);
        n2 = S.Subtract(n2, shift);
        n3 = S.Subtract(n3, shift);
        factor = S.Set(-Elementary.Ln2HighOf<T>());
        r0 = S.Fma(n0, factor, r0);
        r1 = S.Fma(n1, factor, r1);
        r2 = S.Fma(n2, factor, r2);
        r3 = S.Fma(n3, factor, r3);
        factor = S.Set(-Elementary.Ln2LowOf<T>());
        r0 = S.Fma(n0, factor, r0);
        r1 = S.Fma(n1, factor, r1);
        r2 = S.Fma(n2, factor, r2);
        r3 = S.Fma(n3, factor, r3);
        V q0 = S.Set(typeof(T) == typeof(float) ? 1.0 / 5040 : 1.0 / 6227020800.0);
        V q1 = q0;
        V q2 = q0;
        V q3 = q0;
        if (typeof(T) != typeof(float))
        {
            Next(1.0 / 479001600.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
            Next(1.0 / 39916800.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
            Next(1.0 / 3628800.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
            Next(1.0 / 362880.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
            Next(1.0 / 40320.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
            Next(1.0 / 5040.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        }
        Next(1.0 / 720.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        Next(1.0 / 120.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        Next(1.0 / 24.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        Next(1.0 / 6.0, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        Next(0.5, ref q0, ref q1, ref q2, ref q3, r0, r1, r2, r3);
        x0 = S.Fma(S.Multiply(r0, r0), q0, r0);
        x1 = S.Fma(S.Multiply(r1, r1), q1, r1);
        x2 = S.Fma(S.Multiply(r2, r2), q2, r2);
        x3 = S.Fma(S.Multiply(r3, r3), q3, r3);
    }

    /// <summary>q ← q·r + term: one step of Horner's rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(
        double term, ref V q0, ref V q1, ref V q2, ref V q3, V r0, V r1, V r2, V r3)
    {
        V t = S.Set(term);
        q0 = S.Fma(q0, r0, t);
        q1 = S.Fma(q1, r1, t);
        q2 = S.Fma(q2, r2, t);
        q3 = S.Fma(q3, r3, t);
    }
}
