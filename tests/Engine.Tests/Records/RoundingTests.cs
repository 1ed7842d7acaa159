using System.Globalization;
using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

public sealed class RoundingTests
{
    [TestCase(123456.789, 6, "123457")]
    [TestCase(1.23456789e-20, 6, "1.23457E-20")]
    [TestCase(9.2906236712, 9, "9.29062367")]
    [TestCase(-0.0, 6, "-0")]
    [TestCase(double.NaN, 6, "NaN")]
    [TestCase(double.NegativeInfinity, 6, "-Infinity")]
    public void A_number_is_kept_to_so_many_significant_digits(
        double value, int digits, string expected) => Assert.That(
        Rounding.Significant(value, digits).ToString("R", CultureInfo.InvariantCulture),
        Is.EqualTo(expected));

    [Test]
    public void Places_are_counted_after_the_point() =>
        Assert.That(Rounding.Places(12.3456789012, 9), Is.EqualTo(12.345678901));

    [Test]
    public void A_negative_zero_becomes_zero_and_nothing_else_changes()
    {
        Assert.That(double.IsNegative(Rounding.WithoutNegativeZero(-0.0)), Is.False);
        Assert.That(Rounding.WithoutNegativeZero(-1e-300), Is.EqualTo(-1e-300));
    }
}
