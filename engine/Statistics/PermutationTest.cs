using Repro.Engine.Numerics;

namespace Repro.Engine.Statistics;

/// <summary>
/// Tests of a difference of means that assume no distribution: the share of relabellings at least
/// as extreme as what was seen. Exact where all relabellings can be counted, else over a fixed
/// sample of them, the seen one included so that the share is never zero.
/// Source: R. A. Fisher, "The Design of Experiments" (1935), section 21.
/// </summary>
public static class PermutationTest
{
    private const int MostCounted = 200_000;
    private const int Sampled = 100_000;

    /// <summary>One-sided probability, under equal distributions, of the mean of
    /// <paramref name="larger"/> exceeding that of <paramref name="smaller"/> by as much as it
    /// does. With 5 and 5 values it is at least 1/252, with 3 and 3 at least 1/20.</summary>
    /// <param name="larger">1 or more finite values, one a seed.</param>
    /// <param name="smaller">1 or more finite values, one a seed.</param>
    /// <param name="seed">Of the sampling when there are too many relabellings to count.</param>
    public static double TwoSamples(
        IReadOnlyList<double> larger, IReadOnlyList<double> smaller, ulong seed = 0)
    {
        // With the pooled sum fixed, the difference of means grows with the first group's sum.
        double centre = Sample.Mean([.. larger, .. smaller]);
        double[] pooled = [.. larger.Concat(smaller).Select(value => value - centre)];
        int size = larger.Count;
        double seen = pooled.Take(size).Sum() - Slack(pooled);
        if (Combinations(pooled.Length, size) is not { } count)
        {
            return SampledShare(seed, random => ShuffledSum(pooled, size, random) >= seen);
        }
        int[] chosen = [.. Enumerable.Range(0, size)];
        long extreme = 0;
        do
        {
            double sum = 0;
            foreach (int position in chosen)
            {
                sum += pooled[position];
            }
            extreme += sum >= seen ? 1 : 0;
        }
        while (NextCombination(chosen, pooled.Length));
        return (double)extreme / count;
    }

    /// <summary>The smallest probability that <see cref="TwoSamples"/> can give to samples of these
    /// sizes, which only the most extreme of all relabellings has: 1/20 for 3 against 3, 1/10 for
    /// 3 against 2.</summary>
    /// <param name="larger">Size of one sample, 1 or more.</param>
    /// <param name="smaller">Size of the other, 1 or more.</param>
    public static double LeastOfTwoSamples(int larger, int smaller)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(larger, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(smaller, 1);
        return 1.0 / (Combinations(larger + smaller, larger) ?? (Sampled + 1));
    }

    /// <summary>One-sided probability, under differences symmetric about zero, of a mean as large
    /// as that of <paramref name="differences"/>: seeds paired one to one, signs flipped.
    /// </summary>
    /// <param name="differences">1 or more finite values, larger minus smaller, one a pair.
    /// </param>
    /// <param name="seed">Of the sampling when there are too many sign patterns to count.</param>
    public static double PairedSignedDifference(
        IReadOnlyList<double> differences, ulong seed = 0)
    {
        _ = Sample.Mean(differences);
        double seen = differences.Sum() - Slack(differences);
        int n = differences.Count;
        if (n >= 31 || 1L << n > MostCounted)
        {
            return SampledShare(seed, random =>
                SignedSum(differences, bit => random.Below((ulong)bit, 2) == 1) >= seen);
        }
        long extreme = 0;
        for (long pattern = 0; pattern < 1L << n; pattern++)
        {
            long signs = pattern;
            bool counts = SignedSum(differences, bit => (signs >> bit & 1) == 1) >= seen;
            extreme += counts ? 1 : 0;
        }
        return (double)extreme / (1L << n);
    }

    // Sums of the same numbers in another order may differ by rounding; such ties count.
    private static double Slack(IReadOnlyList<double> values) =>
        1e-12 * values.Sum(Math.Abs);

    private static double SampledShare(ulong seed, Func<Philox, bool> isExtreme)
    {
        long extreme = 1;
        for (uint r = 0; r < Sampled; r++)
        {
            Philox random = new(seed, RandomPurpose.Resampling, r);
            extreme += isExtreme(random) ? 1 : 0;
        }
        return (double)extreme / (Sampled + 1);
    }

    private static double ShuffledSum(double[] pooled, int size, Philox random)
    {
        double[] values = [.. pooled];
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            int from = i + (int)random.Below((ulong)i, (uint)(values.Length - i));
            sum += values[from];
            values[from] = values[i];
        }
        return sum;
    }

    private static double SignedSum(IReadOnlyList<double> differences, Func<int, bool> isFlipped)
    {
        double sum = 0;
        for (int i = 0; i < differences.Count; i++)
        {
            sum += isFlipped(i) ? -differences[i] : differences[i];
        }
        return sum;
    }

    private static long? Combinations(int n, int k)
    {
        long count = 1;
        for (int i = 1; i <= k; i++)
        {
            count = count * (n - k + i) / i;
            if (count > MostCounted)
            {
                return null;
            }
        }
        return count;
    }

    private static bool NextCombination(int[] chosen, int n)
    {
        int k = chosen.Length;
        int i = k - 1;
        while (i >= 0 && chosen[i] == n - k + i)
        {
            i--;
        }
        if (i < 0)
        {
            return false;
        }
        chosen[i]++;
        for (int j = i + 1; j < k; j++)
        {
            chosen[j] = chosen[j - 1] + 1;
        }
        return true;
    }
}
