using NUnit.Framework;
using Repro.Engine.Runs;

namespace Repro.Engine.Tests.Runs;

public class ProgressLineTests
{
    [Test]
    public void A_line_tells_runs_work_time_left_and_what_is_at_work()
    {
        PoolProgress progress = new(
            3, 40, 0.125, 4800, [new("IRNN seed 1", 0.4, "loss 0.16"), new("np seed 2", 0, "")],
            ("IRNN seed 0", PoolSource.Trained));
        Assert.That(ProgressLine.Format(progress), Is.EqualTo(
            "3/40 runs, 12.5 % of the work, about 1 h 20 min left; finished IRNN seed 0; "
            + "IRNN seed 1 (40 %) loss 0.16; np seed 2 (0 %)"));
    }

    [Test]
    public void A_line_says_nothing_of_time_before_there_is_a_rate_or_after_the_end()
    {
        Assert.That(
            ProgressLine.Format(new(0, 2, 0, null, [], null)),
            Is.EqualTo("0/2 runs, 0.0 % of the work"));
        Assert.That(
            ProgressLine.Format(new(2, 2, 1, 0, [], ("a", PoolSource.Failed))),
            Is.EqualTo("2/2 runs, 100.0 % of the work; failed: a"));
    }

    [TestCase(0.2, "0 s")]
    [TestCase(59.6, "1 min")]
    [TestCase(3600, "1 h 0 min")]
    [TestCase(270 * 3600.0, "11 d 6 h")]
    public void A_duration_has_two_units_at_most(double seconds, string expected)
    {
        Assert.That(ProgressLine.Duration(seconds), Is.EqualTo(expected));
    }
}
