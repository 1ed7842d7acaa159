using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Statistics;

namespace Repro.Engine.Tests.Judging;

public class VerdictTests
{
    // Mean 3, half-width 1.963 of the mean and 4.809 of the next run, at 95 %.
    private static readonly double[] Five = [1, 2, 3, 4, 5];

    [TestCase(7.8, 0, Verdict.Reproduced)]
    [TestCase(7.9, 0, Verdict.NotReproduced)]
    [TestCase(7.9, 0.1, Verdict.Reproduced, Description = "within the margin")]
    [TestCase(-1.9, 0, Verdict.NotReproduced)]
    public void Prediction_compares_with_the_next_run(double paper, double margin, Verdict expected)
    {
        Judgement judgement = Rule(RuleKind.Prediction, margin).Judge(paper, null, Five);
        Assert.That(judgement.Verdict, Is.EqualTo(expected), judgement.Reason);
        Assert.That((judgement.Ours, judgement.N), Is.EqualTo((3.0, 5)));
        Assert.That(judgement.Interval!.Value.HalfWidth, Is.EqualTo(4.809).Within(1e-3));
    }

    [Test]
    public void The_papers_tolerance_widens_its_value()
    {
        VerdictRule rule = Rule(RuleKind.Prediction, 0);
        Assert.That(rule.Judge(8, 0.1, Five).Verdict, Is.EqualTo(Verdict.NotReproduced));
        Assert.That(rule.Judge(8, 0.2, Five).Verdict, Is.EqualTo(Verdict.Reproduced));
    }

    [TestCase(4.9, 0, Verdict.Reproduced)]
    [TestCase(5.0, 0, Verdict.NotReproduced)]
    [TestCase(5.0, 0.1, Verdict.Reproduced)]
    public void Mean_compares_with_the_interval_of_the_mean(
        double paper, double margin, Verdict expected)
    {
        Assert.That(
            Rule(RuleKind.Mean, margin).Judge(paper, null, Five).Verdict, Is.EqualTo(expected));
    }

    [TestCase(0.5, 1e-6, null, Verdict.Reproduced)]
    [TestCase(0.500002, 1e-6, null, Verdict.NotReproduced)]
    [TestCase(0.500002, 1e-6, 2e-6, Verdict.Reproduced)]
    public void Exact_allows_the_margin_and_the_tolerance(
        double paper, double margin, double? tolerance, Verdict expected)
    {
        VerdictRule rule = new(RuleKind.Exact, 0.95, margin, null, 1, "");
        Judgement judgement = rule.Judge(paper, tolerance, [0.5]);
        Assert.That(judgement.Verdict, Is.EqualTo(expected));
        Assert.That(judgement.Interval, Is.Null);
    }

    [TestCase(1.0, 5, Verdict.Reproduced)]
    [TestCase(0.2, 5, Verdict.NotReproduced)]
    [TestCase(0.2, 0, Verdict.Reproduced)]
    [TestCase(0.6, 0, Verdict.NotReproduced)]
    public void Wilson_compares_a_rate_with_successes_of_five(
        double paper, int successes, Verdict expected)
    {
        double[] seeds = [.. Enumerable.Range(0, 5).Select(i => i < successes ? 1.0 : 0)];
        Assert.That(
            Rule(RuleKind.Wilson, 0).Judge(paper, null, seeds).Verdict, Is.EqualTo(expected));
    }

    [Test]
    public void Wilson_refuses_what_is_no_success_count()
    {
        Assert.That(
            () => Rule(RuleKind.Wilson, 0).Judge(1, null, [1, 0, 0.5]),
            Throws.ArgumentException.With.Message.Contains("0.5"));
    }

