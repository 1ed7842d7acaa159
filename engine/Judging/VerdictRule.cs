using System.Globalization;
using Repro.Engine.Numerics;
using Repro.Engine.Statistics;

namespace Repro.Engine.Judging;

/// <summary>How a cell is judged.</summary>
public enum RuleKind
{
    /// <summary>The paper's value against the interval for one more run of ours.</summary>
    Prediction,

    /// <summary>The paper's value against the interval of our mean.</summary>
    Mean,

    /// <summary>The paper's value against ours, both computed without chance.</summary>
    Exact,

    /// <summary>The paper's success rate against the Wilson interval of ours.</summary>
    Wilson,
}

/// <summary>The rules' words in protocols.</summary>
public static class RuleKinds
{
    /// <summary><c>prediction</c>, <c>mean</c>, <c>exact</c> or <c>wilson</c>.</summary>
    public static string Word(this RuleKind kind) => kind switch
    {
        RuleKind.Prediction => "prediction",
        RuleKind.Mean => "mean",
        RuleKind.Exact => "exact",
        RuleKind.Wilson => "wilson",
        _ => throw Unknown.Member(kind),
    };
}

/// <summary>A cell's verdict and what it rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Ours">Mean, or success rate, of the finite values; null without any.</param>
/// <param name="Interval">The rule's own interval before any margin; null without any.</param>
/// <param name="N">Runs counted.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record Judgement(
    Verdict Verdict, double? Ours, Interval? Interval, int N, string Reason)
{
    /// <summary>What the published value, with its tolerance, had to meet: the interval widened
    /// by the margin. Null where nothing was compared or it cannot be decided.</summary>
    public Interval? Judged { get; init; }

    /// <summary>The rule's words for <see cref="Interval"/>; empty without one.</summary>
    public string IntervalKind { get; init; } = "";

    /// <summary>What another judgement of the item rests on the same runs, so that this one is no
    /// evidence of its own; null for a judgement that counts.</summary>
    public string? SameAs { get; init; }

    /// <summary>The judgement in the words of theory.</summary>
    public Judgement InTheory() => this with { Verdict = Verdict.OfTheory() };

    /// <summary>The judgement with the number of runs behind a single value.</summary>
    public Judgement OverRuns(int n) => this with { N = n };

    /// <summary>The judgement when its runs are those of another one as well.</summary>
    /// <param name="other">What the other is of.</param>
    public Judgement RestingOn(string other) => this with
    {
        SameAs = other,
        Reason = $"The same runs as {other}, with the same weights at the end: no evidence of its "
            + $"own, and counted once. {Reason}",
    };
}

