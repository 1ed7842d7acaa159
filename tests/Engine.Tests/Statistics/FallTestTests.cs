using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Statistics;

namespace Repro.Engine.Tests.Statistics;

public class FallTestTests
{
    [Test]
    public void The_fall_of_a_step_lies_at_the_geometric_middle_of_its_two_lengths()
    {
        double fall = FallTest.FallLength([(10, 1), (20, 1), (40, 0), (80, 0)]);
        Assert.That(fall, Is.EqualTo(Math.Sqrt(20 * 40)).Within(1e-9));
    }

    [Test]
    public void The_fall_is_spearman_and_kaerbers_mean_of_the_logarithm()
    {
        // Shares failing first between neighbours: 0.4, 0.5, 0.1 at the middles of ln T.
        double mean = (0.4 * Math.Log(Math.Sqrt(10 * 20))) + (0.5 * Math.Log(Math.Sqrt(20 * 30)))
            + (0.1 * Math.Log(Math.Sqrt(30 * 70)));
        double fall = FallTest.FallLength([(10, 1), (20, 0.6), (30, 0.1), (70, 0)]);
        Assert.That(fall, Is.EqualTo(Math.Exp(mean)).Within(1e-9));
    }

    [Test]
    public void Curves_that_never_or_always_fail_have_the_ends_of_the_range()
    {
        Assert.That(
            FallTest.FallLength([(16, 1), (20, 1), (250, 1)]), Is.EqualTo(250).Within(1e-9));
        Assert.That(FallTest.FallLength([(16, 0), (20, 0), (250, 0)]), Is.EqualTo(16));
    }

    [Test]
    public void The_probability_counts_the_relabellings_at_least_as_far_apart()
    {
        // At T = 20 all five of the paper's runs succeed and none of ours: 2 of the 252 ways.
        Assert.That(
            FallTest.TwoSided([Of(10, 5, 5), Of(20, 5, 0)]), Is.EqualTo(2 / 252.0).Within(1e-12));
        // One success among one run of the paper and three of ours: it is the paper's in 1 of 4.
        FallPoint[] uneven = [new(10, 1, 1, 3, 3), new(20, 1, 1, 0, 3)];
        Assert.That(FallTest.TwoSided(uneven), Is.EqualTo(0.25).Within(1e-12));
    }

    [Test]
    public void The_probability_weighs_each_length_by_its_share_of_the_axis()
    {
        // T = 2 weighs twice as much as T = 4. There the paper has 5, 4 or 3 of 8 successes, in
        // 56, 140 and 56 of 252 ways, and differs by −.4, 0 or .4; at T = 4 by ∓.2, evenly. Only
        // the seen pair and its mirror image are as far apart.
        FallPoint[] points = [Of(1, 5, 5), Of(2, 5, 3), Of(4, 1, 0)];
        Assert.That(FallTest.TwoSided(points), Is.EqualTo(56 / 252.0).Within(1e-12));
    }

    [Test]
    public void The_probability_of_many_lengths_is_that_of_listing_all_relabellings()
    {
        FallPoint[] points =
        [
            new(16, 5, 5, 9, 10), new(20, 4, 5, 7, 10), new(35, 3, 5, 5, 10), new(45, 2, 5, 1, 5),
            new(50, 1, 5, 0, 5),
        ];
        Assert.That(FallTest.TwoSided(points), Is.EqualTo(Listed(points)).Within(1e-12));
        Assert.That(Listed(points), Is.InRange(0.05, 0.9), "neither end");
    }

    [Test]
    public void Ours_and_the_papers_may_change_places()
    {
        FallPoint[] points = [Of(16, 5, 4), Of(20, 4, 1), Of(50, 2, 0)];
        FallPoint[] swapped =
        [
            .. points.Select(p =>
                new FallPoint(p.Length, p.Successes, p.Runs, p.PaperSuccesses, p.PaperRuns)),
        ];
        Assert.That(
            FallTest.TwoSided(swapped), Is.EqualTo(FallTest.TwoSided(points)).Within(1e-12));
    }

