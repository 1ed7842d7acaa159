using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Gru;

/// <summary>What only a GRU does, and what it refuses.</summary>
public sealed class GruTests
{
    private static NetworkSpec Spec(
        int inputs, int hidden, int outputs, Readout readout = Readout.Softmax,
        LossPlacement lossAt = LossPlacement.LastStep) =>
        new(inputs, hidden, outputs, Activation.Tanh, readout, lossAt);

    // W_r, U_r, b_r, … of the worked example of two units and one input.
    [TestCase(GruReset.Before, 0.27180336, -0.06835589)]
    [TestCase(GruReset.After, 0.22024639, -0.03787892)]
    public void A_step_worked_by_hand_comes_out(GruReset reset, double first, double second)
    {
        NetworkSpec spec = Spec(1, 2, 2, Readout.Linear);
        using GruNetwork<double> network = new(spec, reset);
        ParameterLayout layout = network.Layout;
        Span<double> all = network.Parameters;
        // Rows are sources: the columns of U of r, z, n are the example's rows.
        double[] recurrent = [.7, -.3, .5, .1, -.9, .3, .2, .4, -.6, .2, .5, .7];
        recurrent.CopyTo(layout.RecurrentWeights.Of(all));
        double[] bias = [.1, 0, .05, -.05, .02, -.01, .3, -.2];
        if (reset == GruReset.Before)
        {
            // One bias of the candidate: the sum of both.
            bias = [.1, 0, .05, -.05, .32, -.21];
        }
        bias.CopyTo(layout.Bias.Of(all));
        double[] input = [.3, -.1, -.2, .4, .6, -.8];
        input.CopyTo(layout.InputWeights.Of(all));
        double[] identity = [1, 0, 0, 1];
        identity.CopyTo(layout.ReadoutWeights.Of(all));
        Batch<double> batch = new(spec, 1, 1) { InitialStates = [-.4, .3] };
        batch.Inputs[0] = .5;
        double[] outputs = new double[2];
        network.Evaluate(batch, outputs);
        Assert.That(outputs, Is.EqualTo(new[] { first, second }).Within(1e-8));
    }

    [Test]
    public void Both_resets_agree_for_one_unit_without_the_second_bias()
    {
        NetworkSpec spec = Spec(3, 1, 2);
        using GruNetwork<double> before = new(spec, GruReset.Before);
        using GruNetwork<double> after = new(spec, GruReset.After);
        Random.Fill(before.Parameters, 0.8, 3, 1);
        foreach ((ParameterView from, ParameterView to) in
            before.Views.Zip(after.Views))
        {
            from.Of(before.Parameters).CopyTo(to.Of(after.Parameters));
        }
        Batch<double> batch = Random.Batch<double>(spec, 9, 4, 5);
        Assert.That(
            after.Gradient(batch), Is.EqualTo(before.Gradient(batch)).Within(1e-12).Percent);
        Assert.That(
            after.Layout.InputWeights.Of(after.Gradients).ToArray(),
            Is.EqualTo(before.Layout.InputWeights.Of(before.Gradients).ToArray()).Within(1e-14));
    }

    [Test]
    public void Two_halves_that_carry_the_state_give_the_outputs_of_the_whole(
        [Values] GruReset reset)
    {
        NetworkSpec spec = Spec(3, 17, 4, Readout.Bernoulli, LossPlacement.EveryStep);
        using GruNetwork<float> network = new(spec, reset);
        Random.Fill(network.Parameters, 0.5, 101, 1);
        // 43 sequences are three shards.
        Batch<float> whole = Random.Batch<float>(spec, 20, 43, 102);
        float[] wanted = new float[20 * 43 * 4];
        network.Evaluate(whole, wanted);
        float[] state = new float[43 * 17];
        float[] got = new float[wanted.Length];
        for (int half = 0; half < 2; half++)
        {
            Batch<float> part = new(spec, 10, 43) { InitialStates = state, FinalStates = state };
            int rows = half * 10 * 43;
            whole.Inputs.AsSpan(rows * 3, 430 * 3).CopyTo(part.Inputs);
            network.Evaluate(part, got.AsSpan(rows * 4, 430 * 4));
        }
        Assert.That(got, Is.EqualTo(wanted));
    }

