using System.Diagnostics;
using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tests.Records;

namespace Repro.Engine.Tests.Runs;

public class PoolTests
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
    public void One_worker_and_three_make_the_same_files()
    {
        IReadOnlyList<PoolOutcome> one = Run(Stores("one"), Runs(), workers: 1);
        IReadOnlyList<PoolOutcome> three = Run(Stores("three"), Runs(), workers: 3);
        Assert.That(one.Select(o => o.Source), Is.All.EqualTo(PoolSource.Trained));
        Assert.That(three.Select(o => o.Id), Is.EqualTo(one.Select(o => o.Id)));
        foreach (PoolOutcome outcome in one)
        {
            Assert.That(
                File.ReadAllBytes(Stores("three").Local.RecordPath(outcome.Id)),
                Is.EqualTo(File.ReadAllBytes(Stores("one").Local.RecordPath(outcome.Id))));
        }
    }

    [TestCase(4, 4, 4)]
    [TestCase(4, 3, 3)]
    [TestCase(4, 1, 1)]
    [TestCase(1, 4, 4)]
    [TestCase(2, 5, 5)]
    public void A_run_left_alone_is_offered_as_many_threads_as_one_may_have(
        int workers, int most, int expected)
    {
        List<int> offered = [];
        FakeRun run = new(5) { WithContext = context => offered.Add(context.Threads) };
        new Pool(Stores("out"), new PoolOptions { Workers = workers, MostThreads = most })
            .Execute([new PoolItem("item", run)]);
        Assert.That(offered, Has.Count.EqualTo(40).And.All.EqualTo(expected));
    }

    [Test]
    public void Runs_share_the_threads_of_workers_that_have_none()
    {
        // Both at once in every step.
        using Barrier together = new(2);
        int[] offered = new int[3];
        FakeRun Both(ulong seed) => new(seed)
        {
            WithContext = context =>
            {
                together.SignalAndWait();
                offered[seed] = context.Threads;
                together.SignalAndWait();
            },
        };
        new Pool(Stores("out"), new PoolOptions { Workers = 8, MostThreads = 8 })
            .Execute(new[] { Both(1), Both(2) }.Select(run => new PoolItem("item", run)));
        Assert.That(offered, Is.EqualTo(new[] { 0, 4, 4 }));
    }

    [TestCase(2, 1)]
    [TestCase(1, 2)]
    public void While_runs_wait_the_workers_share_the_threads(int workers, int expected)
    {
        // Two threads: two workers have one each, and one worker has both.
        int first = 0;
        FakeRun One(ulong seed) => new(seed)
        {
            WithContext = context => Interlocked.CompareExchange(ref first, context.Threads, 0),
        };
        new Pool(Stores("out"), new PoolOptions { Workers = workers, MostThreads = 2 })
            .Execute(new[] { One(3), One(4), One(5) }.Select(run => new PoolItem("item", run)));
        Assert.That(first, Is.EqualTo(expected));
    }

    [Test]
    public void A_note_counts_the_seconds_of_every_core_that_a_run_used()
    {
        TimeSpan slept = default;
        FakeRun run = new(5, steps: 1)
        {
            WithContext = context =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                Thread.Sleep(20);
                slept = watch.Elapsed;
                context.HasUsed(1_000);
            },
        };
        TwoStores stores = Stores("out");
        string id = Run(stores, [run])[0].Id;
        Assert.That(
            stores.Local.ReadNote(id)!.Seconds, Is.GreaterThan(900 * slept.TotalSeconds));
    }

    [Test]
    public void A_note_does_not_count_the_seconds_that_a_run_waited_for_a_processor()
    {
        Assume.That(OperatingSystem.IsLinux(), "elsewhere the time on the wall has to do");
        TimeSpan waited = default;
        TimeSpan computed = default;
        FakeRun run = new(5, steps: 1)
        {
            WithContext = context =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                Thread.Sleep(500);
                waited = watch.Elapsed;
                // The processor's own account: on a busy machine the wall says nothing.
                TimeSpan before = Environment.CpuUsage.TotalTime;
                while (Environment.CpuUsage.TotalTime - before < TimeSpan.FromSeconds(0.1))
                {
                    Thread.SpinWait(1_000);
                }
                computed = watch.Elapsed - waited;
            },
        };
        TwoStores stores = Stores("out");
        double seconds = stores.Local.ReadNote(Run(stores, [run])[0].Id)!.Seconds;
        double most = (waited.TotalSeconds / 2) + computed.TotalSeconds;
        Assert.That(seconds, Is.GreaterThan(0).And.LessThan(most));
    }

    [Test]
    public void A_run_stopped_anywhere_and_resumed_makes_the_same_record()
    {
        byte[] whole = Run(Stores("whole"), [new FakeRun(5)])[0].Record!.FileBytes();
        for (int stop = 0; stop < 40; stop += 3)
        {
            TwoStores stores = Stores($"stop{stop}");
            using CancellationTokenSource user = new();
            FakeRun first = new(5) { BeforeStep = s => CancelAt(s, stop, user) };
            PoolOutcome stopped = Run(stores, [first], cancellation: user.Token)[0];
            Assert.That(stopped.Source, Is.EqualTo(PoolSource.Interrupted));
            Assert.That(stopped.Record, Is.Null);

            FakeRun second = new(5);
            PoolOutcome resumed = Run(stores, [second])[0];
            Assert.That(resumed.Source, Is.EqualTo(PoolSource.Resumed));
            Assert.That(first.StepsMade + second.StepsMade, Is.EqualTo(40));
            Assert.That(resumed.Record!.FileBytes(), Is.EqualTo(whole));
            Assert.That(stores.Local.ReadNote(resumed.Id)!.Interrupted, Is.EqualTo(1));
            Assert.That(File.Exists(stores.Local.CheckpointPath(resumed.Id)), Is.False);
        }
    }

    [Test]
    public void A_run_killed_between_checkpoints_goes_on_from_the_last_whole_one()
    {
        byte[] whole = Run(Stores("whole"), [new FakeRun(5)])[0].Record!.FileBytes();
        TwoStores stores = Stores("killed");
        FakeRun killed = new(5)
        {
            BeforeStep = s => _ = s == 23 ? throw new IOException("power cut") : s,
        };
        PoolOutcome failed = Run(stores, [killed], checkpointSeconds: EveryStep)[0];
        Assert.That(failed.Source, Is.EqualTo(PoolSource.Failed));
        FakeRun second = new(5);
        PoolOutcome resumed = Run(stores, [second], checkpointSeconds: EveryStep)[0];
        Assert.That(second.StepsMade, Is.EqualTo(40 - 22));
        Assert.That(resumed.Record!.FileBytes(), Is.EqualTo(whole));
    }

    [Test]
    public void A_damaged_checkpoint_is_named_and_the_run_starts_anew()
    {
        TwoStores stores = Stores("out");
        using CancellationTokenSource user = new();
        FakeRun first = new(5) { BeforeStep = s => CancelAt(s, 20, user) };
        string id = Run(stores, [first], cancellation: user.Token)[0].Id;
        string checkpoint = stores.Local.CheckpointPath(id);
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..^1]);
        FakeRun second = new(5);
        Assert.That(Run(stores, [second])[0].Source, Is.EqualTo(PoolSource.Trained));
        Assert.That(second.StepsMade, Is.EqualTo(40));
        Assert.That(messages, Has.One.Contains(checkpoint));
    }

    [Test]
    public void A_damaged_record_is_named_once_and_made_again()
    {
        TwoStores stores = Stores("out");
        PoolOutcome made = Run(stores, [new FakeRun(5)])[0];
        string path = stores.Local.RecordPath(made.Id);
        File.WriteAllText(path, "{\"record\":");
        PoolOutcome again = Run(stores, [new FakeRun(5)])[0];
        Assert.That(again.Source, Is.EqualTo(PoolSource.Trained));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(made.Record!.FileBytes()));
        Assert.That(messages, Has.One.Contains(path));
    }

    [Test]
    public void A_failing_run_is_reported_and_the_others_go_on()
    {
        FakeRun bad = new(1)
        {
            BeforeStep = s => throw new InvalidOperationException("no such file x.mat"),
        };
        IReadOnlyList<PoolOutcome> outcomes =
            Run(Stores("out"), [new FakeRun(0), bad, new FakeRun(2)], workers: 2);
        Assert.That(
            outcomes.Select(o => o.Source),
            Is.EqualTo(new[] { PoolSource.Trained, PoolSource.Failed, PoolSource.Trained }));
        Assert.That(
            outcomes[1].Error, Does.Contain("fake seed 1").And.Contain("no such file x.mat"));
        Assert.That(messages, Has.One.EqualTo(outcomes[1].Error));
    }

    [Test]
    public void Equal_runs_are_made_once_and_every_item_gets_the_record()
    {
        FakeRun first = new(4);
        FakeRun second = new(4);
        IReadOnlyList<PoolOutcome> outcomes =
            new Pool(Stores("out")).Execute([new("fig", first), new("table", second)]);
        Assert.That(first.StepsMade + second.StepsMade, Is.EqualTo(40));
        Assert.That(outcomes.Select(o => o.Item), Is.EqualTo(new[] { "fig", "table" }));
        Assert.That(outcomes[1].Record, Is.SameAs(outcomes[0].Record));
    }

    [Test]
    public void The_longest_run_goes_first()
    {
        List<ulong> order = [];
        FakeRun[] runs = [.. new ulong[] { 2, 9, 5 }.Select(seed => new FakeRun(seed, 1)
        {
            EstimatedCost = seed,
            BeforeStep = _ => order.Add(seed),
        })];
        Run(Stores("out"), runs, workers: 1);
        Assert.That(order, Is.EqualTo(new ulong[] { 9, 5, 2 }));
    }

    [Test]
    public void What_the_local_store_has_is_not_made_again()
    {
        PoolOutcome made = Run(Stores("out"), [new FakeRun(1)])[0];
        FakeRun again = new(1);
        PoolOutcome found = Run(Stores("out"), [again])[0];
        Assert.That(found.Source, Is.EqualTo(PoolSource.Stored));
        Assert.That(again.StepsMade, Is.Zero);
        Assert.That(found.Record!.FileBytes(), Is.EqualTo(made.Record!.FileBytes()));
    }

    [Test]
    public void Paper_uses_what_is_recorded_and_quick_makes_it_anew_and_compares()
    {
        string id = Record(new FakeRun(1));
        FakeRun skipped = new(1);
        PoolOutcome paper = Run(Stores("fresh", Profile.Paper), [skipped])[0];
        Assert.That(paper.Source, Is.EqualTo(PoolSource.Recorded));
        Assert.That((skipped.StepsMade, paper.MatchesRecorded), Is.EqualTo((0, (bool?)null)));

        PoolOutcome quick = Run(Stores("fresh", Profile.Quick), [new FakeRun(1)])[0];
        Assert.That(quick.Source, Is.EqualTo(PoolSource.Trained));
        Assert.That((quick.Id, quick.MatchesRecorded), Is.EqualTo((id, (bool?)true)));
        Assert.That(
            Run(Stores("fresh"), [new FakeRun(2)])[0].MatchesRecorded, Is.Null, "not recorded");
    }

    [Test]
    public void A_result_other_than_the_recorded_one_is_reported_and_replaces_nothing()
    {
        // The same spec with another computation: a behaviour version that was not raised.
        FakeRun forgotten = new(1, steps: 39) { Spec = new FakeRun(1).Spec };
        string id = Record(forgotten);
        string path = Stores("x").RecordedOf("item").RecordPath(id);
        byte[] recorded = File.ReadAllBytes(path);
        TwoStores stores = Stores("fresh", Profile.Quick, mayRecord: true);
        PoolOutcome outcome = Run(stores, [new FakeRun(1)])[0];
        Assert.That((outcome.Id, outcome.MatchesRecorded), Is.EqualTo((id, (bool?)false)));
        Assert.That(messages, Has.One.Contains("differs from the recorded one"));
        Assert.That(
            () => stores.Record("item", id),
            Throws.TypeOf<StoreException>().With.Message.Contains("another result"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(recorded));
    }

    [Test]
    public void Recording_needs_permission()
    {
        TwoStores stores = Stores("out");
        string id = Run(stores, [new FakeRun(1)])[0].Id;
        Assert.That(
            () => stores.Record("item", id),
            Throws.TypeOf<StoreException>().With.Message.Contains("read-only"));
        Assert.That(Directory.Exists(folder["recorded"]), Is.False);
    }

    [Test]
    public void A_run_that_another_process_holds_is_awaited_and_not_made_twice()
    {
        FakeRun mine = new(1);
        string id = RunId.Of(mine);
        TwoStores theirs = Stores("elsewhere");
        Run(theirs, [new FakeRun(1)]);
        TwoStores stores = Stores("out");
        RunHold hold = stores.Local.TryLock(id)!;
        using ManualResetEventSlim otherDone = new();
        FakeRun free = new(2) { BeforeStep = s => otherDone.Set() };
        Task<IReadOnlyList<PoolOutcome>> pool =
            Task.Run(() => Run(stores, [mine, free], workers: 1));
        otherDone.Wait();
        stores.Local.Write(theirs.Local.Read(id).RecordOrNull!, theirs.Local.ReadNote(id)!);
        hold.Dispose();
        IReadOnlyList<PoolOutcome> outcomes = pool.GetAwaiter().GetResult();
        Assert.That(outcomes.Select(o => o.Source),
            Is.EqualTo(new[] { PoolSource.Stored, PoolSource.Trained }));
        Assert.That(mine.StepsMade, Is.Zero);
    }

    [Test]
    public void A_run_that_another_machine_claims_is_left_to_it_where_the_work_shall_not_wait()
    {
        FakeRun theirs = new(1);
        TwoStores stores = Stores("out");
        string claims = Path.Combine(stores.Local.Root, "claims");
        Directory.CreateDirectory(claims);
        string claim = RunClaim.PathOf(claims, RunId.Of(theirs), 1);
        File.WriteAllText(claim, "another\n");
        SharedWork shared = new("this", SharedWork.UsualAge, WaitsForOthers: false);
        IReadOnlyList<PoolOutcome> Work() =>
            new Pool(stores, new PoolOptions { Workers = 2, Shared = shared })
                .Execute([new("a", theirs), new("a", new FakeRun(2))]);
        Assert.That(
            Work().Select(o => o.Source),
            Is.EqualTo(new[] { PoolSource.Interrupted, PoolSource.Trained }));
        Assert.That(theirs.StepsMade, Is.Zero);

        File.SetLastWriteTimeUtc(claim, DateTime.UtcNow - (2 * SharedWork.UsualAge));
        Assert.That(
            Work().Select(o => o.Source),
            Is.EqualTo(new[] { PoolSource.Trained, PoolSource.Stored }));
        Assert.That(Directory.GetFiles(claims), Is.Empty);
    }

    [Test]
    public void A_run_that_another_machine_took_over_is_stopped_here_and_its_record_awaited()
    {
        TwoStores elsewhere = Stores("elsewhere");
        Run(elsewhere, [new FakeRun(1)]);
        TwoStores stores = Stores("out");
        string claims = Path.Combine(stores.Local.Root, "claims");
        string id = RunId.Of(new FakeRun(1));
        int steps = 0;
        FakeRun mine = new(1)
        {
            BeforeStep = step =>
            {
                steps++;
                if (step > 5)
                {
                    // A slow step, in which the other machine finds the claim old.
                    File.WriteAllText(RunClaim.PathOf(claims, id, 2), "another\n");
                    Thread.Sleep(100);
                }
                if (steps == 30)
                {
                    stores.Local.Write(
                        elsewhere.Local.Read(id).RecordOrNull!, elsewhere.Local.ReadNote(id)!);
                }
            },
        };
        SharedWork shared = new("this", TimeSpan.FromMilliseconds(300), WaitsForOthers: true);
        PoolOptions options = new()
        {
            Workers = 1,
            Shared = shared,
            Message = messages.Add,
        };
        IReadOnlyList<PoolOutcome> outcomes =
            new Pool(stores, options).Execute([new("a", mine)]);
        Assert.That(outcomes.Single().Record, Is.Not.Null);
        Assert.That(messages, Has.Some.Contains("another machine took over the run"));
    }

    [Test]
    public void A_store_that_cannot_be_written_stops_the_pool_before_the_first_run()
    {
        File.WriteAllText(folder["file"], "");
        FakeRun run = new(1);
        Assert.That(
            () => Run(Stores(Path.Combine("file", "out")), [run]),
            Throws.TypeOf<StoreException>());
        Assert.That(run.StepsMade, Is.Zero);
    }

    [Test]
    public void Progress_counts_runs_and_shares_of_work()
    {
        List<PoolProgress> seen = [];
        PoolOptions options = new() { Workers = 1, Progress = seen.Add };
        FakeRun large = new(1, 30);
        FakeRun small = new(2, 10);
        new Pool(Stores("out"), options).Execute([new("a", small), new("a", large)]);
        Assert.That(
            seen.Where(p => p.JustEnded is not null)
                .Select(p => (p.Done, p.Total, p.Fraction, p.JustEnded!.Value.Label)),
            Is.EqualTo(new[] { (1, 2, 0.75, large.Label), (2, 2, 1.0, small.Label) }));
        Assert.That(seen[^1].SecondsLeft, Is.Zero);
    }

    [Test]
    public void A_run_that_tells_of_every_step_is_shown_a_few_times_a_second()
    {
        List<PoolProgress> seen = [];
        PoolOptions options = new() { Workers = 1, Progress = seen.Add };
        Stopwatch clock = Stopwatch.StartNew();
        new Pool(Stores("out"), options).Execute([new("a", new FakeRun(1, 100_000))]);
        double most = 10 * clock.Elapsed.TotalSeconds;
        Assert.That(seen, Has.Count.LessThan(10 + most).And.Count.GreaterThan(1));
    }

    [Test]
    public void A_display_that_throws_does_not_stop_the_runs()
    {
        PoolOptions options = new()
        {
            Progress = _ => throw new IOException("pipe closed"),
            Message = messages.Add,
        };
        IReadOnlyList<PoolOutcome> outcomes =
            new Pool(Stores("out"), options).Execute([new("a", new FakeRun(1))]);
        Assert.That(outcomes[0].Source, Is.EqualTo(PoolSource.Trained));
        Assert.That(messages, Has.One.Contains("pipe closed"));
    }

    private static FakeRun[] Runs() =>
        [.. Enumerable.Range(0, 6).Select(i => new FakeRun((ulong)i, 20 + (7 * i)))];

    private static void CancelAt(int step, int stop, CancellationTokenSource user)
    {
        if (step == stop)
        {
            user.Cancel();
        }
    }

    private TwoStores Stores(
        string local, Profile profile = Profile.Quick, bool mayRecord = false) =>
        new(folder["recorded"], folder[local], profile, messages.Add, mayRecord);

    private string Record(FakeRun run)
    {
        TwoStores stores = Stores("recording", mayRecord: true);
        string id = Run(stores, [run])[0].Id;
        stores.Record("item", id);
        return id;
    }

    private IReadOnlyList<PoolOutcome> Run(
        TwoStores stores,
        IReadOnlyList<FakeRun> runs,
        int workers = 1,
        double checkpointSeconds = 1000,
        CancellationToken cancellation = default) =>
        new Pool(stores, new PoolOptions
        {
            Workers = workers,
            CheckpointSeconds = checkpointSeconds,
            Message = messages.Add,
        }).Execute(runs.Select(run => new PoolItem("item", run)), cancellation);
}
