using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>A gradient on several threads.</summary>
public sealed class ThreadTests
{
    private static readonly int[] Counts = [2, 3, 4, 5, 16];

    [TestCaseSource(typeof(AnyCell), nameof(AnyCell.Combinations))]
    public void The_bits_are_those_of_one_thread_on_any_number_of_threads(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        NetworkSpec spec = new(9, 17, 4, activation, readout, lossAt);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.3, 21);
        AssertBits(network, Random.Batch<float>(spec, 19, 47, 22), 0);
    }

    [TestCase(1, 8)]
    [TestCase(30, 9)]
    [TestCase(31, 20)]
    [TestCase(60, 39)]
    [TestCase(100, 100)]
    public void Shards_of_any_size_and_chunks_of_steps_keep_the_bits(int steps, int size)
    {
        NetworkSpec spec = new(2, 100, 1, Activation.Tanh);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.1, 5);
        AssertBits(network, Random.Batch<float>(spec, steps, size, 6), 0);
        AssertBits(network, Random.Batch<float>(spec, steps, size, 7), 0.5);
    }

    [Test]
    public void Steps_whose_deltas_are_too_many_for_the_caches_go_by_chunks_and_keep_the_bits()
    {
        const int steps = 150;
        const int size = 20;
        NetworkSpec spec = new(2, 100, 1, Activation.Tanh);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.1, 5);
        ThreadPlan plan = ThreadPlan.For(2, size, steps, 2 + 1 + 100, 100, 100, splitsSmall: true);
        Assert.That(plan.ChunkSteps, Is.InRange(steps / 2, steps - 1), "a whole and a shorter one");
        AssertBits(network, Random.Batch<float>(spec, steps, size, 6), 0.5);
    }

    [TestCase(NormRatio.Squared, 0)]
    [TestCase(NormRatio.Plain, 0)]
    [TestCase(NormRatio.Squared, 1e-4)]
    public void Ω_and_its_pairs_keep_their_bits(NormRatio ratio, double bound)
    {
        NetworkSpec spec = new(
            3, 30, 4, Activation.Tanh, Readout.Softmax, LossPlacement.LastStep);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.12, 8);
        AssertBits(
            network, Random.Batch<float>(spec, 40, 50, 9), 0.7,
            new RegularizerSpec { Ratio = ratio, Bound = bound });
    }

    // Symbols and Ω go by windows of a shard, other inputs without Ω by whole shards.
    [TestCase(true, 0.7)]
    [TestCase(false, 0.7)]
    [TestCase(false, 0)]
    public void Leaks_Ω_weights_carried_states_dropout_and_cut_messages_keep_the_bits(
        bool isOneHot, double alpha)
    {
        NetworkSpec spec = new(
            9, 17, 4, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        using RecurrentNetwork<double> network = Random.Network<double>(spec, 0.3, 21);
        network.SetLeakRates(new LeakRule(9).Rates(17, 4));
        Batch<double> batch = new(spec, 19, 47, isOneHot)
        {
            InitialStates = new double[47 * 17],
            FinalStates = new double[47 * 17],
            Weights = [.. Enumerable.Range(0, 19 * 47).Select(i => (i / 7) % 3 / 40.0)],
            Dropout = new Dropout(0.3, 5, 6),
            MessageLimit = 0.01,
        };
        batch.InitialStates.AsSpan().Fill(0.25);
        for (int i = 0; i < batch.InputIndices.Length; i++)
        {
            batch.InputIndices[i] = i * 7 % 9;
        }
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs[i] = (i * 7 % 9 / 9.0) - 0.4;
        }
        AssertBits(network, batch, alpha);
        Assert.That(network.HasCutMessages);
    }

    [TestCase(0.7)]
    [TestCase(0)]
    public void A_network_that_has_diverged_gives_the_same_NaN_on_any_number_of_threads(
        double alpha)
    {
        NetworkSpec spec = new(2, 20, 1, Activation.Relu);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 40, 3);
        AssertBits(network, Random.Batch<float>(spec, 60, 30, 4), alpha);
        Assert.That(network.Gradients.ToArray(), Has.Some.NaN);
    }

    [Test]
    public void One_network_takes_other_batches_and_numbers_of_threads_in_any_order()
    {
        NetworkSpec spec = new(2, 24, 1, Activation.Tanh);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.2, 11);
        for (int round = 0; round < 2; round++)
        {
            foreach ((int steps, int size) in
                new[] { (30, 45), (12, 20), (50, 101), (50, 61), (3, 8), (70, 40) })
            {
                AssertBits(network, Random.Batch<float>(spec, steps, size, (ulong)size), round);
            }
            network.SetLeakRates(new LeakRule(9).Rates(24, 4));
        }
    }

    [Test]
    public void Nothing_is_allocated_once_the_threads_are_there()
    {
        NetworkSpec spec = new(2, 32, 1, Activation.Tanh);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.1, 1);
        network.SplitsSmall = true;
        network.Threads = 3;
        Batch<float> batch = Random.Batch<float>(spec, 50, 53, 2);
        RegularizerSpec omega = new();
        Assert.That(network.ThreadsFor(batch), Is.EqualTo(3));
        for (int i = 0; i < 3; i++)
        {
            network.Gradient(batch, 0.5, omega);
        }
        long least = Allocations.LeastBy(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                network.Gradient(batch, 0.5, omega);
            }
        });
        // The meeting of threads makes its locks when one first falls asleep.
        Assert.That(least, Is.LessThan(200));
    }

    [Test]
    public void A_batch_that_is_too_small_is_swept_by_one_thread()
    {
        NetworkSpec small = new(2, 20, 1, Activation.Tanh);
        NetworkSpec large = new(1, 100, 10, Activation.Relu, Readout.Softmax);
        using RecurrentNetwork<float> few = Random.Network<float>(small, 0.1, 1);
        using RecurrentNetwork<float> many = Random.Network<float>(large, 0.1, 1);
        few.Threads = many.Threads = 4;
        Assert.Multiple(() =>
        {
            Assert.That(few.ThreadsFor(new Batch<float>(small, 10, 20)), Is.EqualTo(1));
            Assert.That(many.ThreadsFor(new Batch<float>(large, 784, 1)), Is.EqualTo(1));
            Assert.That(many.ThreadsFor(new Batch<float>(large, 784, 100)), Is.EqualTo(4));
            Assert.That(() => many.Threads = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [TestCase(2, 40, 2, 0)]
    [TestCase(2, 100, 5, 1)]
    [TestCase(2, 20, 0, 0)]
    [TestCase(4, 100, 4, 0)]
    [TestCase(4, 120, 6, 2)]
    [TestCase(4, 60, 3, 0)]
    [TestCase(4, 20, 0, 0)]
    public void Shards_that_go_round_are_one_threads_each_and_half_a_round_is_helped_with(
        int threads, int size, int whole, int helped)
    {
        ThreadPlan plan = ThreadPlan.For(
            threads, size, 784, 102, 100, 112, splitsSmall: false, addsByBlocks: true);
        Assert.That((plan.Whole, plan.Helped), Is.EqualTo((whole, helped)));
    }

    [Test]
    public void Sums_too_many_to_be_kept_are_not()
    {
        Assert.That(
            ThreadPlan.For(2, 40, 200, 1027, 1024, 1024, false, addsByBlocks: true).Whole,
            Is.Zero);
    }

    [Test]
    public void Shards_too_small_to_be_cut_are_shared_whole()
    {
        ThreadPlan plan = ThreadPlan.For(2, 100, 2000, 13, 10, 16, false, addsByBlocks: true);
        Assert.That((plan.Threads, plan.Whole), Is.EqualTo((2, 5)));
    }

    [Test]
    public void What_fails_in_one_shard_ends_the_others_that_wait_for_it()
    {
        NetworkSpec spec = new(2, 20, 1, Activation.Tanh);
        using FailingNetwork network = new(spec) { Threads = 2, SplitsSmall = true };
        Batch<float> batch = Random.Batch<float>(spec, 50, 140, 4);
        double loss = network.Gradient(batch);
        byte[] gradient = Shapes.Bytes<float>(network.Gradients);
        foreach (int shard in new[] { 0, 1, 3, 6 })
        {
            network.FailsIn = shard;
            Assert.That(
                () => network.Gradient(batch),
                Throws.InvalidOperationException.With.Message.EqualTo($"shard {shard}"));
        }
        network.FailsIn = -1;
        Assert.That(network.Gradient(batch), Is.EqualTo(loss));
        Assert.That(Shapes.Bytes<float>(network.Gradients), Is.EqualTo(gradient));
    }

    [Test]
    public void What_fails_on_a_thread_reaches_the_caller_and_the_team_goes_on()
    {
        using SweepTeam team = new(3);
        Assert.That(
            () => team.Run(6, i => throw new InvalidOperationException($"unit {i}")),
            Throws.InvalidOperationException.With.Message.Contains("unit"));
        int[] done = new int[50];
        team.Run(50, i => Interlocked.Increment(ref done[i]));
        Assert.That(done, Is.All.EqualTo(1));
        team.Dispose();
        Assert.That(() => team.Run(1, _ => { }), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static void AssertBits<T>(
        SweptNetwork<T> network, Batch<T> batch, double alpha, RegularizerSpec? spec = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        network.SplitsSmall = true;
        network.Threads = 1;
        Result one = Outcome(network, batch, alpha, spec);
        foreach (int count in Counts)
        {
            network.Threads = count;
            Result many = Outcome(network, batch, alpha, spec);
            Assert.Multiple(() =>
            {
                Assert.That(many.Loss, Is.EqualTo(one.Loss), $"{count} threads");
                Assert.That(many.Read, Is.EqualTo(one.Read), $"{count} threads");
                Assert.That(many.Outputs, Is.EqualTo(one.Outputs), $"{count} threads");
                Assert.That(many.Gradient, Is.EqualTo(one.Gradient), $"{count} threads");
                Assert.That(many.Omega, Is.EqualTo(one.Omega), $"{count} threads");
                Assert.That(many.Cut, Is.EqualTo(one.Cut), $"{count} threads");
                Assert.That(many.Last, Is.EqualTo(one.Last), $"{count} threads");
            });
        }
    }

    private static Result Outcome<T>(
        SweptNetwork<T> network, Batch<T> batch, double alpha, RegularizerSpec? spec)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        batch.FinalStates?.AsSpan().Clear();
        network.Gradients.Fill(T.One);
        double loss = network.Gradient(batch, alpha, spec);
        byte[] last = Shapes.Bytes<T>(batch.FinalStates ?? []);
        byte[] gradient = Shapes.Bytes<T>(network.Gradients);
        bool every = network.Spec.HasLossAtEveryStep;
        T[] outputs = new T[(every ? batch.Steps : 1) * batch.Size * network.Spec.OutputSize];
        double read = network.Evaluate(batch, outputs);
        return new Result(
            loss, read, Shapes.Bytes<T>(outputs), gradient, network.Regularizer,
            network.HasCutMessages, last);
    }

    private sealed class FailingNetwork(NetworkSpec spec)
        : SweptNetwork<float>(spec, new ParameterLayout(spec), null)
    {
        private FailingCell? cell;

        public int FailsIn { get; set; } = -1;

        private protected override Cell<float> Cell => cell ??= new FailingCell(this);
    }

    private sealed class FailingCell(FailingNetwork network)
        : SimpleCell<float>(network.Spec, network.Kernels)
    {
        public override void StartForward(Tape<float> tape)
        {
            if (tape.Shard == Shard.Of(tape.Batch.Size, Math.Max(0, network.FailsIn))
                && network.FailsIn >= 0)
            {
                throw new InvalidOperationException($"shard {network.FailsIn}");
            }
            base.StartForward(tape);
        }
    }

    private sealed record Result(
        double Loss, double Read, byte[] Outputs, byte[] Gradient, RegularizerValue Omega,
        bool Cut, byte[] Last);
}
