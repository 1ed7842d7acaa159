using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;
using Repro.Engine.Tests.Records;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Symbols for inputs, random lengths, Ω, guard and stopping rules in whole runs.
/// </summary>
public sealed class PathologicalRunTests
{
    private static readonly SequenceLength Lengths = new(10, 14);

    private static TrainingSpec Spec(long updates = 60) => new()
    {
        BatchSize = 3,
        Updates = updates,
        LearningRate = 0.05,
        Clipping = new(ClippingKind.Norm, 1),
        Rules =
        [
            new RegularizerSchedule { Alpha = 2, DecayUpdates = 40 }, new GradientGuard(),
            new SuccessRule(2, 40, 10), new SpectrumRule(), new TraceWindow(5, 25),
            new TestLengths(10, 31),
        ],
        EvaluateEvery = 13,
        ValidationSequences = 20,
        TestSequences = 40,
    };

    private static TrainingRun Run(
        TrainingSpec spec, string variant = "smart tanh", Action<long>? watch = null,
        Func<ulong, SequenceTask>? task = null)
    {
        task ??= seed => new TemporalOrderTask(Lengths, seed, testCount: 60);
        Func<ulong, SequenceTask> made = watch is null
            ? task
            : seed => new WatchedTask(task(seed), watch);
        return new TrainingRun(
            "run", made,
            new SimpleSetup(Variant.Named(variant), new WeightScales { Deviation = 0.1 }), spec,
            20, 3);
    }

    private static PoolOutcome Execute(
        TemporaryFolder folder, string name, TrainingRun run, CancellationToken stop = default) =>
        new Pool(new TwoStores(folder["recorded"], folder[name], Profile.Quick))
            .Execute([new("item", run)], stop)[0];

    private static RunResult ResultOf(TrainingRun run)
    {
        using TemporaryFolder folder = new();
        PoolOutcome outcome = Execute(folder, "out", run);
        Assert.That(outcome.Error, Is.Null);
        return outcome.Record!.Result;
    }

    private static byte[] FileOf(TemporaryFolder folder, string name, string id) =>
        File.ReadAllBytes(new TwoStores(folder["recorded"], folder[name], Profile.Quick)
            .Local.RecordPath(id));

