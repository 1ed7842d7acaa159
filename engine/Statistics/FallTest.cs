using Repro.Engine.Judging;
using Repro.Engine.Numerics;

namespace Repro.Engine.Statistics;

/// <summary>Successes of the paper's runs and of ours at one sequence length.</summary>
/// <param name="Length">Sequence length T, above 0.</param>
/// <param name="PaperSuccesses">0 to <paramref name="PaperRuns"/>.</param>
/// <param name="PaperRuns">The paper's runs, 1 or more.</param>
/// <param name="Successes">0 to <paramref name="Runs"/>.</param>
/// <param name="Runs">Our runs, 0 or more.</param>
public sealed record FallPoint(
    double Length, int PaperSuccesses, int PaperRuns, int Successes, int Runs)
{
    internal double PaperRate => (double)PaperSuccesses / PaperRuns;

    internal double Rate => (double)Successes / Runs;
}

/// <summary>
/// Whether success falls at the same sequence length in the paper's runs and in ours. The length
/// of the fall is T₁·exp(A), T₁ the shortest length and A the area under the success rate over
/// ln T by the trapezoid rule: Spearman and Kärber's estimator of the mean of ln T at which a run
/// begins to fail. A curve that still succeeds at the longest length does not fall within the
/// range, and its length is a lower bound.
/// Source: C. Spearman, Brit. J. Psychol. 2 (1908); G. Kärber, Arch. exp. Path. Pharmak. 162
/// (1931). The relabelling is R. A. Fisher's, "The Design of Experiments" (1935), section 21.
/// </summary>
public static class FallTest
{
    /// <summary>A curve whose probability is no larger is not reproduced.</summary>
    public const double Significance = 0.05;

    /// <summary>Lengths within this factor of each other are taken as the same.</summary>
    public const double LargestFactor = 1.5;

    /// <summary>Our runs below which a length does not count.</summary>
    public const int LeastRuns = 5;

    /// <summary>Lengths below which a curve is not judged.</summary>
    public const int LeastLengths = 3;

    // Sums of the same numbers in another order may differ by rounding; such ties count.
    private const double Slack = 1e-9;

