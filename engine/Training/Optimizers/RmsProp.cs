using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Optimizers;

/// <summary>
/// RMSprop: v ← decay·v + (1 − decay)·g², θ ← θ − rate·g/(√v + ε), ε beside the root.
/// Source: Tieleman and Hinton 2012, Coursera, lecture 6.5; PyTorch for ε's place.
/// </summary>
/// <param name="Decay">The share of the old mean square, in [0, 1).</param>
/// <param name="Epsilon">The term beside the root, positive.</param>
public sealed record RmsProp(double Decay = 0.9, double Epsilon = 1e-8) : Optimizer
{
    internal const string Word = "rmsprop";

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int StateVectors => 1;

    internal override IEnumerable<string> Members => ["decay", "epsilon"];

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Decay is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                $"RMSprop's decay is {Decay}; a number in [0, 1) is needed");
        }
        if (!double.IsFinite(Epsilon) || Epsilon <= 0)
        {
            throw new ArgumentException(
                $"RMSprop's epsilon is {Epsilon}; a finite number above 0 is needed");
        }
    }

    internal static RmsProp FromSettings(SettingsNode training) =>
        new(training["decay"].Number, training["epsilon"].Number);

    internal override void Describe(JsonObject training)
    {
        base.Describe(training);
        training["decay"] = Decay;
        training["epsilon"] = Epsilon;
    }

    internal override unsafe void Step<T>(in OptimizerStep<T> s) => s.Kernels.RmsProp(
        s.Parameters, s.Gradient, s.State, s.Length, s.LearningRate, s.Scale, Decay, Epsilon);
}
