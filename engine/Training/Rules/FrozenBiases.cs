using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>The biases stay what they were, such as zero for a network without.</summary>
public sealed record FrozenBiases : TrainingRule
{
    internal const string Member = "biases";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
    }

    internal static FrozenBiases FromSettings(SettingsNode node) =>
        !node.Flag ? new FrozenBiases() : throw node.Expected("false, or absent");

    internal override JsonNode Describe() => false;

    internal override RuleAtWork Start(TrainingLoop trainer) => new Clear(trainer);

    private sealed class Clear(TrainingLoop trainer) : RuleAtWork
    {
        private readonly ParameterView[] biases =
        [
            .. trainer.Views.Where(
                view => view.Role is ParameterRole.Bias or ParameterRole.ReadoutBias),
        ];

        public override void AfterGradient()
        {
            foreach (ParameterView view in biases)
            {
                trainer.ClearGradient(view);
            }
        }
    }
}
