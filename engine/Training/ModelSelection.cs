using System.Runtime.InteropServices;

namespace Repro.Engine.Training;

/// <summary>
/// Which of a run's states is the one that is tested: the best on validation sequences. Test
/// sequences have no part in it.
/// </summary>
/// <param name="Metric">A score of the validation fold, such as <c>cross-entropy</c>.</param>
/// <param name="HigherIsBetter">Its direction.</param>
/// <param name="Patience">Evaluations without a better one after which training stops; 0 goes
/// on to the end of the budget.</param>
public sealed record SelectionRule(string Metric, bool HigherIsBetter, int Patience)
{
    internal void Validate()
    {
        if (Metric.Length == 0 || Patience < 0)
        {
            throw new ArgumentException(
                $"the selection is by '{Metric}' with a patience of {Patience}; the name of a "
                + "score and 0 or more are needed");
        }
    }
}

/// <summary>
/// The learning rate is halved whenever a score is worse than at the evaluation before.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: "halved each time the error of an epoch
/// increases".
/// </summary>
/// <param name="Metric">A score of the validation fold, or
/// <see cref="TrainingCurves.TrainingLoss"/> for the mean loss of the updates since the
/// evaluation before.</param>
/// <param name="HigherIsBetter">Its direction.</param>
public sealed record HalvingRule(string Metric, bool HigherIsBetter)
{
    internal bool IsOfTraining => Metric == TrainingCurves.TrainingLoss;

    internal void Validate()
    {
        if (Metric.Length == 0)
        {
            throw new ArgumentException(
                "the rate is halved by a score without a name; name a validation score");
        }
    }
}

/// <summary>The best state so far and how long ago it was.</summary>
internal sealed class ModelSelection(SelectionRule rule, int parameterCount)
{
    private readonly float[] weights = new float[parameterCount];
    private double best = double.NaN;
    private int since;

    /// <summary>Update of the best state; −1 before the first evaluation.</summary>
    public long BestUpdate { get; private set; } = -1;

    public bool Exhausted => rule.Patience > 0 && since >= rule.Patience;

    public void Offer(
        IReadOnlyDictionary<string, double> scores, long update, ReadOnlySpan<float> current)
    {
        double score = Scores.Of(scores, rule.Metric);
        if (Scores.IsBetter(score, best, rule.HigherIsBetter))
        {
            best = score;
            BestUpdate = update;
            since = 0;
            current.CopyTo(weights);
        }
        else
        {
            since++;
        }
    }

    /// <summary>Puts the best state's weights back.</summary>
    public void CopyTo(Span<float> parameters)
    {
        if (BestUpdate >= 0)
        {
            weights.CopyTo(parameters);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(best);
        writer.Write(since);
        writer.Write(BestUpdate);
        writer.Write(MemoryMarshal.AsBytes(weights.AsSpan()));
    }

    public void Read(BinaryReader reader)
    {
        best = reader.ReadDouble();
        since = reader.ReadInt32();
        BestUpdate = reader.ReadInt64();
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
    }
}

/// <summary>The factor on the learning rate and the score it was last compared with.</summary>
internal sealed class RateHalving(HalvingRule rule)
{
    private double last = double.NaN;

    public double Factor { get; private set; } = 1;

    public void Offer(IReadOnlyDictionary<string, double> scores) =>
        Offer(Scores.Of(scores, rule.Metric));

    public void Offer(double score)
    {
        if (Scores.IsBetter(last, score, rule.HigherIsBetter))
        {
            Factor /= 2;
        }
        last = score;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(last);
        writer.Write(Factor);
    }

    public void Read(BinaryReader reader)
    {
        last = reader.ReadDouble();
        Factor = reader.ReadDouble();
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
}
