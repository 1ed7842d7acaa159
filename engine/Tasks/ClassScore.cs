using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>Accuracy and cross-entropy of class outputs.</summary>
internal static class ClassScore
{
    /// <summary>Adds both for each of `rows` rows of outputs [rows, O].</summary>
    public static void Add(
        int rows, int classes, ReadOnlySpan<int> labels, ReadOnlySpan<float> outputs,
        SortedDictionary<string, double> sums)
    {
        double right = 0;
        double entropy = 0;
        for (int r = 0; r < rows; r++)
        {
            bool isRight = Row(outputs.Slice(r * classes, classes), labels[r], out double loss);
            right += isRight ? 1 : 0;
            entropy += loss;
        }
        Add(right, entropy, sums);
    }

    /// <summary>
    /// Adds the sequences whose every step is right, and the sum of the cross-entropies of all
    /// steps, for labels [T, B] and outputs [T, B, O].
    /// </summary>
    public static void AddSequences(
        int steps, int size, int classes, ReadOnlySpan<int> labels, ReadOnlySpan<float> outputs,
        SortedDictionary<string, double> sums)
    {
        double right = 0;
        double entropy = 0;
        for (int b = 0; b < size; b++)
        {
            bool isRight = true;
            for (int r = b; r < steps * size; r += size)
            {
                isRight &= Row(outputs.Slice(r * classes, classes), labels[r], out double loss);
                entropy += loss;
            }
            right += isRight ? 1 : 0;
        }
        Add(right, entropy, sums);
    }

    /// <summary>Whether the largest of a row of outputs [O] is the label's, and its
    /// cross-entropy, nats.</summary>
    public static bool Row(ReadOnlySpan<float> o, int label, out double entropy)
    {
        int best = Largest.IndexOf(o);
        double sum = 0;
        foreach (float value in o)
        {
            sum += Elementary.Exp((double)value - o[best]);
        }
        entropy = Elementary.Log(sum) + o[best] - o[label];
        // A NaN anywhere in the row makes the sum one.
        return best == label && !double.IsNaN(sum);
    }

    private static void Add(double right, double entropy, SortedDictionary<string, double> sums)
    {
        sums[MetricNames.Correct] = sums.GetValueOrDefault(MetricNames.Correct) + right;
        sums[MetricNames.CrossEntropy] = sums.GetValueOrDefault(MetricNames.CrossEntropy) + entropy;
    }
}
