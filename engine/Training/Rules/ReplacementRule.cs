using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training.Rules;

/// <summary>The sequences of each update are drawn from the training fold uniformly and apart
/// from each other, so that an epoch may have a sequence twice and another never; without it a
/// fixed set is visited once an epoch.</summary>
public sealed record ReplacementRule : TrainingRule
{
    internal const string Member = "replacement";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => new("replacement", 1);

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
    }

    /// <summary>Refuses a task without a fixed set to draw from.</summary>
    /// <exception cref="ArgumentException">Its training sequences never end, or have an order.
    /// </exception>
    internal static void Check(SequenceTask task)
    {
        if (task.Count(Fold.Training) is null || task.CarriesState)
        {
            throw new ArgumentException(
                $"task '{task.Name}' has training sequences that "
                + (task.CarriesState ? "go on from one to the next" : "never end")
                + ", and none can be drawn from those; leave 'replacement' out");
        }
    }

    internal static ReplacementRule FromSettings(SettingsNode node) =>
        node.Flag ? new ReplacementRule() : throw node.Expected("true, or absent");

    internal override JsonNode Describe() => true;

    internal override RuleAtWork Start(TrainingLoop trainer) => new();
}
