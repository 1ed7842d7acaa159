using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

public sealed class SineTests
{
    [Test]
    public void The_sine_agrees_with_the_platforms_to_the_last_bits()
    {
        double worst = 0;
        for (int i = -40_000; i <= 40_000; i++)
        {
            double x = i * 0.0123456789;
            worst = Math.Max(worst, Math.Abs(Sine.Of(x) - Math.Sin(x)));
        }
        Assert.That(worst, Is.LessThan(3e-16));
    }

    [Test]
    public void Large_arguments_keep_an_error_of_the_last_bits()
    {
        Assert.That(Sine.Of(99_999.5), Is.EqualTo(Math.Sin(99_999.5)).Within(3e-16));
        Assert.That(Sine.Of(-50_000.25), Is.EqualTo(Math.Sin(-50_000.25)).Within(3e-16));
    }

    [Test]
    public void It_is_odd_and_its_own_argument_near_zero()
    {
        Assert.That(Sine.Of(1e-9), Is.EqualTo(1e-9));
        Assert.That(Sine.Of(0), Is.Zero);
        for (double x = 0.1; x < 20; x += 0.37)
        {
            Assert.That(Sine.Of(-x), Is.EqualTo(-Sine.Of(x)));
        }
    }

    [TestCase(double.NaN)]
    [TestCase(1e6)]
    [TestCase(double.NegativeInfinity)]
    public void An_argument_beyond_its_range_is_refused(double x) =>
        Assert.That(
            () => Sine.Of(x),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("100,000"));
}
