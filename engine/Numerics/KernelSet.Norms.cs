using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// Row norms, as the vanishing-gradient regulariser needs them. A row's squares are summed in one
/// cache line of partial sums, which are then added pairwise: the same sums at every width.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (9), for what the norms are of; the order of the
/// sums is the project's own.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    private static int Line => 64 / sizeof(T);

    // Squares of smaller numbers would be subnormal, which is slow; beside a squared norm that is
    // not left out (1e-20 and more) they are nothing.
    private static double SquareFloor => typeof(T) == typeof(float) ? 1e-18 : 1e-150;

    public override void BackwardNorms(
        UnitFunction function, int rows, int columns, T* v, nint vStride,
        T* initial, nint initialStride, T* h, nint hStride, T* c, nint cStride,
        T* vSquares, T* gSquares)
    {
        switch (function)
        {
            case UnitFunction.Relu:
                Norms<Relu>(
                    rows, columns, v, vStride, initial, initialStride, h, hStride, c, cStride,
                    vSquares, gSquares);
                break;
            case UnitFunction.Tanh:
                Norms<HyperbolicTangent>(
                    rows, columns, v, vStride, initial, initialStride, h, hStride, c, cStride,
                    vSquares, gSquares);
                break;
            case UnitFunction.Sigmoid:
                Norms<Logistic>(
                    rows, columns, v, vStride, initial, initialStride, h, hStride, c, cStride,
                    vSquares, gSquares);
                break;
            default:
                throw Unknown.Member(function);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScaleRows(int rows, int columns, T* v, nint vStride, T* factors)
    {
        for (int r = 0; r < rows; r++)
        {
            T* row = v + (r * vStride);
            V factor = S.Broadcast(factors + r);
            if (factors[r] == T.Zero)
            {
                V zero = S.Set(0);
                for (int j = 0; j < columns; j += S.Lanes)
                {
                    S.Store(row + j, zero);
                }
                continue;
            }
            for (int j = 0; j < columns; j += S.Lanes)
            {
                S.Store(row + j, S.Multiply(S.Load(row + j), factor));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void MultiplyElements(int columns, T* a, T* b, T* c)
    {
        for (int j = 0; j < columns; j += S.Lanes)
        {
            S.Store(c + j, S.Multiply(S.Load(a + j), S.Load(b + j)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScaleColumns(
        int rows, int columns, T* a, nint aStride, T* factors, T* c, nint cStride)
    {
        for (int r = 0; r < rows; r++)
        {
            T* from = a + (r * aStride);
            T* to = c + (r * cStride);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                V v = S.Multiply(S.Load(from + j), S.Load(factors + j));
                S.Store(to + j, SubnormalFloor.Apply<T, V, S>(v));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Leak(
        int rows, int columns, T* rate, T* keep, T* a, nint aStride, T* b, nint bStride, T* h,
        nint hStride)
    {
        for (int r = 0; r < rows; r++)
        {
            T* now = a + (r * aStride);
            T* before = b + (r * bStride);
            T* to = h + (r * hStride);
            for (int j = 0; j < columns; j += S.Lanes)
            {
                V kept = S.Multiply(S.Load(keep + j), S.Load(before + j));
                V v = S.Fma(S.Load(rate + j), S.Load(now + j), kept);
                S.Store(to + j, SubnormalFloor.Apply<T, V, S>(v));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Norms<A>(
        int rows, int columns, T* v, nint vStride, T* initial, nint initialStride,
        T* h, nint hStride, T* c, nint cStride, T* vSquares, T* gSquares)
        where A : struct, IActivation
    {
        T* vSums = stackalloc T[64 / sizeof(T)];
        T* gSums = stackalloc T[64 / sizeof(T)];
        V floor = S.Set(SquareFloor);
        V zero = S.Set(0);
        int line = Line;
        for (int r = 0; r < rows; r++)
        {
            T* fromV = v + (r * vStride);
            T* from = initial == null ? null : initial + (r * initialStride);
            T* state = h + (r * hStride);
            T* to = c + (r * cStride);
            for (int part = 0; part < line; part += S.Lanes)
            {
                V vSum = zero;
                V gSum = zero;
                for (int j = part; j < columns; j += line)
                {
                    V x = S.Load(fromV + j);
                    V g = from == null ? x : S.Add(S.Load(from + j), x);
                    V delta = A.Backward<T, V, S>(S.Load(state + j), g);
                    S.Store(to + j, SubnormalFloor.Apply<T, V, S>(delta));
                    V large = S.SelectLess(S.Abs(x), floor, zero, x);
                    vSum = S.Fma(large, large, vSum);
                    large = S.SelectLess(S.Abs(g), floor, zero, g);
                    gSum = S.Fma(large, large, gSum);
                }
                S.Store(vSums + part, vSum);
                S.Store(gSums + part, gSum);
            }
            vSquares[r] = Pairwise(vSums, line);
            gSquares[r] = Pairwise(gSums, line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Pairwise(T* sums, int count)
    {
        for (int n = count / 2; n > 0; n /= 2)
        {
            for (int i = 0; i < n; i++)
            {
                sums[i] += sums[i + n];
            }
        }
        return sums[0];
    }

    // Only what lies within the columns counts: beyond them there may be anything.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Clamp(int rows, int columns, T* v, nint vStride, double limit)
    {
        V beyond = S.Set(0);
        T last = T.Zero;
        for (int r = 0; r < rows; r++)
        {
            T* row = v + (r * vStride);
            int j = 0;
            for (; j + S.Lanes <= columns; j += S.Lanes)
            {
                ClampVector<V, S>(row + j, limit, ref beyond);
            }
            for (; j < columns; j++)
            {
                ClampVector<T, SimdScalar<T>>(row + j, limit, ref last);
            }
        }
        T* sums = stackalloc T[S.Lanes];
        S.Store(sums, beyond);
        bool any = last != T.Zero;
        for (int i = 0; i < S.Lanes; i++)
        {
            any |= sums[i] != T.Zero;
        }
        return any;
    }

    // `beyond` sums what was cut off, which is 0 exactly where nothing was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ClampVector<W, R>(T* v, double limit, ref W beyond)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W x = R.Load(v);
        W high = R.Set(limit);
        W low = R.Set(-limit);
        W below = R.SelectLess(high, x, high, x);
        W cut = R.SelectLess(below, low, low, below);
        beyond = R.Add(beyond, R.Abs(R.Subtract(x, cut)));
        R.Store(v, cut);
    }
}