    [Test]
    public void Too_few_seeds_or_too_wide_an_interval_cannot_decide()
    {
        Judgement few = Rule(RuleKind.Prediction, 0).Judge(1, null, [1, 1]);
        Assert.That(few.Verdict, Is.EqualTo(Verdict.Undecided));
        Assert.That(few.Reason, Does.Contain("2 of the 3 seeds"));
        VerdictRule narrow = Rule(RuleKind.Prediction, 0) with { MaxHalfWidth = 4.8 };
        Judgement wide = narrow.Judge(3, null, Five);
        Assert.That(wide.Verdict, Is.EqualTo(Verdict.Undecided));
        Assert.That(
            wide.Reason,
            Does.Contain("reaches 4.81 to each").And.Contain("4.8 that the rule allows"));
        Assert.That(wide.Reason, Does.Contain("With the same spread 6 seeds would decide"));
        VerdictRule never = Rule(RuleKind.Prediction, 0) with { MaxHalfWidth = 3 };
        Assert.That(never.Judge(3, null, Five).Reason, Does.Contain("not even 1,000 seeds would"));
        VerdictRule close = Rule(RuleKind.Prediction, 0) with { MaxHalfWidth = 4.808 };
        Assert.That(close.Judge(3, null, Five).Reason, Does.Contain("reaches 4.809 to each"),
            "never the limit's own digits");
        VerdictRule single = new(RuleKind.Mean, 0.95, 0, 1, 1, "");
        Assert.That(single.Judge(3, null, [3]).Reason, Does.Contain("2 are the fewest"));
        Assert.That(
            (narrow with { MaxHalfWidth = 4.9 }).Judge(3, null, Five).Verdict,
            Is.EqualTo(Verdict.Reproduced));
    }

