using Repro.Engine.Numerics;

namespace Repro.Engine.Statistics;

/// <summary>
/// Percentile bootstrap: the statistic over resamples drawn with replacement.
/// Source: B. Efron, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7 (1979).
/// </summary>
public static class Bootstrap
{
    /// <summary>Interval of the mean.</summary>
    /// <param name="values">1 or more finite values, one a seed.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="seed">Of the resampling; the same seed gives the same interval.</param>
    /// <param name="resamples">100 or more.</param>
    public static Interval Mean(
        IReadOnlyList<double> values, double confidence, ulong seed, int resamples = 10_000) =>
        Percentile(values, Sample.Mean, confidence, seed, resamples);

    /// <summary>Interval of the median; parameters as for <see cref="Mean"/>.</summary>
    public static Interval Median(
        IReadOnlyList<double> values, double confidence, ulong seed, int resamples = 10_000) =>
        Percentile(values, Sample.Median, confidence, seed, resamples);

    private static Interval Percentile(
        IReadOnlyList<double> values,
        Func<IReadOnlyList<double>, double> statistic,
        double confidence,
        ulong seed,
        int resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        if (confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        }
        double estimate = statistic(values);
        uint n = (uint)values.Count;
        double[] draw = new double[n];
        double[] found = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            Philox random = new(seed, RandomPurpose.Resampling, (uint)r);
            for (uint i = 0; i < n; i++)
            {
                draw[i] = values[(int)random.Below(i, n)];
            }
            found[r] = statistic(draw);
        }
        Array.Sort(found);
        double tail = (1 - confidence) / 2;
        int below = (int)Math.Floor(tail * (resamples - 1));
        return new Interval(estimate, found[below], found[resamples - 1 - below]);
    }
}
