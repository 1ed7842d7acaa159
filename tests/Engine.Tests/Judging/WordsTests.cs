using NUnit.Framework;
using Repro.Engine.Judging;

namespace Repro.Engine.Tests.Judging;

public class WordsTests
{
    [TestCase(0, 6, "0")]
    [TestCase(1226012, 6, "1,226,012")]
    [TestCase(-2.344390, 6, "−2.34439")]
    [TestCase(2.220446049250313e-16, 3, "2.22 × 10⁻¹⁶")]
    [TestCase(2.8e9, 2, "2.8 × 10⁹")]
    [TestCase(0.99999999, 3, "1")]
    [TestCase(0.000123456, 3, "0.000123")]
    [TestCase(double.PositiveInfinity, 3, "∞")]
    [TestCase(double.NaN, 3, "none")]
    public void A_number_has_no_more_digits_than_asked_for(double value, int digits, string text)
    {
        Assert.That(Words.Number(value, digits), Is.EqualTo(text));
    }

    [TestCase(92.3456, 1.5, "92.3")]
    [TestCase(92.3456, 15, "92")]
    [TestCase(1226012.4, 30000, "1,226,012")]
    [TestCase(-0.0123456, 0.0021, "−0.0123")]
    [TestCase(-0.001, 0.5, "0.00")]
    [TestCase(0.5, 0, "0.5")]
    [TestCase(0.123456, 0, "0.123456")]
    [TestCase(92.34567, double.NaN, "92.3457")]
    public void An_interval_says_which_digits_mean_something(
        double value, double halfWidth, string text)
    {
        Assert.That(Words.Measured(value, halfWidth), Is.EqualTo(text));
    }
}
