using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// The learning rate is halved whenever a score is worse than at the evaluation before.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: "halved each time the error of an epoch
/// increases".
/// </summary>
/// <param name="Metric">A score of the validation fold, or
/// <see cref="TrainingCurves.TrainingLoss"/> for the mean loss of the updates since the
/// evaluation before.</param>
/// <param name="HigherIsBetter">Its direction.</param>
public sealed record HalvingRule(string Metric, bool HigherIsBetter) : TrainingRule
{
    internal const string Member = "halving";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => PartVersion.Selection;

    private bool IsOfTraining => Metric == TrainingCurves.TrainingLoss;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (Metric.Length == 0)
        {
            throw new ArgumentException(
                "the rate is halved by a score without a name; name a validation score");
        }
        if (!IsOfTraining)
        {
            Scores.RequireValidation(training);
        }
    }

    internal static HalvingRule FromSettings(SettingsNode node) =>
        new(node[0].Text, node[1].Flag);

    internal override JsonNode Describe() => new JsonArray(Metric, HigherIsBetter);

    internal override RuleAtWork Start(TrainingLoop trainer) => new Halving(this, trainer);

    /// <summary>The factor on the rate and the score it was last compared with.</summary>
    private sealed class Halving(HalvingRule rule, TrainingLoop trainer) : RuleAtWork
    {
        private double last = double.NaN;
        private double factor = 1;

        public override double RateFactor => factor;

        public override void AtPoint(IReadOnlyDictionary<string, double>? scores)
        {
            if (!rule.IsOfTraining)
            {
                Offer(Scores.Of(scores!, rule.Metric));
            }
            else if (trainer.Curves[TrainingCurves.TrainingLoss] is { Count: > 0 } losses)
            {
                Offer(losses[^1]);
            }
            trainer.Curves.Add(
                TrainingCurves.LearningRate, trainer.Spec.RateAt(trainer.Updates) * factor);
        }

        public override void Write(BinaryWriter writer)
        {
            writer.Write(last);
            writer.Write(factor);
        }

        public override void Read(BinaryReader reader)
        {
            last = reader.ReadDouble();
            factor = reader.ReadDouble();
        }

        private void Offer(double score)
        {
            if (Scores.IsBetter(last, score, rule.HigherIsBetter))
            {
                factor /= 2;
            }
            last = score;
        }
    }
}
