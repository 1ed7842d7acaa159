using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>The LSTM against plain loops, and against itself at other widths.</summary>
public sealed class LstmOracleTests
{
    // I, H, O, T, B: one unit of each; B = 1 with inputs multiplied apart; H beside a multiple
    // of a cache line and far from one; several shards, equal and unequal; more steps than one
    // gradient block; 4H and 1 + I + H above the depth of one product.
    private static readonly int[][] Sizes =
    [
        [1, 1, 1, 1, 1], [2, 10, 1, 7, 3], [8, 16, 2, 5, 1], [12, 17, 5, 4, 21],
        [3, 31, 7, 3, 45], [7, 33, 17, 6, 2], [9, 48, 3, 14, 40], [2, 5, 2, 110, 1],
        [1, 6, 3, 40, 20], [30, 100, 2, 3, 5],
    ];

    private static IEnumerable<object[]> Combinations() =>
        from readout in Enum.GetValues<Readout>()
        from lossAt in Enum.GetValues<LossPlacement>()
        select new object[] { readout, lossAt };

    [TestCaseSource(nameof(Combinations))]
    public void The_engine_agrees_with_plain_loops(Readout readout, LossPlacement lossAt)
    {
        double worst = 0;
        foreach (int[] n in Sizes)
        {
            NetworkSpec spec = RandomLstm.Spec(n[0], n[1], n[2], readout, lossAt);
            double deviation = 1.2 / Math.Sqrt(n[1]);
            using LstmNetwork<double> network =
                RandomLstm.Network<double>(spec, deviation, 31);
            Batch<double> batch = Random.Batch<double>(spec, n[3], n[4], 32);
            OracleLstm oracle = new(spec, network.Parameters.ToArray());
            (double loss, double[] gradient, double[] outputs) = oracle.Run(batch);
            double[] got = new double[outputs.Length];
            string name = string.Join('×', n);

            Assert.That(network.Evaluate(batch, got), Is.EqualTo(loss).Within(1e-10).Percent, name);
            Assert.That(Distance.Relative<double>(got, outputs), Is.LessThan(1e-12), name);
            Assert.That(network.Gradient(batch), Is.EqualTo(loss).Within(1e-10).Percent, name);
            (double distance, string block) = RandomLstm.Distance<double>(
                network.Layout, network.Gradients, gradient);
            Assert.That(distance, Is.LessThan(1e-12), $"{name}, {block}");
            worst = Math.Max(worst, distance);
        }
        TestContext.Out.WriteLine($"worst block {worst:E1}");
    }

    [TestCaseSource(nameof(Combinations))]
    public void Every_width_gives_the_same_bits(Readout readout, LossPlacement lossAt)
    {
        // Last units: 3, 1, 4, 15 of a line of float32, 3, 1, 4, 7 of float64.
        foreach (int[] n in (int[][])
            [[2, 19, 3, 5, 23], [9, 33, 5, 4, 2], [1, 20, 17, 9, 1], [3, 47, 2, 4, 3]])
        {
            NetworkSpec spec = RandomLstm.Spec(n[0], n[1], n[2], readout, lossAt);
            byte[] single = Widths.SameBytes(set => Run<float>(spec, n, set), $"{spec}");
            byte[] wide = Widths.SameBytes(set => Run<double>(spec, n, set), $"{spec}");
            Assert.That(wide, Has.Length.GreaterThan(single.Length));
        }
    }

    [Test]
    public void A_batch_after_a_longer_and_a_wider_one_gives_the_bits_of_a_new_network()
    {
        foreach (LossPlacement lossAt in Enum.GetValues<LossPlacement>())
        {
            NetworkSpec spec = RandomLstm.Spec(9, 12, 3, Readout.Softmax, lossAt);
            using LstmNetwork<float> used = RandomLstm.Network<float>(spec, 0.4, 41);
            used.Gradient(Random.Batch<float>(spec, 9, 5, 42));
            used.Gradient(Random.Batch<float>(spec, 4, 27, 43));
            used.Evaluate(Random.Batch<float>(spec, 9, 27, 44));
            Batch<float> batch = Random.Batch<float>(spec, 6, 25, 45);
            using LstmNetwork<float> fresh = RandomLstm.Network<float>(spec, 0.4, 41);
            Assert.That(used.Evaluate(batch), Is.EqualTo(fresh.Evaluate(batch)));
            Assert.That(used.Gradient(batch), Is.EqualTo(fresh.Gradient(batch)));
            Assert.That(used.Gradients.SequenceEqual(fresh.Gradients));
        }
    }

    [Test]
    public void A_NaN_anywhere_passes_to_the_loss(
        [Values] Readout readout, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = RandomLstm.Spec(2, 5, 3, readout, lossAt);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 0.5, 51);
        float[] whole = network.Parameters.ToArray();
        Batch<float> batch = Random.Batch<float>(spec, 4, 2, 52);
        foreach (ParameterView view in network.Layout.Views)
        {
            whole.CopyTo(network.Parameters);
            Assert.That(double.IsFinite(network.Gradient(batch)), Is.True);
            // A column of each gate in turn; a softmax over a NaN is one in any output.
            int gates = view.Columns == 20 ? 4 : 1;
            for (int gate = 0; gate < gates; gate++)
            {
                whole.CopyTo(network.Parameters);
                network.Parameters[view.Offset + (gate * 5)] = float.NaN;
                string where = $"{view.Name}, gate {gate}";
                Assert.That(double.IsFinite(network.Evaluate(batch)), Is.False, where);
                Assert.That(double.IsFinite(network.Gradient(batch)), Is.False, where);
            }
        }
    }

    [Test]
    public void A_saturated_network_has_a_finite_gradient()
    {
        NetworkSpec spec = RandomLstm.Spec(2, 19, 3);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 300, 71);
        Assert.That(network.Gradient(Random.Batch<float>(spec, 30, 3, 72)), Is.Not.NaN);
        Assert.That(network.Gradients.ToArray(), Has.All.Matches<float>(float.IsFinite));
    }

    private static byte[] Run<T>(NetworkSpec spec, int[] n, InstructionSet set)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        using LstmNetwork<T> network = RandomLstm.Network<T>(
            spec, 1.2 / Math.Sqrt(n[1]), 61, set);
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
