using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// The cell of an LSTM, forward and backward, over rows in cache. Gates lie in a row as
/// <see cref="GateColumns{T}"/> says. Where the last units do not fill a vector, a whole one is
/// read and written, gate after gate, so that each gate overwrites what the one before it wrote
/// too much; what lies beyond the last unit is never used.
/// Source: Hochreiter and Schmidhuber 1997, with the forget gates of Gers, Schmidhuber, Cummins
/// 2000; no peephole connections.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    // Each cell is inlined once a method: twice is beyond the compiler's budget, and the
    // operations would become calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LstmForward(int rows, int hidden, in LstmForwardArguments<T> a)
    {
        int line = GateColumns<T>.Line;
        for (int r = 0; r < rows; r++)
        {
            T* sums = a.Sums + (r * a.GateStride);
            T* gates = a.Gates + (r * a.GateStride);
            T* before = a.Before + (r * a.CellStride);
            T* after = a.After + (r * a.CellStride);
            for (int unit = 0; unit < hidden; unit += line)
            {
                int units = Math.Min(line, hidden - unit);
                if (units < line && units > S.Lanes)
                {
                    LastCells(units, sums, gates, before + unit, after + unit);
                    break;
                }
                for (int j = 0; j < units; j += S.Lanes)
                {
                    Cell<V, S>(sums + j, gates + j, units, before + unit + j, after + unit + j);
                }
                sums += GateColumns<T>.Gates * line;
                gates += GateColumns<T>.Gates * line;
            }
        }
        ElementaryFours<T, V, S>.Tanh(a.After, a.Squashed, rows * (long)a.CellStride);
        for (int r = 0; r < rows; r++)
        {
            T* gates = a.Gates + (r * a.GateStride);
            T* squashed = a.Squashed + (r * a.CellStride);
            T* h = a.Hidden + (r * a.HiddenStride);
            for (int unit = 0; unit < hidden; unit += line)
            {
                int units = Math.Min(line, hidden - unit);
                T* o = gates + (3 * units);
                for (int j = 0; j < units; j += S.Lanes)
                {
                    V v = S.Multiply(S.Load(o + j), S.Load(squashed + unit + j));
                    S.Store(h + unit + j, SubnormalFloor.Apply<T, V, S>(v));
                }
                gates += GateColumns<T>.Gates * line;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LstmBackward(int rows, int hidden, in LstmBackwardArguments<T> a)
    {
        int line = GateColumns<T>.Line;
        ElementaryFours<T, V, S>.Tanh(a.After, a.Squashed, rows * (long)a.CellStride);
        for (int r = 0; r < rows; r++)
        {
            T* gates = a.Gates + (r * a.GateStride);
            T* deltas = a.Deltas + (r * a.GateStride);
            T* before = a.Before + (r * a.CellStride);
            T* squashed = a.Squashed + (r * a.CellStride);
            T* dh = a.HiddenError + (r * a.ErrorStride);
            T* dc = a.CellError + (r * a.ErrorStride);
            for (int unit = 0; unit < hidden; unit += line)
            {
                int units = Math.Min(line, hidden - unit);
                if (units < line && units > S.Lanes)
                {
                    LastCellsBack(
                        units, gates, deltas, before + unit, squashed + unit, dh + unit,
                        dc + unit);
                    break;
                }
                for (int j = 0; j < units; j += S.Lanes)
                {
                    CellBack<V, S>(
                        gates + j, deltas + j, units, before + unit + j, squashed + unit + j,
                        dh + unit + j, dc + unit + j);
                }
                gates += GateColumns<T>.Gates * line;
                deltas += GateColumns<T>.Gates * line;
            }
        }
    }

    // The last units of a row where they are more than a vector and less than a line.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastCells(int units, T* sums, T* gates, T* before, T* after)
    {
        for (int j = 0; j < units; j++)
        {
            Cell<T, SimdScalar<T>>(sums + j, gates + j, units, before + j, after + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LastCellsBack(
        int units, T* gates, T* deltas, T* before, T* squashed, T* hiddenError, T* cellError)
    {
        for (int j = 0; j < units; j++)
        {
            CellBack<T, SimdScalar<T>>(
                gates + j, deltas + j, units, before + j, squashed + j, hiddenError + j,
                cellError + j);
        }
    }

    /// <summary>
    /// i, f, o = σ(s), g = tanh(s), c_t = f⊙c_{t−1} + i⊙g; `apart` is the distance of two gates.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Cell<W, R>(T* sums, T* gates, nint apart, T* before, T* after)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W i = R.Load(sums);
        W f = R.Load(sums + apart);
        W g = R.Load(sums + (2 * apart));
        W o = R.Load(sums + (3 * apart));
        ElementaryFours<T, W, R>.Gates(ref i, ref f, ref g, ref o);
        R.Store(gates, i);
        R.Store(gates + apart, f);
        R.Store(gates + (2 * apart), g);
        R.Store(gates + (3 * apart), o);
        W c = R.Fma(f, R.Load(before), R.Multiply(i, g));
        R.Store(after, SubnormalFloor.Apply<T, W, R>(c));
    }

    /// <summary>
    /// From dE/dh_t and what step t + 1 hands down of dE/dc_t: the gates' deltas dE/ds_t, and
    /// in place of the latter what goes down to dE/dc_{t−1}.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CellBack<W, R>(
        T* gates, T* deltas, nint apart, T* before, T* squashed, T* hiddenError, T* cellError)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W zero = R.Set(0);
        W one = R.Set(1);
        W i = R.Load(gates);
        W f = R.Load(gates + apart);
        W g = R.Load(gates + (2 * apart));
        W o = R.Load(gates + (3 * apart));
        W c = R.Load(squashed);
        W dh = R.Load(hiddenError);
        W throughOutput = R.Multiply(dh, o);
        W slope = R.Fma(R.Subtract(zero, c), c, one);
        W dc = R.Fma(throughOutput, slope, R.Load(cellError));
        W ig = R.Multiply(i, g);
        // σ′ = σ(1 − σ) = σ − σ²; the factors σ and g, c are multiplied first.
        W di = R.Multiply(dc, R.Fma(R.Subtract(zero, ig), i, ig));
        W dcf = R.Multiply(dc, f);
        W fc = R.Multiply(f, R.Load(before));
        W df = R.Multiply(dc, R.Fma(R.Subtract(zero, fc), f, fc));
        W dg = R.Multiply(dc, R.Fma(R.Subtract(zero, ig), g, i));
        W oc = R.Multiply(throughOutput, c);
        W dO = R.Fma(R.Subtract(zero, oc), o, oc);
        R.Store(deltas, SubnormalFloor.Apply<T, W, R>(di));
        R.Store(deltas + apart, SubnormalFloor.Apply<T, W, R>(df));
        R.Store(deltas + (2 * apart), SubnormalFloor.Apply<T, W, R>(dg));
        R.Store(deltas + (3 * apart), SubnormalFloor.Apply<T, W, R>(dO));
        R.Store(cellError, SubnormalFloor.Apply<T, W, R>(dcf));
    }
}