/// <summary>A rule stated in a protocol before its runs. The unit of every rule is the seed.
/// </summary>
/// <param name="Kind">Which interval is compared.</param>
/// <param name="Confidence">Of the interval, between 0 and 1; unused by the exact rule.</param>
/// <param name="Margin">0 or more, in the metric's unit: a difference that would not matter.
/// </param>
/// <param name="MaxHalfWidth">Above it the interval is too wide to decide; null for no limit.
/// </param>
/// <param name="MinSeeds">Below it there are too few runs to decide; 1 or more.</param>
/// <param name="Text">The rule in words.</param>
public sealed record VerdictRule(
    RuleKind Kind,
    double Confidence,
    double Margin,
    double? MaxHalfWidth,
    int MinSeeds,
    string Text)
{
    /// <summary>As <see cref="MaxHalfWidth"/>, but a share of the published value; null for no
    /// limit.</summary>
    public double? MaxRelativeHalfWidth { get; init; }

    /// <summary>Runs whose mean the paper prints, for the prediction rule; 1 or more.</summary>
    public int PaperRuns { get; init; } = 1;

    /// <summary>
    /// Judges the cell of a paper's value. Without runs it is not run. Runs without a finite value
    /// cannot support it: all of them, where they are enough, means not reproduced, some means that
    /// it cannot be decided. Otherwise too few runs or too wide an interval means undecided, and
    /// the reason says how many seeds would decide. Then the paper's value with its tolerance must
    /// overlap the interval widened by the margin. For the exact rule each value must lie within
    /// the margin and the tolerance of the paper's.
    /// </summary>
    /// <param name="paper">The published value.</param>
    /// <param name="tolerance">How exactly it can be read, 0 or more; null is 0.</param>
    /// <param name="values">One a seed; for the Wilson rule 1 for success and 0 for failure, the
    /// paper's value being a fraction.</param>
    /// <exception cref="ArgumentException">A value of the Wilson rule is neither 0 nor 1.
    /// </exception>
    public Judgement Judge(double paper, double? tolerance, IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return new Judgement(Verdict.NotRun, null, null, 0, "No run was made at this scale.");
        }
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            const string None = "No run ended with a finite value";
            return values.Count < MinSeeds
                ? new Judgement(Verdict.Undecided, null, null, values.Count,
                    $"{None}; cannot decide: {values.Count} of the {MinSeeds} seeds that the rule "
                    + "needs.")
                : new Judgement(Verdict.NotReproduced, null, null, values.Count, $"{None}.");
        }
        Interval ours = IntervalOf(finite);
        Interval compared = Kind == RuleKind.Exact
            ? new Interval(ours.Estimate, ours.High - Margin, ours.Low + Margin)
            : ours.Widened(Margin);
        Judgement Because(Verdict verdict, string reason) =>
            new(verdict, ours.Estimate, Kind == RuleKind.Exact ? null : ours, values.Count, reason)
            {
                IntervalKind = Kind == RuleKind.Exact ? "" : IntervalKind,
                Judged = verdict == Verdict.Undecided ? null : compared,
            };
        if (finite.Length < values.Count)
        {
            return Because(Verdict.Undecided,
                $"Cannot decide: {values.Count - finite.Length} of {values.Count} runs ended "
                + "without a finite value.");
        }
        if (values.Count < MinSeeds)
        {
            return Because(Verdict.Undecided,
                $"Cannot decide: {values.Count} of the {MinSeeds} seeds that the rule needs.");
        }
        if (Kind != RuleKind.Exact && ours.HalfWidth > MaxHalfWidth)
        {
            return Because(Verdict.Undecided,
                $"Cannot decide: the interval reaches {Reach(ours, MaxHalfWidth.Value)} to each "
                + $"side, more than the {Say(MaxHalfWidth.Value)} that the rule allows. "
                + WhatDecides(finite, MaxHalfWidth.Value));
        }
        if (Kind != RuleKind.Exact && MaxRelativeHalfWidth is { } share
            && ours.HalfWidth > share * Math.Abs(paper))
        {
            return Because(Verdict.Undecided,
                $"Cannot decide: the interval reaches {Reach(ours, share * Math.Abs(paper))} to "
                + $"each side, more than the {Say(100 * share)} % of the paper's {Say(paper)} "
                + "that the rule allows. "
                + WhatDecides(finite, share * Math.Abs(paper)));
        }
        double reach = tolerance ?? 0;
        string printed = reach > 0 ? $"{Say(paper)} ± {Say(reach)}" : Say(paper);
        if (Kind == RuleKind.Exact)
        {
            bool isNear = Array.TrueForAll(finite, v => Math.Abs(v - paper) <= Margin + reach);
            return Because(isNear ? Verdict.Reproduced : Verdict.NotReproduced,
                $"Expected {printed}, found {Say(ours.Estimate)}.");
        }
        bool overlaps = ours.Widened(Margin)
            .Overlaps(new Interval(paper, paper - reach, paper + reach));
        string widened = Margin > 0 ? $", widened by {Say(Margin)}" : "";
        string low = Words.Measured(ours.Low, ours.HalfWidth);
        string high = Words.Measured(ours.High, ours.HalfWidth);
        return Because(overlaps ? Verdict.Reproduced : Verdict.NotReproduced,
            $"The paper's {printed} lies {(overlaps ? "within" : "outside")} our "
            + $"[{low}, {high}]{widened}.");
    }

    /// <summary>What <see cref="IntervalOf"/> gives, in the words of files and pages.</summary>
    public string IntervalKind
    {
        get
        {
            string level =
                $"({(100 * Confidence).ToString("0.###", CultureInfo.InvariantCulture)} %)";
            return Kind switch
            {
                RuleKind.Prediction when PaperRuns > 1 => $"mean of {PaperRuns} more runs {level}",
                RuleKind.Prediction => $"one more run {level}",
                RuleKind.Mean => $"mean {level}",
                RuleKind.Exact => "smallest to largest",
                RuleKind.Wilson => $"Wilson {level}",
                _ => throw Unknown.Member(Kind),
            };
        }
    }

    private string WhatDecides(double[] values, double halfWidth)
    {
        if (values.Length == 1 && Kind != RuleKind.Wilson)
        {
            return "A single seed has no spread; 2 are the fewest that have one.";
        }
        int? seeds = Kind switch
        {
            RuleKind.Prediction =>
                SeedsNeeded.ForHalfWidth(values, Confidence, halfWidth, PaperRuns),
            RuleKind.Mean => SeedsNeeded.ForHalfWidth(values, Confidence, halfWidth, null),
            RuleKind.Wilson => SeedsNeeded.ForWilson(Sample.Mean(values), Confidence, halfWidth),
            _ => throw Unknown.Member(Kind),
        };
        return seeds is { } n
            ? $"With the same spread {n} seeds would decide."
            : $"With the same spread not even {Say(SeedsNeeded.Most)} seeds would: runs differ "
                + "too much.";
    }

    /// <summary>The rule's interval of values made at another scale, which has no verdict.
    /// </summary>
    /// <param name="values">1 or more finite values, one a seed.</param>
    public Interval IntervalOf(IReadOnlyList<double> values) => Kind switch
    {
        RuleKind.Prediction => Intervals.PredictionInterval(values, Confidence, PaperRuns),
        RuleKind.Mean => Intervals.TInterval(values, Confidence),
        RuleKind.Exact => new Interval(Sample.Mean(values), values.Min(), values.Max()),
        RuleKind.Wilson => Intervals.Wilson(Successes(values), values.Count, Confidence),
        _ => throw Unknown.Member(Kind),
    };

    private static int Successes(IReadOnlyList<double> values)
    {
        foreach (double value in values)
        {
            if (value is not (0 or 1))
            {
                throw new ArgumentException(
                    $"the Wilson rule counts successes, 1 or 0 a seed, but was given {value}; "
                    + "give one success a seed or choose another rule");
            }
        }
        return values.Count(value => value == 1);
    }

    // The half-width with the fewest digits, three or more, that tell it from the limit.
    private static string Reach(Interval interval, double limit)
    {
        int digits = 3;
        while (digits < 6
            && Words.Number(interval.HalfWidth, digits) == Words.Number(limit, digits))
        {
            digits++;
        }
        return Words.Number(interval.HalfWidth, digits);
    }

    private static string Say(double value) => Words.Number(value);
}
