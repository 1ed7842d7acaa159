using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Tests.Training;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Runs;

/// <summary>Training runs made by a pool: same bytes however they were made.</summary>
public sealed class TrainingRunTests
{
    private const int Updates = 240;
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
    public void One_worker_and_two_make_the_same_record_bytes_and_weights()
    {
        IReadOnlyList<PoolOutcome> one = Execute("one", Runs(), workers: 1);
        IReadOnlyList<PoolOutcome> two = Execute("two", Runs(), workers: 2);
        Assert.That(one.Concat(two).Select(o => o.Source), Is.All.EqualTo(PoolSource.Trained));
        Assert.That(one.Select(Weights), Is.Unique.And.EqualTo(two.Select(Weights)));
        foreach (PoolOutcome outcome in one)
        {
            Assert.That(FileOf("two", outcome.Id), Is.EqualTo(FileOf("one", outcome.Id)));
        }
    }

    [Test]
    public void A_run_on_several_threads_makes_the_same_record_bytes()
    {
        // Large enough to be split.
        const int steps = 100;
        const int hidden = 100;
        TrainingSpec spec = SmallRuns.Sgd(4) with { BatchSize = 60 };
        MarkedPairTask Task(ulong seed) => new(
            PairTarget.Sum, steps, seed, trainingCount: 100, validationCount: 15, testCount: 25);
        TrainingRun Large() => new(
            "large", Task, new SimpleSetup(Variant.Named("IRNN"), new WeightScales()), spec,
            hidden, 1);

        string id = Execute("one", [Large()], workers: 1)[0].Id;
        using RecurrentNetwork<float> network = new(Task(1).Network(hidden, Activation.Relu));
        network.Threads = 3;
        Assert.That(
            network.ThreadsFor(new Batch<float>(network.Spec, steps, spec.BatchSize)),
            Is.EqualTo(3));
        Execute("three", [Large()], workers: 3);
        Assert.That(FileOf("three", id), Is.EqualTo(FileOf("one", id)));
    }

    [TestCase("IRNN")]
    [TestCase("np-tanhRNN")]
    public void A_run_stopped_three_times_and_resumed_makes_the_same_record_bytes(string variant)
    {
        string id = Execute("whole", [Run(variant)])[0].Id;
        foreach (int stopAfter in new[] { 50, 33, 70 })
        {
            using CancellationTokenSource user = new();
            TrainingRun stopped = Run(variant, made => StopAt(made, 3 * stopAfter, user));
            PoolOutcome outcome = Execute("out", [stopped], cancellation: user.Token)[0];
            Assert.That((outcome.Id, outcome.Source), Is.EqualTo((id, PoolSource.Interrupted)));
            Assert.That(outcome.Record, Is.Null);
        }
        long sequences = 0;
        PoolOutcome last = Execute("out", [Run(variant, made => sequences = made + 1)])[0];
        Assert.That(last.Source, Is.EqualTo(PoolSource.Resumed));
        Assert.That(sequences, Is.InRange(1, 3 * (Updates - 50 - 33 - 70)), "nothing made twice");
        Assert.That(Stores("out").Local.ReadNote(id)!.Interrupted, Is.EqualTo(3));
        Assert.That(FileOf("out", id), Is.EqualTo(FileOf("whole", id)));
    }

    [Test]
    public void A_run_that_died_between_checkpoints_goes_on_from_the_last_whole_one()
    {
        string id = Execute("whole", [Run("IRNN")])[0].Id;
        TrainingRun dying = Run(
            "IRNN", made => _ = made == 3 * 100 ? throw new IOException("power cut") : made);
        PoolOutcome died = Execute("out", [dying], checkpointSeconds: 1e-9)[0];
        Assert.That(died.Source, Is.EqualTo(PoolSource.Failed));
        long sequences = 0;
        PoolOutcome resumed = Execute("out", [Run("IRNN", made => sequences = made + 1)])[0];
        Assert.That(resumed.Source, Is.EqualTo(PoolSource.Resumed));
        Assert.That(sequences, Is.EqualTo(3 * (Updates - 96)), "update 96 was saved last");
        Assert.That(FileOf("out", id), Is.EqualTo(FileOf("whole", id)));
    }

