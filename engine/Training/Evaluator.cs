using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>Scores a network on sequences of one task, a batch at a time.</summary>
internal sealed class Evaluator<T>(SequenceNetwork<T> network, SequenceTask task)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SortedDictionary<string, double> sums = new(StringComparer.Ordinal);
    private TaskBatch<T>? batch;
    private T[] outputs = [];
    private float[] rounded = [];

    /// <summary>Mean scores over the first sequences of a fold.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    public SortedDictionary<string, double> Score(Fold fold, long? limit)
    {
        long count = task.Count(fold) is { } all ? Math.Min(limit ?? all, all) : limit ?? 0;
        sums.Clear();
        for (long at = 0; at < count; at += task.EvaluationBatch)
        {
            Add(fold, at, (int)Math.Min(task.EvaluationBatch, count - at));
        }
        SortedDictionary<string, double> means = new(StringComparer.Ordinal);
        double whole = task.Denominator is { } unit ? sums.GetValueOrDefault(unit) : count;
        foreach ((string name, double sum) in sums)
        {
            if (name != task.Denominator)
            {
                means[name] = sum / whole;
            }
        }
        return means;
    }

    /// <summary>Whether at most so many sequences are wrong; ends as soon as that is known.
    /// </summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="first">The first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="maximumWrong">How many may be wrong.</param>
    public bool IsWithin(Fold fold, long first, int count, int maximumWrong)
    {
        sums.Clear();
        for (int at = 0; at < count;)
        {
            int size = Math.Min(task.EvaluationBatch, count - at);
            Add(fold, first + at, size);
            at += size;
            if (at - sums[MetricNames.Correct] > maximumWrong)
            {
                return false;
            }
        }
        return true;
    }

    private void Add(Fold fold, long first, int size)
    {
        batch ??= new TaskBatch<T>(network.Spec, task, task.EvaluationBatch);
        if (task.CarriesState && task.StartsAnew(fold, first))
        {
            batch.Read.InitialStates.AsSpan().Clear();
        }
        batch.SetSizes(task.StepsOf(fold, first / task.EvaluationBatch), size);
        for (int b = 0; b < size; b++)
        {
            task.Fill(fold, first + b, batch.Filled, b);
        }
        batch.HandOver();
        int rows = network.Spec.HasLossAtEveryStep ? batch.Read.Steps * size : size;
        int length = rows * network.Spec.OutputSize;
        if (outputs.Length < length)
        {
            outputs = new T[length];
            rounded = outputs as float[] ?? new float[length];
        }
        network.Evaluate(batch.Read, outputs.AsSpan(0, length));
        if (!ReferenceEquals(outputs, rounded))
        {
            TaskBatch<T>.Convert<T, float>(outputs.AsSpan(0, length), rounded);
        }
        task.Score(batch.Filled, rounded.AsSpan(0, length), sums);
    }
}
