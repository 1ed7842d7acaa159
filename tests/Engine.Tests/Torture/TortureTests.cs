using NUnit.Framework;
using Repro.Torture;
using Repro.Torture.Disks;
using Repro.Torture.Fuzz;

namespace Repro.Engine.Tests.Torture;

/// <summary>Short forms of what <c>tests/Torture</c> does at length.</summary>
public sealed class TortureTests
{
    [Test]
    public void No_fault_of_the_disk_loses_or_falsifies_a_result()
    {
        DiskFigures figures = DiskFaults.All(runs: 1, updates: 34, every: 2);
        Assert.That(figures.Faults, Is.Empty);
        Assert.That(figures.Operations, Is.GreaterThan(30), "checkpoint, note, record, locks");
        Assert.That(figures.Jobs, Is.EqualTo(5 * ((figures.Operations + 1) / 2)));
    }

    [TestCase(Forgotten.Files, "wrong: ")]
    [TestCase(Forgotten.Folders, "lost: ")]
    public void An_engine_that_did_not_flush_would_be_found_out(object forgotten, string found)
    {
        DiskFigures figures =
            DiskFaults.All(runs: 1, updates: 1, forgotten: (Forgotten)forgotten);
        Assert.That(figures.Faults, Has.Some.Contains(found));
    }

    [Test]
    public void No_damage_of_a_stored_file_loses_or_falsifies_a_result()
    {
        DamageFigures figures = Damage.All(updates: 34, every: 149);
        Assert.That(figures.Faults, Is.Empty);
        Assert.That(figures.Files, Is.EqualTo(3));
        Assert.That(figures.Damages, Is.GreaterThan(60));
        Assert.That(figures.Unnoticed, Is.LessThan(figures.Damages / 2));
    }

    [Test]
    [Platform("Linux,MacOsX", Reason = "a kill elsewhere is no SIGKILL")]
    public void No_kill_of_a_process_at_work_loses_or_falsifies_a_result()
    {
        KillFigures figures = Kills.Of(kills: 4, seed: 5);
        Assert.That(figures.Faults, Is.Empty);
        Assert.That(figures.Kills, Is.EqualTo(4));
    }

    [Test]
    public void Every_reader_reads_its_samples_and_refuses_mutated_ones_as_documented(
        [Range(0, 10)] int number)
    {
        Target target = Target.All[number];
        FuzzFigures figures = new Fuzzer(target, seed: 11).Run(300);
        Assert.That(figures.Faults, Is.Empty, target.Name);
        Assert.That(
            figures.Accepted, Is.GreaterThanOrEqualTo(Samples.Of(target.Name).Count), target.Name);
        Assert.That(figures.Outcomes, Is.GreaterThan(1), target.Name);
    }

    [Test]
    public void There_is_no_reader_that_the_tests_forget() =>
        Assert.That(Target.All, Has.Count.EqualTo(11));
}
