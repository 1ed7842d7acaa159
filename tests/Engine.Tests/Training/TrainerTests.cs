using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Training;

public sealed class TrainerTests
{
    private static IEnumerable<TestCaseData> Settings()
    {
        yield return new TestCaseData("IRNN", SmallRuns.Sgd()).SetArgDisplayNames("IRNN, SGD");
        yield return new TestCaseData("np-tanhRNN", SmallRuns.RmsProp())
            .SetArgDisplayNames("np-tanhRNN, RMSprop");
        yield return new TestCaseData(
            "IRNN", SmallRuns.Sgd().With(new ReplacementRule()))
            .SetArgDisplayNames("IRNN, replacement");
        yield return new TestCaseData(
            "IRNN", SmallRuns.Sgd() with { Schedule = Schedule.Linear })
            .SetArgDisplayNames("IRNN, linear");
        foreach (Optimizer optimizer in new Optimizer[] { new Momentum(.9, true), new Adam() })
        {
            yield return new TestCaseData(
                "np-tanhRNN", SmallRuns.Sgd() with { Optimizer = optimizer })
                .SetArgDisplayNames("np-tanhRNN, " + optimizer.Name);
        }
    }

    [TestCaseSource(nameof(Settings))]
    public void A_state_saved_at_any_update_and_restored_goes_on_to_the_same_end(
        string variant, TrainingSpec spec)
    {
        using RecurrentNetwork<float> whole = SmallRuns.Network(variant, 5);
        using Trainer reference = new(whole, SmallRuns.Task(5), spec, 5);
        List<byte[]> states = [reference.Save()];
        while (reference.Advance())
        {
            states.Add(reference.Save());
        }
        Assert.That(states, Has.Count.EqualTo(spec.Updates));
        // 17 and 30 are evaluations, 7 and 20 lie within and at the end of an epoch.
        foreach (int at in new[] { 0, 1, 7, 16, 17, 20, 30, 49, 50, 51, 99 })
        {
            using RecurrentNetwork<float> other = new(whole.Spec);
            other.Parameters.Fill(0.5f);
            using Trainer resumed = new(other, SmallRuns.Task(5), spec, 5);
            resumed.Restore(states[at]);
            Assert.That(resumed.Updates, Is.EqualTo(at));
            while (resumed.Advance())
            {
            }
            Assert.That(resumed.WeightsHash(), Is.EqualTo(reference.WeightsHash()), $"at {at}");
            AssertSameCurves(resumed.Curves, reference.Curves);
        }
    }

