using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Training.Rules;

/// <summary>Updates whose gradient norms are kept one by one.</summary>
/// <param name="From">The first, counted from 0.</param>
/// <param name="To">The first that is no longer kept; at most 20,000 later.</param>
public sealed record TraceWindow(long From, long To) : TrainingRule
{
    internal const string Member = "trace";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (From < 0 || To <= From || To - From > 20_000)
        {
            throw new ArgumentException(
                $"the trace is of updates {From} to {To}; 1 to 20,000 updates are needed");
        }
    }

    internal static TraceWindow FromSettings(SettingsNode node) =>
        new(node[0].Whole, node[1].Whole);

    internal override JsonNode Describe() => new JsonArray(From, To);

    internal override RuleAtWork Start(TrainingLoop trainer) => new Trace(this, trainer);

    private sealed class Trace(TraceWindow rule, TrainingLoop trainer) : RuleAtWork
    {
        public override void AfterUpdate(UpdateReport report)
        {
            long update = trainer.Updates - 1;
            if (update >= rule.From && update < rule.To)
            {
                trainer.Curves.Add(TrainingCurves.Trace, report.GradientNorm);
            }
        }
    }
}
