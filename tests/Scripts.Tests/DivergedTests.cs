using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>Pages of runs that diverged: their scores are no numbers.</summary>
public sealed class DivergedTests
{
    [Test]
    public void Every_item_can_be_analysed_and_drawn_when_seeds_series_or_all_runs_diverged()
    {
        string? data = Environment.GetEnvironmentVariable("REPRO_DATA");
        Ended ended = Command.Run(
            "tests/Scripts.Tests/diverged.fsx",
            data is null ? [] : [Path.GetFullPath(data, Command.Root)]);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Match(@"1\d items looked at in 3 ways, 0 faults"));
    }
}
