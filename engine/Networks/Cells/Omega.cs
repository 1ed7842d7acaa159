using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// The vanishing-gradient regulariser Ω beside the backward sweep of a simple cell. The vector
/// v = (dE/dh_{k+1} ⊙ f′(h_{k+1}))·W_hhᵀ of its numerator is what the sweep computes anyway, so
/// ∂Ω/∂W_hh is one more sum of outer products of v with the sweep's delta.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (9) and (10).
/// </summary>
/// <param name="network">Sizes and activation.</param>
/// <param name="kernels">The network's kernels.</param>
/// <param name="stride">Distance of two rows of deltas.</param>
internal sealed unsafe class Omega<T>(NetworkSpec network, Kernels<T> kernels, int stride)
    : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> gradient = new((long)network.HiddenSize * stride);
    private readonly int hidden = network.HiddenSize;
    private readonly int columns = Padding.Columns<T>(network.HiddenSize);
    private RegularizerSpec spec = new();
    private double sum;
    private long pairs;

    public void Start(RegularizerSpec regularizer)
    {
        spec = regularizer;
        (sum, pairs) = (0, 0);
        gradient.Clear();
    }

    /// <summary>From V, what the step above sends, to this step's delta and Ω's ratios.
    /// </summary>
    /// <param name="step">The step whose delta is made; pairs with the step above are measured.
    /// </param>
    /// <param name="kept">What Ω keeps.</param>
    /// <param name="v">V, [R, H], in the slot of the step above.</param>
    /// <param name="h">f(s), [R, H].</param>
    /// <param name="hStride">Distance of two of its rows.</param>
    public void Measure(in BackwardStep<T> step, OmegaTape<T> kept, T* v, T* h, nint hStride)
    {
        int rows = step.Tape.Rows;
        kernels.BackwardNorms(
            network.Activation.Function(), rows, columns, v, stride, step.Injected, stride, h,
            hStride,
            step.Delta, stride, kept.Numerators, kept.NextDenominators);
        if (!step.IsLast)
        {
            SetRatios(kept, kept.Terms(step.Tape, step.Slot + 1));
            kernels.ScaleRows(rows, columns, v, stride, kept.Factors);
        }
        kept.Advance();
    }

    /// <summary>Adds a block: the outer products of its pairs, with the steps above its first.
    /// </summary>
    /// <param name="tape">The shard, whole.</param>
    /// <param name="kept">What Ω kept of it.</param>
    /// <param name="slot">The slot of the block's first step.</param>
    /// <param name="above">Steps above the first.</param>
    /// <param name="deltas">The deltas of slot 0.</param>
    /// <param name="part">Which rows of W_hh's gradient.</param>
    public void AddBlock(
        Tape<T> tape, OmegaTape<T> kept, int slot, int above, T* deltas, RowPart part)
    {
        bool any = false;
        for (int i = slot + above; i > slot; i--)
        {
            any |= Count(kept.Terms(tape, i), part.IsFirst);
        }
        if (any)
        {
            AddOuterProducts(
                above * tape.Rows, kept.Propagated(tape, slot + 1),
                deltas + ((nint)(slot + 1) * tape.Rows * stride), part);
        }
    }

    /// <summary>Measures the pair of the first step with h_0, whose v is in slot 0.</summary>
    public void Finish(Tape<T> tape, OmegaTape<T> kept)
    {
        int rows = tape.Rows;
        T* v = kept.Propagated(tape, 0);
        // Only the norms of v are wanted; what else the pass writes goes to an unused slot.
        kernels.BackwardNorms(
            network.Activation.Function(), rows, columns, v, stride, null, 0, tape.Hidden(0),
            tape.StateStride, kept.Spare(tape), stride, kept.Numerators, kept.NextDenominators);
        SetRatios(kept, kept.Terms(tape, 0));
        kernels.ScaleRows(rows, columns, v, stride, kept.Factors);
    }

    /// <summary>Adds the pair of the first step with h_0.</summary>
    public void AddFirst(Tape<T> tape, OmegaTape<T> kept, T* deltas, RowPart part)
    {
        if (Count(kept.Terms(tape, 0), part.IsFirst))
        {
            AddOuterProducts(tape.Rows, kept.Propagated(tape, 0), deltas, part);
        }
    }

    /// <summary>Adds α·∂Ω/∂W_hh to the gradient of W_hh.</summary>
    public RegularizerValue Join(double alpha, T* to)
    {
        for (int i = 0; i < hidden && pairs > 0; i++)
        {
            kernels.Axpy(
                alpha / pairs, gradient.Pointer + ((nint)i * stride), to + ((nint)i * hidden),
                hidden);
        }
        return new RegularizerValue(pairs > 0 ? sum / pairs : 0, pairs);
    }

    public void Dispose() => gradient.Dispose();

    private void AddOuterProducts(int rows, T* v, T* deltas, RowPart part)
    {
        (int first, int end) = part.Of(network.InputSize + 1, hidden);
        kernels.AddOuterProducts(
            rows, end - first, hidden, v + first, stride, deltas, stride,
            gradient.Pointer + ((nint)first * stride), stride);
    }

    /// <summary>Whether a pair counts; one thread also adds those that do to Ω.</summary>
    private bool Count(Span<double> terms, bool adds)
    {
        bool any = false;
        foreach (double term in terms)
        {
            // The NaN of a network that has diverged counts.
            if (term < 0)
            {
                continue;
            }
            any = true;
            if (adds)
            {
                sum += term;
                pairs++;
            }
        }
        return any;
    }

    private void SetRatios(OmegaTape<T> kept, Span<double> terms)
    {
        for (int r = 0; r < terms.Length; r++)
        {
            double d = double.CreateTruncating(kept.Denominators[r]);
            double n = double.CreateTruncating(kept.Numerators[r]);
            if (!(d >= spec.Bound))
            {
                kept.Factors[r] = T.Zero;
                terms[r] = -1;
                continue;
            }
            double ratio = n / d;
            double factor;
            switch (spec.Ratio)
            {
                case NormRatio.Squared:
                    factor = 4 * (ratio - 1) / d;
                    break;
                case NormRatio.Plain:
                    ratio = Math.Sqrt(ratio);
                    // v = 0 has no direction in which its norm grows.
                    factor = n > 0 ? 2 * (ratio - 1) / Math.Sqrt(n * d) : 0;
                    break;
                default:
                    throw new InvalidOperationException($"Ω has no ratio of norms {spec.Ratio}");
            }
            terms[r] = (ratio - 1) * (ratio - 1);
            kept.Factors[r] = T.CreateTruncating(factor);
        }
    }
}