    [Test]
    public void Curves_have_a_point_at_the_start_at_every_evaluation_and_at_the_end()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(40), 5);
        while (trainer.Advance())
        {
        }
        Assert.That(
            trainer.Curves[TrainingCurves.Updates], Is.EqualTo(new double[] { 0, 17, 34, 40 }));
        Assert.That(
            trainer.Curves[TrainingCurves.TrainingLoss], Has.Count.EqualTo(3).And.All.Positive);
        Assert.That(trainer.Curves["validation correct"], Has.Count.EqualTo(4));
        Assert.That(trainer.Curves["test correct"], Is.Empty);
        Assert.That((trainer.Updates, trainer.Diverged, trainer.Finished),
            Is.EqualTo((40L, false, true)));
        Assert.That(trainer.Advance(), Is.False);
    }

    [TestCase(3e38)]
    [TestCase(1e30)]
    public void Divergence_ends_the_training_and_throws_nothing(double learningRate)
    {
        TrainingSpec spec = SmallRuns.Sgd() with
        {
            LearningRate = learningRate,
            Clipping = new(),
        };
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        while (trainer.Advance())
        {
        }
        Assert.That((trainer.Diverged, trainer.Finished), Is.EqualTo((true, true)));
        Assert.That(trainer.Updates, Is.GreaterThan(0).And.LessThan(20));
        Assert.That(trainer.Advance(), Is.False);
    }

    [Test]
    public void No_updates_leave_the_weights_as_they_were()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(0) with
        {
            Schedule = [],
        }, 5);
        string before = trainer.WeightsHash();
        Assert.That((trainer.Advance(), trainer.Finished), Is.EqualTo((false, true)));
        Assert.That(trainer.WeightsHash(), Is.EqualTo(before));
    }

    [Test]
    public void The_learning_rate_follows_the_schedule_from_its_first_update_on()
    {
        TrainingSpec spec = SmallRuns.Sgd() with
        {
            LearningRate = 0.5,
            Schedule = [new(10, 0.1), new(20, 0.01)],
        };
        long[] updates = [0, 9, 10, 19, 20, 1_000_000];
        Assert.That(
            updates.Select(spec.RateAt), Is.EqualTo(new[] { 0.5, 0.5, 0.05, 0.05, 0.005, 0.005 }));
    }

    [Test]
    public void A_linear_schedule_falls_from_the_first_rate_to_nothing_at_the_end_of_the_budget()
    {
        TrainingSpec spec = SmallRuns.Sgd(8) with
        {
            LearningRate = 0.5,
            Schedule = Schedule.Linear,
        };
        Assert.That(
            Enumerable.Range(0, 10).Select(u => spec.RateAt(u)),
            Is.EqualTo(new[] { .5, .4375, .375, .3125, .25, .1875, .125, .0625, 0, 0 }));
        Assert.That((spec with { Updates = 16 }).RateAt(8), Is.EqualTo(.25), "of its own budget");
        Assert.That(spec.Schedule, Is.Not.EqualTo(Schedule.Constant));
    }

    [Test]
    public void A_step_of_the_schedule_changes_what_is_learnt_after_it_and_not_before()
    {
        (string Hash, string Half) plain = HashesAt(20, SmallRuns.Sgd(40) with { Schedule = [] });
        (string Hash, string Half) stepped = HashesAt(20, SmallRuns.Sgd(40));
        Assert.That(stepped.Half, Is.EqualTo(plain.Half));
        Assert.That(stepped.Hash, Is.Not.EqualTo(plain.Hash));
    }

    [Test]
    public void A_network_of_other_sizes_than_the_task_is_refused_with_both_named()
    {
        using RecurrentNetwork<float> network = new(new NetworkSpec(3, 8, 1));
        Assert.That(
            () => new Trainer(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5),
            Throws.ArgumentException.With.Message.Contains("'addition'")
                .And.Message.Contains("InputSize = 3").And.Message.Contains("InputSize = 2"));
    }

    [Test]
    public void The_state_of_another_network_is_refused()
    {
        using RecurrentNetwork<float> small = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(small, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        using RecurrentNetwork<float> large = new(
            SmallRuns.Task(5).Network(9, small.Spec.Activation));
        using Trainer other = new(large, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        Assert.That(
            () => other.Restore(trainer.Save()),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("HiddenSize = 8")
                .And.Message.Contains("HiddenSize = 9"));
    }

    [Test]
    public void The_state_of_another_cell_of_the_same_sizes_is_refused()
    {
        using RecurrentNetwork<float> simple = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(simple, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        using LstmNetwork<float> gated = new(simple.Spec);
        using Trainer other = new(gated, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        Assert.That(
            () => other.Restore(trainer.Save()),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                $"{simple.Parameters.Length} parameters, the network {gated.Parameters.Length}"));
    }

    [Test]
    public void A_state_of_another_layout_is_refused_and_both_layouts_are_named()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        byte[] state = trainer.Save();
        state[0]++;
        Assert.That(
            () => trainer.Restore(state),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                $"layout {Trainer.Layout + 1}, and this program reads {Trainer.Layout}"));
    }

    [Test]
    public void The_state_of_another_trainer_is_refused_by_what_differs_and_changes_nothing()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        for (int i = 0; i < 20; i++)
        {
            trainer.Advance();
        }
        byte[] state = trainer.Save();
        void Refuses(
            string word, SequenceTask? task = null, TrainingSpec? spec = null, ulong seed = 5)
        {
            using RecurrentNetwork<float> own = SmallRuns.Network("IRNN", 5);
            using Trainer other = new(
                own, task ?? SmallRuns.Task(5), spec ?? SmallRuns.Sgd(), seed);
            string before = other.WeightsHash();
            Assert.That(
                () => other.Restore(state),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains(word));
            Assert.That((other.WeightsHash(), other.Updates), Is.EqualTo((before, 0)));
        }
        Refuses("whose seed is 5, and here it is 6", seed: 6);
        Refuses("whose task is", task: new MarkedPairTask(PairTarget.Sum, 11, 5));
        Refuses("whose batch size is 3", spec: SmallRuns.Sgd() with { BatchSize = 4 });
        Refuses("whose optimiser is", spec: SmallRuns.Sgd() with { Optimizer = new RmsProp() });
        Refuses("whose rules is", spec: SmallRuns.Sgd().With(new FrozenBiases()));
        using RecurrentNetwork<double> large = new(network.Spec);
        using Trainer<double> twice = new(large, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        Assert.That(
            () => twice.Restore(state),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("numbers is \"Single\""));
        // What only decides what comes after may differ.
        using RecurrentNetwork<float> longer = SmallRuns.Network("IRNN", 6);
        using Trainer more = new(
            longer, SmallRuns.Task(5), SmallRuns.Sgd(200) with { LearningRate = .001 }, 5);
        more.Restore(state);
        Assert.That(more.WeightsHash(), Is.EqualTo(trainer.WeightsHash()));
    }

    [Test]
    public void A_state_that_was_cut_off_is_refused_wherever_and_changes_nothing()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.RmsProp(), 5);
        byte[] state = trainer.Save();
        trainer.Advance();
        string before = trainer.WeightsHash();
        byte[] now = trainer.Save();
        for (int length = 0; length < state.Length; length += 1 + (length / 20))
        {
            Assert.That(
                () => trainer.Restore(state[..length]), Throws.TypeOf<InvalidDataException>(),
                $"{length} of {state.Length} bytes");
            Assert.That((trainer.WeightsHash(), trainer.Updates), Is.EqualTo((before, 1)));
        }
        Assert.That(trainer.Save(), Is.EqualTo(now));
    }

    [TestCase(int.MaxValue)]
    [TestCase(1_000_000)]
    [TestCase(-1)]
    public void A_curve_that_announces_more_values_than_follow_is_refused_before_it_has_room(
        int announced)
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        trainer.Advance();
        byte[] state = trainer.Save();
        byte[] name = System.Text.Encoding.UTF8.GetBytes("validation squared error");
        int at = state.AsSpan().IndexOf(name) + name.Length;
        Assert.That(BitConverter.ToInt32(state, at), Is.EqualTo(1), "one point, at the start");
        BitConverter.TryWriteBytes(state.AsSpan(at), announced);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(
            () => trainer.Restore(state),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains($"{announced} values"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    [Test]
    public void A_state_of_a_program_before_states_said_whose_they_are_is_read()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        trainer.Advance();
        byte[] state = trainer.Save();
        int identity = BitConverter.ToInt32(state, state.Length - 12);
        byte[] older = state[..^(identity + 12)];
        using RecurrentNetwork<float> own = SmallRuns.Network("IRNN", 6);
        using Trainer other = new(own, SmallRuns.Task(5), SmallRuns.Sgd(), 5);
        other.Restore(older);
        Assert.That(other.Save(), Is.EqualTo(state));
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    public void A_trainer_or_network_that_was_disposed_of_says_so_whatever_is_asked(
        bool ofNetwork, bool isFinished)
    {
        RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        // RmsProp keeps state of its own, which a step would read after it was given back.
        Trainer trainer = new(network, SmallRuns.Task(5), SmallRuns.RmsProp(), 5);
        trainer.Advance();
        byte[] state = trainer.Save();
        if (isFinished)
        {
            trainer.Run();
        }
        ((IDisposable)(ofNetwork ? network : trainer)).Dispose();
        foreach (Action use in new Action[]
        {
            () => trainer.Advance(), () => trainer.Run(), () => trainer.Finish(),
            () => trainer.Save(), () => trainer.Restore(state), () => trainer.Score(Fold.Test),
        })
        {
            Assert.That(use, Throws.TypeOf<ObjectDisposedException>());
        }
        trainer.Dispose();
        network.Dispose();
        Assert.That(
            () => new Trainer(network, SmallRuns.Task(5), SmallRuns.Sgd(), 5),
            Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_loss_that_is_no_number_ends_the_run_before_a_step_is_made()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(
            network, SmallRuns.Task(5), SmallRuns.Sgd().With(new GradientGuard()), 5);
        trainer.Advance();
        // Beyond float32's squares, and no gradient's fault: the guard would make a step.
        network.Parameters.Fill(1e30f);
        string before = trainer.WeightsHash();
        Assert.That(trainer.Advance(), Is.False);
        Assert.That((trainer.Diverged, trainer.Updates), Is.EqualTo((true, 1)));
        Assert.That(trainer.WeightsHash(), Is.EqualTo(before));
    }

    [Test]
    public void Scores_are_means_over_the_sequences_asked_for_whatever_the_evaluation_batch()
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        MarkedPairTask task = new(PairTarget.Sum, 4, 9, testCount: 250);
        using Trainer trainer = new(network, task, SmallRuns.Sgd(), 5);
        Batch<float> one = new(network.Spec, 4, 1);
        double squares = 0;
        float[] output = new float[1];
        for (int i = 0; i < 230; i++)
        {
            task.Fill(Fold.Test, i, one, 0);
            network.Evaluate(one, output);
            double error = (double)output[0] - one.Targets[0];
            squares += error * error;
        }
        Assert.That(
            trainer.Score(Fold.Test, 230)[MetricNames.SquaredError],
            Is.EqualTo(squares / 230).Within(1e-6).Percent);
        Assert.That(
            trainer.Score(Fold.Test, 9_999), Is.EqualTo(trainer.Score(Fold.Test)),
            "a limit beyond the fold reads the fold");
    }

    [Test]
    public void The_limit_of_messages_is_the_threshold_in_units_of_the_loss_with_its_factor()
    {
        TrainingSpec spec = SmallRuns.Sgd(3) with
        {
            Clipping = new(ClippingKind.Message, .03),
            LossFactor = .5,
            LearningRate = .02,
            Schedule = [],
        };
        using RecurrentNetwork<float> network = SmallRuns.Network("np-tanhRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        trainer.Advance();
        // By hand: the messages of half the loss are cut at .03, those of the whole at .06.
        using RecurrentNetwork<float> by = SmallRuns.Network("np-tanhRNN", 5);
        TrainingBatches<float> batches = new(by.Spec, SmallRuns.Task(5), spec.BatchSize, 5);
        batches.Fill(0);
        batches.Batch.MessageLimit = .06;
        by.Gradient(batches.Batch);
        Assert.That(by.HasCutMessages, Is.True);
        for (int i = 0; i < by.Parameters.Length; i++)
        {
            by.Parameters[i] -= .01f * by.Gradients[i];
        }
        Assert.That(
            network.Parameters.ToArray(), Is.EqualTo(by.Parameters.ToArray()).Within(1e-7f));
        while (trainer.Advance())
        {
        }
        Assert.That(trainer.Curves[TrainingCurves.Clipped], Is.EqualTo(new[] { 1.0 }));
    }

    private static (string Hash, string Half) HashesAt(int half, TrainingSpec spec)
    {
        using RecurrentNetwork<float> network = SmallRuns.Network("IRNN", 5);
        using Trainer trainer = new(network, SmallRuns.Task(5), spec, 5);
        string hash = "";
        while (trainer.Advance())
        {
            hash = trainer.Updates == half ? trainer.WeightsHash() : hash;
        }
        return (trainer.WeightsHash(), hash);
    }

    private static void AssertSameCurves(TrainingCurves actual, TrainingCurves expected)
    {
        Assert.That(actual.Names, Is.EqualTo(expected.Names));
        foreach (string name in expected.Names)
        {
            Assert.That(actual[name], Is.EqualTo(expected[name]), name);
        }
    }
}
