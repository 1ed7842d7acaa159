using System.Runtime.InteropServices;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Leaky units, weighted losses, carried states and dropout.</summary>
public sealed class BatchOptionTests
{
    private const int Hidden = 7;
    private const int Steps = 30;
    private const int Size = 6;

    private static IEnumerable<object[]> Cases() =>
        from activation in Enum.GetValues<Activation>()
        from readout in Enum.GetValues<Readout>()
        from lossAt in Enum.GetValues<LossPlacement>()
        select new object[] { activation, readout, lossAt };

    private static readonly double[] Rates = [1, 0.05, 1, 0.2, 0.6, 1, 0.02];

    private static NetworkSpec Spec(
        Activation activation, Readout readout, LossPlacement lossAt) =>
        new(3, Hidden, 4, activation, readout, lossAt);

    private static (RecurrentNetwork<T> Network, Batch<T> Batch) Make<T>(
        NetworkSpec spec, InstructionSet? set = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        bool kinks = spec.Activation == Activation.Relu;
        RecurrentNetwork<T> net = Random.Network<T>(spec, kinks ? 0.15 : 0.5, 71, set);
        if (kinks)
        {
            net.Layout.Bias.Of(net.Parameters).Fill(T.CreateTruncating(2.0));
        }
        Batch<T> batch = Random.Batch<T>(spec, Steps, Size, 72);
        net.SetLeakRates(Rates);
        Philox random = new(73, 1004);
        batch.InitialStates = new T[Size * Hidden];
        for (int i = 0; i < batch.InitialStates.Length; i++)
        {
            batch.InitialStates[i] = T.CreateTruncating(random.Uniform((ulong)i));
        }
        bool every = spec.LossAt == LossPlacement.EveryStep;
        batch.Weights = new T[every ? Steps * Size : Size];
        for (int i = 0; i < batch.Weights.Length; i++)
        {
            // A third of the losses are masked.
            batch.Weights[i] = T.CreateTruncating(
                (double)random.Below((ulong)(i + 1000), 3) / Steps);
        }
        batch.Dropout = new Dropout(0.4, 5, 17);
        return (net, batch);
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradient_of_all_of_them_together_agrees_with_finite_differences(
        Activation activation, Readout readout, LossPlacement lossAt)
    {
        (RecurrentNetwork<double> net, Batch<double> batch) =
            Make<double>(Spec(activation, readout, lossAt));
        using RecurrentNetwork<double> owned = net;
        net.Gradient(batch);
        double[] gradient = net.Gradients.ToArray();
        double scale = gradient.Max(Math.Abs);
        double coarse = WorstError(net, batch, gradient, 4e-4) / scale;
        double fine = WorstError(net, batch, gradient, 1e-4) / scale;
        Assert.That(WorstError(net, batch, gradient, 3e-6) / scale, Is.LessThanOrEqualTo(1e-7));
        if (coarse > 1e-9)
        {
            double slope = Math.Log(coarse / fine) / Math.Log(4);
            Assert.That(slope, Is.EqualTo(2).Within(0.2), $"{coarse:E2} → {fine:E2}");
        }
    }

    [Test]
    public void Leaky_units_are_a_mean_of_the_new_activation_and_the_old_state()
    {
        NetworkSpec spec = Spec(Activation.Sigmoid, Readout.Linear, LossPlacement.EveryStep);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 81);
        net.SetLeakRates(Rates);
        Batch<double> batch = Random.Batch<double>(spec, 5, 1, 82);
        batch.FinalStates = new double[Hidden];
        net.Evaluate(batch);
        Assert.That(
            batch.FinalStates, Is.EqualTo(PlainStates(net, batch)).Within(1e-14));
    }

    [Test]
    public void Rates_of_one_change_no_bit()
    {
        NetworkSpec spec = Spec(Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.5, 91);
        Batch<float> batch = Random.Batch<float>(spec, Steps, Size, 92);
        net.Gradient(batch);
        float[] plain = net.Gradients.ToArray();
        net.SetLeakRates([1, 1, 1, 1, 1, 1, 1]);
        net.Gradient(batch);
        double scale = plain.Max(Math.Abs);
        Assert.That(
            net.Gradients.ToArray(), Is.EqualTo(plain).Within((float)(1e-6 * scale)));
    }