    [Test]
    public void A_published_mean_is_compared_with_the_mean_of_as_many_more_runs()
    {
        // t(0.975; 4) √(2.5 (1/5 + 1/5)) = 2.776445 · 1.
        VerdictRule ofFive = Rule(RuleKind.Prediction, 0) with { PaperRuns = 5 };
        Assert.That(ofFive.IntervalOf(Five).HalfWidth, Is.EqualTo(2.776445).Within(1e-5));
        Assert.That(ofFive.Judge(5.7, null, Five).Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(ofFive.Judge(5.8, null, Five).Verdict, Is.EqualTo(Verdict.NotReproduced));
        Assert.That(
            Rule(RuleKind.Prediction, 0).Judge(5.8, null, Five).Verdict,
            Is.EqualTo(Verdict.Reproduced), "within the wider interval of one more run");
    }

    [TestCase(3.0, 0.9, Verdict.Undecided)]
    [TestCase(3.0, 0.93, Verdict.Reproduced)]
    [TestCase(-3.0, 0.93, Verdict.NotReproduced, Description = "the share of its size")]
    [TestCase(30.0, 0.1, Verdict.NotReproduced)]
    public void An_interval_may_be_too_wide_for_the_published_value(
        double paper, double share, Verdict expected)
    {
        VerdictRule rule = Rule(RuleKind.Prediction, 0) with
        {
            PaperRuns = 5,
            MaxRelativeHalfWidth = share,
        };
        Judgement judgement = rule.Judge(paper, null, Five);
        Assert.That(judgement.Verdict, Is.EqualTo(expected), judgement.Reason);
        Assert.That(judgement.Reason.Contains("90 % of the paper's 3", StringComparison.Ordinal),
            Is.EqualTo(expected == Verdict.Undecided));
    }

    [Test]
    public void An_interval_exactly_as_wide_as_the_rule_allows_decides()
    {
        VerdictRule rule = Rule(RuleKind.Prediction, 0);
        double halfWidth = rule.IntervalOf(Five).HalfWidth;
        VerdictRule absolute = rule with { MaxHalfWidth = halfWidth };
        VerdictRule relative = rule with { MaxRelativeHalfWidth = 1 };
        foreach (VerdictRule limited in new[] { absolute, relative })
        {
            Judgement judgement = limited.Judge(halfWidth, null, Five);
            Assert.That(
                judgement.Verdict, Is.EqualTo(Verdict.Reproduced), judgement.Reason);
        }
        double wider = Math.BitIncrement(halfWidth);
        double narrower = Math.BitDecrement(halfWidth);
        Assert.That(
            (rule with { MaxHalfWidth = narrower }).Judge(wider, null, Five).Verdict,
            Is.EqualTo(Verdict.Undecided));
        Assert.That(relative.Judge(narrower, null, Five).Verdict, Is.EqualTo(Verdict.Undecided));
    }

    [Test]
    public void Runs_that_diverged_never_count_for_the_paper()
    {
        VerdictRule rule = Rule(RuleKind.Prediction, 1);
        double nan = double.NaN;
        Assert.That(rule.Judge(3, null, []).Verdict, Is.EqualTo(Verdict.NotRun));
        Judgement all = rule.Judge(3, null, [nan, nan, 1 / 0.0]);
        Assert.That((all.Verdict, all.Ours), Is.EqualTo((Verdict.NotReproduced, (double?)null)));
        Judgement few = rule.Judge(3, null, [nan, nan]);
        Assert.That(few.Verdict, Is.EqualTo(Verdict.Undecided), "too few to say so");
        Assert.That(few.Reason, Does.Contain("2 of the 3 seeds"));
        Judgement some = rule.Judge(3, null, [.. Five, nan]);
        Assert.That(some.Verdict, Is.EqualTo(Verdict.Undecided));
        Assert.That(some.Reason, Does.Contain("1 of 6 runs"));
    }

    [TestCase(new[] { 9.0, 8, 7 }, new[] { 1.0, 2, 3 }, Verdict.Reproduced)]
    [TestCase(new[] { 9.0, 2, 7 }, new[] { 1.0, 2.5, 3 }, Verdict.Undecided)]
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 9.0, 8, 7 }, Verdict.NotReproduced)]
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 1.5, 2, 3 }, Verdict.NotReproduced)]
    [TestCase(new[] { 1.0, 2 }, new[] { 1.5, 2 }, Verdict.Undecided)]
    [TestCase(new[] { 1.0, 2, 3 }, new[] { 3.0, 2, 1 }, Verdict.Undecided)]
    [TestCase(new double[0], new[] { 3.0, 2, 1 }, Verdict.NotRun)]
    public void An_ordering_is_a_test_of_its_own_in_either_direction(
        double[] better, double[] worse, Verdict expected)
    {
        Judgement higher = Ordering(higherIsBetter: true).Judge(better, worse, minSeeds: 3);
        Assert.That(higher.Verdict, Is.EqualTo(expected), higher.Reason);
        Judgement lower = Ordering(higherIsBetter: false)
            .Judge(Negated(better), Negated(worse), minSeeds: 3);
        Assert.That(lower.Verdict, Is.EqualTo(expected), lower.Reason);
        Assert.That(lower.Ours, Is.EqualTo(-higher.Ours));
    }

    [TestCase(3, 3, "cannot go below p = 0.05", Description = "1 of 20 relabellings")]
    [TestCase(3, 2, "cannot go below p = 0.1", Description = "1 of 10")]
    [TestCase(5, 5, "cannot go below p = 0.004", Description = "1 of 252")]
    public void An_ordering_says_how_small_its_probability_can_be(int up, int down, string said)
    {
        double[] better = [.. Enumerable.Range(0, up).Select(i => 10.0 + i)];
        double[] worse = [.. Enumerable.Range(0, down).Select(i => 1.0 + i)];
        Judgement judgement = Ordering(higherIsBetter: true).Judge(better, worse, minSeeds: 3);
        Assert.That(judgement.Reason, Does.Contain(said));
        Assert.That(PermutationTest.TwoSamples(better, worse),
            Is.EqualTo(PermutationTest.LeastOfTwoSamples(up, down)).Within(1e-12),
            "the most extreme samples have the least probability");
    }

    [Test]
    public void An_ordering_says_its_difference_to_the_digit_that_the_spread_leaves_meaningful()
    {
        OrderingRule rule = Ordering(higherIsBetter: true);
        // Variances 1,000,000 and 250,000 over three seeds each: a standard error of 645.5.
        string reason = rule.Judge([1000, 2000.5, 3000], [5000, 5500.25, 6000], 3).Reason;
        Assert.That(reason, Does.StartWith("On average A is 3,500 below B. "));
        // Variances 0.01 and 0.01: a standard error of 0.082.
        reason = rule.Judge([3.1, 3.2, 3.3], [1.1234, 1.2234, 1.3234], 3).Reason;
        Assert.That(reason, Does.StartWith("On average A is 1.977 above B. "));
        Assert.That(
            rule.Judge([1, 2, 3], [3, 2, 1], 3).Reason,
            Does.StartWith("On average A and B are equal. "));
    }

    [Test]
    public void A_lone_run_and_one_that_diverged_are_equal_only_as_they_are_counted()
    {
        Judgement judged = Ordering(higherIsBetter: true).Judge([double.NaN], [91.6], 3);
        Assert.That(judged.Verdict, Is.EqualTo(Verdict.Undecided));
        Assert.That(judged.Reason, Does.StartWith(
            "On average A and B are equal once lost runs are counted. "));
        Assert.That(judged.Reason, Does.Contain(
            "One run ended without a finite value and counts as the worst of either."));
    }

    [Test]
    public void An_undecided_ordering_says_how_many_seeds_would_decide()
    {
        OrderingRule rule = Ordering(higherIsBetter: true);
        Judgement few = rule.Judge([5, 6, 7], [1, 2], minSeeds: 3);
        Assert.That(few.Verdict, Is.EqualTo(Verdict.Undecided), "whatever the values");
        Assert.That(few.Reason, Does.Contain("3 seeds of each are the fewest that can"));
        // A difference of 1 beside standard deviations of 1: t(2n − 2) √(2/n) falls below 1 at
        // n = 7 (1.7823 √(2/7) = 0.953; at n = 6 it is 1.8125 √(2/6) = 1.046).
        Judgement wide = rule.Judge([2, 3, 4], [1, 2, 3], minSeeds: 3);
        Assert.That(wide.Verdict, Is.EqualTo(Verdict.Undecided));
        Assert.That(wide.Reason, Does.Contain("about 7 seeds of each would"));
        Judgement same = rule.Judge([1, 2, 3], [3, 2, 1], minSeeds: 3);
        Assert.That(same.Reason, Does.Contain("1,000 seeds of each would not"));
    }

    [Test]
    public void Theory_is_consistent_or_not_and_never_reproduced()
    {
        Assert.That(Verdict.Reproduced.OfTheory(), Is.EqualTo(Verdict.Consistent));
        Assert.That(Verdict.NotReproduced.OfTheory(), Is.EqualTo(Verdict.Inconsistent));
        Assert.That(Verdict.NotRun.OfTheory(), Is.EqualTo(Verdict.NotRun));
    }

    [Test]
    public void A_diverged_run_counts_as_the_worst_value_in_an_ordering()
    {
        OrderingRule rule = Ordering(higherIsBetter: false);
        Judgement judgement = rule.Judge([1, 2, 3], [7, double.NaN, 9], 3);
        Assert.That(judgement.Reason, Does.Contain("One run ended without a finite value"));
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(judgement.Ours, Is.EqualTo(2 - (25 / 3.0)).Within(1e-12));
        double[] none = [double.NaN, double.NaN];
        Assert.That(rule.Judge(none, none, 2).Verdict, Is.EqualTo(Verdict.Undecided));
    }

    [TestCase("reproduced", "reproduced,reproduced")]
    [TestCase("consistent", "consistent,consistent")]
    [TestCase("reproduced", "reproduced,consistent")]
    [TestCase("mixed", "reproduced,not reproduced")]
    [TestCase("mixed", "consistent,inconsistent,not run")]
    [TestCase("mixed", "mixed,undecided")]
    [TestCase("undecided", "undecided,undecided")]
    [TestCase("undecided", "undecided,not reproduced")]
    [TestCase("undecided", "undecided,reproduced")]
    [TestCase("not reproduced", "not reproduced,not reproduced")]
    [TestCase("inconsistent", "inconsistent,inconsistent")]
    [TestCase("undecided", "reproduced,not run")]
    [TestCase("undecided", "reproduced,no data")]
    [TestCase("not reproduced", "not reproduced,not run")]
    [TestCase("not run", "not run,not run")]
    [TestCase("not run", "not run,no data")]
    [TestCase("not run", "")]
    [TestCase("no data", "no data,no data")]
    [TestCase("substitute data", "substitute data,reproduced,not run")]
    public void An_items_verdict_is_over_its_cells(string expected, string cells)
    {
        IEnumerable<Verdict> each =
            cells.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Verdicts.Parse);
        Assert.That(Verdicts.OfItem(each).Text(), Is.EqualTo(expected));
    }

    [Test]
    public void A_word_that_is_no_verdict_is_answered_with_those_there_are()
    {
        Assert.That(
            () => Verdicts.Parse("Reproduced"),
            Throws.TypeOf<FormatException>()
                .With.Message.Contains("reproduced, consistent, mixed"));
    }

    private static VerdictRule Rule(RuleKind kind, double margin) =>
        new(kind, 0.95, margin, null, 3, "stated beforehand");

    private static OrderingRule Ordering(bool higherIsBetter) =>
        new("a-over-b", "A", "B", "500", "m", higherIsBetter, 0.95, "A is better than B");

    private static double[] Negated(double[] values) => [.. values.Select(v => -v)];
}
