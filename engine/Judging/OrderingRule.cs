using Repro.Engine.Statistics;

namespace Repro.Engine.Judging;

/// <summary>A claim that one series is better than another, tested on its own.</summary>
/// <param name="Id">Name within the item.</param>
/// <param name="Better">Series that the paper finds better.</param>
/// <param name="Worse">Series that the paper finds worse.</param>
/// <param name="X">Abscissa of the claim, as in the targets.</param>
/// <param name="Metric">Metric of the claim, as in the targets.</param>
/// <param name="HigherIsBetter">Direction of the metric.</param>
/// <param name="Confidence">Of the one-sided test, between 0 and 1.</param>
/// <param name="Text">The claim in words.</param>
public sealed record OrderingRule(
    string Id,
    string Better,
    string Worse,
    string X,
    string Metric,
    bool HigherIsBetter,
    double Confidence,
    string Text)
{
    /// <summary>
    /// Tests the claim by <see cref="PermutationTest.TwoSamples"/>. Significantly better is
    /// reproduced. Significantly worse, or worse on average with enough seeds, is not reproduced.
    /// Anything else is undecided, and the reason says how many seeds would decide. It also says
    /// the smallest probability that so many seeds can give. A run without a finite value counts
    /// as <see cref="LostRuns"/> says.
    /// </summary>
    /// <param name="better">Values of the series <see cref="Better"/>, one a seed.</param>
    /// <param name="worse">Values of the series <see cref="Worse"/>, one a seed.</param>
    /// <param name="minSeeds">Seeds of each series from which a reversed average decides.</param>
    public Judgement Judge(
        IReadOnlyList<double> better, IReadOnlyList<double> worse, int minSeeds)
    {
        int n = Math.Min(better.Count, worse.Count);
        if (n == 0)
        {
            return new Judgement(Verdict.NotRun, null, null, 0,
                $"Of {(better.Count == 0 ? Better : Worse)} not all runs are there at this scale.");
        }
        if (LostRuns.Worst(better, worse, HigherIsBetter) is not { } worst)
        {
            return new Judgement(Verdict.Undecided, null, null, n,
                "Cannot decide: no run of either ended with a finite value.");
        }
        double sign = HigherIsBetter ? 1 : -1;
        double[] up = [.. LostRuns.CountAs(worst, better).Select(v => sign * v)];
        double[] down = [.. LostRuns.CountAs(worst, worse).Select(v => sign * v)];
        double difference = Sample.Mean(up) - Sample.Mean(down);
        double pBetter = PermutationTest.TwoSamples(up, down);
        double pWorse = PermutationTest.TwoSamples(down, up);
        // 1 - 0.95 is a little more than 0.05 and 1 - 0.9 a little less than 0.1.
        double limit = 1 - Confidence + 1e-12;
        Verdict verdict = pBetter <= limit ? Verdict.Reproduced
            : pWorse <= limit || (n >= minSeeds && difference < 0) ? Verdict.NotReproduced
            : Verdict.Undecided;
        double least = PermutationTest.LeastOfTwoSamples(better.Count, worse.Count);
        int lost = better.Concat(worse).Count(value => !double.IsFinite(value));
        string reason =
            $"{Compared(sign * difference, StandardError(up, down), lost)} One-sided "
            + $"p = {Words.Number(pBetter, 2)}, and {Words.Number(pWorse, 2)} for the reverse. "
            + $"{better.Count} against {worse.Count} seeds cannot go below "
            + $"p = {Words.Number(least, 2)}.{Lost(lost)}";
        return new Judgement(verdict, sign * difference, null, n,
            verdict == Verdict.Undecided
                ? $"{reason} {WhatDecides(up, down, limit, minSeeds)}"
                : reason);
    }

    private static string Lost(int lost) => lost switch
    {
        0 => "",
        1 => " One run ended without a finite value and counts as the worst of either.",
        int runs => $" {runs} runs ended without a finite value and count as the worst of either.",
    };

    // The difference of the means, to the digit that its standard error leaves meaningful.
    private string Compared(double difference, double standardError, int lost)
    {
        if (difference == 0)
        {
            // Not the runs are equal then, but the values that they count as.
            string counted = lost == 0 ? "" : " once lost runs are counted";
            return $"On average {Better} and {Worse} are equal{counted}.";
        }
        string by = Words.Measured(Math.Abs(difference), standardError);
        return $"On average {Better} is {by} {(difference > 0 ? "above" : "below")} {Worse}.";
    }

    private static double StandardError(double[] up, double[] down) =>
        up.Length < 2 || down.Length < 2
            ? double.NaN
            : Math.Sqrt((Sample.Variance(up) / up.Length) + (Sample.Variance(down) / down.Length));

    private static string WhatDecides(double[] up, double[] down, double limit, int minSeeds)
    {
        int least = Math.Max(SeedsNeeded.ToReach(limit), minSeeds);
        int n = Math.Min(up.Length, down.Length);
        if (n < least)
        {
            return $"Cannot decide: {least} seeds of each are the fewest that can.";
        }
        return SeedsNeeded.ForDifference(up, down, limit) is { } seeds
            ? $"Cannot decide: about {Math.Max(seeds, n + 1)} seeds of each would, if "
                + "difference and spread stayed as they are."
            : "Cannot decide: the difference is so small beside the spread that "
                + $"{Words.Number(SeedsNeeded.Most)} seeds of each would not.";
    }
}
