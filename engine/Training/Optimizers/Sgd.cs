using Repro.Engine.Networks;

namespace Repro.Engine.Training.Optimizers;

/// <summary>Stochastic gradient descent without momentum: θ ← θ − rate·g.
/// Source: Pascanu, Mikolov, Bengio 2013, §3.2 and Algorithm 1.</summary>
public sealed record Sgd : Optimizer
{
    internal const string Word = "sgd";

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int StateVectors => 0;

    internal override unsafe void Step<T>(in OptimizerStep<T> s) =>
        s.Kernels.Axpy(-(s.LearningRate * s.Scale), s.Gradient, s.Parameters, s.Length);

    // In one rounding, as the runs recorded first did it.
    internal override unsafe void Shrink<T>(
        in OptimizerStep<T> s, ParameterView recurrent, double share)
    {
        T* w = s.Parameters + recurrent.Offset;
        s.Kernels.Axpy(-(s.LearningRate * share), w, w, recurrent.Length);
    }
}
