using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// The rescue of 32-bit training: a gradient whose norm is not finite or above a bound is
/// replaced, W_hh's by a share of W_hh itself and every other by 0, and is not clipped. The
/// learner asks for it before its step.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement, and the authors' program.
/// </summary>
/// <param name="MaximumNorm">The largest norm that passes, positive.</param>
/// <param name="Shrinkage">W_hh's share, positive: a step then shrinks W_hh by rate × share.
/// </param>
public sealed record GradientGuard(double MaximumNorm = 1e10, double Shrinkage = 0.02)
    : TrainingRule
{
    internal const string Member = "guard";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => PartVersion.Rules;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (!(MaximumNorm > 0) || !double.IsFinite(Shrinkage) || Shrinkage <= 0)
        {
            throw new ArgumentException(
                $"the guard's norm is {MaximumNorm} and its share {Shrinkage}; both must be "
                + "above 0");
        }
    }

    internal static GradientGuard FromSettings(SettingsNode node) =>
        new(node[0].Number, node[1].Number);

    internal override JsonNode Describe() => new JsonArray(MaximumNorm, Shrinkage);

    internal override RuleAtWork Start(TrainingLoop trainer) => new();
}
