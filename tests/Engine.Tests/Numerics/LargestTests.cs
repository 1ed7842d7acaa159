using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

public sealed class LargestTests
{
    [TestCase(new[] { 1.0, 3.0, 2.0 }, 1)]
    [TestCase(new[] { 2.0, 5.0, 5.0 }, 1)]
    [TestCase(new[] { -3.0, double.NegativeInfinity, -1.0 }, 2)]
    [TestCase(new[] { 1.0, double.NaN, 2.0 }, 2)]
    [TestCase(new[] { double.NaN, 1.0 }, 0)]
    [TestCase(new double[0], 0)]
    public void The_first_of_the_largest_is_named(double[] values, int index) =>
        Assert.That(Largest.IndexOf<double>(values), Is.EqualTo(index));
}