    [Test]
    public void Gradient_from_carried_states_agrees_with_finite_differences(
        [Values] GruReset reset)
    {
        NetworkSpec spec = Spec(2, 5, 3);
        using GruNetwork<double> network = new(spec, reset);
        Random.Fill(network.Parameters, 0.9, 7, 1);
        Batch<double> batch = Random.Batch<double>(spec, 6, 3, 8);
        batch.InitialStates = new double[15];
        Random.Fill<double>(batch.InitialStates, 0.5, 9, 1);
        network.Gradient(batch);
        double[] gradient = network.Gradients.ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            double at = network.Parameters[i];
            network.Parameters[i] = at + 1e-5;
            double up = network.Evaluate(batch);
            network.Parameters[i] = at - 1e-5;
            double down = network.Evaluate(batch);
            network.Parameters[i] = at;
            Assert.That(gradient[i], Is.EqualTo((up - down) / 2e-5).Within(1e-8));
        }
    }

    [Test]
    public void An_update_gate_wide_open_keeps_the_state_to_the_bit([Values] GruReset reset)
    {
        NetworkSpec spec = Spec(2, 19, 3);
        using GruNetwork<float> network = new(spec, reset);
        Random.Fill(network.Parameters, 0.5, 7, 1);
        network.Layout.UpdateBias.Of(network.Parameters).Fill(1000);
        float[] state = new float[2 * 19];
        Random.Fill<float>(state, 0.5, 9, 1);
        Batch<float> batch = Random.Batch<float>(spec, 30, 2, 8);
        batch.InitialStates = state;
        batch.FinalStates = new float[state.Length];
        network.Evaluate(batch);
        Assert.That(batch.FinalStates, Is.EqualTo(state));
    }

    [Test]
    public void The_layout_has_three_columns_a_unit_and_a_fourth_bias_where_the_reset_is_after()
    {
        static (string, int, int)[] Blocks(GruReset reset) =>
            [.. GruLayout.Of(Spec(2, 3, 4), reset).Views
                .Select(v => (v.Name, v.Rows, v.Columns))];
        Assert.That(Blocks(GruReset.Before), Is.EqualTo(new[]
        {
            ("recurrent weights", 3, 9), ("bias", 1, 9), ("input weights", 2, 9),
            ("readout weights", 3, 4), ("readout bias", 1, 4),
        }));
        Assert.That(Blocks(GruReset.After)[1], Is.EqualTo(("bias", 1, 12)));
        Assert.That(
            GruLayout.Of(Spec(2, 3, 4), GruReset.After).UpdateBias,
            Is.EqualTo(new ParameterView("update bias", 30, 1, 3, ParameterRole.Bias)));
    }

    [TestCase(Activation.Relu)]
    [TestCase(Activation.Sigmoid)]
    public void Another_activation_than_tanh_is_refused(Activation activation) =>
        Assert.That(
            () => new GruNetwork<float>(new NetworkSpec(1, 2, 3, activation), GruReset.After),
            Throws.ArgumentException.With.Message.Contains(activation.ToString())
                .And.Message.Contains("Activation.Tanh"));

    [Test]
    public void An_alpha_and_a_reset_that_is_none_are_refused()
    {
        NetworkSpec spec = Spec(2, 3, 4);
        using GruNetwork<float> network = new(spec, GruReset.Before);
        Assert.That(
            () => network.Gradient(new Batch<float>(spec, 5, 2), 0.5),
            Throws.ArgumentException.With.Message.Contains("a GRU has no Ω"));
        Assert.That(
            () => new GruNetwork<float>(spec, (GruReset)7),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("7"));
    }

    [Test]
    public void A_network_disposed_of_refuses_to_work([Values] GruReset reset)
    {
        NetworkSpec spec = Spec(2, 3, 4);
        GruNetwork<float> network = new(spec, reset);
        Batch<float> batch = new(spec, 5, 2);
        network.Gradient(batch);
        network.Dispose();
        Assert.That(() => network.Gradient(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Evaluate(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Parameters.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(network.Dispose, Throws.Nothing);
    }

    [Test]
    public void An_update_allocates_nothing(
        [Values] GruReset reset, [Values] Readout readout, [Values] LossPlacement lossAt,
        [Values(1, 23)] int size, [Values] bool oneHot)
    {
        NetworkSpec spec = Spec(9, 5, 3, readout, lossAt);
        using GruNetwork<float> network = new(spec, reset);
        Batch<float> batch = new(spec, 4, size, oneHot);
        // The runtime's own tables have grown by then, as in the test of the training loop.
        for (int i = 0; i < 100; i++)
        {
            network.Gradient(batch);
        }
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    network.Gradient(batch);
                }
            }),
            Is.Zero);
    }

    [Test]
    public void A_NaN_anywhere_passes_to_the_loss_and_leaves_nothing_behind(
        [Values] GruReset reset, [Values] LossPlacement lossAt)
    {
        NetworkSpec spec = Spec(2, 5, 3, Readout.Softmax, lossAt);
        using GruNetwork<float> network = new(spec, reset);
        Random.Fill(network.Parameters, 0.5, 51, 1);
        float[] whole = network.Parameters.ToArray();
        Batch<float> batch = Random.Batch<float>(spec, 4, 2, 52);
        double loss = network.Gradient(batch);
        float[] gradient = network.Gradients.ToArray();
        for (int i = 0; i < whole.Length; i++)
        {
            network.Parameters[i] = float.NaN;
            Assert.That(double.IsFinite(network.Evaluate(batch)), Is.False, $"parameter {i}");
            Assert.That(double.IsFinite(network.Gradient(batch)), Is.False, $"parameter {i}");
            whole.CopyTo(network.Parameters);
        }
        Assert.That(network.Gradient(batch), Is.EqualTo(loss));
        Assert.That(network.Gradients.ToArray(), Is.EqualTo(gradient));
    }

    [Test]
    public void A_saturated_network_has_a_finite_gradient([Values] GruReset reset)
    {
        NetworkSpec spec = Spec(2, 19, 3);
        using GruNetwork<float> network = new(spec, reset);
        Random.Fill(network.Parameters, 300, 71, 1);
        Assert.That(network.Gradient(Random.Batch<float>(spec, 30, 3, 72)), Is.Not.NaN);
        Assert.That(network.Gradients.ToArray(), Has.All.Matches<float>(float.IsFinite));
    }
}
