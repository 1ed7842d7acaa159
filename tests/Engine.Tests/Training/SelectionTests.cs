using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>Halved rates, selected states, dropout, carried states, LSTMs and GRUs in
/// whole runs.</summary>
public sealed class SelectionTests
{
    private const string Metric = "cross-entropy";

    private static TrainingSpec Spec(long updates = 120) => new()
    {
        BatchSize = StreamTask.Streams,
        Updates = updates,
        LearningRate = 6,
        Clipping = new(ClippingKind.Norm, 1),
        Rules =
        [
            new HalvingRule(Metric, false), new SelectionRule(Metric, false, 0),
            new DropoutRule(0.25), new FrozenBiases(),
            new TrainingScore(StreamTask.Streams * StreamTask.Chunks),
        ],
        ValidationSequences = StreamTask.Streams * StreamTask.Chunks,
        EvaluateEvery = StreamTask.Chunks,
    };

    private static Trainer Trainer(TrainingSpec spec, RecurrentNetwork<float> network)
    {
        Variant variant = Variant.Named("basic tanh");
        network.Initialize(variant.Recurrent, new WeightScales { Deviation = 0.3 }, 4);
        network.SetLeakRates(new LeakRule(3).Rates(12, 4));
        return new Trainer(network, new StreamTask(4), spec, 4);
    }

    private static RecurrentNetwork<float> Network() =>
        new(new StreamTask(4).Network(12, Variant.Named("basic tanh").Activation));

    private static readonly NetworkSetup[] Setups =
    [
        new SimpleSetup(
            Variant.Named("basic tanh"), new WeightScales { Deviation = 0.3 }, new LeakRule(3)),
        new LstmInitializer(), new GruInitializer(),
        new GruInitializer { Reset = GruReset.After },
        new ClockworkSetup(new Clockwork([1, 2, 5])),
    ];

    private static TrainingRun Run(
        TrainingSpec spec, NetworkSetup setup, Action<long>? watch = null) =>
        new(
            "run",
            seed => setup is SimpleSetup
                ? Watched(new StreamTask(seed), watch)
                : Watched(SmallRuns.Task(seed), watch),
            setup, spec, 12, 4);

    private static SequenceTask Watched(SequenceTask task, Action<long>? watch) =>
        watch is null ? task : new WatchedTask(task, watch);

    [Test]
    public void The_selected_state_is_the_one_with_the_best_validation_score()
    {
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(Spec(), network);
        while (trainer.Advance())
        {
        }
        double[] scores = [.. trainer.Curves["validation " + Metric]];
        int best = Array.IndexOf(scores, scores.Min());
        Assert.That(trainer.SelectedUpdate, Is.EqualTo(trainer.Curves["updates"][best]));
        Assert.That(best, Is.LessThan(scores.Length - 1), "else the test shows nothing");
        Assert.That(
            trainer.Finish()["selected update"], Is.EqualTo(trainer.SelectedUpdate));
        Assert.That(
            trainer.Score(Fold.Validation, 12)[Metric], Is.EqualTo(scores.Min()));
    }

    [Test]
    public void A_run_that_diverged_after_a_state_was_selected_has_that_states_scores()
    {
        TrainingSpec spec = SmallRuns.Sgd() with
        {
            LearningRate = 1e30,
            Schedule = [],
            Clipping = new(),
            EvaluateEvery = 1,
        };
        using RecurrentNetwork<float> network = SmallRuns.Network("np-RNN", 4);
        using Trainer trainer = new(
            network, SmallRuns.Task(4), spec.With(new SelectionRule("squared error", false, 0)), 4);
        double before = trainer.Score(Fold.Test)["squared error"];
        while (trainer.Advance())
        {
        }
        Assert.That((trainer.Diverged, trainer.SelectedUpdate), Is.EqualTo((true, 0L)));
        Assert.That(trainer.Finish()["test squared error"], Is.EqualTo(before));

        using RecurrentNetwork<float> other = SmallRuns.Network("np-RNN", 4);
        using Trainer unselected = new(other, SmallRuns.Task(4), spec, 4);
        while (unselected.Advance())
        {
        }
        Assert.That(unselected.Finish()["test squared error"], Is.NaN);
    }

