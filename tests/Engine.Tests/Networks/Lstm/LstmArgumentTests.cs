using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>What an LSTM refuses, allocates and starts from.</summary>
public sealed class LstmArgumentTests
{
    private static readonly NetworkSpec Classes =
        RandomLstm.Spec(2, 3, 4, Readout.Softmax, LossPlacement.EveryStep);

    [TestCase(Activation.Relu)]
    [TestCase(Activation.Sigmoid)]
    public void Another_activation_than_tanh_is_refused(Activation activation) =>
        Assert.That(
            () => new LstmNetwork<float>(new NetworkSpec(1, 2, 3, activation)),
            Throws.ArgumentException.With.Message.Contains(activation.ToString())
                .And.Message.Contains("Activation.Tanh"));

    [Test]
    public void The_layout_has_the_blocks_of_the_simple_network_with_four_columns_a_unit()
    {
        ParameterLayout layout = LstmLayout.Of(Classes);
        (string, int, int)[] blocks =
            [.. layout.Views.Select(v => (v.Name, v.Rows, v.Columns))];
        Assert.That(blocks, Is.EqualTo(new[]
        {
            ("recurrent weights", 3, 12), ("bias", 1, 12), ("input weights", 2, 12),
            ("readout weights", 3, 4), ("readout bias", 1, 4),
        }));
        Assert.That(layout.Length, Is.EqualTo(36 + 12 + 24 + 12 + 4));
        Assert.That(layout.ForgetBias.Offset, Is.EqualTo(36 + 3));
    }

    [Test]
    public void A_batch_that_carries_hidden_states_and_an_alpha_are_refused()
    {
        using LstmNetwork<float> network = new(Classes);
        Batch<float> batch = new(Classes, 5, 2) { FinalStates = new float[6] };
        Assert.That(
            () => network.Evaluate(batch),
            Throws.ArgumentException.With.Message.Contains("leave both unset"));
        batch.FinalStates = null;
        Assert.That(
            () => network.Gradient(batch, 0.5),
            Throws.ArgumentException.With.Message.Contains("an LSTM has no Ω"));
    }

    [Test]
    public void An_update_allocates_nothing(
        [Values] Readout readout, [Values] LossPlacement lossAt, [Values(1, 23)] int size,
        [Values] bool oneHot)
    {
        NetworkSpec spec = RandomLstm.Spec(9, 5, 3, readout, lossAt);
        using LstmNetwork<float> network = RandomLstm.Network<float>(spec, 0.3, 1);
        Batch<float> batch = new(spec, 4, size, oneHot);
        network.Gradient(batch);
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

    [TestCase(GateWeights.Uniform, null)]
    [TestCase(GateWeights.Normal, null)]
    [TestCase(GateWeights.Normal, 0.2)]
    public void Initial_weights_have_the_stated_spread_and_biases(
        GateWeights weights, double? deviation)
    {
        NetworkSpec spec = RandomLstm.Spec(30, 100, 10);
        using LstmNetwork<double> network = new(spec);
        LstmInitializer initializer = new() { Weights = weights, Deviation = deviation };
        initializer.Initialize(network, 5);
        ParameterLayout layout = network.Layout;
        double expected = deviation ?? 1 / Math.Sqrt(300);
        // 12,000 draws: the deviation's own is below 0.7 % of it.
        Assert.That(
            Deviation(layout.InputWeights), Is.EqualTo(expected).Within(3).Percent);
        Assert.That(
            Deviation(layout.RecurrentWeights), Is.EqualTo(expected).Within(2).Percent);
        Assert.That(
            Deviation(layout.ReadoutWeights), Is.EqualTo(Math.Sqrt(2.0 / 110)).Within(8).Percent);
        double largest = layout.RecurrentWeights.Of(network.Parameters).ToArray()
            .Max(Math.Abs);
        Assert.That(largest <= 0.1, Is.EqualTo(weights == GateWeights.Uniform));
        double[] bias = layout.Bias.Of(network.Parameters).ToArray();
        Assert.That(bias[100..200], Has.All.EqualTo(1));
        Assert.That(bias[..100].Concat(bias[200..]), Has.All.EqualTo(0));

        double Deviation(ParameterView view)
        {
            double[] values = view.Of(network.Parameters).ToArray();
            return Math.Sqrt(values.Average(v => v * v));
        }
    }

    [Test]
    public void Equal_seeds_give_equal_weights_and_others_others()
    {
        float[] Weights(ulong seed)
        {
            using LstmNetwork<float> network = new(Classes);
            new LstmInitializer { ForgetBias = 2 }.Initialize(network, seed);
            return network.Parameters.ToArray();
        }
        Assert.That(Weights(1), Is.EqualTo(Weights(1)));
        Assert.That(Weights(1), Is.Not.EqualTo(Weights(2)));
        Assert.That(Weights(1)[39], Is.EqualTo(2));
    }

    [Test]
    public void A_negative_deviation_is_refused()
    {
        using LstmNetwork<float> network = new(Classes);
        Assert.That(
            () => new LstmInitializer { Deviation = -1 }.Initialize(network, 1),
            Throws.InvalidOperationException.With.Message.Contains("Deviation is -1"));
    }
}
