using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

/// <summary>A whole training in one call, watched and interrupted, in either precision.</summary>
public class TrainerRunTests
{
    [Test]
    public void A_run_is_what_its_updates_one_by_one_are()
    {
        using RecurrentNetwork<float> one = SmallRuns.Network("IRNN", 5);
        using Trainer steps = new(one, SmallRuns.Task(5), SmallRuns.Sgd(40), 5);
        while (steps.Advance())
        {
        }
        using RecurrentNetwork<float> two = SmallRuns.Network("IRNN", 5);
        using Trainer run = new(two, SmallRuns.Task(5), SmallRuns.Sgd(40), 5);
        run.Run();
        Assert.That(run.WeightsHash(), Is.EqualTo(steps.WeightsHash()));
        run.Run();
        Assert.That(run.Updates, Is.EqualTo(40), "a finished run makes no more updates");
    }

    [Test]
    public void Callbacks_see_every_update_and_progress_every_point()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(40), 5);
        List<TrainingProgress> updates = [];
        List<long> points = [];
        Reports reports = new();
        trainer.Run(
            progress: reports,
            callbacks: new()
            {
                AfterUpdate = updates.Add,
                AtPoint = p => points.Add(p.Updates),
            });
        Assert.That(
            updates.Select(u => u.Updates),
            Is.EqualTo(Enumerable.Range(1, 40).Select(n => (long)n)));
        Assert.That(updates.Select(u => u.Budget), Is.All.EqualTo(40));
        // The point of update 0 is measured with the first update.
        Assert.That(points, Is.EqualTo(new long[] { 1, 17, 34, 40 }));
        Assert.That(reports.Seen.Select(p => p.Updates), Is.EqualTo(points));
        Assert.That(
            updates.Take(17).Average(u => u.Loss),
            Is.EqualTo(trainer.Curves[TrainingCurves.TrainingLoss][0]).Within(1e-9));
        Assert.That(
            updates.Take(17).Average(u => u.GradientNorm),
            Is.EqualTo(trainer.Curves[TrainingCurves.GradientNorm][0]).Within(1e-9));
    }

    [Test]
    public void A_cancelled_run_goes_on_to_the_same_bits()
    {
        string whole = Hash(trainer => trainer.Run());
        string cut = Hash(trainer =>
        {
            using CancellationTokenSource source = new();
            TrainingCallbacks callbacks = new()
            {
                AfterUpdate = p =>
                {
                    if (p.Updates == 13)
                    {
                        source.Cancel();
                    }
                },
            };
            Assert.That(
                () => trainer.Run(source.Token, callbacks: callbacks),
                Throws.InstanceOf<OperationCanceledException>());
            Assert.That(trainer.Updates, Is.EqualTo(13));
            trainer.Run();
        });
        Assert.That(cut, Is.EqualTo(whole));
    }

    [Test]
    public void A_network_of_double_precision_trains_to_what_single_precision_rounds()
    {
        TrainingSpec spec = SmallRuns.Sgd(60).With(new DropoutRule(.2)).With(new SpectrumRule())
            .With(new SelectionRule(MetricNames.SquaredError, false, 0)).With(new FrozenBiases());
        using RecurrentNetwork<float> small = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer single = new(small, SmallRuns.Task(5), spec, 5);
        single.Run();
        using RecurrentNetwork<double> large = new(small.Spec);
        large.Initialize(
            Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), 5);
        using Trainer<double> twice = new(large, SmallRuns.Task(5), spec, 5);
        twice.Run();
        double[] rounded = [.. small.Parameters.ToArray().Select(v => (double)v)];
        Assert.That(large.Parameters.ToArray(), Is.EqualTo(rounded).Within(2e-5));
        Assert.That(large.Parameters.ToArray(), Is.Not.EqualTo(rounded));
        Assert.That(twice.Curves.Names, Is.EqualTo(single.Curves.Names));
        SortedDictionary<string, double> scores = single.Finish();
        SortedDictionary<string, double> expected = twice.Finish();
        foreach ((string name, double value) in expected)
        {
            Assert.That(value, Is.EqualTo(scores[name]).Within(1e-3), name);
        }
        // Once more from half-way, as a saved state.
        using RecurrentNetwork<double> other = new(small.Spec);
        other.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), 5);
        using Trainer<double> first = new(other, SmallRuns.Task(5), spec, 5);
        while (first.Updates < 30)
        {
            first.Advance();
        }
        using RecurrentNetwork<double> empty = new(small.Spec);
        using Trainer<double> resumed = new(empty, SmallRuns.Task(5), spec, 5);
        resumed.Restore(first.Save());
        resumed.Run();
        Assert.That(resumed.Finish(), Is.EqualTo(expected));
        Assert.That(resumed.WeightsHash(), Is.EqualTo(twice.WeightsHash()));
    }

    [Test]
    public void Double_precision_reads_weights_symbols_and_carried_states_of_a_task()
    {
        SequenceTask task = new StreamTask(4);
        TrainingSpec spec = new()
        {
            BatchSize = StreamTask.Streams,
            Updates = 12,
            LearningRate = .05,
            EvaluateEvery = 4,
            ValidationSequences = 6,
        };
        NetworkSpec sizes = task.Network(5, Activation.Tanh);
        using RecurrentNetwork<float> small = new(sizes);
        small.Initialize(new NormalizedPositiveDefinite(), new WeightScales(), 7);
        using RecurrentNetwork<double> large = new(sizes);
        large.Initialize(new NormalizedPositiveDefinite(), new WeightScales(), 7);
        using Trainer single = new(small, task, spec, 1);
        using Trainer<double> twice = new(large, task, spec, 1);
        single.Run();
        twice.Run();
        foreach (string name in single.Curves.Names)
        {
            Assert.That(
                twice.Curves[name], Is.EqualTo(single.Curves[name]).Within(1e-4), name);
        }
    }

    private static string Hash(Action<Trainer> train)
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(40), 5);
        train(trainer);
        return trainer.WeightsHash();
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
