using System.Runtime.InteropServices;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The vanishing-gradient regulariser against plain loops and finite differences.
/// </summary>
public sealed class RegularizerTests
{
    private static IEnumerable<object[]> Cases() =>
        from activation in Enum.GetValues<Activation>()
        from readout in new[] { Readout.Linear, Readout.Softmax }
        from lossAt in Enum.GetValues<LossPlacement>()
        from ratio in Enum.GetValues<NormRatio>()
        select new object[] { activation, readout, lossAt, ratio };

    [TestCaseSource(nameof(Cases))]
    public void Its_gradient_is_that_of_Omega_with_states_and_arriving_gradients_held_constant(
        Activation activation, Readout readout, LossPlacement lossAt, NormRatio ratio)
    {
        // 40 steps of 5 rows are several blocks of the backward sweep.
        NetworkSpec spec = new(3, 6, 4, activation, readout, lossAt);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 21);
        Batch<double> batch = Random.Batch<double>(spec, 40, 5, 22);
        RegularizerSpec form = new(ratio);
        OmegaOracle oracle = new(net, batch);
        double[] weights = net.Layout.RecurrentWeights.Of(net.Parameters).ToArray();

        net.Gradient(batch);
        double[] plain = net.Gradients.ToArray();
        const double alpha = 0.7;
        net.Gradient(batch, alpha, form);
        double[] gradient = [.. net.Gradients.ToArray().Zip(plain, (a, b) => (a - b) / alpha)];

        Assert.That(
            net.Regularizer.Mean, Is.EqualTo(oracle.Omega(weights, form)).Within(1e-10).Percent);
        Assert.That(net.Regularizer.Pairs, Is.EqualTo(oracle.Pairs(form.Bound)));
        double scale = gradient.Take(weights.Length).Max(Math.Abs);
        double coarse = WorstError(oracle, form, weights, gradient, 4e-3) / scale;
        double fine = WorstError(oracle, form, weights, gradient, 1e-3) / scale;
        Assert.That(WorstError(oracle, form, weights, gradient, 1e-5) / scale, Is.LessThan(1e-7));
        double slope = Math.Log(coarse / fine) / Math.Log(4);
        Assert.That(slope, Is.EqualTo(2).Within(0.15), $"{coarse:E2} → {fine:E2}");
        Assert.That(
            gradient.Skip(weights.Length), Is.All.EqualTo(0).Within(1e-12), "only W_hh is reached");
    }

    [Test]
    public void Pairs_whose_gradient_has_vanished_are_left_out_of_sum_and_mean()
    {
        NetworkSpec spec = new(2, 5, 3, Activation.Sigmoid, Readout.Softmax);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.05, 31);
        Batch<double> batch = Random.Batch<double>(spec, 60, 4, 32);
        OmegaOracle oracle = new(net, batch);
        RegularizerSpec form = new();
        double[] weights = net.Layout.RecurrentWeights.Of(net.Parameters).ToArray();

        net.Gradient(batch, 1, form);

        Assert.That(net.Regularizer.Pairs, Is.GreaterThan(0).And.LessThan(60 * 4 / 2));
        Assert.That(net.Regularizer.Pairs, Is.EqualTo(oracle.Pairs(form.Bound)));
        Assert.That(
            net.Regularizer.Mean, Is.EqualTo(oracle.Omega(weights, form)).Within(1e-10).Percent);
    }

    [Test]
    public void A_batch_without_a_gradient_has_no_regulariser()
    {
        NetworkSpec spec = new(2, 4, 1, Activation.Tanh);
        using RecurrentNetwork<double> net = new(spec);
        Batch<double> batch = new(spec, 9, 3);
        net.Gradient(batch, 4);
        Assert.That(net.Regularizer, Is.EqualTo(new RegularizerValue(0, 0)));
        Assert.That(net.Gradients.ToArray(), Is.All.Zero);
    }

    [Test]
    public void The_loss_and_the_other_gradients_do_not_notice_it()
    {
        foreach (LossPlacement lossAt in Enum.GetValues<LossPlacement>())
        {
            NetworkSpec spec = new(3, 20, 2, Activation.Tanh, Readout.Linear, lossAt);
            using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.3, 41);
            Batch<float> batch = Random.Batch<float>(spec, 31, 23, 42);
            double loss = net.Gradient(batch);
            float[] plain = net.Gradients.ToArray();
            double again = net.Gradient(batch, 2);
            int recurrent = net.Layout.RecurrentWeights.Length;
            Assert.That(again, Is.EqualTo(loss));
            Assert.That(
                net.Gradients[recurrent..].ToArray(),
                Is.EqualTo(plain[recurrent..]).Within(1e-6f * plain.Max(Math.Abs)));
        }
    }

    [Test]
    public void Every_vector_width_gives_the_same_bits(
        [Values] Activation activation, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = new(3, 17, 4, activation, Readout.Softmax, lossAt);
        Widths.SameBytes(set =>
        {
            using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.4, 51, set);
            Batch<float> batch = Random.Batch<float>(spec, 12, 23, 52);
            net.Gradient(batch, 1.5);
            return MemoryMarshal.AsBytes(net.Gradients).ToArray();
        });
    }

    [Test]
    public void It_reaches_the_one_hot_path_with_the_same_bits()
    {
        NetworkSpec spec = new(6, 10, 4, Activation.Tanh, Readout.Softmax);
        using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.4, 61);
        Batch<float> symbols = new(spec, 15, 7, oneHot: true);
        Batch<float> dense = new(spec, 15, 7);
        Philox random = new(62, 1003);
        for (int i = 0; i < symbols.InputIndices.Length; i++)
        {
            int symbol = (int)random.Below((ulong)i, 6);
            symbols.InputIndices[i] = symbol;
            dense.Inputs[(i * 6) + symbol] = 1;
        }
        net.Gradient(symbols, 3);
        float[] gradient = net.Gradients.ToArray();
        net.Gradient(dense, 3);
        Assert.That(net.Gradients.ToArray(), Is.EqualTo(gradient));
    }

    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void An_alpha_out_of_range_is_refused(double alpha)
    {
        NetworkSpec spec = new(1, 2, 1);
        using RecurrentNetwork<float> net = new(spec);
        Assert.That(
            () => net.Gradient(new Batch<float>(spec, 2, 1), alpha),
            Throws.ArgumentException.With.Message.Contains("α is"));
    }

    private static double WorstError(
        OmegaOracle oracle, RegularizerSpec form, double[] weights, double[] gradient,
        double epsilon)
    {
        double worst = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double at = weights[i];
            weights[i] = at + epsilon;
            double up = oracle.Omega(weights, form);
            weights[i] = at - epsilon;
            double down = oracle.Omega(weights, form);
            weights[i] = at;
            worst = Math.Max(worst, Math.Abs(((up - down) / (2 * epsilon)) - gradient[i]));
        }
        return worst;
    }
}
