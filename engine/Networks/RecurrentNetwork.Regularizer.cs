using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// The vanishing-gradient regulariser Ω beside the backward sweep. The vector
/// v = (dE/dh_{k+1} ⊙ f′(h_{k+1}))·W_hhᵀ of its numerator is what the sweep computes anyway, so
/// ∂Ω/∂W_hh is one more sum of outer products of v with the sweep's delta.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (9) and (10).
/// </summary>
public sealed unsafe partial class RecurrentNetwork<T>
{
    /// <summary>One step of the backward sweep that also measures Ω's ratio.</summary>
    /// <param name="w">The sweep's memory.</param>
    /// <param name="rows">Rows of a time step.</param>
    /// <param name="t">The step whose delta is made; pairs with step t + 1 are measured.</param>
    /// <param name="slot">The slot of step t in the block.</param>
    /// <param name="top">Whether t is the last step, which no later one sends a gradient to.
    /// </param>
    /// <param name="injected">dE/dh_{t+1} through the readout, or null.</param>
    private void RegularizedStep(
        Workspace w, int rows, int t, int slot, bool top, T* injected)
    {
        RegularizerWorkspace z = w.Regularizer;
        nint stride = w.HiddenStride;
        nint group = rows * stride;
        T* delta = w.Deltas + (slot * group);
        T* v = z.Propagated + ((slot + 1) * group);
        kernels.Multiply(
            rows, delta + group, stride, w.Transposed, 0, top ? 0 : Spec.HiddenSize, null, 0, v,
            stride);
        MeasureStep(
            w, rows, v, injected, top, w.State(t + 1, rows) + w.HiddenAt, w.StateStride, delta);
    }

    /// <summary>From V, what the step after sends, to this step's delta and Ω's ratios.</summary>
    private void MeasureStep(
        Workspace w, int rows, T* v, T* injected, bool top, T* h, nint hStride, T* delta)
    {
        RegularizerWorkspace z = w.Regularizer;
        nint stride = w.HiddenStride;
        kernels.BackwardNorms(
            Spec.Activation, rows, Padding.Columns<T>(Spec.HiddenSize), v, stride, injected,
            stride, h, hStride, delta, stride, z.Numerators, z.NextDenominators);
        if (!top)
        {
            z.Measure(rows);
            kernels.ScaleRows(
                rows, Padding.Columns<T>(Spec.HiddenSize), v, stride, z.Factors);
        }
        z.Advance();
    }

    /// <summary>Adds the outer products of a block: pairs with the steps after its first.
    /// </summary>
    private void AddRegularizer(Workspace w, int rows, int pairs)
    {
        RegularizerWorkspace z = w.Regularizer;
        nint group = (nint)rows * w.HiddenStride;
        if (pairs > 0 && z.TakeAny())
        {
            kernels.AddOuterProducts(
                pairs * rows, Spec.HiddenSize, Spec.HiddenSize, z.Propagated + group,
                w.HiddenStride, w.Deltas + group, w.HiddenStride, z.Gradient, w.HiddenStride);
        }
    }

    /// <summary>The pair of the first step with h_0, after the last block.</summary>
    private void FinishRegularizer(Workspace w, int rows)
    {
        RegularizerWorkspace z = w.Regularizer;
        nint stride = w.HiddenStride;
        int columns = Padding.Columns<T>(Spec.HiddenSize);
        T* v = z.Propagated;
        if (leakRates.Length > 0)
        {
            LeakPropagate(w, rows, w.Deltas, v);
        }
        else
        {
            kernels.Multiply(
                rows, w.Deltas, stride, w.Transposed, 0, Spec.HiddenSize, null, 0, v, stride);
        }
        // Only the norms of v are wanted; what else the pass writes goes to an unused slot.
        T* unused = z.Propagated + (rows * stride);
        kernels.BackwardNorms(
            Spec.Activation, rows, columns, v, stride, null, 0, w.State(0, rows) + w.HiddenAt,
            w.StateStride, unused, stride, z.Numerators, z.NextDenominators);
        z.Measure(rows);
        kernels.ScaleRows(rows, columns, v, stride, z.Factors);
        if (z.TakeAny())
        {
            kernels.AddOuterProducts(
                rows, Spec.HiddenSize, Spec.HiddenSize, v, stride, w.Deltas, stride, z.Gradient,
                stride);
        }
    }

