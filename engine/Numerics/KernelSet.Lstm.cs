using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// The cell of an LSTM, forward and backward, over rows in cache. Gates lie in a row as
/// <see cref="GateColumns{T}"/> says. Where the last units do not fill a vector, a whole one is
/// read and written, gate after gate, so that each gate overwrites what the one before it wrote
/// too much; what lies beyond the last unit is never used.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LstmForward(int rows, int hidden, in LstmForwardArguments<T> a)
    {
        int line = GateColumns<T>.Line;
        int whole = hidden / line * line;
        int rest = hidden - whole;
        for (int r = 0; r < rows; r++)
        {
            T* sums = a.Sums + (r * a.GateStride);
            T* gates = a.Gates + (r * a.GateStride);
            T* before = a.Before + (r * a.CellStride);
            T* after = a.After + (r * a.CellStride);
            T* h = a.Hidden + (r * a.HiddenStride);
            for (int unit = 0; unit < whole; unit += line)
            {
                for (int j = 0; j < line; j += S.Lanes)
                {
                    ForwardCell<V, S>(
                        sums + j, gates + j, line, before + unit + j, after + unit + j,
                        h + unit + j);
                }
                sums += GateColumns<T>.Gates * line;
                gates += GateColumns<T>.Gates * line;
            }
            if (rest > S.Lanes)
            {
                for (int j = 0; j < rest; j++)
                {
                    ForwardCell<T, SimdScalar<T>>(
                        sums + j, gates + j, rest, before + whole + j, after + whole + j,
                        h + whole + j);
                }
            }
            else if (rest > 0)
            {
                ForwardCell<V, S>(
                    sums, gates, rest, before + whole, after + whole, h + whole);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void LstmBackward(int rows, int hidden, in LstmBackwardArguments<T> a)
    {
        int line = GateColumns<T>.Line;
        int whole = hidden / line * line;
        int rest = hidden - whole;
        for (int r = 0; r < rows; r++)
        {
            T* gates = a.Gates + (r * a.GateStride);
            T* deltas = a.Deltas + (r * a.GateStride);
            T* before = a.Before + (r * a.CellStride);
            T* after = a.After + (r * a.CellStride);
            T* dh = a.HiddenError + (r * a.ErrorStride);
            T* dc = a.CellError + (r * a.ErrorStride);
            for (int unit = 0; unit < whole; unit += line)
            {
                for (int j = 0; j < line; j += S.Lanes)
                {
                    BackwardCell<V, S>(
                        gates + j, deltas + j, line, before + unit + j, after + unit + j,
                        dh + unit + j, dc + unit + j);
                }
                gates += GateColumns<T>.Gates * line;
                deltas += GateColumns<T>.Gates * line;
            }
            if (rest > S.Lanes)
            {
                for (int j = 0; j < rest; j++)
                {
                    BackwardCell<T, SimdScalar<T>>(
                        gates + j, deltas + j, rest, before + whole + j, after + whole + j,
                        dh + whole + j, dc + whole + j);
                }
            }
            else if (rest > 0)
            {
                BackwardCell<V, S>(
                    gates, deltas, rest, before + whole, after + whole, dh + whole, dc + whole);
            }
        }
    }

    /// <summary>
    /// i, f, o = σ(s), g = tanh(s), c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t); `apart` is the
    /// distance of two gates.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardCell<W, R>(
        T* sums, T* gates, nint apart, T* before, T* after, T* hidden)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W i = ElementaryKernels<T, W, R>.Sigmoid(R.Load(sums));
        W f = ElementaryKernels<T, W, R>.Sigmoid(R.Load(sums + apart));
        W g = ElementaryKernels<T, W, R>.Tanh(R.Load(sums + (2 * apart)));
        W o = ElementaryKernels<T, W, R>.Sigmoid(R.Load(sums + (3 * apart)));
        R.Store(gates, i);
        R.Store(gates + apart, f);
        R.Store(gates + (2 * apart), g);
        R.Store(gates + (3 * apart), o);
        W c = R.Fma(f, R.Load(before), R.Multiply(i, g));
        c = SubnormalFloor.Apply<T, W, R>(c);
        R.Store(after, c);
        W h = R.Multiply(o, ElementaryKernels<T, W, R>.Tanh(c));
        R.Store(hidden, SubnormalFloor.Apply<T, W, R>(h));
    }

    /// <summary>
    /// From dE/dh_t and what step t + 1 hands down of dE/dc_t: the gates' deltas dE/ds_t, and
    /// in place of the latter what goes down to dE/dc_{t−1}.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardCell<W, R>(
        T* gates, T* deltas, nint apart, T* before, T* after, T* hiddenError, T* cellError)
        where W : unmanaged
        where R : struct, ISimd<T, W>
    {
        W zero = R.Set(0);
        W one = R.Set(1);
        W i = R.Load(gates);
        W f = R.Load(gates + apart);
        W g = R.Load(gates + (2 * apart));
        W o = R.Load(gates + (3 * apart));
        W c = ElementaryKernels<T, W, R>.Tanh(R.Load(after));
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
