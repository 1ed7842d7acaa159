using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Runs;

/// <summary>What a pool makes of files that it cannot read or write.</summary>
public sealed class PoolFaultTests
{
    private const double EveryStep = 1e-9;
    private TemporaryFolder folder = null!;
    private List<string> messages = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        messages = [];
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_whole_checkpoint_that_the_run_cannot_read_is_named_and_the_run_starts_anew()
    {
        FakeRun run = new(5);
        TwoStores stores = Stores("out");
        string id = RunId.Of(run);
        stores.Local.WriteCheckpoint(
            id, new CheckpointFile(run.Layout, [1, 2, 3], 7, 1, DateTime.UtcNow));
        PoolOutcome outcome = Run(stores, run);
        Assert.That(outcome.Source, Is.EqualTo(PoolSource.Trained), outcome.Error);
        Assert.That(run.StepsMade, Is.EqualTo(40));
        Assert.That(messages, Has.One.Contains(stores.Local.CheckpointPath(id)));
        Assert.That(stores.Local.ReadNote(id)!.Interrupted, Is.Zero);
        Assert.That(
            outcome.Record!.FileBytes(),
            Is.EqualTo(Run(Stores("whole"), new FakeRun(5)).Record!.FileBytes()));
    }

    [Test]
    public void A_run_that_fails_after_it_went_on_from_a_checkpoint_is_not_made_twice()
    {
        using CancellationTokenSource user = new();
        TwoStores stores = Stores("out");
        FakeRun first = new(5) { BeforeStep = s => Cancel(s == 20, user) };
        Run(stores, first, cancellation: user.Token);
        FakeRun second = new(5)
        {
            BeforeStep = s => Fail(s == 30),
        };
        PoolOutcome outcome = Run(stores, second);
        Assert.That(outcome.Source, Is.EqualTo(PoolSource.Failed));
        Assert.That(outcome.Error, Does.Contain("out of luck"));
        Assert.That(second.StepsMade, Is.EqualTo(10));
    }

    [Test]
    public void A_checkpoint_that_cannot_be_written_is_said_once_and_the_run_goes_on()
    {
        TwoStores stores = Stores("out");
        Directory.CreateDirectory(stores.Local.Root);
        string inTheWay = Path.Combine(stores.Local.Root, "checkpoints");
        File.WriteAllText(inTheWay, "a file where the folder would be");
        PoolOutcome outcome = Run(stores, new FakeRun(5), EveryStep);
        Assert.That(outcome.Source, Is.EqualTo(PoolSource.Trained), outcome.Error);
        Assert.That(messages, Has.One.Contains(inTheWay).And.One.Contains("goes on"));
        Assert.That(
            outcome.Record!.FileBytes(),
            Is.EqualTo(Run(Stores("whole"), new FakeRun(5)).Record!.FileBytes()));
    }

    [Test]
    public void A_checkpoint_that_a_killed_process_left_beside_its_record_goes()
    {
        TwoStores stores = Stores("out");
        FakeRun run = new(5);
        string id = Run(stores, run).Id;
        stores.Local.WriteCheckpoint(
            id, new CheckpointFile(run.Layout, [1], 1, 0, DateTime.UtcNow));
        Assert.That(Run(stores, run).Source, Is.EqualTo(PoolSource.Stored));
        Assert.That(File.Exists(stores.Local.CheckpointPath(id)), Is.False);
    }

    [Test]
    public void The_lock_file_of_a_failed_run_stays_and_that_of_a_finished_one_goes()
    {
        // Removed without a record, it would let one process lock the old file and another a new
        // one, and both make the run.
        TwoStores stores = Stores("out");
        FakeRun failing = new(1) { BeforeStep = s => Fail(s == 3) };
        string failed = Run(stores, failing).Id;
        string finished = Run(stores, new FakeRun(2)).Id;
        string Lock(string id) => Path.Combine(stores.Local.Root, "locks", id + ".lock");
        Assert.That(File.Exists(Lock(failed)));
        Assert.That(File.Exists(Lock(finished)), Is.False);
    }

    [Test]
    public void A_damaged_recorded_run_is_named_when_it_is_made_anew_and_cannot_be_compared()
    {
        string id = Record(new FakeRun(3));
        string path = Stores("out").RecordedOf("item").RecordPath(id);
        File.WriteAllText(path, "{\"record\":");
        PoolOutcome outcome = Run(Stores("out"), new FakeRun(3));
        Assert.That(outcome.Source, Is.EqualTo(PoolSource.Trained));
        Assert.That(outcome.MatchesRecorded, Is.Null);
        Assert.That(messages, Has.One.Contains(path));
    }

    [Test]
    public void The_damaged_ones_of_an_items_recorded_runs_are_told_though_another_item_has_a_copy()
    {
        string id = Record(new FakeRun(3));
        TwoStores stores = Stores("out");
        RecordStore twin = stores.RecordedOf("another");
        Directory.CreateDirectory(twin.Root);
        File.WriteAllBytes(
            twin.RecordPath(id),
            [.. File.ReadAllBytes(stores.RecordedOf("item").RecordPath(id)).SkipLast(9)]);
        Assert.That(stores.DamagedOf("item"), Is.Empty);
        Assert.That(
            stores.DamagedOf("another").Select(d => d.Path),
            Is.EqualTo(new[] { twin.RecordPath(id) }));
        Assert.That(stores.ReadRecorded(id), Is.TypeOf<Lookup.Found>(), "the whole copy");
    }

    [Test]
    public void Each_ended_run_is_told_before_the_next_begins()
    {
        List<string> told = [];
        FakeRun first = new(1, 30);
        FakeRun second = new(2, 20)
        {
            BeforeStep = s => Assert.That(told, Is.EqualTo(new[] { RunId.Of(first) })),
        };
        TwoStores stores = Stores("out");
        PoolOptions options = new()
        {
            Workers = 1,
            Message = messages.Add,
            Ended = outcome =>
            {
                Assert.That(stores.Local.Read(outcome.Id), Is.TypeOf<Lookup.Found>());
                told.Add(outcome.Id);
            },
        };
        IReadOnlyList<PoolOutcome> outcomes =
            new Pool(stores, options).Execute([new("item", first), new("item", second)]);
        Assert.That(
            outcomes.Select(o => o.Source), Is.All.EqualTo(PoolSource.Trained),
            string.Join(", ", outcomes.Select(o => o.Error)));
        Assert.That(told, Is.EqualTo(new[] { RunId.Of(first), RunId.Of(second) }));
    }

    private static void Fail(bool now)
    {
        if (now)
        {
            throw new InvalidOperationException("out of luck");
        }
    }

    private static void Cancel(bool now, CancellationTokenSource user)
    {
        if (now)
        {
            user.Cancel();
        }
    }

    private string Record(FakeRun run)
    {
        TwoStores stores = Stores("recording", mayRecord: true);
        string id = Run(stores, run).Id;
        stores.Record("item", id);
        return id;
    }

    private TwoStores Stores(string local, bool mayRecord = false) =>
        new(folder["recorded"], folder[local], Profile.Quick, messages.Add, mayRecord);

    private PoolOutcome Run(
        TwoStores stores,
        FakeRun run,
        double checkpointSeconds = 1000,
        CancellationToken cancellation = default) =>
        new Pool(stores, new PoolOptions
        {
            Workers = 1,
            CheckpointSeconds = checkpointSeconds,
            Message = messages.Add,
        }).Execute([new PoolItem("item", run)], cancellation)[0];
}