    [Test]
    public void The_rate_is_halved_exactly_where_the_score_became_worse()
    {
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(Spec(), network);
        while (trainer.Advance())
        {
        }
        double[] scores = [.. trainer.Curves["validation " + Metric]];
        double[] rates = [.. trainer.Curves[TrainingCurves.LearningRate]];
        double rate = 6;
        int halved = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (i > 0 && scores[i] > scores[i - 1])
            {
                rate /= 2;
                halved++;
            }
            Assert.That(rates[i], Is.EqualTo(rate), $"after evaluation {i}");
        }
        Assert.That(halved, Is.GreaterThan(1));
    }

    [Test]
    public void Training_stops_when_the_patience_is_used_up()
    {
        TrainingSpec spec = Spec(4_000).With(new SelectionRule(Metric, false, 3));
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(spec, network);
        while (trainer.Advance())
        {
        }
        double[] scores = [.. trainer.Curves["validation " + Metric]];
        Assert.That(trainer.Updates, Is.LessThan(4_000));
        Assert.That(Array.IndexOf(scores, scores.Min()), Is.EqualTo(scores.Length - 4));
        Assert.That((trainer.Finished, trainer.Diverged), Is.EqualTo((true, false)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_score_that_stays_the_same_is_neither_better_nor_worse(bool higherIsBetter)
    {
        // Steps too short to change a weight, and biases that do not move.
        TrainingSpec spec = (Spec() with { LearningRate = 1e-30 })
            .With(new HalvingRule(Metric, higherIsBetter))
            .With(new SelectionRule(Metric, higherIsBetter, 3));
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(spec, network);
        while (trainer.Advance())
        {
        }
        Assert.That(
            trainer.Curves["validation " + Metric].Distinct().Count(), Is.EqualTo(1),
            "else the test shows nothing");
        Assert.That(trainer.SelectedUpdate, Is.EqualTo(trainer.Curves["updates"][0]));
        Assert.That(trainer.Curves["updates"], Has.Count.EqualTo(4), "3 that were no better");
        Assert.That(trainer.Curves[TrainingCurves.LearningRate], Is.All.EqualTo(1e-30));
    }

    [Test]
    public void A_state_saved_at_any_update_goes_on_to_the_same_end()
    {
        using RecurrentNetwork<float> whole = Network();
        using Trainer reference = Trainer(Spec(40), whole);
        List<byte[]> states = [reference.Save()];
        while (reference.Advance())
        {
            states.Add(reference.Save());
        }
        // 4 updates are an epoch: some states lie within one, where the carried state counts.
        foreach (int at in new[] { 0, 3, 4, 13, 18, 39 })
        {
            using RecurrentNetwork<float> other = Network();
            using Trainer resumed = Trainer(Spec(40), other);
            resumed.Restore(states[at]);
            while (resumed.Advance())
            {
            }
            Assert.That(resumed.Save(), Is.EqualTo(reference.Save()), $"at {at}");
        }
    }

    [Test]
    public void Frozen_biases_stay_zero_and_the_other_weights_do_not()
    {
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(Spec(8), network);
        float[] before = network.Parameters.ToArray();
        while (trainer.Advance())
        {
        }
        foreach (ParameterView view in network.Views)
        {
            float[] now = view.Of(network.Parameters).ToArray();
            if (view.Name.Contains("bias", StringComparison.Ordinal))
            {
                Assert.That(now, Is.All.Zero, view.Name);
            }
            else
            {
                Assert.That(now, Is.Not.EqualTo(view.Of(before.AsSpan()).ToArray()), view.Name);
            }
        }
    }

    [Test]
    public void A_carried_state_makes_a_chunks_first_answers_possible()
    {
        // Two of six answers lie in the chunk before: at best a third of ln 3 without it.
        TrainingSpec spec = Spec(4_000) with
        {
            LearningRate = 1,
            Rules = [new SelectionRule(Metric, false, 0)],
        };
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(spec, network);
        while (trainer.Advance())
        {
        }
        Assert.That(
            trainer.Score(Fold.Training, 12)[Metric], Is.LessThan(Math.Log(3) / 3 / 3));
    }

    [TestCaseSource(nameof(Setups))]
    public void A_run_stopped_and_resumed_makes_the_same_record_bytes(NetworkSetup setup)
    {
        using TemporaryFolder folder = new();
        TrainingSpec spec = setup is SimpleSetup
            ? Spec()
            : SmallRuns.Sgd().With(new DropoutRule(0.2)).With(
                new SelectionRule("squared error", false, 0));
        PoolOutcome Execute(string name, TrainingRun run, CancellationToken stop = default) =>
            new Pool(new TwoStores(folder["recorded"], folder[name], Profile.Quick))
                .Execute([new("item", run)], stop)[0];
        byte[] Bytes(string name, string id) => File.ReadAllBytes(
            new TwoStores(folder["recorded"], folder[name], Profile.Quick).Local.RecordPath(id));
        PoolOutcome whole = Execute("whole", Run(spec, setup));
        Assert.That(whole.Error, Is.Null);
        using CancellationTokenSource user = new();
        PoolOutcome stopped = Execute("out", Run(spec, setup, made =>
        {
            if (made == 100)
            {
                user.Cancel();
            }
        }), user.Token);
        Assert.That(stopped.Source, Is.EqualTo(PoolSource.Interrupted));
        PoolOutcome last = Execute("out", Run(spec, setup));
        Assert.That(last.Source, Is.EqualTo(PoolSource.Resumed));
        Assert.That(Bytes("out", whole.Id), Is.EqualTo(Bytes("whole", whole.Id)));
        Assert.That(whole.Record!.Result.Metrics, Contains.Key("selected update"));
        Assert.That(whole.Record.Behaviour.Keys, Has.Some.EqualTo("cell." + setup.Cell));
    }

    [Test]
    public void All_leaky_units_have_one_rate_where_the_range_is_a_point()
    {
        double[] expected = [1, 0.5, 0.5];
        Assert.That(new LeakRule(2, 0.5, 0.5).Rates(3, 8), Is.EqualTo(expected));
    }

    [Test]
    public void Leak_rates_are_one_for_the_first_units_and_drawn_for_the_last()
    {
        double[] rates = new LeakRule(100).Rates(400, 8);
        Assert.That(rates.Take(300), Is.All.EqualTo(1));
        Assert.That(rates.Skip(300), Is.All.InRange(0.02, 0.2));
        Assert.That(rates.Skip(300), Is.Unique);
        // The mean of 100 uniform draws: .11 within four of its deviations.
        Assert.That(
            rates.Skip(300).Average(), Is.EqualTo(0.11).Within(4 * 0.18 / Math.Sqrt(1200)));
        Assert.That(
            () => new LeakRule(5).Rates(4, 1),
            Throws.ArgumentException.With.Message.Contains("5 of 4 units"));
    }

    [Test]
    public void An_unknown_score_is_refused_and_those_there_are_named()
    {
        using RecurrentNetwork<float> network = Network();
        using Trainer trainer = Trainer(
            Spec().With(new HalvingRule("accuracy", true)), network);
        Assert.That(
            () => trainer.Advance(),
            Throws.ArgumentException.With.Message.Contains("'accuracy'; there are cross-entropy"));
        Assert.That(
            () => (Spec() with { ValidationSequences = 0 }).Validate(),
            Throws.ArgumentException.With.Message.Contains("validation sequences are needed"));
        Assert.That(
            () => Run(
                SmallRuns.Sgd().With(new RegularizerSchedule { Alpha = 1 }),
                new LstmInitializer()),
            Throws.ArgumentException.With.Message.Contains("'lstm' has no Ω"));
    }
}