    [TestCase(0.5, 5)]
    [TestCase(0.2, 10)]
    public void Equal_rates_are_rejected_no_more_often_than_stated(double rate, int runs)
    {
        double[] levels = [0.01, 0.05, 0.1, 0.2, 0.5];
        double[] rejected = new double[levels.Length];
        double all = 0;
        for (int paper = 0; paper < 36; paper++)
        {
            for (int ours = 0; ours < (runs + 1) * (runs + 1); ours++)
            {
                int[] k = [paper / 6, paper % 6, ours / (runs + 1), ours % (runs + 1)];
                double chance = Chance(k[0], 5) * Chance(k[1], 5)
                    * Chance(k[2], runs) * Chance(k[3], runs);
                double p = FallTest.TwoSided(
                    [new(20, k[0], 5, k[2], runs), new(50, k[1], 5, k[3], runs)]);
                all += chance;
                for (int i = 0; i < levels.Length; i++)
                {
                    rejected[i] += p <= levels[i] ? chance : 0;
                }
            }
        }
        Assert.That(all, Is.EqualTo(1).Within(1e-9));
        for (int i = 0; i < levels.Length; i++)
        {
            Assert.That(rejected[i], Is.LessThanOrEqualTo(levels[i] + 1e-9));
        }
        Assert.That(rejected[^1], Is.GreaterThan(0.25), "and not never");

        double Chance(int successes, int n) =>
            BinomialTest.Greater(successes, n, rate)
            - (successes == n ? 0 : BinomialTest.Greater(successes + 1, n, rate));
    }

