using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// The cell of a GRU, forward and backward, over rows in cache. The gates r and z and the
/// candidate n follow one another in a row, each padded to whole cache lines, so that every
/// vector is whole; in the padding all is zero but r and z, which are ½ and meet zeros.
/// Source: Cho et al. 2014 (arXiv:1406.1078) for the reset before the product, cuDNN and PyTorch
/// for the one after it.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GruGates(in GruArguments<T> a, bool resetBefore)
    {
        for (int row = 0; row < a.Rows; row++)
        {
            T* sums = a.Sums + (row * a.GateStride);
            T* gates = a.Gates + (row * a.GateStride);
            for (int j = 0; j < 2 * a.Columns; j += S.Lanes)
            {
                S.Store(gates + j, ElementaryKernels<T, V, S>.Sigmoid(S.Load(sums + j)));
            }
            T* before = a.Before + (row * a.HiddenStride);
            T* inner = a.Inner + (row * a.Stride);
            for (int j = 0; resetBefore && j < a.Columns; j += S.Lanes)
            {
                V v = S.Multiply(S.Load(gates + j), S.Load(before + j));
                S.Store(inner + j, SubnormalFloor.Apply<T, V, S>(v));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GruState(in GruArguments<T> a, bool resetBefore)
    {
        V one = S.Set(1);
        for (int row = 0; row < a.Rows; row++)
        {
            T* gates = a.Gates + (row * a.GateStride);
            T* sums = a.Sums + (row * a.GateStride) + (2 * a.Columns);
            T* inner = a.Inner + (row * a.Stride);
            T* before = a.Before + (row * a.HiddenStride);
            T* hidden = a.Hidden + (row * a.HiddenStride);
            for (int j = 0; j < a.Columns; j += S.Lanes)
            {
                V s = S.Load(sums + j);
                if (!resetBefore)
                {
                    s = S.Fma(S.Load(gates + j), S.Load(inner + j), s);
                }
                V n = ElementaryKernels<T, V, S>.Tanh(s);
                V z = S.Load(gates + a.Columns + j);
                S.Store(gates + (2 * a.Columns) + j, n);
                V h = S.Fma(z, S.Load(before + j), S.Multiply(S.Subtract(one, z), n));
                S.Store(hidden + j, SubnormalFloor.Apply<T, V, S>(h));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GruBackward(in GruArguments<T> a, bool resetBefore)
    {
        V zero = S.Set(0);
        V one = S.Set(1);
        for (int row = 0; row < a.Rows; row++)
        {
            T* gates = a.Gates + (row * a.GateStride);
            T* deltas = a.Sums + (row * a.GateStride);
            T* before = a.Before + (row * a.HiddenStride);
            T* inner = a.Inner + (row * a.Stride);
            T* innerError = a.InnerError + (row * a.Stride);
            T* error = a.Error + (row * a.Stride);
            T* injected = a.Injected == null ? null : a.Injected + (row * a.InjectedStride);
            for (int j = 0; j < a.Columns; j += S.Lanes)
            {
                V dh = S.Load(error + j);
                if (injected != null)
                {
                    dh = S.Add(dh, S.Load(injected + j));
                }
                V z = S.Load(gates + a.Columns + j);
                V n = S.Load(gates + (2 * a.Columns) + j);
                V shut = S.Multiply(dh, S.Subtract(one, z));
                V dn = S.Multiply(shut, S.Fma(S.Subtract(zero, n), n, one));
                V dz = S.Multiply(
                    S.Multiply(shut, z), S.Subtract(S.Load(before + j), n));
                S.Store(deltas + a.Columns + j, SubnormalFloor.Apply<T, V, S>(dz));
                S.Store(deltas + (2 * a.Columns) + j, SubnormalFloor.Apply<T, V, S>(dn));
                S.Store(error + j, SubnormalFloor.Apply<T, V, S>(S.Multiply(dh, z)));
                if (!resetBefore)
                {
                    V r = S.Load(gates + j);
                    V through = S.Multiply(dn, r);
                    V dr = S.Multiply(
                        S.Multiply(through, S.Subtract(one, r)), S.Load(inner + j));
                    S.Store(innerError + j, SubnormalFloor.Apply<T, V, S>(through));
                    S.Store(deltas + j, SubnormalFloor.Apply<T, V, S>(dr));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void GruReset(in GruArguments<T> a)
    {
        V one = S.Set(1);
        for (int row = 0; row < a.Rows; row++)
        {
            T* gates = a.Gates + (row * a.GateStride);
            T* deltas = a.Sums + (row * a.GateStride);
            T* before = a.Before + (row * a.HiddenStride);
            T* innerError = a.InnerError + (row * a.Stride);
            T* error = a.Error + (row * a.Stride);
            for (int j = 0; j < a.Columns; j += S.Lanes)
            {
                V r = S.Load(gates + j);
                V through = S.Multiply(S.Load(innerError + j), r);
                V dr = S.Multiply(
                    S.Multiply(through, S.Subtract(one, r)), S.Load(before + j));
                S.Store(deltas + j, SubnormalFloor.Apply<T, V, S>(dr));
                V sum = S.Add(S.Load(error + j), through);
                S.Store(error + j, SubnormalFloor.Apply<T, V, S>(sum));
            }
        }
    }
}
