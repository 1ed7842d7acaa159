using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Dynamics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Runs.Theory;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;
using Repro.Engine.Tests.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Learners;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Records;

/// <summary>All recorded runs of the repository, one by one: whole, under their own id, and made
/// of parts that the engine still has at the version they name.</summary>
public sealed class RecordedRunsTests
{
    // What every training run is made of, by the beginning of its parts' names.
    private static readonly string[] PartsOfTraining =
        ["kernels", "cell.", "readout.", "initializer.", "optimizer.", "training", "task."];

    // A checkout may have turned the last line feed into another line end.
    private static readonly byte[] LineEnds = "\r\n"u8.ToArray();

    private List<(string Item, RecordStore Store)> stores = [];

    [OneTimeSetUp]
    public void FindTheStores()
    {
        string figures = Path.Combine(Repository.Root, "paper-figures");
        stores =
        [
            .. Directory.EnumerateDirectories(figures).Order(StringComparer.Ordinal)
                .Select(item => (Path.GetFileName(item), Path.Combine(item, "runs")))
                .Where(pair => Directory.Exists(pair.Item2))
                .Select(pair => (pair.Item1, new RecordStore(pair.Item2, Assert.Fail))),
        ];
        Assert.That(stores, Is.Not.Empty, figures);
    }

