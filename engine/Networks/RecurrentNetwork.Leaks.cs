using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// Leaky units beside both sweeps: h_t = λ ⊙ f(s_t) + (1 − λ) ⊙ h_{t−1}, so that
/// dE/ds_t = λ ⊙ dE/dh_t ⊙ f′(s_t), and (1 − λ) ⊙ dE/dh_t goes straight to the step before.
/// A rate of 1 is an ordinary unit. Rates are constants, not parameters.
/// Source: Bengio, Boulanger-Lewandowski, Pascanu 2013; Pascanu, Mikolov, Bengio 2013, supplement.
/// </summary>
public sealed unsafe partial class RecurrentNetwork<T>
{
    private double[] leakRates = [];

    /// <summary>λ of each unit, [H]; empty when no unit is leaky.</summary>
    public ReadOnlySpan<double> LeakRates => leakRates;

    /// <summary>Makes units leaky.</summary>
    /// <param name="rates">λ of each unit, [H], in (0, 1].</param>
    /// <exception cref="ArgumentException">Their number is not H, or one is out of range.
    /// </exception>
    public void SetLeakRates(ReadOnlySpan<double> rates)
    {
        if (rates.Length != Spec.HiddenSize)
        {
            throw new ArgumentException(
                $"{rates.Length} leak rates for {Spec.HiddenSize} hidden units; one each is "
                + "needed", nameof(rates));
        }
        foreach (double rate in rates)
        {
            if (!(rate is > 0 and <= 1))
            {
                throw new ArgumentException(
                    $"a leak rate is {rate}; a number in (0, 1] is needed", nameof(rates));
            }
        }
        leakRates = rates.ToArray();
        workspace?.Dispose();
        workspace = null;
    }

    private void LeakForward(Workspace w, int rows, int t)
    {
        LeakWorkspace z = w.Leaks(leakRates);
        kernels.Leak(
            rows, Padding.Columns<T>(Spec.HiddenSize), z.Rates, z.Keeps,
            z.Activations(w.Rolling ? 0 : t, rows), w.HiddenStride,
            w.State(t, rows) + w.HiddenAt, w.StateStride, w.State(t + 1, rows) + w.HiddenAt,
            w.StateStride);
    }

    /// <summary>One step of the backward sweep of a network with leaky units.</summary>
    private void LeakBackward(
        Workspace w, int rows, int t, int slot, bool top, T* injected, bool regularized)
    {
        LeakWorkspace z = w.Leaks(leakRates);
        nint stride = w.HiddenStride;
        nint group = rows * stride;
        T* delta = w.Deltas + (slot * group);
        T* v = regularized ? w.Regularizer.Propagated + ((slot + 1) * group) : z.Spare;
        T* activations = z.Activations(t, rows);
        if (top)
        {
            new Span<T>(v, (int)group).Clear();
        }
        else
        {
            LeakPropagate(w, rows, delta + group, v);
        }
        new ReadOnlySpan<T>(v, (int)group).CopyTo(new Span<T>(z.Gradients, (int)group));
        if (injected != null)
        {
            kernels.Add((int)group, z.Gradients, injected);
        }
        if (regularized)
        {
            MeasureStep(w, rows, v, injected, top, activations, stride, delta);
        }
        else
        {
            kernels.BackwardStep(
                Spec.Activation, rows, delta, stride, w.Transposed, 0, z.Gradients, stride,
                activations, stride, delta, stride);
        }
        kernels.ScaleColumns(
            rows, Padding.Columns<T>(Spec.HiddenSize), delta, stride, z.Rates, delta, stride);
    }

    /// <summary>V = dE/ds·W_hhᵀ + (1 − λ) ⊙ dE/dh: what one step sends to the one before.
    /// </summary>
    private void LeakPropagate(Workspace w, int rows, T* delta, T* v)
    {
        LeakWorkspace z = w.Leaks(leakRates);
        nint stride = w.HiddenStride;
        kernels.ScaleColumns(
            rows, Padding.Columns<T>(Spec.HiddenSize), z.Gradients, stride, z.Keeps, z.Kept,
            stride);
        kernels.Multiply(
            rows, delta, stride, w.Transposed, 0, Spec.HiddenSize, z.Kept, stride, v, stride);
    }

    /// <summary>Memory of leaky units over one shard.</summary>
    private sealed class LeakWorkspace : IDisposable
    {
        private readonly int stride;
        private readonly AlignedBuffer<T> activations;
        private readonly AlignedBuffer<T> groups;
        private readonly AlignedBuffer<T> rates;
        private readonly nint group;

        public LeakWorkspace(ReadOnlySpan<double> leakRates, int steps, int rows, int stride)
        {
            this.stride = stride;
            group = (nint)rows * stride;
            activations = new AlignedBuffer<T>(steps * group);
            groups = new AlignedBuffer<T>(3 * group);
            rates = new AlignedBuffer<T>(2L * stride);
            for (int j = 0; j < leakRates.Length; j++)
            {
                T rate = T.CreateTruncating(leakRates[j]);
                Rates[j] = rate;
                Keeps[j] = T.One - rate;
            }
        }

        /// <summary>λ, [H].</summary>
        public T* Rates => rates.Pointer;

        /// <summary>1 − λ, [H].</summary>
        public T* Keeps => rates.Pointer + stride;

        /// <summary>dE/dh of the step in work, [R, H].</summary>
        public T* Gradients => groups.Pointer;

        /// <summary>(1 − λ) ⊙ dE/dh, [R, H].</summary>
        public T* Kept => groups.Pointer + group;

        /// <summary>What a step sends back, [R, H].</summary>
        public T* Spare => groups.Pointer + (2 * group);

        /// <summary>f(s_t) of a step, [R, H].</summary>
        public T* Activations(int t, int shardRows) =>
            activations.Pointer + ((nint)t * shardRows * stride);

        public void Dispose()
        {
            activations.Dispose();
            groups.Dispose();
            rates.Dispose();
        }
    }
}
