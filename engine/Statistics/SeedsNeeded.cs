using MathNet.Numerics.Distributions;

namespace Repro.Engine.Statistics;

/// <summary>How many seeds would decide what those at hand do not: what the rules' own intervals
/// and tests would give if more seeds had the spread, rate or difference of those at hand.
/// </summary>
public static class SeedsNeeded
{
    /// <summary>More seeds than this are not proposed.</summary>
    public const int Most = 1000;

    /// <summary>The fewest seeds from which on Student's interval, its spread as it is, reaches
    /// no further than <paramref name="halfWidth"/> to each side; null when <see cref="Most"/> do
    /// not suffice.</summary>
    /// <param name="values">2 or more finite values, one a seed.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="halfWidth">Above 0, in the values' unit.</param>
    /// <param name="runs">More runs whose mean is predicted, 1 or more; null for the interval of
    /// the mean itself.</param>
    public static int? ForHalfWidth(
        IReadOnlyList<double> values, double confidence, double halfWidth, int? runs)
    {
        double variance = Sample.Variance(values);
        double ofRuns = runs is { } more ? 1.0 / more : 0;
        return First(n =>
            StudentT.InvCDF(0, 1, n - 1, (1 + confidence) / 2)
            * Math.Sqrt(variance * (ofRuns + (1.0 / n))) <= halfWidth);
    }

    /// <summary>As <see cref="ForHalfWidth"/>, for Wilson's interval of a success rate.</summary>
    /// <param name="rate">0 to 1.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="halfWidth">Above 0.</param>
    public static int? ForWilson(double rate, double confidence, double halfWidth) =>
        First(n => Intervals.Wilson((int)Math.Round(rate * n), n, confidence).HalfWidth
            <= halfWidth);

    /// <summary>The fewest seeds of each of two series with which <see
    /// cref="PermutationTest.TwoSamples"/> can reach the limit at all: 3 of each for 0.05.
    /// </summary>
    /// <param name="limit">Probability to reach, between 0 and 1.</param>
    public static int ToReach(double limit) =>
        First(n => PermutationTest.LeastOfTwoSamples(n, n) <= limit) ?? Most;

    /// <summary>About how many seeds of each series would give the seen difference of means a
    /// probability of <paramref name="limit"/>, difference and spread staying as they are; null
    /// when the difference is not above zero or <see cref="Most"/> do not suffice. Student's test
    /// stands in for the permutation test, whose limit for many seeds it is.</summary>
    /// <param name="larger">2 or more finite values, one a seed.</param>
    /// <param name="smaller">2 or more finite values, one a seed.</param>
    /// <param name="limit">Between 0 and 1.</param>
    public static int? ForDifference(
        IReadOnlyList<double> larger, IReadOnlyList<double> smaller, double limit)
    {
        double difference = Sample.Mean(larger) - Sample.Mean(smaller);
        if (!(difference > 0))
        {
            return null;
        }
        double variance = Sample.Variance(larger) + Sample.Variance(smaller);
        int least = ToReach(limit);
        return First(n => n >= least
            && difference >= StudentT.InvCDF(0, 1, (2 * n) - 2, 1 - limit)
                * Math.Sqrt(variance / n));
    }

    private static int? First(Func<int, bool> suffices)
    {
        for (int n = 2; n <= Most; n++)
        {
            if (suffices(n))
            {
                return n;
            }
        }
        return null;
    }
}
