using NUnit.Framework;
using Repro.Engine.Judging;

namespace Repro.Engine.Tests.Judging;

public class LostRunsTests
{
    [TestCase(true, 1.0)]
    [TestCase(false, 9.0)]
    public void A_run_without_a_finite_value_counts_as_the_worst_of_either_series(
        bool higherIsBetter, double worst)
    {
        double[] first = [4, double.NaN, 9];
        double[] second = [double.PositiveInfinity, 1];
        Assert.That(LostRuns.Worst(first, second, higherIsBetter), Is.EqualTo(worst));
        Assert.That(LostRuns.CountAs(worst, first), Is.EqualTo(new[] { 4, worst, 9 }));
        Assert.That(LostRuns.CountAs(worst, second), Is.EqualTo(new[] { worst, 1 }));
    }

    [Test]
    public void Series_of_lost_runs_alone_cannot_be_compared() =>
        Assert.That(LostRuns.Worst([double.NaN], [double.NegativeInfinity], true), Is.Null);
}
