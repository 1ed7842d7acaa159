using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>What a network, a batch or an initialiser refuses, and in which words.</summary>
public class ArgumentTests
{
    private static readonly NetworkSpec Classes =
        new(2, 3, 4, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);

    [TestCase(0, 1, 1, "input size is 0")]
    [TestCase(1, -2, 1, "hidden size is -2")]
    [TestCase(1, 1, 0, "output size is 0")]
    public void Sizes_below_one_are_named(int inputs, int hidden, int outputs, string message) =>
        Assert.That(
            () => new NetworkSpec(inputs, hidden, outputs),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(message)
                .And.Message.Contains("1 or more"));

    [Test]
    public void A_network_too_large_for_one_vector_is_refused_before_it_is_allocated() =>
        Assert.That(
            () => new ParameterLayout(new NetworkSpec(1, 60_000, 1)),
            Throws.ArgumentException.With.Message.Contains("3600180001"));

    [TestCase(0, 1, "0 steps")]
    [TestCase(1, 0, "0 sequences")]
    public void An_empty_batch_is_refused(int steps, int size, string message) =>
        Assert.That(
            () => new Batch<float>(Classes, steps, size),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(message));

    [Test]
    public void A_batch_set_larger_than_its_arrays_is_refused()
    {
        using RecurrentNetwork<float> network = new(Classes);
        Batch<float> batch = new(Classes, 5, 2);
        batch.Steps = 6;
        Assert.That(
            () => network.Gradient(batch),
            Throws.ArgumentException.With.Message.Contains("need 24"));
        batch.Steps = 0;
        Assert.That(
            () => network.Evaluate(batch), Throws.ArgumentException.With.Message.Contains("empty"));
    }

    [Test]
    public void A_batch_of_another_readout_is_refused()
    {
        using RecurrentNetwork<float> classes = new(Classes);
        NetworkSpec linear = new(2, 3, 4, Activation.Tanh, Readout.Linear, LossPlacement.EveryStep);
        using RecurrentNetwork<float> regression = new(linear);
        Assert.That(
            () => classes.Gradient(new Batch<float>(linear, 5, 2)),
            Throws.ArgumentException.With.Message.Contains("0 classes"));
        Assert.That(
            () => regression.Gradient(new Batch<float>(Classes, 5, 2)),
            Throws.ArgumentException.With.Message.Contains("0 targets"));
    }

    [TestCase(4)]
    [TestCase(-1)]
    public void A_class_out_of_range_is_named_with_its_position(int value)
    {
        using RecurrentNetwork<float> network = new(Classes);
        Batch<float> batch = new(Classes, 5, 2);
        batch.Classes[7] = value;
        Assert.That(
            () => network.Gradient(batch),
            Throws.ArgumentException.With.Message.Contains($"class {value} at position 7"));
    }

    [Test]
    public void Outputs_of_the_wrong_length_are_refused()
    {
        using RecurrentNetwork<float> network = new(Classes);
        Assert.That(
            () => network.Evaluate(new Batch<float>(Classes, 5, 2), new float[39]),
            Throws.ArgumentException.With.Message.Contains("39").And.Message.Contains("10×4"));
    }

    [Test]
    public void A_recurrent_matrix_of_no_units_is_refused_by_every_variant()
    {
        foreach (Variant variant in Variant.All)
        {
            Assert.That(
                () => variant.Recurrent.Matrix(0, new Philox(1, RandomPurpose.RecurrentWeights)),
                Throws.TypeOf<ArgumentOutOfRangeException>(), variant.Name);
        }
        Assert.That(() => WeightScales.Alpha(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_variant_of_another_name_is_answered_with_those_there_are() =>
        Assert.That(
            () => Variant.Named("npRNN"),
            Throws.ArgumentException.With.Message.Contains("npRNN")
                .And.Message.Contains("np-RNN, np-tanhRNN"));
}
