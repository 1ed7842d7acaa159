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
            ReadOnlySpan<float> o = outputs.Slice(r * classes, classes);
            int best = 0;
            for (int j = 1; j < classes; j++)
            {
                best = o[j] > o[best] ? j : best;
            }
            double sum = 0;
            foreach (float value in o)
            {
                sum += Elementary.Exp((double)value - o[best]);
            }
            // A NaN anywhere in the row makes the sum one.
            right += best == labels[r] && !double.IsNaN(sum) ? 1 : 0;
            entropy += Elementary.Log(sum) + o[best] - o[labels[r]];
        }
        sums[MetricNames.Correct] = sums.GetValueOrDefault(MetricNames.Correct) + right;
        sums[MetricNames.CrossEntropy] = sums.GetValueOrDefault(MetricNames.CrossEntropy) + entropy;
    }
}