    /// <summary>The length at which success falls; the shortest length when nothing succeeds.
    /// </summary>
    /// <param name="points">2 or more lengths and success rates (0 to 1), lengths growing.
    /// </param>
    /// <exception cref="ArgumentException">There are too few, or they are out of range or order.
    /// </exception>
    public static double FallLength(IReadOnlyList<(double Length, double Rate)> points)
    {
        foreach ((double length, double rate) in points)
        {
            if (rate is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"The success rate at T = {Say(length)} is {Say(rate)}; it lies in [0, 1].");
            }
        }
        double[] weights = Weights([.. points.Select(point => point.Length)]);
        double area = weights.Zip(points, (weight, point) => weight * point.Rate).Sum();
        return points[0].Length * Elementary.Exp(area);
    }

    /// <summary>
    /// Two-sided probability, when the paper's runs and ours succeed equally often at each length,
    /// of areas that differ by as much as they do: exact over all ways to deal the successes at
    /// each length to the paper's runs and to ours.
    /// </summary>
    /// <param name="points">2 or more, lengths growing, each with a run of ours.</param>
    /// <exception cref="ArgumentException">There are too few, or they are out of range or order.
    /// </exception>
    public static double TwoSided(IReadOnlyList<FallPoint> points)
    {
        double[] weights = Weights([.. points.Select(point => point.Length)]);
        double seen = Math.Abs(Difference(points, weights)) - Slack;
        // All relabellings of one half of the lengths against those of the other half: the
        // square root of the work of listing them together, and as exact.
        int half = points.Count / 2;
        List<(double Value, double Probability)> first = Relabellings(points, weights, 0, half);
        (double Value, double Probability)[] second =
            [.. Relabellings(points, weights, half, points.Count).OrderBy(r => r.Value)];
        double[] below = new double[second.Length + 1];
        for (int i = 0; i < second.Length; i++)
        {
            below[i + 1] = below[i] + second[i].Probability;
        }
        double p = 0;
        foreach ((double value, double probability) in first)
        {
            double above = below[^1] - below[Count(second, v => v < seen - value)];
            double under = below[Count(second, v => v <= -seen - value)];
            p += probability * (seen <= 0 ? below[^1] : above + under);
        }
        return Math.Min(1, p);
    }

    /// <summary>
    /// Judges a curve. Lengths with fewer than <see cref="LeastRuns"/> of our runs do not count;
    /// with fewer than <see cref="LeastLengths"/> that do, or without one of those at which some
    /// but not all of the paper's runs succeed, it is not run. A probability of
    /// <see cref="Significance"/> or less is not reproduced; a larger one with lengths of the fall
    /// within <see cref="LargestFactor"/> of each other is reproduced, without that it is
    /// undecided, and the reason says how many of our runs a length would decide.
    /// </summary>
    /// <param name="points">Lengths growing.</param>
    /// <returns>With our length of the fall and the number of our runs that count.</returns>
    /// <exception cref="ArgumentException">A count is out of range, or the lengths out of order.
    /// </exception>
    public static Judgement Judge(IReadOnlyList<FallPoint> points)
    {
        foreach (FallPoint point in points)
        {
            Check(point);
        }
        FallPoint[] counted = [.. points.Where(point => point.Runs >= LeastRuns)];
        int runs = counted.Sum(point => point.Runs);
        FallPoint? missing = points.FirstOrDefault(point =>
            point.Runs < LeastRuns && point.PaperSuccesses > 0
            && point.PaperSuccesses < point.PaperRuns);
        if (missing is not null || counted.Length < LeastLengths)
        {
            string lack = missing is not null && counted.Length >= LeastLengths
                ? $"T = {Say(missing.Length)}, where the paper's rate is neither 0 nor 1, has not"
                : $"at least {LeastLengths} are needed";
            return new Judgement(Verdict.NotRun, null, null, runs,
                $"Not judged: {counted.Length} of {points.Count} lengths have {LeastRuns} of our "
                + $"runs or more, and {lack}.");
        }
        double p = TwoSided(counted);
        double paper = FallLength([.. counted.Select(c => (c.Length, c.PaperRate))]);
        double ours = FallLength([.. counted.Select(c => (c.Length, c.Rate))]);
        double factor = Math.Max(ours / paper, paper / ours);
        Verdict verdict = p <= Significance + Slack ? Verdict.NotReproduced
            : factor <= LargestFactor + Slack ? Verdict.Reproduced
            : Verdict.Undecided;
        return new Judgement(verdict, ours, null, runs,
            $"Success falls {Where(ours, counted, c => c.Rate)} in our runs and "
            + $"{Where(paper, counted, c => c.PaperRate)} in the paper's: a factor of "
            + $"{Say(factor)}. Over {counted.Length} lengths and {runs} runs of ours p = "
            + $"{Words.Number(p, 2)}."
            + (verdict == Verdict.Undecided
                ? $" Cannot decide: the lengths lie further apart than a factor of {LargestFactor}"
                    + ", and the runs are too few to tell them apart. " + WhatDecides(counted)
                : ""));
    }

    /// <summary>With how many of our runs a length the same rates would be told from the paper's.
    /// Its own runs stay as few as they are, so that there may be no such number.</summary>
    private static string WhatDecides(FallPoint[] counted)
    {
        const int Most = 40;
        for (int runs = LeastRuns + 1; runs <= Most; runs++)
        {
            FallPoint[] more =
            [
                .. counted.Select(point => point with
                {
                    Successes = (int)Math.Round(point.Rate * runs),
                    Runs = runs,
                }),
            ];
            if (counted.Max(point => point.Runs) < runs && TwoSided(more) <= Significance + Slack)
            {
                return $"With the same rates {runs} of our runs a length would.";
            }
        }
        return $"With the same rates not even {Most} of our runs a length would: the paper's "
            + $"{counted.Max(point => point.PaperRuns)} set the limit.";
    }

    private static string Where(
        double fall, IReadOnlyList<FallPoint> points, Func<FallPoint, double> rate) =>
        points.All(point => rate(point) == 1) ? $"nowhere up to T = {Say(points[^1].Length)}"
        : points.All(point => rate(point) == 0) ? $"below T = {Say(points[0].Length)}"
        : rate(points[^1]) > 0 ? $"beyond T = {Say(fall)}"
        : $"at T = {Say(fall)}";

    private static double Difference(IReadOnlyList<FallPoint> points, double[] weights) =>
        weights.Zip(points, (weight, point) => weight * (point.Rate - point.PaperRate)).Sum();

    private static double[] Weights(double[] lengths)
    {
        if (lengths.Length < 2)
        {
            throw new ArgumentException(
                $"An area needs at least two lengths, but there are {lengths.Length}.");
        }
        for (int i = 0; i < lengths.Length; i++)
        {
            double least = i == 0 ? 0 : lengths[i - 1];
            if (!double.IsFinite(lengths[i]) || lengths[i] <= least)
            {
                throw new ArgumentException(
                    $"The length {Say(lengths[i])} follows {Say(least)}; give finite lengths "
                    + "above 0 in growing order.");
            }
        }
        double[] logs = [.. lengths.Select(Elementary.Log)];
        return
        [
            .. logs.Select((_, i) =>
                (logs[Math.Min(i + 1, logs.Length - 1)] - logs[Math.Max(i - 1, 0)]) / 2),
        ];
    }

    /// <summary>Differences of areas over some of the lengths, each with its probability.
    /// </summary>
    private static List<(double Value, double Probability)> Relabellings(
        IReadOnlyList<FallPoint> points, double[] weights, int from, int to)
    {
        List<(double Value, double Probability)> all = [(0, 1)];
        for (int i = from; i < to; i++)
        {
            FallPoint point = points[i];
            Check(point);
            List<(double Value, double Probability)> own = [];
            int successes = point.PaperSuccesses + point.Successes;
            int least = Math.Max(0, successes - point.Runs);
            double total = Ways(point.PaperRuns + point.Runs, successes);
            for (int k = least; k <= Math.Min(successes, point.PaperRuns); k++)
            {
                double difference =
                    ((double)(successes - k) / point.Runs) - ((double)k / point.PaperRuns);
                double ways = Ways(point.PaperRuns, k) * Ways(point.Runs, successes - k);
                own.Add((weights[i] * difference, ways / total));
            }
            all =
            [
                .. from a in all
                   from b in own
                   select (a.Value + b.Value, a.Probability * b.Probability),
            ];
        }
        return all;
    }

    /// <summary>How many of the sorted values are small enough.</summary>
    private static int Count((double Value, double Probability)[] sorted, Func<double, bool> isLow)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = isLow(sorted[middle].Value) ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static double Ways(int n, int k)
    {
        double ways = 1;
        for (int i = 1; i <= k; i++)
        {
            ways = ways * (n - k + i) / i;
        }
        return ways;
    }

    private static void Check(FallPoint point)
    {
        if (point.PaperRuns < 1 || point.Runs < 0
            || point.PaperSuccesses < 0 || point.PaperSuccesses > point.PaperRuns
            || point.Successes < 0 || point.Successes > point.Runs)
        {
            throw new ArgumentException(
                $"At T = {Say(point.Length)} there are {point.PaperSuccesses} successes of "
                + $"{point.PaperRuns} runs of the paper and {point.Successes} of {point.Runs} of "
                + "ours; successes lie between 0 and the runs, and the paper has a run.");
        }
    }

    private static string Say(double value) => Words.Number(value, 3);
}
