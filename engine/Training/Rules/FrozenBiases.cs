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

    internal override RuleAtWork Start(Trainer trainer) => new Clear(trainer.Network);

    private sealed class Clear(SequenceNetwork<float> network) : RuleAtWork
    {
        private readonly ParameterView[] biases =
        [
            .. network.Views.Where(
                view => view.Role is ParameterRole.Bias or ParameterRole.ReadoutBias),
        ];

        public override void AfterGradient()
        {
            foreach (ParameterView view in biases)
            {
                view.Of(network.Gradients).Clear();
            }
        }
    }
}
