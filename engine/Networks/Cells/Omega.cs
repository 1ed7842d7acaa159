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
    private readonly AlignedBuffer<T> propagated = new((long)Shard.BlockRows * stride);
    private readonly AlignedBuffer<T> gradient = new((long)network.HiddenSize * stride);
    private readonly AlignedBuffer<T> norms = new(4L * Room);
    private readonly int hidden = network.HiddenSize;
    private readonly int columns = Padding.Columns<T>(network.HiddenSize);
    private RegularizerSpec spec = new();
    private double sum;
    private long pairs;
    private int denominators = 1;
    private bool any;

    private static int Room => Padding.Columns<T>(Shard.MostRows);

    private T* Numerators => norms.Pointer;

    private T* Factors => norms.Pointer + (3 * Room);

    private T* Denominators => norms.Pointer + (denominators * Room);

    /// <summary>‖dE/dh‖² of the step in work, denominators of the step before it.</summary>
    private T* NextDenominators => norms.Pointer + ((3 - denominators) * Room);

    public void Start(RegularizerSpec regularizer)
    {
        spec = regularizer;
        (sum, pairs, any) = (0, 0, false);
        gradient.Clear();
    }

    /// <summary>v by slot as the deltas are, [R, H]; scaled once its ratio is known.</summary>
    public T* Propagated(int rows, int slot) => propagated.Pointer + ((nint)slot * rows * stride);

    /// <summary>From V, what the step above sends, to this step's delta and Ω's ratios.
    /// </summary>
    /// <param name="step">The step whose delta is made; pairs with the step above are measured.
    /// </param>
    /// <param name="v">V, [R, H].</param>
    /// <param name="h">f(s), [R, H].</param>
    /// <param name="hStride">Distance of two of its rows.</param>
    public void Measure(in BackwardStep<T> step, T* v, T* h, nint hStride)
    {
        int rows = step.Tape.Rows;
        kernels.BackwardNorms(
            network.Activation.Function(), rows, columns, v, stride, step.Injected, stride, h,
            hStride,
            step.Delta, stride, Numerators, NextDenominators);
        if (!step.IsLast)
        {
            AddRatios(rows);
            kernels.ScaleRows(rows, columns, v, stride, Factors);
        }
        denominators = 3 - denominators;
    }

    /// <summary>Adds the outer products of a block: pairs with the steps above its first.
    /// </summary>
    public void AddBlock(int rows, T* deltas, int count)
    {
        if (count > 0 && TakeAny())
        {
            AddOuterProducts(
                count * rows, Propagated(rows, 1), deltas + ((nint)rows * stride));
        }
    }

    /// <summary>The pair of the first step with h_0, whose v is in slot 0.</summary>
    public void Finish(Tape<T> tape, T* deltas)
    {
        int rows = tape.Rows;
        T* v = Propagated(rows, 0);
        // Only the norms of v are wanted; what else the pass writes goes to an unused slot.
        kernels.BackwardNorms(
            network.Activation.Function(), rows, columns, v, stride, null, 0, tape.Hidden(0),
            tape.StateStride, Propagated(rows, 1), stride, Numerators, NextDenominators);
        AddRatios(rows);
        kernels.ScaleRows(rows, columns, v, stride, Factors);
        if (TakeAny())
        {
            AddOuterProducts(rows, v, deltas);
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

    public void Dispose()
    {
        propagated.Dispose();
        gradient.Dispose();
        norms.Dispose();
    }

    private void AddOuterProducts(int rows, T* v, T* deltas) =>
        kernels.AddOuterProducts(
            rows, hidden, hidden, v, stride, deltas, stride, gradient.Pointer, stride);

    /// <summary>Whether a pair counted since the last call.</summary>
    private bool TakeAny()
    {
        bool result = any;
        any = false;
        return result;
    }

    private void AddRatios(int count)
    {
        for (int r = 0; r < count; r++)
        {
            double d = double.CreateTruncating(Denominators[r]);
            double n = double.CreateTruncating(Numerators[r]);
            if (!(d >= spec.Bound))
            {
                Factors[r] = T.Zero;
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
            sum += (ratio - 1) * (ratio - 1);
            pairs++;
            Factors[r] = T.CreateTruncating(factor);
            any = true;
        }
    }
}