    [Test]
    public void Two_halves_that_carry_the_state_give_the_outputs_of_the_whole()
    {
        NetworkSpec spec = Spec(Activation.Tanh, Readout.Bernoulli, LossPlacement.EveryStep);
        using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.5, 101);
        net.SetLeakRates(Rates);
        // 43 sequences are three shards.
        Batch<float> whole = Random.Batch<float>(spec, 20, 43, 102);
        float[] wanted = new float[20 * 43 * 4];
        net.Evaluate(whole, wanted);
        float[] state = new float[43 * Hidden];
        float[] got = new float[wanted.Length];
        for (int half = 0; half < 2; half++)
        {
            Batch<float> part = new(spec, 10, 43) { InitialStates = state, FinalStates = state };
            int rows = half * 10 * 43;
            whole.Inputs.AsSpan(rows * 3, 430 * 3).CopyTo(part.Inputs);
            net.Evaluate(part, got.AsSpan(rows * 4, 430 * 4));
        }
        Assert.That(got, Is.EqualTo(wanted));
    }

    [Test]
    public void A_masked_step_has_no_influence_whatever_its_target_is()
    {
        NetworkSpec spec = Spec(Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        (RecurrentNetwork<float> net, Batch<float> batch) = Make<float>(spec);
        using RecurrentNetwork<float> owned = net;
        double loss = net.Gradient(batch);
        float[] gradient = net.Gradients.ToArray();
        for (int i = 0; i < batch.Weights!.Length; i++)
        {
            if (batch.Weights[i] == 0)
            {
                batch.Classes[i] = (batch.Classes[i] + 1) % 4;
            }
        }
        Assert.That(net.Gradient(batch), Is.EqualTo(loss));
        Assert.That(net.Gradients.ToArray(), Is.EqualTo(gradient));
    }

    [Test]
    public void Weights_of_one_over_B_give_the_loss_and_gradient_without_weights()
    {
        NetworkSpec spec = Spec(Activation.Sigmoid, Readout.Linear, LossPlacement.EveryStep);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 111);
        Batch<double> batch = Random.Batch<double>(spec, Steps, Size, 112);
        double loss = net.Gradient(batch);
        double[] gradient = net.Gradients.ToArray();
        batch.Weights = [.. Enumerable.Repeat(1.0 / Size, Steps * Size)];
        Assert.That(net.Gradient(batch), Is.EqualTo(loss).Within(1e-12));
        Assert.That(net.Gradients.ToArray(), Is.EqualTo(gradient).Within(1e-12));
    }

    [Test]
    public void Dropout_leaves_out_the_stated_share_anew_each_update_and_keeps_the_mean()
    {
        // With W_yh = 1 and b_y = 0 an output is the sum of the states the readout sees.
        NetworkSpec spec = new(1, 50, 1, Activation.Sigmoid, Readout.Linear);
        using RecurrentNetwork<double> net = new(spec);
        net.Layout.ReadoutWeights.Of(net.Parameters).Fill(1);
        Batch<double> batch = new(spec, 1, 40);
        HashSet<double> seen = [];
        double sum = 0;
        const int updates = 50;
        for (uint update = 0; update < updates; update++)
        {
            batch.Dropout = new Dropout(0.3, 9, update);
            // h = 1/2 everywhere: dE/db_y = mean of 2·(kept/2/0.7).
            net.Gradient(batch);
            double output = net.Layout.ReadoutBias.Of(net.Gradients)[0] / 2;
            seen.Add(output);
            sum += output;
        }
        Assert.That(seen, Has.Count.GreaterThan(updates / 2));
        // 100,000 draws: the kept share is within four deviations of .7.
        double kept = sum / updates / 25 * 0.7;
        Assert.That(kept, Is.EqualTo(0.7).Within(4 * Math.Sqrt(0.3 * 0.7 / 100_000)));
    }

    [Test]
    public void Dropout_of_a_sequence_does_not_depend_on_the_shard_it_falls_into()
    {
        NetworkSpec spec = new(2, 9, 1, Activation.Tanh, Readout.Linear, LossPlacement.EveryStep);
        using RecurrentNetwork<double> net = Random.Network<double>(spec, 0.5, 121);
        Batch<double> batch = Random.Batch<double>(spec, 4, 41, 122);
        batch.Dropout = new Dropout(0.5, 3, 4);
        batch.Weights = new double[4 * 41];
        batch.Weights[(2 * 41) + 37] = 1;
        net.Gradient(batch);
        double[] wanted = net.Gradients.ToArray();
        // Alone, sequence 37 has the same draws only if its place in the batch is kept.
        batch.Weights = new double[4 * 41];
        batch.Weights[(2 * 41) + 37] = 2;
        net.Gradient(batch);
        Assert.That(
            net.Gradients.ToArray(), Is.EqualTo(wanted.Select(g => 2 * g).ToArray()).Within(1e-14));
    }

    [Test]
    public void Every_vector_width_gives_the_same_bits(
        [Values] Activation activation, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = Spec(activation, Readout.Softmax, lossAt);
        Widths.SameBytes(set =>
        {
            (RecurrentNetwork<float> net, Batch<float> batch) = Make<float>(spec, set);
            using RecurrentNetwork<float> owned = net;
            net.Gradient(batch, 1.5);
            return MemoryMarshal.AsBytes(net.Gradients).ToArray();
        });
    }

    [Test]
    public void The_regulariser_counts_what_leaky_units_hand_straight_back()
    {
        // f′ = 0 wherever h is saturated: only the leak carries the gradient, by 1 − λ a step.
        NetworkSpec spec = new(1, 1, 1, Activation.Relu, Readout.Linear);
        using RecurrentNetwork<double> net = new(spec);
        net.Layout.Bias.Of(net.Parameters)[0] = -1;
        net.Layout.ReadoutWeights.Of(net.Parameters)[0] = 1;
        net.SetLeakRates([0.25]);
        Batch<double> batch = new(spec, 6, 1) { InitialStates = [1.0] };
        net.Gradient(batch, 1);
        double ratio = 0.75 * 0.75;
        Assert.That(net.Regularizer.Pairs, Is.EqualTo(6));
        Assert.That(
            net.Regularizer.Mean, Is.EqualTo((ratio - 1) * (ratio - 1)).Within(1e-12));
    }

    [Test]
    public void Options_that_do_not_fit_are_refused_with_both_sizes()
    {
        NetworkSpec spec = Spec(Activation.Tanh, Readout.Linear, LossPlacement.EveryStep);
        using RecurrentNetwork<float> net = new(spec);
        Assert.That(
            () => net.Gradient(new Batch<float>(spec, 3, 2) { Weights = new float[5] }),
            Throws.ArgumentException.With.Message.Contains("holds 5 weights; the network needs 6"));
        Assert.That(
            () => net.Gradient(new Batch<float>(spec, 3, 2) { InitialStates = new float[13] }),
            Throws.ArgumentException.With.Message.Contains("13 initial state values"));
        Assert.That(
            () => net.Gradient(new Batch<float>(spec, 3, 2) { FinalStates = new float[1] }),
            Throws.ArgumentException.With.Message.Contains("1 final state values"));
        Assert.That(
            () => net.Gradient(new Batch<float>(spec, 3, 2) { Dropout = new Dropout(1, 0, 0) }),
            Throws.ArgumentException.With.Message.Contains("a share of 1"));
        Assert.That(
            () => net.SetLeakRates([1, 1]),
            Throws.ArgumentException.With.Message.Contains("2 leak rates for 7 hidden units"));
        Assert.That(
            () => net.SetLeakRates([1, 1, 0, 1, 1, 1, 1]),
            Throws.ArgumentException.With.Message.Contains("leak rate is 0"));
    }

    private static double[] PlainStates(RecurrentNetwork<double> net, Batch<double> batch)
    {
        double[] p = net.Parameters.ToArray();
        ParameterLayout at = net.Layout;
        double[] h = new double[Hidden];
        for (int t = 0; t < batch.Steps; t++)
        {
            double[] next = new double[Hidden];
            for (int j = 0; j < Hidden; j++)
            {
                double s = p[at.Bias.Offset + j];
                for (int i = 0; i < 3; i++)
                {
                    s += batch.Inputs[(t * 3) + i] * p[at.InputWeights.Offset + (i * Hidden) + j];
                }
                for (int i = 0; i < Hidden; i++)
                {
                    s += h[i] * p[at.RecurrentWeights.Offset + (i * Hidden) + j];
                }
                next[j] = (Rates[j] / (1 + Math.Exp(-s))) + ((1 - Rates[j]) * h[j]);
            }
            h = next;
        }
        return h;
    }

    private static double WorstError(
        RecurrentNetwork<double> net, Batch<double> batch, double[] gradient, double epsilon)
    {
        double worst = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            double at = net.Parameters[i];
            net.Parameters[i] = at + epsilon;
            double up = net.Gradient(batch);
            net.Parameters[i] = at - epsilon;
            double down = net.Gradient(batch);
            net.Parameters[i] = at;
            worst = Math.Max(worst, Math.Abs(((up - down) / (2 * epsilon)) - gradient[i]));
        }
        return worst;
    }
}
