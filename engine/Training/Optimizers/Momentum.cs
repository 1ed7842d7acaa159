using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Optimizers;

/// <summary>
/// Momentum: v ← μ·v + g; classical θ ← θ − rate·v, Nesterov's θ ← θ − rate·(g + μ·v) with the
/// new v; v begins at 0. Clipping comes before: g is the clipped gradient. The rate stands
/// outside v, as in PyTorch's SGD without dampening; Sutskever et al. and Keras have it inside,
/// v ← μ·v − rate·g, which is the same only as long as the rate does not change. A v that has
/// decayed to the floor of the sweeps (1e-30 in float32) is 0.
/// Source: Polyak 1964; Sutskever, Martens, Dahl, Hinton 2013, eq. (1)–(4); PyTorch's SGD.
/// </summary>
/// <param name="Share">μ, the share of the old v, in [0, 1).</param>
/// <param name="Nesterov">Whether the step looks ahead.</param>
public sealed record Momentum(double Share = 0.9, bool Nesterov = false) : Optimizer
{
    internal const string Word = "momentum";
    private const string ShareMember = "momentum";
    private const string NesterovMember = "nesterov";

    /// <inheritdoc/>
    public override string Name => Word;

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int StateVectors => 1;

    internal override IEnumerable<string> Members => [ShareMember, NesterovMember];

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Share is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                $"the momentum is {Share}; a number in [0, 1) is needed");
        }
    }

    internal static Momentum FromSettings(SettingsNode training) =>
        new(training[ShareMember].Number, training[NesterovMember].Flag);

    internal override void Describe(JsonObject training)
    {
        base.Describe(training);
        training[ShareMember] = Share;
        training[NesterovMember] = Nesterov;
    }

    internal override unsafe void Step<T>(in OptimizerStep<T> s) => s.Kernels.Momentum(
        s.Parameters, s.Gradient, s.State, s.Length, s.LearningRate, s.Scale, Share, Nesterov);
}
