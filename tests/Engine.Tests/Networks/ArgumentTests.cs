using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Tasks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;

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

    [TestCase(CellKind.Simple, 60_000, "3600180001")]
    [TestCase(CellKind.Lstm, 30_000, "3600270001")]
    [TestCase(CellKind.GruBefore, 30_000, "2700210001")]
    [TestCase(CellKind.GruAfter, 30_000, "2700240001")]
    [TestCase(CellKind.Clockwork, 60_000, "3600180001")]
    public void A_network_too_large_for_one_vector_is_refused_before_it_is_allocated(
        CellKind cell, int hidden, string parameters) =>
        Assert.That(
            () => AnyCell.Layout(cell, new NetworkSpec(1, hidden, 1)),
            Throws.ArgumentException.With.Message.Contains(parameters));

    [TestCase(int.MaxValue, 1)]
    [TestCase(1, int.MaxValue)]
    [TestCase(int.MaxValue, int.MaxValue)]
    public void A_batch_of_more_numbers_than_an_array_holds_is_named(int steps, int size)
    {
        foreach (bool oneHot in (bool[])[false, true])
        {
            NetworkSpec spec = new(2, 3, 4);
            Assert.That(
                () => new Batch<float>(spec, steps, size, oneHot),
                Throws.TypeOf<ArgumentOutOfRangeException>()
                    .With.Message.Contains($"{size} sequences of {steps} steps")
                    .And.Message.Contains("shorter or smaller"));
        }
    }

    [Test]
    public void Sequences_longer_than_an_array_are_named()
    {
        Assert.That(
            () => new SequenceLength(1, int.MaxValue),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"lengths up to {int.MaxValue}"));
        Assert.That(
            () => new MarkedPairTask(PairTarget.Sum, int.MaxValue, 1),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains($"sequences of {int.MaxValue} steps"));
    }

    [Test]
    public void An_activation_readout_or_place_of_the_loss_that_is_none_is_refused()
    {
        Assert.That(
            () => new NetworkSpec(1, 2, 3, (Activation)7),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("7 is no Activation")
                .And.Message.Contains("Relu, Tanh, Sigmoid"));
        Assert.That(
            () => new NetworkSpec(1, 2, 3, readout: (Readout)3),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("3 is no Readout"));
        Assert.That(
            () => new NetworkSpec(1, 2, 3, lossAt: (LossPlacement)(-1)),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("-1 is no LossPlacement"));
    }

    [Test]
    public void A_ratio_of_norms_that_is_none_is_refused()
    {
        using RecurrentNetwork<double> network = Random.Network<double>(Classes, 0.4, 1);
        RegularizerSpec spec = new((NormRatio)5);
        Assert.That(
            () => network.Gradient(Random.Batch<double>(Classes, 5, 2, 2), 1, spec),
            Throws.InvalidOperationException.With.Message.Contains("5"));
    }

    [TestCase(3, 4, "3 inputs, this one has 2")]
    [TestCase(2, 5, "5 outputs, this one has 4")]
    public void A_batch_for_a_network_of_other_sizes_is_refused_though_its_arrays_are_long_enough(
        int inputs, int outputs, string message)
    {
        NetworkSpec other = new(
            inputs, 3, outputs, Activation.Tanh, Readout.Softmax, LossPlacement.EveryStep);
        foreach (CellKind cell in Enum.GetValues<CellKind>())
        {
            using SweptNetwork<float> network = AnyCell.New<float>(cell, Classes);
            Assert.That(
                () => network.Gradient(new Batch<float>(other, 5, 2)),
                Throws.ArgumentException.With.Message.Contains(message));
            Assert.That(
                () => network.Evaluate(new Batch<float>(other, 5, 2)),
                Throws.ArgumentException.With.Message.Contains(message));
        }
    }

    [Test]
    public void A_network_that_was_disposed_of_says_so([Values] CellKind cell)
    {
        SweptNetwork<float> network = AnyCell.New<float>(cell, Classes);
        Batch<float> batch = new(Classes, 5, 2);
        network.Gradient(batch);
        network.Dispose();
        network.Dispose();
        Assert.That(() => network.Gradient(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Evaluate(batch), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(
            () => network.Parameters.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => network.Gradients.Length, Throws.TypeOf<ObjectDisposedException>());
        if (network is RecurrentNetwork<float> simple)
        {
            Assert.That(
                () => simple.SetLeakRates(new double[] { 1, 1, 1 }),
                Throws.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Parameters_taken_before_a_network_was_disposed_of_can_still_be_read(
        [Values] CellKind cell)
    {
        SweptNetwork<float> network = AnyCell.Network<float>(cell, Classes, .5, 3);
        Span<float> parameters = network.Parameters;
        float[] before = parameters.ToArray();
        network.Dispose();
        GC.Collect();
        // Memory that was given back would be written over here.
        using RecurrentNetwork<float> other = new(Classes);
        other.Parameters.Fill(7);
        Assert.That(parameters.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Every_member_of_a_network_that_was_disposed_of_says_so([Values] CellKind cell)
    {
        SweptNetwork<float> network = AnyCell.Network<float>(cell, Classes, .5, 3);
        Batch<float> batch = Random.Batch<float>(Classes, 5, 2, 2);
        network.StartGradient(batch);
        using Tape<float> tape = network.NewTape(batch, 0);
        ClippedStep<float> step = new(network, new RmsProp(), new ClippingSpec());
        step.Dispose();
        Assert.That(() => step.Step(.1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => step.State.Length, Throws.TypeOf<ObjectDisposedException>());
        using ClippedStep<float> alive = new(network, new RmsProp(), new ClippingSpec());
        network.Dispose();
        foreach (Action use in new Action[]
        {
            () => network.Predict(batch.Inputs, 5, 2), () => ModelFile.Bytes(network),
            () => network.StartGradient(batch), () => network.NewTape(batch, 0),
            () => network.Forward(tape, batch, 0), () => network.Backward(tape),
            () => network.EndGradient(), () => network.ClearGradient(),
            () => network.StartTangent(new float[network.Layout.Length], batch),
            () => network.Tangent(tape), () => alive.Step(.1),
        })
        {
            Assert.That(use, Throws.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Every_block_states_its_role([Values] CellKind cell)
    {
        ParameterLayout layout = AnyCell.Layout(cell, Classes);
        Assert.That(
            layout.Views.Select(v => (v.Name, v.Role)), Is.EqualTo(new[]
            {
                ("recurrent weights", ParameterRole.RecurrentWeights),
                ("bias", ParameterRole.Bias), ("input weights", ParameterRole.InputWeights),
                ("readout weights", ParameterRole.ReadoutWeights),
                ("readout bias", ParameterRole.ReadoutBias),
            }));
    }

    [TestCase(0, 1, "0 steps")]
    [TestCase(1, 0, "0 sequences")]
    public void An_empty_batch_is_refused(int steps, int size, string message) =>
        Assert.That(
            () => new Batch<float>(Classes, steps, size),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(message));

    [Test]
    public void A_batch_set_larger_than_its_arrays_is_refused([Values] CellKind cell)
    {
        using SweptNetwork<float> network = AnyCell.New<float>(cell, Classes);
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

    [Test]
    public void A_class_out_of_range_is_named_with_its_position(
        [Values] CellKind cell, [Values(4, -1)] int value)
    {
        using SweptNetwork<float> network = AnyCell.New<float>(cell, Classes);
        Batch<float> batch = new(Classes, 5, 2);
        batch.Classes[7] = value;
        Assert.That(
            () => network.Gradient(batch),
            Throws.ArgumentException.With.Message.Contains($"class {value} at position 7"));
    }

    [Test]
    public void Outputs_of_the_wrong_length_are_refused([Values] CellKind cell)
    {
        using SweptNetwork<float> network = AnyCell.New<float>(cell, Classes);
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
