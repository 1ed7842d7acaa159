using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The engine against a network of plain loops, and against itself at other widths.
/// </summary>
public class OracleTests
{
    // I, H, O, T, B: one unit of each; B = 1 with inputs multiplied apart; H beside a multiple
    // of 16 and far from one; several shards, of equal and of unequal size; more steps than one
    // gradient block.
    private static readonly int[][] Sizes =
    [
        [1, 1, 1, 1, 1], [2, 10, 1, 7, 3], [8, 16, 2, 5, 1], [12, 17, 5, 4, 21],
        [3, 31, 7, 3, 45], [7, 33, 17, 6, 2], [2, 5, 2, 110, 1], [1, 6, 3, 40, 20],
    ];

    private static IEnumerable<int[]> SizesOf(CellKind cell) => cell switch
    {
        CellKind.Simple or CellKind.Clockwork or CellKind.ClockworkOdd =>
            [.. Sizes, [9, 48, 3, 3, 40]],
        // The second: 4H and 1 + I + H above the depth of one product.
        CellKind.Lstm or CellKind.GruBefore or CellKind.GruAfter =>
            [.. Sizes, [9, 48, 3, 14, 40], [30, 100, 2, 3, 5]],
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
    };

    private static double Deviation(CellKind cell, int hidden) =>
        (AnyCell.IsSimple(cell) ? 0.8 : 1.2) / Math.Sqrt(hidden);

    [TestCaseSource(typeof(AnyCell), nameof(AnyCell.Combinations))]
    public void The_engine_agrees_with_plain_loops(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        double worst = 0;
        foreach (int[] n in SizesOf(cell))
        {
            NetworkSpec spec = new(n[0], n[1], n[2], activation, readout, lossAt);
            using SweptNetwork<double> network =
                AnyCell.Network<double>(cell, spec, Deviation(cell, n[1]), 31);
            Batch<double> batch = Random.Batch<double>(spec, n[3], n[4], 32);
            IOracle oracle = AnyCell.Oracle(cell, spec, network.Parameters.ToArray());
            (double loss, double[] gradient, double[] outputs) = oracle.Run(batch);
            double[] got = new double[outputs.Length];
            string name = string.Join('×', n);

            Assert.That(network.Evaluate(batch, got), Is.EqualTo(loss).Within(1e-10).Percent, name);
            Assert.That(Distance.Relative<double>(got, outputs), Is.LessThan(1e-12), name);
            Assert.That(network.Gradient(batch), Is.EqualTo(loss).Within(1e-10).Percent, name);
            (double distance, string block) = Distance.OfBlocks<double>(
                network.Layout, network.Gradients, gradient);
            Assert.That(distance, Is.LessThan(1e-12), $"{name}, {block}");
            worst = Math.Max(worst, distance);
        }
        TestContext.Out.WriteLine($"worst block {worst:E1}");
    }

    [TestCaseSource(typeof(AnyCell), nameof(AnyCell.Combinations))]
    public void Every_width_gives_the_same_bits(
        CellKind cell, Activation activation, Readout readout, LossPlacement lossAt)
    {
        // Last units: 3, 1, 4, 15 of a line of float32, 3, 1, 4, 7 of float64.
        foreach (int[] n in (int[][])
            [[2, 19, 3, 5, 23], [9, 33, 5, 4, 2], [1, 20, 17, 9, 1], [3, 47, 2, 4, 3]])
        {
            NetworkSpec spec = new(n[0], n[1], n[2], activation, readout, lossAt);
            byte[] single = Widths.SameBytes(set => Run<float>(cell, spec, n, set), $"{spec}");
            byte[] wide = Widths.SameBytes(set => Run<double>(cell, spec, n, set), $"{spec}");
            Assert.That(wide, Has.Length.GreaterThan(single.Length));
        }
    }

    [Test]
    public void A_batch_after_a_longer_and_a_wider_one_gives_the_bits_of_a_new_network(
        [Values] CellKind cell)
    {
        foreach (LossPlacement lossAt in Enum.GetValues<LossPlacement>())
        {
            NetworkSpec spec = new(9, 12, 3, Activation.Tanh, Readout.Softmax, lossAt);
            using SweptNetwork<float> used = AnyCell.Network<float>(cell, spec, 0.4, 41);
            used.Gradient(Random.Batch<float>(spec, 9, 5, 42));
            used.Gradient(Random.Batch<float>(spec, 4, 27, 43));
            used.Evaluate(Random.Batch<float>(spec, 9, 27, 44));
            Batch<float> batch = Random.Batch<float>(spec, 6, 25, 45);
            using SweptNetwork<float> fresh = AnyCell.Network<float>(cell, spec, 0.4, 41);
            Assert.That(used.Evaluate(batch), Is.EqualTo(fresh.Evaluate(batch)));
            Assert.That(used.Gradient(batch), Is.EqualTo(fresh.Gradient(batch)));
            Assert.That(used.Gradients.SequenceEqual(fresh.Gradients));
        }
    }

    [Test]
    public void A_diverged_network_reports_a_loss_that_is_not_finite(
        [Values] Readout readout, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = new(2, 5, 3, Activation.Relu, readout, lossAt);
        using RecurrentNetwork<float> network = Random.Network<float>(spec, 0.5, 51);
        network.Layout.RecurrentWeights.Of(network.Parameters).Fill(float.NaN);
        Batch<float> batch = Random.Batch<float>(spec, 4, 2, 52);
        Assert.That(double.IsFinite(network.Evaluate(batch)), Is.False);
        Assert.That(double.IsFinite(network.Gradient(batch)), Is.False);
    }

    private static byte[] Run<T>(
        CellKind cell, NetworkSpec spec, int[] n, InstructionSet set)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using SweptNetwork<T> network = AnyCell.Network<T>(
            cell, spec, Deviation(cell, n[1]), 61, set);
        Assert.That(network.InstructionSet, Is.EqualTo(set));
        Batch<T> batch = Random.Batch<T>(spec, n[3], n[4], 62);
        bool last = spec.LossAt == LossPlacement.LastStep;
        T[] outputs = new T[(last ? 1 : n[3]) * n[4] * n[2]];
        double evaluated = network.Evaluate(batch, outputs);
        double loss = network.Gradient(batch);
        Assert.That(network.Gradients.ToArray(), Has.Some.Not.EqualTo(T.Zero));
        return
        [
            .. BitConverter.GetBytes(evaluated), .. BitConverter.GetBytes(loss),
            .. Shapes.Bytes<T>(outputs), .. Shapes.Bytes<T>(network.Gradients),
        ];
    }
}
