using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// A run is given up at a stated update when no point of its curve up to there had a mean
/// training loss below a bound: it has not left the plateau of a guess.
/// </summary>
/// <param name="AtUpdate">When it is looked at, once; 1 or more.</param>
/// <param name="LossAbove">The bound, positive; in the loss's unit.</param>
public sealed record FutilityRule(long AtUpdate, double LossAbove) : TrainingRule
{
    internal const string Member = "futility";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => PartVersion.Rules;

    /// <inheritdoc/>
    public override bool MayEndRun => true;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (AtUpdate < 1 || !double.IsFinite(LossAbove) || LossAbove <= 0)
        {
            throw new ArgumentException(
                $"the futility rule looks at update {AtUpdate} for a loss above {LossAbove}; "
                + "1 or more and a finite number above 0 are needed");
        }
    }

    internal static FutilityRule FromSettings(SettingsNode node) =>
        new(node[0].Whole, node[1].Number);

    internal override JsonNode Describe() => new JsonArray(AtUpdate, LossAbove);

    internal override RuleAtWork Start(TrainingLoop trainer) => new Look(this, trainer);

    private sealed class Look(FutilityRule rule, TrainingLoop trainer) : RuleAtWork
    {
        public override string? Decide()
        {
            if (trainer.Updates != rule.AtUpdate)
            {
                return null;
            }
            double best = double.PositiveInfinity;
            foreach (double loss in trainer.Curves[TrainingCurves.TrainingLoss])
            {
                best = Math.Min(best, loss);
            }
            return best > rule.LossAbove ? Outcomes.Futile : null;
        }
    }
}
