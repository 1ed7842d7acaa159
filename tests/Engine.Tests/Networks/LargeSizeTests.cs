using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Sizes at the ends of the supported range.</summary>
public sealed class LargeSizeTests
{
    [Test]
    public void A_network_of_1024_hidden_units_agrees_with_float64_and_at_every_width()
    {
        NetworkSpec spec = new(3, 1024, 2, Activation.Tanh, Readout.Softmax);
        Batch<double> truthBatch = Random.Batch<double>(spec, 2, 2, 8);
        using RecurrentNetwork<double> truth = Random.Network<double>(spec, 0.03, 7);
        truth.Gradient(truthBatch);
        double[] expected = truth.Gradients.ToArray();
        double norm = Math.Sqrt(expected.Sum(g => g * g));
        float[]? first = null;
        foreach (InstructionSet set in Enum.GetValues<InstructionSet>()
            .Where(InstructionSets.IsSupported))
        {
            using RecurrentNetwork<float> net = Random.Network<float>(spec, 0.03, 7, set);
            net.Gradient(Random.Batch<float>(spec, 2, 2, 8));
            float[] gradient = net.Gradients.ToArray();
            first ??= gradient;
            Assert.That(gradient.AsSpan().SequenceEqual(first), Is.True, set.ToString());
        }
        double error = Math.Sqrt(first!.Zip(expected, (a, b) => (a - b) * (a - b)).Sum());
        Assert.That(error / norm, Is.LessThan(2e-6));
    }

    [Test]
    public void A_network_of_one_unit_one_input_one_output_and_one_step_has_the_closed_form()
    {
        NetworkSpec spec = new(1, 1, 1, Activation.Relu);
        using RecurrentNetwork<double> net = new(spec);
        net.Layout.InputWeights.Of(net.Parameters)[0] = 2;
        net.Layout.Bias.Of(net.Parameters)[0] = 0.5;
        net.Layout.ReadoutWeights.Of(net.Parameters)[0] = 3;
        Batch<double> batch = new(spec, 1, 1);
        batch.Inputs[0] = 0.25;
        batch.Targets[0] = 1;
        // h = 1, o = 3, loss (3 − 1)² = 4, dE/do = 4.
        Assert.That(net.Gradient(batch), Is.EqualTo(4));
        Assert.That(net.Layout.ReadoutWeights.Of(net.Gradients)[0], Is.EqualTo(4));
        Assert.That(net.Layout.InputWeights.Of(net.Gradients)[0], Is.EqualTo(4 * 3 * 0.25));
        Assert.That(net.Layout.RecurrentWeights.Of(net.Gradients)[0], Is.EqualTo(0));
    }
}