    [TestCase(5, "nowhere up to T = 250")]
    [TestCase(0, "below T = 16")]
    public void Curves_that_all_succeed_or_all_fail_are_reproduced(int successes, string where)
    {
        Judgement judgement = FallTest.Judge(
        [
            .. new[] { 16.0, 100, 250 }.Select(t => Of(t, successes, successes)),
        ]);
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Reproduced));
        Assert.That(judgement.Reason, Does.Contain(where).And.EndWith("p = 1."));
        Assert.That(judgement.N, Is.EqualTo(15));
    }

    [Test]
    public void The_verdict_takes_a_small_probability_first_and_then_the_factor()
    {
        FallPoint[] none = [Of(16, 5, 0), Of(20, 5, 0), Of(50, 5, 0)];
        Assert.That(FallTest.Judge(none).Verdict, Is.EqualTo(Verdict.NotReproduced));
        FallPoint[] near = [Of(16, 5, 5), Of(20, 5, 4), Of(50, 0, 0)];
        Assert.That(FallTest.Judge(near).Verdict, Is.EqualTo(Verdict.Reproduced));
        // Two runs fewer at a length that spans a factor of 64: far apart, and not significant.
        FallPoint[] far = [Of(1, 5, 5), Of(64, 5, 3), Of(128, 0, 0)];
        Judgement open = FallTest.Judge(far);
        Assert.That(open.Verdict, Is.EqualTo(Verdict.Undecided), open.Reason);
        Assert.That(open.Reason, Does.Contain("Cannot decide"));
    }

    [Test]
    public void An_undecided_curve_says_with_how_many_runs_the_same_rates_would_decide()
    {
        FallPoint[] far = [Of(1, 5, 5), Of(64, 5, 2), Of(128, 0, 0)];
        string reason = FallTest.Judge(far).Reason;
        int said = int.Parse(
            Regex.Match(reason, @"With the same rates (\d+) of our runs").Groups[1].Value,
            CultureInfo.InvariantCulture);
        double WithRuns(int runs) => FallTest.TwoSided(
        [
            new(1, 5, 5, runs, runs),
            new(64, 5, 5, (int)Math.Round(0.4 * runs), runs),
            new(128, 0, 5, 0, runs),
        ]);
        Assert.That(WithRuns(said), Is.LessThanOrEqualTo(0.05));
        Assert.That(WithRuns(said - 1), Is.GreaterThan(0.05));
        // The paper's curve falls at two of five, which no number of ours tells from one of five.
        FallPoint[] never = [Of(1, 5, 5), Of(64, 2, 1), Of(4096, 0, 0)];
        Judgement limited = FallTest.Judge(never);
        Assert.That(limited.Verdict, Is.EqualTo(Verdict.Undecided), limited.Reason);
        Assert.That(limited.Reason, Does.Contain("the paper's 5 set the limit"));
    }

    [Test]
    public void A_curve_still_succeeding_at_the_end_falls_beyond()
    {
        Judgement judgement = FallTest.Judge([Of(16, 5, 5), Of(200, 5, 5), Of(250, 4, 5)]);
        Assert.That(judgement.Reason, Does.Contain("beyond T = 244").And.Contain("nowhere up to"));
        Assert.That(judgement.Verdict, Is.EqualTo(Verdict.Reproduced));
    }

    [Test]
    public void Lengths_with_too_few_runs_do_not_count_and_may_leave_a_curve_unjudged()
    {
        FallPoint few = new(300, 0, 5, 4, 4);
        FallPoint[] enough = [Of(16, 5, 5), Of(20, 5, 5), Of(50, 0, 0), few];
        Assert.That(FallTest.Judge(enough).N, Is.EqualTo(15));
        Judgement two = FallTest.Judge([Of(16, 5, 5), Of(50, 0, 0), few]);
        Assert.That(two.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(two.Reason, Does.Contain("2 of 3 lengths").And.Contain("at least 3"));
        Judgement decisive = FallTest.Judge([.. enough[..3], new FallPoint(60, 2, 5, 0, 0)]);
        Assert.That(decisive.Verdict, Is.EqualTo(Verdict.NotRun));
        Assert.That(decisive.Reason, Does.Contain("T = 60"));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Assert.That(() => FallTest.TwoSided([Of(20, 5, 5)]),
            Throws.ArgumentException.With.Message.Contains("two lengths, but there are 1"));
        Assert.That(() => FallTest.TwoSided([Of(20, 5, 5), Of(16, 5, 5)]),
            Throws.ArgumentException.With.Message.Contains("length 16 follows 20"));
        Assert.That(() => FallTest.Judge([new FallPoint(20, 6, 5, 0, 5)]),
            Throws.ArgumentException.With.Message.Contains("6 successes of 5 runs"));
        Assert.That(() => FallTest.FallLength([(10, 1), (20, 1.2)]),
            Throws.ArgumentException.With.Message.Contains("1.2"));
    }

    private static FallPoint Of(double length, int paper, int ours) =>
        new(length, paper, 5, ours, 5);

    /// <summary>The same probability by brute force: every choice of which runs are the paper's.
    /// </summary>
    private static double Listed(FallPoint[] points)
    {
        double[] logs = [.. points.Select(p => Math.Log(p.Length))];
        double[] weights = [.. points.Select((_, i) =>
            (logs[Math.Min(i + 1, logs.Length - 1)] - logs[Math.Max(i - 1, 0)]) / 2)];
        double seen = Math.Abs(points.Select((p, i) => weights[i]
            * (((double)p.Successes / p.Runs) - ((double)p.PaperSuccesses / p.PaperRuns))).Sum());
        (double extreme, double all) = (0, 0);
        void Deal(int i, double difference, double ways)
        {
            if (i == points.Length)
            {
                all += ways;
                extreme += Math.Abs(difference) >= seen - 1e-9 ? ways : 0;
                return;
            }
            FallPoint p = points[i];
            int runs = p.PaperRuns + p.Runs;
            int successes = p.PaperSuccesses + p.Successes;
            int[] counts = new int[p.PaperRuns + 1];
            for (int mask = 0; mask < 1 << runs; mask++)
            {
                if (System.Numerics.BitOperations.PopCount((uint)mask) == p.PaperRuns)
                {
                    counts[System.Numerics.BitOperations.PopCount(
                        (uint)mask & ((1u << successes) - 1))]++;
                }
            }
            for (int k = 0; k < counts.Length; k++)
            {
                if (counts[k] > 0)
                {
                    double d = ((double)(successes - k) / p.Runs) - ((double)k / p.PaperRuns);
                    Deal(i + 1, difference + (weights[i] * d), ways * counts[k]);
                }
            }
        }
        Deal(0, 0, 1);
        return extreme / all;
    }
}
