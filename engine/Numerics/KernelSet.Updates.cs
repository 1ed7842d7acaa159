using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>Sums over rows, norms and parameter updates.
/// Source: the definitions; the 64 interleaved partial sums of a norm are the project's own, so
/// that its bits do not depend on the width.</summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    private const int Partials = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(int columns, T* to, T* from)
    {
        for (int j = 0; j < columns; j += S.Lanes)
        {
            S.Store(to + j, S.Add(S.Load(to + j), S.Load(from + j)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Move(int columns, T* from, T* to)
    {
        V zero = S.Set(0);
        for (int j = 0; j < columns; j += S.Lanes)
        {
            S.Store(to + j, S.Add(S.Load(to + j), S.Load(from + j)));
            S.Store(from + j, zero);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GatherRows(
        int rows, int columns, int* indices, T* table, T* to, nint stride)
    {
        for (int r = 0; r < rows; r++)
        {
            T* from = table + (indices[r] * stride);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                S.Store(to + j, S.Load(from + j));
            }
            to += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScatterRows(
        int rows, int columns, int* indices, T* from, T* table, nint stride)
    {
        for (int r = 0; r < rows; r++)
        {
            T* to = table + (indices[r] * stride);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                S.Store(to + j, S.Add(S.Load(to + j), S.Load(from + j)));
            }
            from += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double SumOfSquares(T* v, long length)
    {
        T* sums = stackalloc T[Partials];
        for (int i = 0; i < Partials; i++)
        {
            sums[i] = T.Zero;
        }
        long at = 0;
        for (; at + Partials <= length; at += Partials)
        {
            for (int i = 0; i < Partials; i += S.Lanes)
            {
                V x = S.Load(v + at + i);
                S.Store(sums + i, S.Fma(x, x, S.Load(sums + i)));
            }
        }
        for (int i = 0; at < length; at++, i++)
        {
            sums[i] = T.FusedMultiplyAdd(v[at], v[at], sums[i]);
        }
        double total = 0;
        for (int i = 0; i < Partials; i++)
        {
            total += double.CreateTruncating(sums[i]);
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Axpy(double a, T* x, T* y, long length)
    {
        V factor = S.Set(a);
        long i = 0;
        for (; i + S.Lanes <= length; i += S.Lanes)
        {
            S.Store(y + i, S.Fma(factor, S.Load(x + i), S.Load(y + i)));
        }
        T last = T.CreateTruncating(a);
        for (; i < length; i++)
        {
            y[i] = T.FusedMultiplyAdd(last, x[i], y[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RmsProp(
        T* p, T* g, T* v, long length, double rate, double clip, double decay, double epsilon)
    {
        long i = 0;
        for (; i + S.Lanes <= length; i += S.Lanes)
        {
            RmsPropVector<V, S>(p + i, g + i, v + i, rate, clip, decay, epsilon);
        }
        for (; i < length; i++)
        {
            RmsPropVector<T, SimdScalar<T>>(p + i, g + i, v + i, rate, clip, decay, epsilon);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RmsPropVector<W, R>(
        T* p, T* g, T* v, double rate, double clip, double decay, double epsilon)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W x = R.Multiply(R.Set(clip), R.Load(g));
        W square = R.Multiply(R.Set(1 - decay), R.Multiply(x, x));
        W mean = R.Fma(R.Set(decay), R.Load(v), square);
        R.Store(v, mean);
        W root = R.Add(R.Sqrt(mean), R.Set(epsilon));
        R.Store(p, R.Subtract(R.Load(p), R.Divide(R.Multiply(R.Set(rate), x), root)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Momentum(
        T* p, T* g, T* v, long length, double rate, double clip, double share, bool nesterov)
    {
        long i = 0;
        for (; i + S.Lanes <= length; i += S.Lanes)
        {
            MomentumVector<V, S>(p + i, g + i, v + i, rate, clip, share, nesterov);
        }
        for (; i < length; i++)
        {
            MomentumVector<T, SimdScalar<T>>(p + i, g + i, v + i, rate, clip, share, nesterov);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Adam(
        T* p, T* g, T* m, T* v, long length, double rate, double clip, double beta1,
        double beta2, double root, double epsilon)
    {
        long i = 0;
        for (; i + S.Lanes <= length; i += S.Lanes)
        {
            AdamVector<V, S>(
                p + i, g + i, m + i, v + i, rate, clip, beta1, beta2, root, epsilon);
        }
        for (; i < length; i++)
        {
            AdamVector<T, SimdScalar<T>>(
                p + i, g + i, m + i, v + i, rate, clip, beta1, beta2, root, epsilon);
        }
    }

    // A gradient that stays 0, as behind a dead unit, would leave subnormal numbers in the state
    // for ever: the floor of the sweeps ends that.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MomentumVector<W, R>(
        T* p, T* g, T* v, double rate, double clip, double share, bool nesterov)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W x = R.Multiply(R.Set(clip), R.Load(g));
        W velocity = SubnormalFloor.Apply<T, W, R>(R.Fma(R.Set(share), R.Load(v), x));
        R.Store(v, velocity);
        W along = nesterov ? R.Fma(R.Set(share), velocity, x) : velocity;
        R.Store(p, R.Fma(R.Set(-rate), along, R.Load(p)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AdamVector<W, R>(
        T* p, T* g, T* m, T* v, double rate, double clip, double beta1, double beta2, double root,
        double epsilon)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W x = R.Multiply(R.Set(clip), R.Load(g));
        W mean = SubnormalFloor.Apply<T, W, R>(
            R.Fma(R.Set(beta1), R.Load(m), R.Multiply(R.Set(1 - beta1), x)));
        W square = SubnormalFloor.Apply<T, W, R>(
            R.Fma(R.Set(beta2), R.Load(v), R.Multiply(R.Set(1 - beta2), R.Multiply(x, x))));
        R.Store(m, mean);
        R.Store(v, square);
        W below = R.Fma(R.Set(root), R.Sqrt(square), R.Set(epsilon));
        R.Store(p, R.Subtract(R.Load(p), R.Divide(R.Multiply(R.Set(rate), mean), below)));
    }
}
