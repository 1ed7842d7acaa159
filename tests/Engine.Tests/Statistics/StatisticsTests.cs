using NUnit.Framework;
using Repro.Engine.Statistics;

namespace Repro.Engine.Tests.Statistics;

public class StatisticsTests
{
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Stat. Med. 17
    // (1998), table I, method 3.
    [TestCase(81, 263, 0.2553, 0.3662)]
    [TestCase(15, 148, 0.0624, 0.1605)]
    [TestCase(0, 20, 0, 0.1611)]
    [TestCase(1, 29, 0.0061, 0.1718)]
    public void Wilson_intervals_are_the_published_ones(int k, int n, double low, double high)
    {
        Interval interval = Intervals.Wilson(k, n, 0.95);
        Assert.That(interval.Low, Is.EqualTo(low).Within(5e-5));
        Assert.That(interval.High, Is.EqualTo(high).Within(5e-5));
        Assert.That(interval.Estimate, Is.EqualTo((double)k / n));
    }

    [Test]
    public void Wilson_of_five_successes_in_five_reaches_from_n_over_n_plus_z_squared_to_one()
    {
        const double z = 1.9599639845400545;
        Interval all = Intervals.Wilson(5, 5, 0.95);
        Assert.That(all.Low, Is.EqualTo(5 / (5 + (z * z))).Within(1e-12));
        Assert.That(all.High, Is.EqualTo(1));
        Interval none = Intervals.Wilson(0, 5, 0.95);
        Assert.That((none.Low, none.High), Is.EqualTo((0.0, 1 - all.Low)).Within(1e-12));
    }

    [Test]
    public void Student_intervals_use_the_tabled_quantile()
    {
        // t(0.975; 4) = 2.776445 in any table; the variance of 1..5 is 2.5.
        double[] values = [1, 2, 3, 4, 5];
        Assert.That(
            Intervals.TInterval(values, 0.95).HalfWidth,
            Is.EqualTo(2.776445 * Math.Sqrt(2.5 / 5)).Within(1e-5));
        Assert.That(
            Intervals.PredictionInterval(values, 0.95).HalfWidth,
            Is.EqualTo(2.776445 * Math.Sqrt(2.5 * 1.2)).Within(1e-5));
        Assert.That(Intervals.TInterval(values, 0.95).Estimate, Is.EqualTo(3));
    }

    [Test]
    public void One_value_bounds_nothing_and_no_value_is_an_error()
    {
        Interval one = Intervals.PredictionInterval([7], 0.95);
        Assert.That(
            one,
            Is.EqualTo(new Interval(7, double.NegativeInfinity, double.PositiveInfinity)));
        Assert.That(() => Intervals.TInterval([], 0.95), Throws.ArgumentException);
        Assert.That(
            () => Intervals.TInterval([1, double.NaN], 0.95),
            Throws.ArgumentException.With.Message.Contains("NaN"));
        Assert.That(
            () => Intervals.TInterval([1, 2], 95),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0.95"));
    }

    [Test]
    public void Equal_values_have_exactly_their_mean_and_no_spread()
    {
        Interval interval = Intervals.TInterval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.95);
        Assert.That(interval, Is.EqualTo(new Interval(0.1, 0.1, 0.1)));
    }

    [TestCase(new[] { 3.0, 1, 2 }, 2)]
    [TestCase(new[] { 4.0, 1, 2, 3 }, 2.5)]
    public void The_median_is_the_middle(double[] values, double expected)
    {
        Assert.That(Sample.Median(values), Is.EqualTo(expected));
    }

    [Test]
    public void The_bootstrap_of_two_values_has_the_binomial_quantiles()
    {
        // The mean of a resample of {0, 1} is 0, 1/2, 1 with probability 1/4, 1/2, 1/4.
        Interval wide = Bootstrap.Mean([0, 1], 0.95, seed: 1);
        Interval narrow = Bootstrap.Mean([0, 1], 0.40, seed: 1);
        Assert.That(wide, Is.EqualTo(new Interval(0.5, 0, 1)));
        Assert.That(narrow, Is.EqualTo(new Interval(0.5, 0.5, 0.5)));
    }

