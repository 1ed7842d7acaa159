using Repro.Engine.Networks;

namespace Repro.Engine.Tasks;

/// <summary>What the two forms of addition and multiplication share: a channel of numbers, a mask
/// with two ones, and sums of right sequences and squared errors.</summary>
internal static class PairSequence
{
    /// <summary>Writes a sequence's two channels into a row of the inputs [T, B, 2].</summary>
    /// <param name="numbers">The first channel, [T].</param>
    /// <param name="first">Step of the first mark.</param>
    /// <param name="second">Step of the second mark.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="slot">b, 0 … B − 1.</param>
    public static void Fill(
        ReadOnlySpan<float> numbers, int first, int second, Batch<float> batch, int slot)
    {
        float[] inputs = batch.Inputs;
        int width = batch.Size * 2;
        int at = slot * 2;
        foreach (float number in numbers)
        {
            inputs[at] = number;
            inputs[at + 1] = 0;
            at += width;
        }
        inputs[(first * width) + (slot * 2) + 1] = 1;
        inputs[(second * width) + (slot * 2) + 1] = 1;
    }

    /// <summary>Adds the right sequences and the squared errors of a batch to the sums.</summary>
    /// <param name="batch">The targets, [B] or [T, B].</param>
    /// <param name="outputs">[B] or [T, B].</param>
    /// <param name="sums">Sums by metric.</param>
    /// <param name="error">An output less its target, rounded as the task does.</param>
    /// <param name="isRight">Whether a sequence of that error is right; false for NaN.</param>
    /// <param name="from">Where the step that counts begins among targets and outputs.</param>
    public static void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums,
        Func<float, float, double> error, Func<double, bool> isRight, int from = 0)
    {
        double right = 0;
        double squares = 0;
        for (int b = 0; b < batch.Size; b++)
        {
            double e = error(outputs[from + b], batch.Targets[from + b]);
            right += isRight(e) ? 1 : 0;
            squares += e * e;
        }
        sums[MetricNames.Correct] = sums.GetValueOrDefault(MetricNames.Correct) + right;
        sums[MetricNames.SquaredError] = sums.GetValueOrDefault(MetricNames.SquaredError) + squares;
    }
}
