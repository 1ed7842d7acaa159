using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Optimizers;

/// <summary>
/// Adam: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², both from 0;
/// θ ← θ − rate·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) and t the number of updates,
/// this one included. ε stands beside the corrected root, as in PyTorch; Keras of 2015 and
/// Lasagne add it to √v, which makes it larger in early updates. An m or v that has decayed to
/// the floor of the sweeps (1e-30 in float32) is 0.
/// Source: Kingma and Ba 2015, Algorithm 1; PyTorch for the order of operations.
/// </summary>
/// <param name="Beta1">β₁, the share of the old mean, in [0, 1).</param>
/// <param name="Beta2">β₂, the share of the old mean square, in [0, 1).</param>
/// <param name="Epsilon">The term beside the root, positive.</param>
public sealed record Adam(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
    : Optimizer
{
    internal const string Word = "adam";
    private const string Beta1Member = "beta1";
    private const string Beta2Member = "beta2";
    private const string EpsilonMember = "epsilon";

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int StateVectors => 2;

    internal override IEnumerable<string> Members => [Beta1Member, Beta2Member, EpsilonMember];

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Beta1 is not (>= 0 and < 1) || Beta2 is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                $"Adam's β₁ is {Beta1} and its β₂ {Beta2}; numbers in [0, 1) are needed");
        }
        if (!double.IsFinite(Epsilon) || Epsilon <= 0)
        {
            throw new ArgumentException(
                $"Adam's epsilon is {Epsilon}; a finite number above 0 is needed");
        }
    }

    internal static Adam FromSettings(SettingsNode training) => new(
        training[Beta1Member].Number, training[Beta2Member].Number,
        training[EpsilonMember].Number);

    internal override void Describe(JsonObject training)
    {
        base.Describe(training);
        training[Beta1Member] = Beta1;
        training[Beta2Member] = Beta2;
        training[EpsilonMember] = Epsilon;
    }

    internal override unsafe void Step<T>(in OptimizerStep<T> s)
    {
        long count = s.Update + 1;
        s.Kernels.Adam(
            s.Parameters, s.Gradient, s.State, s.State + s.Length, s.Length,
            s.LearningRate / (1 - Power(Beta1, count)), s.Scale, Beta1, Beta2,
            1 / Math.Sqrt(1 - Power(Beta2, count)), Epsilon);
    }

    // By squares: the platform's own power could differ in the last bit.
    private static double Power(double x, long exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1, x *= x)
        {
            power *= (exponent & 1) == 1 ? x : 1;
        }
        return power;
    }
}
