using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training.Rules;

/// <summary>At the end the network is scored on training sequences too.</summary>
/// <param name="Sequences">How many, from the first on; 1 or more.</param>
public sealed record TrainingScore(int Sequences) : TrainingRule
{
    internal const string Member = "trainingScore";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (Sequences < 1)
        {
            throw new ArgumentException(
                $"{Sequences} training sequences to score; 1 or more are needed");
        }
    }

    internal static TrainingScore FromSettings(SettingsNode node) => new(node.Count);

    internal override JsonNode Describe() => Sequences;

    internal override RuleAtWork Start(TrainingLoop trainer) => new Score(Sequences, trainer);

    private sealed class Score(int sequences, TrainingLoop trainer) : RuleAtWork
    {
        public override void AddScores(Action<string, double> add)
        {
            foreach ((string name, double value) in trainer.Score(Fold.Training, sequences))
            {
                add("training " + name, value);
            }
        }
    }
}
