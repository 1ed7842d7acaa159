using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>In each update the readout does not see a share of the hidden units.
/// Source: Srivastava et al. 2014; see <see cref="Dropout"/>.</summary>
/// <param name="Share">Probability that a unit is left out, in (0, 1).</param>
public sealed record DropoutRule(double Share) : TrainingRule
{
    internal const string Member = "dropout";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => new("dropout", 1);

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training) => new Dropout(Share, 0, 0).Validate();

    internal static DropoutRule FromSettings(SettingsNode node) => new(node.Number);

    internal override JsonNode Describe() => Share;

    internal override RuleAtWork Start(TrainingLoop trainer) => new Draw(Share, trainer);

    private sealed class Draw(double share, TrainingLoop trainer) : RuleAtWork
    {
        public override void BeforeGradient<T>(Batch<T> batch) =>
            batch.Dropout = new Dropout(share, trainer.Seed, checked((uint)trainer.Updates));
    }
}