    [Test]
    public void The_bootstrap_of_a_large_sample_agrees_with_student()
    {
        double[] values = [.. Enumerable.Range(0, 101).Select(i => (i * 37 % 101) / 100.0)];
        Interval student = Intervals.TInterval(values, 0.95);
        Interval bootstrap = Bootstrap.Mean(values, 0.95, seed: 3);
        Assert.That(bootstrap.HalfWidth, Is.EqualTo(student.HalfWidth).Within(5).Percent);
        Assert.That(bootstrap, Is.EqualTo(Bootstrap.Mean(values, 0.95, seed: 3)));
        Assert.That(bootstrap, Is.Not.EqualTo(Bootstrap.Mean(values, 0.95, seed: 4)));
    }

    [Test]
    public void The_bootstrapped_median_is_one_of_the_values_for_odd_samples()
    {
        double[] values = [1, 2, 4, 8, 1000];
        Interval interval = Bootstrap.Median(values, 0.9, seed: 0);
        Assert.That(interval.Estimate, Is.EqualTo(4));
        Assert.That(values, Does.Contain(interval.Low).And.Contain(interval.High));
        // P(median of five draws <= 1) = P(3 or more of 5 at 1/5) = 0.058 > 0.05.
        Assert.That((interval.Low, interval.High), Is.EqualTo((1.0, 1000.0)));
    }

    [Test]
    public void Separate_samples_have_the_smallest_probability_there_is()
    {
        double[] low = [1, 2, 3, 4, 5];
        double[] high = [6, 7, 8, 9, 10];
        Assert.That(PermutationTest.TwoSamples(high, low), Is.EqualTo(1.0 / 252));
        Assert.That(PermutationTest.TwoSamples(low, high), Is.EqualTo(1));
        Assert.That(PermutationTest.TwoSamples([0.3, 0.4, 0.5], [0, 0.1, 0.2]), Is.EqualTo(0.05));
        Assert.That(PermutationTest.TwoSamples([2, 2], [2, 2, 2]), Is.EqualTo(1));
    }

    [Test]
    public void Ties_that_rounding_would_break_are_counted()
    {
        // {0.1, 0.6} and {0.3, 0.4} have equal sums, but not in floating point in every order;
        // of the six pairs {0.3, 0.6}, {0.4, 0.6} are larger.
        Assert.That(PermutationTest.TwoSamples([0.1, 0.6], [0.3, 0.4]), Is.EqualTo(4.0 / 6));
        Assert.That(PermutationTest.TwoSamples([0.3, 0.4], [0.6, 0.1]), Is.EqualTo(4.0 / 6));
    }

    [Test]
    public void Sampled_relabellings_agree_with_the_hypergeometric_distribution()
    {
        // 9 and 4 ones of 12: P(9 or more of the 13 fall to the first) = 0.049766.
        double[] first = [.. Enumerable.Range(0, 12).Select(i => i < 9 ? 1.0 : 0)];
        double[] second = [.. Enumerable.Range(0, 12).Select(i => i < 4 ? 1.0 : 0)];
        double p = PermutationTest.TwoSamples(first, second, seed: 11);
        Assert.That(p, Is.EqualTo(0.04976635963).Within(0.003));
    }

    [Test]
    public void Darwins_maize_has_the_probability_that_Fisher_counted()
    {
        // R. A. Fisher, "The Design of Experiments" (1935), section 21: 863 of 32,768.
        double[] eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
        Assert.That(
            PermutationTest.PairedSignedDifference(eighths), Is.EqualTo(863.0 / 32768));
    }

    [Test]
    public void Sampled_signs_agree_with_the_binomial_distribution()
    {
        // 25 of 40 equal differences positive: P(25 or more of 40) = 0.0769.
        double[] differences = [.. Enumerable.Range(0, 40).Select(i => i < 25 ? 1.0 : -1)];
        Assert.That(
            PermutationTest.PairedSignedDifference(differences, seed: 5),
            Is.EqualTo(BinomialTest.Greater(25, 40, 0.5)).Within(0.004));
    }

    [Test]
    public void Binomial_probabilities_are_exact()
    {
        Assert.That(BinomialTest.Greater(8, 10, 0.5), Is.EqualTo(56 / 1024.0).Within(1e-14));
        Assert.That(BinomialTest.Less(2, 10, 0.5), Is.EqualTo(56 / 1024.0).Within(1e-14));
        Assert.That(BinomialTest.TwoSided(8, 10, 0.5), Is.EqualTo(112 / 1024.0).Within(1e-14));
        Assert.That(BinomialTest.Greater(5, 5, 1), Is.EqualTo(1));
        // Conover's example in R's binom.test: p = 0.3825.
        Assert.That(BinomialTest.TwoSided(682, 925, 0.75), Is.EqualTo(0.3825).Within(5e-5));
    }
}
