using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>Who may make a run, and whose temporary files go.</summary>
public sealed class RunLockTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_lock_that_its_holder_is_just_removing_is_never_an_error()
    {
        const int Rounds = 4_000;
        string path = folder[Path.Combine("locks", "run.lock")];
        using CancellationTokenSource done = new();
        Task holder = Task.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                using RunLock? held = RunLock.TryTake(path);
                held?.RemoveFile();
            }
            done.Cancel();
        });
        int taken = 0;
        while (!done.IsCancellationRequested)
        {
            using RunLock? held = RunLock.TryTake(path);
            taken += held is null ? 0 : 1;
        }
        holder.GetAwaiter().GetResult();
        Assert.That(taken, Is.Positive);
    }

    [Test]
    public void A_lock_where_no_file_can_be_is_an_error_that_names_it()
    {
        string path = folder["taken"];
        Directory.CreateDirectory(path);
        Assert.That(
            () => RunLock.TryTake(path),
            Throws.TypeOf<StoreException>().With.Message.Contains(path));
    }

    [Test]
    public void A_temporary_file_of_a_process_at_work_stays_for_a_day()
    {
        // Where the file system knows no locks, two processes may each believe to hold one.
        string path = folder["run.json"];
        string own = AtomicFile.TemporaryName(path);
        File.WriteAllText(own, "{\"rec");
        AtomicFile.RemoveLeftovers(path);
        Assert.That(File.Exists(own), "its process may be about to rename it");
        File.SetLastWriteTimeUtc(own, DateTime.UtcNow.AddHours(-25));
        AtomicFile.RemoveLeftovers(path);
        Assert.That(File.Exists(own), Is.False);
    }

    [Test]
    public void A_temporary_file_of_a_process_that_has_ended_goes_at_once()
    {
        string path = folder["run.json"];
        string own = AtomicFile.TemporaryName(path);
        string ended = own.Replace(
            $".{Environment.ProcessId}.", $".{int.MaxValue}.", StringComparison.Ordinal);
        Assert.That(ended, Is.Not.EqualTo(own));
        File.WriteAllText(ended, "{\"rec");
        AtomicFile.RemoveLeftovers(path);
        Assert.That(File.Exists(ended), Is.False);
    }

    [Test]
    public void A_temporary_file_of_another_machine_stays_for_a_day()
    {
        string path = folder["run.json"];
        string foreign = $"{path}.another-machine.{int.MaxValue}.0123.tmp";
        File.WriteAllText(foreign, "{\"rec");
        AtomicFile.RemoveLeftovers(path);
        Assert.That(File.Exists(foreign));
        File.SetLastWriteTimeUtc(foreign, DateTime.UtcNow.AddHours(-25));
        AtomicFile.RemoveLeftovers(path);
        Assert.That(File.Exists(foreign), Is.False);
    }
}
