using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training.Rules;

/// <summary>
/// Which of a run's states is the one that is tested: the best on validation sequences. Test
/// sequences have no part in it.
/// </summary>
/// <param name="Metric">A score of the validation fold, such as <c>cross-entropy</c>.</param>
/// <param name="HigherIsBetter">Its direction.</param>
/// <param name="Patience">Evaluations without a better one after which training stops; 0 goes
/// on to the end of the budget.</param>
public sealed record SelectionRule(string Metric, bool HigherIsBetter, int Patience)
    : TrainingRule
{
    internal const string Member = "selection";

    /// <inheritdoc/>
    public override string Name => Member;

    /// <inheritdoc/>
    public override PartVersion? Part => PartVersion.Selection;

    /// <inheritdoc/>
    public override bool MayEndRun => Patience > 0;

    /// <inheritdoc/>
    public override void Validate(TrainingSpec training)
    {
        if (Metric.Length == 0 || Patience < 0)
        {
            throw new ArgumentException(
                $"the selection is by '{Metric}' with a patience of {Patience}; the name of a "
                + "score and 0 or more are needed");
        }
        Scores.RequireValidation(training);
    }

    internal static SelectionRule FromSettings(SettingsNode node) =>
        new(node[0].Text, node[1].Flag, node[2].Count);

    internal override JsonNode Describe() => new JsonArray(Metric, HigherIsBetter, Patience);

    internal override RuleAtWork Start(TrainingLoop trainer) => new ModelSelection(this, trainer);
}

/// <summary>The best state so far and how long ago it was.</summary>
internal sealed class ModelSelection(SelectionRule rule, TrainingLoop trainer) : RuleAtWork
{
    private readonly byte[] weights = new byte[trainer.ParameterBytes.Length];
    private double best = double.NaN;
    private int since;

    /// <summary>Update of the best state; −1 before the first evaluation.</summary>
    public long BestUpdate { get; private set; } = -1;

    public override bool IsExhausted => rule.Patience > 0 && since >= rule.Patience;

    public override void AtPoint(IReadOnlyDictionary<string, double>? scores)
    {
        double score = Scores.Of(scores!, rule.Metric);
        if (Scores.IsBetter(score, best, rule.HigherIsBetter))
        {
            best = score;
            BestUpdate = trainer.Updates;
            since = 0;
            trainer.ParameterBytes.CopyTo(weights);
        }
        else
        {
            since++;
        }
    }

    /// <summary>Puts the best state's weights back.</summary>
    public void CopyTo(Span<byte> parameters)
    {
        if (BestUpdate >= 0)
        {
            weights.CopyTo(parameters);
        }
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(best);
        writer.Write(since);
        writer.Write(BestUpdate);
        writer.Write(weights);
    }

    public override void Read(BinaryReader reader)
    {
        best = reader.ReadDouble();
        since = reader.ReadInt32();
        BestUpdate = reader.ReadInt64();
        reader.BaseStream.ReadExactly(weights);
    }
}

/// <summary>Scores by name, and which of two is better.</summary>
internal static class Scores
{
    public static double Of(IReadOnlyDictionary<string, double> scores, string metric) =>
        scores.TryGetValue(metric, out double score)
            ? score
            : throw new ArgumentException(
                $"there is no validation score '{metric}'; there are "
                + $"{string.Join(", ", scores.Keys)}");

    /// <summary>Whether a number is better than another; any number is better than none.
    /// </summary>
    public static bool IsBetter(double score, double than, bool higherIsBetter) =>
        double.IsFinite(score)
        && (!double.IsFinite(than) || (higherIsBetter ? score > than : score < than));

    /// <summary>Refuses a spec that reads no validation sequences.</summary>
    public static void RequireValidation(TrainingSpec training)
    {
        if (training.ValidationSequences < 1)
        {
            throw new ArgumentException(
                "halving and selection go by validation scores; validation sequences are needed");
        }
    }
}
