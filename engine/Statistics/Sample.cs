namespace Repro.Engine.Statistics;

/// <summary>Moments of a small sample, summed in the order given.</summary>
public static class Sample
{
    /// <summary>Arithmetic mean of 1 or more finite values; exact when all are equal.</summary>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static double Mean(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("A statistic needs at least one value, but has none.");
        }
        double first = values[0];
        double sum = 0;
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(
                    $"A statistic needs finite values, but one is {value}; decide beforehand "
                    + "what a diverged run counts as.");
            }
            sum += value - first;
        }
        return first + (sum / values.Count);
    }

    /// <summary>Unbiased variance of 2 or more finite values.</summary>
    public static double Variance(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        double mean = Mean(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }
        return sum / (values.Count - 1);
    }

    /// <summary>Middle value, or the mean of the two middle ones.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1
            ? Mean([sorted[middle]])
            : Mean(sorted.Length == 0 ? [] : [sorted[middle - 1], sorted[middle]]);
    }
}