    private static IEnumerable<TestCaseData> Tasks()
    {
        yield return Named("temporal order", s => new TemporalOrderTask(Lengths, s));
        yield return Named("3-bit", s => new TemporalOrderTask(
            Lengths, s, TemporalOrder.ThreeMarks));
        yield return Named("addition", s => new PascanuPairTask(
            PairOperation.Addition, Lengths, s));
        yield return Named("multiplication", s => new PascanuPairTask(
            PairOperation.Multiplication, Lengths, s));
        yield return Named("permutation", s => new RandomPermutationTask(Lengths, s, 9));
        yield return Named("memorisation", s => MemorisationTask.Extended(Lengths, s));
        static TestCaseData Named(string name, Func<ulong, SequenceTask> task) =>
            new TestCaseData(task).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Tasks))]
    public void A_run_of_each_task_stopped_and_resumed_makes_the_same_record_bytes(
        Func<ulong, SequenceTask> task)
    {
        using TemporaryFolder folder = new();
        TrainingSpec spec = Spec(100).Without<SuccessRule>();
        PoolOutcome whole = Execute(folder, "whole", Run(spec, task: task));
        Assert.That(whole.Error, Is.Null);
        foreach (int stopAfter in new[] { 17, 20 })
        {
            using CancellationTokenSource user = new();
            Action<long> watch = made =>
            {
                if (made == 3 * stopAfter)
                {
                    user.Cancel();
                }
            };
            PoolOutcome stopped = Execute(
                folder, "out", Run(spec, watch: watch, task: task), user.Token);
            Assert.That(stopped.Source, Is.EqualTo(PoolSource.Interrupted));
        }
        PoolOutcome last = Execute(folder, "out", Run(spec, task: task));
        Assert.That(last.Source, Is.EqualTo(PoolSource.Resumed));
        Assert.That(FileOf(folder, "out", whole.Id), Is.EqualTo(FileOf(folder, "whole", whole.Id)));
        Assert.That(whole.Record!.Result.Metrics.Keys, Has.Some.EqualTo("test correct at 31"));
    }

    [Test]
    public void A_state_saved_at_any_update_goes_on_to_the_same_end()
    {
        TemporalOrderTask Task() => new(Lengths, 3, testCount: 60);
        RecurrentNetwork<float> Network()
        {
            RecurrentNetwork<float> network = new(
                Task().Network(20, Variant.Named("basic tanh").Activation));
            network.Initialize(
                Variant.Named("basic tanh").Recurrent, new WeightScales { Deviation = 0.1 }, 3);
            return network;
        }
        TrainingSpec spec = Spec().Without<SuccessRule>();
        using RecurrentNetwork<float> whole = Network();
        using Trainer reference = new(whole, Task(), spec, 3);
        List<byte[]> states = [reference.Save()];
        while (reference.Advance())
        {
            states.Add(reference.Save());
        }
        foreach (int at in new[] { 0, 4, 6, 13, 24, 25, 39, 59 })
        {
            using RecurrentNetwork<float> other = new(whole.Spec);
            using Trainer resumed = new(other, Task(), spec, 3);
            resumed.Restore(states[at]);
            while (resumed.Advance())
            {
            }
            Assert.That(resumed.Save(), Is.EqualTo(reference.Save()), $"at {at}");
        }
    }

    [Test]
    public void A_run_that_learns_its_task_stops_at_the_check_that_shows_it()
    {
        TrainingSpec spec = Spec(100_000).With(new SuccessRule(9, 200, 50)).Without<TraceWindow>();
        RunResult result = ResultOf(Run(spec, "basic tanh"));
        Assert.That(result.Outcome, Is.EqualTo(Outcomes.Succeeded));
        Assert.That(result.Updates, Is.GreaterThan(50).And.LessThan(50_000));
        Assert.That(result.Updates % 50, Is.Zero);
        Assert.That(result.Metrics["test correct"], Is.GreaterThan(0.8));
        Assert.That(
            result.Curves["training loss"].X[^1], Is.EqualTo(result.Updates), "curves reach it");
    }

    [Test]
    public void A_rule_that_allows_almost_all_to_be_wrong_stops_at_the_first_check()
    {
        RunResult result = ResultOf(Run(Spec().With(new SuccessRule(39, 40, 10))));
        Assert.That((result.Outcome, result.Updates), Is.EqualTo((Outcomes.Succeeded, 10L)));
    }

    [Test]
    public void A_run_on_the_plateau_is_given_up_at_the_stated_update_and_not_before()
    {
        TrainingSpec spec = (Spec() with { LearningRate = 1e-6 })
            .With(new FutilityRule(39, 1.2));
        RunResult result = ResultOf(Run(spec));
        Assert.That((result.Outcome, result.Updates), Is.EqualTo((Outcomes.Futile, 39L)));
        result = ResultOf(Run(spec.With(new FutilityRule(39, 1.6))));
        Assert.That((result.Outcome, result.Updates), Is.EqualTo((Outcomes.Completed, 60L)));
    }

    [Test]
    public void A_gradient_beyond_the_guard_shrinks_the_recurrent_weights_and_nothing_else()
    {
        NetworkSpec six = new(2, 1, 1);
        using RecurrentNetwork<double> network = new(six);
        network.Parameters.Fill(0.5);
        using ClippedStep<double> optimizer = new(
            network, new Sgd(), new ClippingSpec(ClippingKind.Norm, 1), 1,
            new GradientGuard());
        double shrunk = 0.5;
        foreach (double component in new[] { 2e10, double.PositiveInfinity, double.NaN })
        {
            network.Gradients.Clear();
            network.Gradients[^1] = component;
            StepReport report = optimizer.Step(0.1);
            shrunk -= 0.1 * 0.02 * shrunk;
            Assert.That((report.Guarded, report.Finite, report.Clipped),
                Is.EqualTo((true, true, false)));
            Assert.That(
                network.Parameters.ToArray(),
                Is.EqualTo(new[] { shrunk, 0.5, 0.5, 0.5, 0.5, 0.5 }).Within(1e-15));
        }
        network.Gradients.Clear();
        network.Gradients[^1] = 1e10;
        Assert.That(optimizer.Step(0.1).Guarded, Is.False, "at the bound it passes");
        Assert.That(network.Parameters[^1], Is.EqualTo(0.4).Within(1e-15), "and is clipped to 1");
    }

    [Test]
    public void Curves_tell_of_norms_regulariser_and_spectrum_at_every_evaluation()
    {
        RunResult result = ResultOf(Run(Spec().Without<SuccessRule>()));
        double[] points = [13, 26, 39, 52, 60];
        foreach (string name in new[]
            {
                "largest gradient norm", "guarded", "regulariser", "gradient norm",
            })
        {
            Assert.That(result.Curves[name].X, Is.EqualTo(points), name);
        }
        Assert.That(result.Curves["spectral radius"].X, Is.EqualTo(new[] { 0 }.Concat(
            points.Select(x => (int)x)).Select(x => (double)x)));
        Assert.That(result.Curves["spectral radius"].Y[0], Is.EqualTo(0.95).Within(1e-5));
        double[] largest = result.Curves["largest singular value"].Y;
        Assert.That(
            largest.Zip(result.Curves["spectral radius"].Y, (s, r) => s >= r), Is.All.True);
        Curve trace = result.Curves["gradient norm by update"];
        Assert.That(trace.X, Is.EqualTo(Enumerable.Range(5, 20).Select(x => (double)x)));
        Assert.That(
            trace.Y.Take(8).Max(),
            Is.LessThanOrEqualTo(result.Curves["largest gradient norm"].Y[0]));
    }

    [Test]
    public void Alpha_follows_its_steps_and_its_decay()
    {
        RegularizerSchedule steps = new() { Alpha = 4, Steps = [new(10, 0.5), new(20, 0)] };
        long[] updates = [0, 9, 10, 19, 20];
        Assert.That(
            updates.Select(steps.AlphaAt), Is.EqualTo(new[] { 4.0, 4, 2, 2, 0 }));
        RegularizerSchedule decay = new() { Alpha = 0.05, DecayUpdates = 2800, DecayFrom = 100 };
        Assert.That(
            new long[] { 0, 100, 2900, 5700 }.Select(decay.AlphaAt),
            Is.EqualTo(new[] { 0.05, 0.05, 0.025, 0.05 / 3 }).Within(1e-15));
    }

    [TestCase("regulariser's α is -1")]
    [TestCase("guard's norm is 0")]
    [TestCase("allows 40 wrong of 40")]
    [TestCase("futility rule looks at update 0")]
    [TestCase("trace is of updates 5 to 5")]
    [TestCase("test length is 0")]
    [TestCase("bound is 1E-31")]
    [TestCase("decay takes 0 updates")]
    public void A_setting_out_of_range_is_refused_with_its_value(string message)
    {
        TrainingSpec[] wrong =
        [
            Spec().With(new RegularizerSchedule { Alpha = -1 }),
            Spec().With(new GradientGuard(0)),
            Spec().With(new SuccessRule(40, 40, 1)),
            Spec().With(new FutilityRule(0, 1)),
            Spec().With(new TraceWindow(5, 5)),
            Spec().With(new TestLengths(0)),
            Spec().With(new RegularizerSchedule { Alpha = 1, Form = new(Bound: 1e-31) }),
            Spec().With(new RegularizerSchedule { Alpha = 1, DecayUpdates = 0 }),
        ];
        Assert.That(
            wrong.Select(spec => Assert.Throws<ArgumentException>(spec.Validate)!.Message),
            Has.One.Contains(message));
    }

    [Test]
    public void A_check_that_is_not_whole_batches_is_refused()
    {
        TrainingSpec spec = Spec().With(new SuccessRule(2, 50, 10));
        PoolOutcome outcome;
        using (TemporaryFolder folder = new())
        {
            outcome = Execute(folder, "out", Run(spec));
        }
        Assert.That(outcome.Error, Does.Contain("50 sequences is not whole batches of 20"));
    }

    [Test]
    public void Updates_of_random_lengths_with_the_regulariser_allocate_nothing()
    {
        TemporalOrderTask task = new(Lengths, 3);
        using RecurrentNetwork<float> network = new(
            task.Network(20, Variant.Named("smart tanh").Activation));
        network.Initialize(
            Variant.Named("smart tanh").Recurrent, new WeightScales { Deviation = 0.1 }, 3);
        TrainingSpec spec = (Spec(1_000_000) with { EvaluateEvery = 1_000_000 })
            .Without<SuccessRule>().Without<SpectrumRule>().Without<TraceWindow>();
        using Trainer trainer = new(network, task, spec, 3);
        for (int i = 0; i < 100; i++)
        {
            trainer.Advance();
        }
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 500; i++)
                {
                    trainer.Advance();
                }
            }),
            Is.Zero);
        Assert.That(trainer.Updates, Is.GreaterThanOrEqualTo(600));
    }
}
