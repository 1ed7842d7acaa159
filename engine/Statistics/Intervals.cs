using MathNet.Numerics.Distributions;

namespace Repro.Engine.Statistics;

/// <summary>Intervals whose unit is the seed: one value a run, never one a test sequence.
/// </summary>
public static class Intervals
{
    /// <summary>
    /// Wilson's score interval of a success rate.
    /// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    /// inference", J. Am. Stat. Assoc. 22 (1927).
    /// </summary>
    /// <param name="successes">0 to <paramref name="n"/>.</param>
    /// <param name="n">Trials, 1 or more.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    public static Interval Wilson(int successes, int n, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        double z = Normal.InvCDF(0, 1, UpperTail(confidence));
        double rate = (double)successes / n;
        double shrink = 1 + (z * z / n);
        double centre = (rate + (z * z / (2 * n))) / shrink;
        double reach = z * Math.Sqrt((rate * (1 - rate) / n) + (z * z / (4.0 * n * n))) / shrink;
        // At the ends the formula gives 0 or 1 but for rounding.
        double low = successes == 0 ? 0 : centre - reach;
        double high = successes == n ? 1 : centre + reach;
        return new Interval(rate, low, high);
    }

    /// <summary>Student's interval of the mean; unbounded for a single value.</summary>
    /// <param name="values">1 or more finite values, one a seed.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    public static Interval TInterval(IReadOnlyList<double> values, double confidence) =>
        Student(values, confidence, 1.0 / values.Count);

    /// <summary>Student's interval for the mean of more runs like these; unbounded for a
    /// single value. This is what one unseeded published run, or a published mean of a few, is
    /// compared with.</summary>
    /// <param name="values">1 or more finite values, one a seed.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="runs">How many more runs, 1 or more.</param>
    public static Interval PredictionInterval(
        IReadOnlyList<double> values, double confidence, int runs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        return Student(values, confidence, (1.0 / runs) + (1.0 / values.Count));
    }

    private static Interval Student(
        IReadOnlyList<double> values, double confidence, double varianceFactor)
    {
        double tail = UpperTail(confidence);
        double mean = Sample.Mean(values);
        if (values.Count == 1)
        {
            return new Interval(mean, double.NegativeInfinity, double.PositiveInfinity);
        }
        double t = StudentT.InvCDF(0, 1, values.Count - 1, tail);
        double reach = t * Math.Sqrt(Sample.Variance(values) * varianceFactor);
        return new Interval(mean, mean - reach, mean + reach);
    }

    private static double UpperTail(double confidence) => confidence is > 0 and < 1
        ? (1 + confidence) / 2
        : throw new ArgumentOutOfRangeException(
            nameof(confidence), confidence, "A confidence lies between 0 and 1, such as 0.95.");
}
