using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Training;

/// <summary>What an update did.</summary>
/// <param name="GradientNorm">Euclidean norm of the whole gradient before clipping.</param>
/// <param name="Clipped">Whether clipping acted.</param>
/// <param name="Finite">False when the norm is not finite: nothing was changed.</param>
/// <param name="Guarded">Whether the guard replaced the gradient.</param>
public readonly record struct StepReport(
    double GradientNorm, bool Clipped, bool Finite, bool Guarded = false);

/// <summary>Clips a network's gradient and takes one step along it.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class Optimizer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SequenceNetwork<T> network;
    private readonly OptimizerSpec spec;
    private readonly ClippingSpec clipping;
    private readonly double lossFactor;
    private readonly GradientGuard? guard;
    private readonly AlignedBuffer<T> meanSquares;

    /// <summary>An optimiser for one network, its state zero.</summary>
    /// <param name="network">The network to change.</param>
    /// <param name="spec">Which optimiser.</param>
    /// <param name="clipping">What happens to large gradients.</param>
    /// <param name="lossFactor">What multiplies the loss before clipping.</param>
    /// <param name="guard">What happens to a gradient that is not finite; null leaves the
    /// parameters as they are.</param>
    public Optimizer(
        SequenceNetwork<T> network, OptimizerSpec spec, ClippingSpec clipping,
        double lossFactor = 1, GradientGuard? guard = null)
    {
        this.guard = guard;
        this.network = network;
        this.spec = spec;
        this.clipping = clipping;
        this.lossFactor = lossFactor;
        meanSquares = new AlignedBuffer<T>(
            spec.Kind == OptimizerKind.RmsProp ? network.Parameters.Length : 0);
    }

    /// <summary>RMSprop's running mean of squares, one a parameter; empty for SGD.</summary>
    public Span<T> State => meanSquares.Span;

    /// <summary>One step along the gradient the network holds.</summary>
    /// <param name="learningRate">The step's learning rate.</param>
    public StepReport Step(double learningRate)
    {
        T* g = network.GradientPointer;
        T* p = network.ParameterPointer;
        long n = network.Parameters.Length;
        double norm = lossFactor * Math.Sqrt(network.Kernels.SumOfSquares(g, n));
        if (guard is not null && !(norm <= guard.MaximumNorm))
        {
            return Guard(norm, learningRate, guard.Shrinkage);
        }
        if (!double.IsFinite(norm))
        {
            return new StepReport(norm, false, false);
        }
        double scale = lossFactor;
        bool clipped = false;
        if (clipping.Kind == ClippingKind.Norm && norm >= clipping.Threshold)
        {
            scale *= clipping.Threshold / norm;
            clipped = true;
        }
        else if (clipping.Kind == ClippingKind.Elementwise)
        {
            clipped = Clamp(g, n, clipping.Threshold / lossFactor);
        }
        if (spec.Kind == OptimizerKind.Sgd)
        {
            network.Kernels.Axpy(-(learningRate * scale), g, p, n);
        }
        else
        {
            network.Kernels.RmsProp(
                p, g, meanSquares.Pointer, n, learningRate, scale, spec.Decay, spec.Epsilon);
        }
        return new StepReport(norm, clipped, true);
    }

    /// <inheritdoc/>
    public void Dispose() => meanSquares.Dispose();

    private StepReport Guard(double norm, double learningRate, double shrinkage)
    {
        ParameterView w = network.RecurrentWeights;
        T* p = network.ParameterPointer + w.Offset;
        if (spec.Kind == OptimizerKind.Sgd)
        {
            network.Kernels.Axpy(-(learningRate * shrinkage), p, p, w.Length);
        }
        else
        {
            T factor = T.CreateTruncating(shrinkage);
            network.Gradients.Clear();
            T* g = network.GradientPointer + w.Offset;
            for (int i = 0; i < w.Length; i++)
            {
                g[i] = factor * p[i];
            }
            network.Kernels.RmsProp(
                network.ParameterPointer, network.GradientPointer, meanSquares.Pointer,
                network.Parameters.Length, learningRate, 1, spec.Decay, spec.Epsilon);
        }
        return new StepReport(norm, false, true, true);
    }

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
