using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Training.Optimizers;

/// <summary>What a step did.</summary>
/// <param name="GradientNorm">Euclidean norm of the whole gradient before clipping.</param>
/// <param name="Clipped">Whether clipping acted.</param>
/// <param name="Finite">False when the norm is not finite: nothing was changed.</param>
/// <param name="Guarded">Whether the guard replaced the gradient.</param>
public readonly record struct StepReport(
    double GradientNorm, bool Clipped, bool Finite, bool Guarded = false);

/// <summary>Clips a network's gradient and takes one step of an optimiser along it.</summary>
/// <example>
/// A training loop of one's own:
/// <code>
/// NetworkSpec spec = new(1, 4, 1);
/// using RecurrentNetwork&lt;float&gt; network = new(spec);
/// network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
/// Batch&lt;float&gt; batch = new(spec, steps: 5, size: 1);
/// batch.Targets[0] = 1;
/// using ClippedStep&lt;float&gt; step = new(
///     network, new Adam(), new ClippingSpec(ClippingKind.Norm, Threshold: 1));
/// for (int update = 0; update &lt; 100; update++)
/// {
///     network.Gradient(batch);
///     step.Step(learningRate: 0.05, update);
/// }
/// </code>
/// </example>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class ClippedStep<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SequenceNetwork<T> network;
    private readonly Optimizer optimizer;
    private readonly ClippingSpec clipping;
    private readonly double lossFactor;
    private readonly GradientGuard? guard;
    private readonly AlignedBuffer<T> state;

    /// <summary>Steps of one network, the optimiser's state zero.</summary>
    /// <param name="network">The network to change.</param>
    /// <param name="optimizer">Which optimiser.</param>
    /// <param name="clipping">What happens to large gradients.</param>
    /// <param name="lossFactor">What multiplies the loss before clipping.</param>
    /// <param name="guard">What happens to a gradient that is not finite; null leaves the
    /// parameters as they are.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ClippedStep(
        SequenceNetwork<T> network, Optimizer optimizer, ClippingSpec clipping,
        double lossFactor = 1, GradientGuard? guard = null)
    {
        optimizer.Validate();
        this.guard = guard;
        this.network = network;
        this.optimizer = optimizer;
        this.clipping = clipping;
        this.lossFactor = lossFactor;
        state = new AlignedBuffer<T>((long)optimizer.StateVectors * network.Parameters.Length);
    }

    /// <summary>The optimiser's state, <see cref="Optimizer.StateVectors"/> numbers a parameter.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The step has been disposed of.</exception>
    public Span<T> State => state.Span;

    /// <summary>One step along the gradient the network holds.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="update">Steps made before this one, for an optimiser that counts.</param>
    /// <exception cref="ObjectDisposedException">The step or its network have been disposed of.
    /// </exception>
    public StepReport Step(double learningRate, long update = 0)
    {
        ObjectDisposedException.ThrowIf(state.Pointer == null, this);
        T* g = network.GradientPointer;
        long n = network.Parameters.Length;
        OptimizerStep<T> step = new()
        {
            Kernels = network.Kernels,
            Parameters = network.ParameterPointer,
            Gradient = g,
            State = state.Pointer,
            Length = n,
            Update = update,
            LearningRate = learningRate,
            Scale = lossFactor,
        };
        double norm = lossFactor * Math.Sqrt(network.Kernels.SumOfSquares(g, n));
        if (guard is not null && !(norm <= guard.MaximumNorm))
        {
            optimizer.Shrink(step, network.RecurrentWeights, guard.Shrinkage);
            return new StepReport(norm, false, true, true);
        }
        if (!double.IsFinite(norm))
        {
            return new StepReport(norm, false, false);
        }
        double scale = lossFactor;
        bool clipped = false;
        switch (clipping.Kind)
        {
            case ClippingKind.None:
            case ClippingKind.Message:
                // Messages are clipped where they arise, within the gradient.
                break;
            case ClippingKind.Norm:
                clipped = norm >= clipping.Threshold;
                scale *= clipped ? clipping.Threshold / norm : 1;
                break;
            case ClippingKind.Elementwise:
                clipped = Clamp(g, n, clipping.Threshold / lossFactor);
                break;
            default:
                throw new InvalidOperationException($"no clipping is called {clipping.Kind}");
        }
        optimizer.Step(step with { Scale = scale });
        return new StepReport(norm, clipped, true);
    }

    /// <inheritdoc/>
    public void Dispose() => state.Dispose();

    private static bool Clamp(T* g, long n, double threshold)
    {
        T high = T.CreateTruncating(threshold);
        bool any = false;
        for (long i = 0; i < n; i++)
        {
            T v = g[i];
            T cut = v > high ? high : v < -high ? -high : v;
            any |= cut != v;
            g[i] = cut;
        }
        return any;
    }
}
