using MathNet.Numerics.Distributions;

namespace Repro.Engine.Statistics;

/// <summary>Exact tests of a success count against a stated rate.</summary>
public static class BinomialTest
{
    /// <summary>Probability of <paramref name="successes"/> or more.</summary>
    /// <param name="successes">0 to <paramref name="n"/>.</param>
    /// <param name="n">Trials, 1 or more.</param>
    /// <param name="rate">Success rate under the hypothesis, 0 to 1.</param>
    public static double Greater(int successes, int n, double rate) =>
        Sum(successes, n, rate, k => k >= successes);

    /// <summary>Probability of <paramref name="successes"/> or fewer.</summary>
    public static double Less(int successes, int n, double rate) =>
        Sum(successes, n, rate, k => k <= successes);

    /// <summary>Probability of any count no likelier than <paramref name="successes"/>.</summary>
    public static double TwoSided(int successes, int n, double rate)
    {
        const double RoundingSlack = 1 + 1e-9;
        double limit = Sum(successes, n, rate, k => k == successes) * RoundingSlack;
        return Sum(successes, n, rate, k => Binomial.PMF(rate, n, k) <= limit);
    }

    private static double Sum(int successes, int n, double rate, Func<int, bool> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        if (rate is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A rate lies in [0, 1].");
        }
        double sum = 0;
        for (int k = 0; k <= n; k++)
        {
            sum += counts(k) ? Binomial.PMF(rate, n, k) : 0;
        }
        return Math.Min(1, sum);
    }
}