    private void JoinRegularizer(Workspace w, double alpha)
    {
        RegularizerWorkspace z = w.Regularizer;
        Regularizer = new RegularizerValue(z.Pairs > 0 ? z.Sum / z.Pairs : 0, z.Pairs);
        if (z.Pairs == 0)
        {
            return;
        }
        T* to = GradientPointer + Layout.RecurrentWeights.Offset;
        for (int i = 0; i < Spec.HiddenSize; i++)
        {
            kernels.Axpy(
                alpha / z.Pairs, z.Gradient + ((nint)i * w.HiddenStride),
                to + ((nint)i * Spec.HiddenSize), Spec.HiddenSize);
        }
    }

    /// <summary>Memory and sums of Ω over one batch.</summary>
    private sealed class RegularizerWorkspace(int rows, int slotRows, int hidden, int stride)
        : IDisposable
    {
        private readonly AlignedBuffer<T> propagated = new((long)slotRows * stride);
        private readonly AlignedBuffer<T> gradient = new((long)hidden * stride);
        private readonly AlignedBuffer<T> norms = new(4L * Padding.Columns<T>(rows));
        private readonly int room = Padding.Columns<T>(rows);
        private int denominators = 1;
        private bool any;

        /// <summary>v by slot as the deltas are, [slots, R, H]; scaled once its ratio is known.
        /// </summary>
        public T* Propagated => propagated.Pointer;

        /// <summary>Σ factor · v ⊗ delta, [H, H].</summary>
        public T* Gradient => gradient.Pointer;

        public T* Numerators => norms.Pointer;

        public T* Factors => norms.Pointer + (3 * room);

        /// <summary>‖dE/dh‖² of the step in work, denominators of the step before it.</summary>
        public T* NextDenominators => norms.Pointer + ((3 - denominators) * room);

        /// <summary>Σ (ratio − 1)² over the pairs that count.</summary>
        public double Sum { get; private set; }

        /// <summary>Pairs that count.</summary>
        public long Pairs { get; private set; }

        public RegularizerSpec Spec { get; private set; } = new();

        private T* Denominators => norms.Pointer + (denominators * room);

        public void Start(RegularizerSpec spec)
        {
            Spec = spec;
            (Sum, Pairs, any) = (0, 0, false);
            gradient.Clear();
        }

        public void Advance() => denominators = 3 - denominators;

        /// <summary>Whether a pair counted since the last call.</summary>
        public bool TakeAny()
        {
            bool result = any;
            any = false;
            return result;
        }

        public void Measure(int count)
        {
            for (int r = 0; r < count; r++)
            {
                double d = double.CreateTruncating(Denominators[r]);
                double n = double.CreateTruncating(Numerators[r]);
                if (!(d >= Spec.Bound))
                {
                    Factors[r] = T.Zero;
                    continue;
                }
                double ratio = n / d;
                double factor;
                if (Spec.Ratio == NormRatio.Squared)
                {
                    factor = 4 * (ratio - 1) / d;
                }
                else
                {
                    ratio = Math.Sqrt(ratio);
                    // v = 0 has no direction in which its norm grows.
                    factor = n > 0 ? 2 * (ratio - 1) / Math.Sqrt(n * d) : 0;
                }
                Sum += (ratio - 1) * (ratio - 1);
                Pairs++;
                Factors[r] = T.CreateTruncating(factor);
                any = true;
            }
        }

        public void Dispose()
        {
            propagated.Dispose();
            gradient.Dispose();
            norms.Dispose();
        }
    }
}