    [TestCase(0.0)]
    [TestCase(0.3)]
    [TestCase(0.99)]
    public void A_torn_record_is_named_and_made_again_with_the_same_bytes(double share)
    {
        string id = Execute("out", [Run("IRNN")])[0].Id;
        byte[] whole = FileOf("out", id);
        string path = Stores("out").Local.RecordPath(id);
        File.WriteAllBytes(path, whole[..(int)(share * whole.Length)]);
        Assert.That(Execute("out", [Run("IRNN")])[0].Source, Is.EqualTo(PoolSource.Trained));
        Assert.That(messages, Has.One.Contains(path));
        Assert.That(FileOf("out", id), Is.EqualTo(whole));
    }

    [Test]
    public void A_byte_altered_anywhere_in_a_record_is_noticed()
    {
        string id = Execute("out", [Run("IRNN")])[0].Id;
        byte[] whole = FileOf("out", id);
        string path = Stores("out").Local.RecordPath(id);
        for (int at = 0; at < whole.Length; at += Math.Max(1, whole.Length / 97))
        {
            byte[] altered = [.. whole];
            altered[at] ^= 1;
            File.WriteAllBytes(path, altered);
            Assert.That(Stores("out").Local.Read(id), Is.TypeOf<Lookup.Damaged>(), $"byte {at}");
        }
    }

    [Test]
    public void A_diverged_run_has_a_record_that_says_so()
    {
        TrainingSpec wild = SmallRuns.Sgd(Updates) with
        {
            LearningRate = 1e30,
            Clipping = new(),
        };
        PoolOutcome outcome = Execute("out", [SmallRuns.Run("IRNN", wild, 1)])[0];
        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Record!.Result.Outcome, Is.EqualTo(Outcomes.Diverged));
        Assert.That(outcome.Record.Result.Updates, Is.LessThan(20));
        Assert.That(outcome.Record.Result.Metrics.Keys, Has.Member("test correct"));
        Assert.That(outcome.Record.Result.Metrics.Values, Is.All.NaN);
        Assert.That(
            Execute("out", [SmallRuns.Run("IRNN", wild, 1)])[0].Source,
            Is.EqualTo(PoolSource.Stored));
    }

    private static TrainingRun[] Runs() =>
    [
        .. from variant in new[] { "IRNN", "np-RNN", "np-tanhRNN" }
           from seed in new ulong[] { 1, 2 }
           select Run(variant, seed: seed),
    ];

    private static TrainingRun Run(string variant, Action<long>? watch = null, ulong seed = 1)
    {
        TrainingSpec spec = variant == "np-tanhRNN"
            ? SmallRuns.RmsProp(Updates)
            : SmallRuns.Sgd(Updates);
        return watch is null
            ? SmallRuns.Run(variant, spec, seed)
            : SmallRuns.Run(variant, spec, seed, s => new WatchedTask(SmallRuns.Task(s), watch));
    }

    private static void StopAt(long made, long at, CancellationTokenSource user)
    {
        if (made == at)
        {
            user.Cancel();
        }
    }

    private static string Weights(PoolOutcome outcome) => outcome.Record!.Result.WeightsSha256;

    private byte[] FileOf(string store, string id) =>
        File.ReadAllBytes(Stores(store).Local.RecordPath(id));

    private TwoStores Stores(string local) =>
        new(folder["recorded"], folder[local], Profile.Quick, messages.Add);

    private IReadOnlyList<PoolOutcome> Execute(
        string local, IReadOnlyList<TrainingRun> runs, int workers = 1,
        double checkpointSeconds = 1000, CancellationToken cancellation = default) =>
        new Pool(Stores(local), new PoolOptions
        {
            Workers = workers,
            MostThreads = workers,
            CheckpointSeconds = checkpointSeconds,
            Message = messages.Add,
        }).Execute(runs.Select(run => new PoolItem("item", run)), cancellation);
}