    [Test]
    public void Every_file_is_a_record_or_the_note_of_one()
    {
        List<string> strays = [];
        foreach ((string item, RecordStore store) in stores)
        {
            HashSet<string> files =
            [
                .. store.Ids().SelectMany(id =>
                    new[] { store.RecordPath(id), store.NotePath(id) }),
            ];
            strays.AddRange(
                Directory.EnumerateFileSystemEntries(store.Root).Where(f => !files.Contains(f))
                    .Select(f => $"{item}/{Path.GetFileName(f)}"));
        }
        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Every_record_is_whole_and_lies_under_the_id_of_its_content()
    {
        List<string> wrong = [];
        foreach ((string item, RecordStore store) in stores)
        {
            foreach (string id in store.Ids())
            {
                switch (store.Read(id))
                {
                    case Lookup.Found { Record: var r }:
                        string own = RunId.Of(r.Spec, r.Behaviour, r.Data);
                        if (own != id || r.Id != id)
                        {
                            wrong.Add($"{item}/{id}: its content has id {own}");
                        }
                        ReadOnlySpan<byte> file = File.ReadAllBytes(store.RecordPath(id));
                        ReadOnlySpan<byte> again = r.FileBytes();
                        if (!again.TrimEnd(LineEnds).SequenceEqual(file.TrimEnd(LineEnds)))
                        {
                            wrong.Add($"{item}/{id}: written again it has other bytes");
                        }
                        break;
                    case Lookup.Damaged damaged:
                        wrong.Add($"{item}/{id}: {damaged.Message}");
                        break;
                    default:
                        wrong.Add($"{item}/{id}: it is not there");
                        break;
                }
            }
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_outcome_is_known_and_every_note_says_how_the_run_was_made()
    {
        List<string> wrong = [];
        foreach ((string item, RunRecord record, RecordStore store) in Records())
        {
            if (!Outcomes.IsKnown(record.Result.Outcome))
            {
                wrong.Add($"{item}/{record.Id}: outcome '{record.Result.Outcome}'");
            }
            if (store.ReadNote(record.Id) is not { Label.Length: > 0, Seconds: >= 0 })
            {
                wrong.Add($"{item}/{record.Id}: no note");
            }
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_part_is_known_at_the_version_that_the_record_names()
    {
        Dictionary<string, int> known = KnownParts();
        SortedSet<string> wrong = new(StringComparer.Ordinal);
        foreach ((string item, RunRecord record, _) in Records())
        {
            foreach ((string part, int version) in record.Behaviour)
            {
                int now = known.TryGetValue(part, out int met) ? met : VersionByName(part);
                if (now != version)
                {
                    wrong.Add($"{item}: {part} {version}, known {now}");
                }
            }
        }
        Assert.That(wrong, Is.Empty, "recorded with parts that the engine no longer has");
    }

    [Test]
    public void Every_training_run_names_the_parts_that_none_can_do_without()
    {
        List<string> wrong = [];
        int count = 0;
        foreach ((string item, RunRecord record, _) in Records())
        {
            if ((string?)record.Spec["kind"] is not ("training" or "trained-decay"))
            {
                continue;
            }
            count++;
            string[] missing =
            [
                .. PartsOfTraining.Where(part => !record.Behaviour.Keys.Any(
                    name => name == part
                        || (part[^1] == '.' && name.StartsWith(part, StringComparison.Ordinal)))),
            ];
            if (missing.Length > 0)
            {
                wrong.Add($"{item}/{record.Id}: no {string.Join(", ", missing)}");
            }
        }
        Assert.That(count, Is.GreaterThan(100), "training runs");
        Assert.That(wrong, Is.Empty);
    }

    private IEnumerable<(string Item, RunRecord Record, RecordStore Store)> Records() =>
        stores.SelectMany(s => s.Store.ReadAll().Select(record => (s.Item, record, s.Store)));

    [Test]
    public void A_rule_for_the_weights_is_known_by_its_name_with_any_constant()
    {
        Assert.That(VersionByName("initializer.gaussian-0.05"), Is.EqualTo(1));
        Assert.That(VersionByName("initializer.orthogonal-1.7"), Is.EqualTo(1));
        Assert.That(VersionByName("initializer.uniform-0.05"), Is.Zero);
        Assert.That(VersionByName("cell.gaussian-0.05"), Is.Zero);
    }

    // A rule with a constant has as many names as a protocol has constants; the engine reads it.
    private static int VersionByName(string part)
    {
        const string rule = "initializer.";
        if (!part.StartsWith(rule, StringComparison.Ordinal))
        {
            return 0;
        }
        try
        {
            return RecurrentInitializers.Read(new SettingsNode(
                "initializer", new JsonObject { ["recurrent"] = part[rule.Length..] }))
                .BehaviourVersion;
        }
        catch (SettingsException)
        {
            return 0;
        }
    }

    // Asked of runs made now, so that it is the engine's own word.
    private static Dictionary<string, int> KnownParts()
    {
        Dictionary<string, int> known = [];
        foreach ((string part, int version) in Runs().SelectMany(run => run.Behaviour))
        {
            Assert.That(known.GetValueOrDefault(part, version), Is.EqualTo(version), part);
            known[part] = version;
        }
        return known;
    }

    private static IEnumerable<IRunnable> Runs()
    {
        Variant tanh = Variant.Named("basic tanh");
        TrainingSpec plain = new() { BatchSize = 2, Updates = 2, LearningRate = .1 };
        TrainingSpec full = plain with
        {
            Optimizer = new RmsProp(),
            Rules =
            [
                new GradientGuard(), new SpectrumRule(), new RegularizerSchedule { Alpha = 1 },
            ],
        };
        TrainingSpec chosen = plain with
        {
            Rules = [new SelectionRule(MetricNames.Correct, true, 0), new DropoutRule(.5)],
            ValidationSequences = 2,
            EvaluateEvery = 1,
        };
        TrainingRun Training(
            Func<ulong, SequenceTask> task, NetworkSetup setup, TrainingSpec spec) =>
            new("", task, setup, spec, 4, 1);
        SimpleSetup Simple(Variant variant, LeakRule? leaks = null) =>
            new(variant, new WeightScales(), leaks);
        foreach (Variant variant in Variant.All.Concat(Variant.Pascanu))
        {
            yield return Training(
                seed => new MarkedPairTask(PairTarget.Sum, 12, seed), Simple(variant), plain);
        }
        Func<ulong, SequenceTask>[] tasks =
        [
            seed => new MarkedPairTask(PairTarget.Product, 12, seed),
            seed => new PascanuPairTask(PairOperation.Addition, 12, seed),
            seed => new PascanuPairTask(PairOperation.Multiplication, 12, seed),
            seed => new TemporalOrderTask(12, seed),
            seed => new TemporalOrderTask(12, seed, TemporalOrder.ThreeMarks),
            seed => new RandomPermutationTask(12, seed),
            seed => new MemorisationTask(12, seed, 2, 2, allPatterns: false),
            _ => new Ucf101Task(Ucf101TaskTests.Features()),
            _ => MusicTaskTests.Task(10),
            _ => CharacterTaskTests.Task(1, 3, 4),
            _ => new SequentialMnist(
                SequentialMnistTests.Training, SequentialMnistTests.Test, 1, null, 14,
                PixelScale.Bytes),
            seed => new MarkedPairTask(
                PairTarget.Sum, 12, seed, targets: PairSchedule.Repeated),
            _ => new WaveformTask(Waveform.Beat, 20),
        ];
        foreach (Func<ulong, SequenceTask> task in tasks)
        {
            yield return Training(task, Simple(tanh), plain);
        }
        yield return Training(tasks[0], Simple(tanh), plain.With(new ReplacementRule()));
        yield return Training(
            tasks[3], Simple(tanh), plain with { Schedule = Schedule.Linear });
        yield return Training(tasks[3], Simple(tanh), full);
        yield return Training(tasks[3], Simple(tanh), plain with { Optimizer = new Momentum() });
        yield return Training(tasks[3], Simple(tanh), plain with { Optimizer = new Adam() });
        yield return Training(
            tasks[3], Simple(tanh), plain with { Optimizer = new HessianFree() });
        Variant sparse = new(
            "sparse", new SparseSpectral(15, 1, SparseSide.Incoming), Activation.Tanh);
        yield return Training(
            tasks[3], new SimpleSetup(sparse, new WeightScales { OwnInputDeviation = 1 }),
            plain.With(new BudgetRule(100, null)));
        yield return Training(
            tasks[3], Simple(tanh), plain with { Clipping = new(ClippingKind.Message, 1) });
        yield return Training(tasks[3], Simple(tanh, new LeakRule(2)), chosen);
        yield return Training(tasks[3], new LstmInitializer(), plain);
        yield return Training(tasks[3], new GruInitializer(), plain);
        yield return Training(tasks[3], new ClockworkSetup(new Clockwork([1, 2])), plain);
        yield return new RidgeRun(
            new Ucf101Task(Ucf101TaskTests.Features()), ClipView.TimeMean, [1.0]);
        yield return new MatrixRun(tanh, 4, 1);
        double[,] w = { { 7, 0 }, { 0, 4 } };
        yield return new BifurcationRun(5, -3, -2, 4);
        yield return new UnitOrbitRun(5, -2.5, .5, 10);
        yield return new SurfacePointRun(5, -2.6);
        Spacing weights = new(4, 5, 2);
        Spacing biases = new(-3, -2, 4);
        yield return new SurfaceGridRun(weights, biases);
        yield return new WallRun(weights, -3, -2);
        yield return new CutRun(5, biases, .05);
        yield return new DescentRun(5, -2.5, new Descent(.03, 1), 10);
        yield return new StateOrbitRun(
            w, [0, 0], new double[,] { { 1 }, { .1 } }, [[.1], [.1]], [0, 0]);
        yield return new MatrixPowersRun(w, 4);
        yield return new GradientDecayRun(Activation.Tanh, .1, 4, 4, 2, 1);
        yield return new TrainedDecayRun("basic tanh", .1, 4, 12, [0, 1], 1);
        yield return new RectifierPlaneRun(1, .8, [[.1, .9]], 4, [.8, -.6]);
        NetworkSpec spec = new(2, 3, 1, Activation.Tanh);
        yield return new NetworkGraphRun(spec, tanh, 0, 2, 3);
        yield return new NetworkGraphRun(spec, null, .1, 2, 3);
    }
}
