using System.Runtime.InteropServices;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The gradient whose messages are cut at every step, as Lasagne does it.</summary>
public sealed class MessageClippingTests
{
    // One sequence, a block of steps and more, several shards, and 4H beside whole vectors.
    private static readonly int[][] Sizes =
    [
        [1, 1, 1, 1, 1], [2, 10, 1, 7, 3], [3, 31, 7, 3, 45], [2, 5, 2, 110, 1],
        [9, 6, 3, 40, 20],
    ];

    // A GRU refuses such clipping.
    private static IEnumerable<object[]> Combinations() => AnyCell.Combinations()
        .Where(c => c[0] is not (CellKind.GruBefore or CellKind.GruAfter));

    [Test]
    public void A_GRU_refuses_it(
        [Values(CellKind.GruBefore, CellKind.GruAfter)] CellKind cell)
    {
        NetworkSpec spec = new(2, 3, 1);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.3, 41);
        Batch<float> batch = Random.Batch<float>(spec, 4, 2, 42);
        batch.MessageLimit = 1;
        Assert.That(
            () => network.Gradient(batch),
            Throws.ArgumentException.With.Message.Contains("cut to ±1, but a GRU's"));
    }

    [TestCaseSource(nameof(Combinations))]
    public void The_engine_agrees_with_plain_loops_that_cut_the_same(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        int acted = 0;
        foreach (int[] n in Sizes)
        {
            NetworkSpec spec = new(n[0], n[1], n[2], activation, readout, lossAt);
            using SweptNetwork<double> network =
                AnyCell.Network<double>(cell, spec, 0.8 / Math.Sqrt(n[1]), 31);
            Batch<double> batch = Random.Batch<double>(spec, n[3], n[4], 32);
            double plain = network.Gradient(batch);
            double[] whole = network.Gradients.ToArray();
            batch.MessageLimit = 0.02 / n[4];
            double[] wanted = AnyCell.Oracle(cell, spec, network.Parameters.ToArray())
                .Run(batch).Gradient;
            Assert.That(network.Gradient(batch), Is.EqualTo(plain), "the loss is the same");
            (double distance, string block) = Distance.OfBlocks<double>(
                network.Layout, network.Gradients, wanted);
            Assert.That(distance, Is.LessThan(1e-12), $"{string.Join('×', n)}, {block}");
            Assert.That(
                network.HasCutMessages,
                Is.EqualTo(!network.Gradients.SequenceEqual(whole)), string.Join('×', n));
            acted += network.HasCutMessages ? 1 : 0;
        }
        Assert.That(acted, Is.GreaterThan(1));
    }

    [Test]
    public void A_limit_beyond_every_message_changes_no_bit(
        [Values(CellKind.Simple, CellKind.Lstm, CellKind.ClockworkOdd)] CellKind cell,
        [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = new(3, 19, 4, Activation.Tanh, Readout.Softmax, lossAt);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.3, 41);
        Batch<float> batch = Random.Batch<float>(spec, 30, 23, 42);
        network.Gradient(batch);
        float[] plain = network.Gradients.ToArray();
        batch.MessageLimit = 1e30;
        network.Gradient(batch);
        Assert.That(network.Gradients.SequenceEqual(plain), Is.True);
        Assert.That(network.HasCutMessages, Is.False);
    }

    [Test]
    public void Two_steps_worked_by_hand_cut_the_message_before_it_is_used()
    {
        // A rectifier that stays open, w = 3, W_yh = ½, x = 1 then 2, h_1 = 1, h_2 = 3 + 2 = 5,
        // o = 2.5, z = 1.5: dE/do = 2, so dE/ds_2 = 1 and dE/ds_1 = 3, which is cut to 1.
        NetworkSpec spec = new(1, 1, 1, Activation.Relu);
        using RecurrentNetwork<double> network = new(spec);
        network.Layout.InputWeights.Of(network.Parameters)[0] = 1;
        network.Layout.RecurrentWeights.Of(network.Parameters)[0] = 3;
        network.Layout.ReadoutWeights.Of(network.Parameters)[0] = .5;
        Batch<double> batch = new(spec, 2, 1);
        batch.Inputs[0] = 1;
        batch.Inputs[1] = 2;
        batch.Targets[0] = 1.5;
        double[] Of(double? limit)
        {
            batch.MessageLimit = limit;
            network.Gradient(batch);
            Span<double> g = network.Gradients;
            return
            [
                network.Layout.InputWeights.Of(g)[0], network.Layout.RecurrentWeights.Of(g)[0],
                network.Layout.Bias.Of(g)[0], network.Layout.ReadoutWeights.Of(g)[0],
            ];
        }
        Assert.That(Of(null), Is.EqualTo(new double[] { (3 * 1) + (1 * 2), 1, 4, 10 }));
        Assert.That(Of(1), Is.EqualTo(new double[] { (1 * 1) + (1 * 2), 1, 2, 10 }));
        // Both are cut, and step 1 receives 3 · ½ from what was cut.
        Assert.That(Of(.5), Is.EqualTo(new[] { .5 + 1, .5, 1, 10 }));
    }

    [Test]
    public void Every_width_gives_the_same_bits_and_says_the_same_of_what_was_cut(
        [Values(CellKind.Simple, CellKind.Lstm)] CellKind cell)
    {
        foreach (int hidden in new[] { 3, 16, 19, 33 })
        {
            NetworkSpec spec = new(
                2, hidden, 3, Activation.Tanh, Readout.Linear, LossPlacement.EveryStep);
            foreach (double limit in new[] { 1e-3, 0.4, 10 })
            {
                Widths.SameBytes(set =>
                {
                    using SweptNetwork<float> network =
                        AnyCell.Network<float>(cell, spec, 0.3, 51, set);
                    Batch<float> batch = Random.Batch<float>(spec, 5, 23, 52);
                    batch.MessageLimit = limit;
                    network.Gradient(batch);
                    return
                    [
                        .. MemoryMarshal.AsBytes(network.Gradients),
                        (byte)(network.HasCutMessages ? 1 : 0),
                    ];
                }, $"{hidden} units, {limit}");
            }
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_limit_out_of_range_is_refused_with_its_value(double limit)
    {
        NetworkSpec spec = new(1, 2, 1);
        using RecurrentNetwork<float> network = new(spec);
        Assert.That(
            () => network.Gradient(new Batch<float>(spec, 2, 1) { MessageLimit = limit }),
            Throws.ArgumentException.With.Message.Contains($"messages are cut at {limit}"));
    }
}
