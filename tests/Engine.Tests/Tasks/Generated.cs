using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

/// <summary>Batches of generated tasks, filled as a trainer does.</summary>
internal static class Generated
{
    /// <summary>Every form of every task, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<SequenceLength, ulong, FreshTask>>
        Forms = new Dictionary<string, Func<SequenceLength, ulong, FreshTask>>
        {
            ["order"] = (t, s) => new TemporalOrderTask(t, s),
            ["order, text"] = (t, s) =>
                new TemporalOrderTask(t, s, source: ProtocolSource.PaperText),
            ["order, 3 bits"] = (t, s) => new TemporalOrderTask(t, s, TemporalOrder.ThreeMarks),
            ["addition"] = (t, s) => new PascanuPairTask(PairOperation.Addition, t, s),
            ["multiplication, text"] = (t, s) => new PascanuPairTask(
                PairOperation.Multiplication, t, s, ProtocolSource.PaperText),
            ["permutation"] = (t, s) => new RandomPermutationTask(t, s),
            ["permutation, next"] = (t, s) =>
                new RandomPermutationTask(t, s, 9, LossPlacement.EveryStep),
            ["memorisation"] = MemorisationTask.Original,
            ["memorisation, extended"] = (t, s) => MemorisationTask.Extended(t, s),
        };

    public static Batch<float> Room(SequenceTask task, int size) =>
        new(task.Network(1, Activation.Tanh), task.Steps, size, task.IsOneHot);

    /// <summary>One sequence of the task's longest length, or of <paramref name="steps"/>.
    /// </summary>
    public static Batch<float> Sequence(
        SequenceTask task, Fold fold, long index, int? steps = null)
    {
        Batch<float> batch = Room(task, 1);
        batch.Steps = steps ?? task.Steps;
        task.Fill(fold, index, batch, 0);
        return batch;
    }

    /// <summary>Fills a batch with numbers no task writes.</summary>
    public static void Soil(Batch<float> batch)
    {
        batch.Inputs.AsSpan().Fill(float.NaN);
        batch.Targets.AsSpan().Fill(float.NaN);
        batch.InputIndices.AsSpan().Fill(-7);
        batch.Classes.AsSpan().Fill(-7);
    }

    /// <summary>All numbers of one sequence, inputs first.</summary>
    public static double[] Numbers(SequenceTask task, Batch<float> batch, int slot)
    {
        int rows = task.LossAt == LossPlacement.EveryStep ? batch.Steps : 1;
        List<double> numbers = [];
        for (int t = 0; t < batch.Steps; t++)
        {
            int at = (t * batch.Size) + slot;
            numbers.AddRange(task.IsOneHot
                ? [batch.InputIndices[at]]
                : batch.Inputs.AsSpan(at * task.InputSize, task.InputSize).ToArray()
                    .Select(x => (double)x));
        }
        for (int t = 0; t < rows; t++)
        {
            int at = (t * batch.Size) + slot;
            numbers.Add(
                task.Readout == Readout.Softmax ? batch.Classes[at] : batch.Targets[at]);
        }
        return [.. numbers];
    }

    /// <summary>Outputs that give every target with a margin of 1.</summary>
    public static float[] IdealOutputs(SequenceTask task, Batch<float> batch)
    {
        int rows = batch.Size * (task.LossAt == LossPlacement.EveryStep ? batch.Steps : 1);
        float[] outputs = new float[rows * task.OutputSize];
        for (int r = 0; r < rows; r++)
        {
            if (task.Readout == Readout.Softmax)
            {
                outputs[(r * task.OutputSize) + batch.Classes[r]] = 1;
            }
            else
            {
                outputs[r] = batch.Targets[r];
            }
        }
        return outputs;
    }

    public static double Correct(
        SequenceTask task, Batch<float> batch, ReadOnlySpan<float> outputs)
    {
        SortedDictionary<string, double> sums = [];
        task.Score(batch, outputs, sums);
        return sums[MetricNames.Correct] / batch.Size;
    }

    /// <summary>Four standard deviations of a count of n draws of probability p.</summary>
    public static double Spread(int n, double p) => 4 * Math.Sqrt(n * p * (1 - p));
}
