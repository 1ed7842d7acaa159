using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Symbols by index against the same symbols as vectors.</summary>
public sealed class OneHotTests
{
    private static readonly int[] Sizes = [1, 7, 20, 47];

    private static IEnumerable<(CellKind Cell, Activation Activation)> Cells() => AnyCell.All();

    [Test]
    public void Indexed_inputs_give_the_bytes_of_dense_one_hot_vectors(
        [ValueSource(nameof(Cells))] (CellKind Cell, Activation Activation) of,
        [Values] LossPlacement lossAt, [ValueSource(nameof(Sizes))] int size,
        [Values(3, 11)] int inputs)
    {
        NetworkSpec spec = new(inputs, 17, 4, of.Activation, Readout.Softmax, lossAt);
        foreach (InstructionSet set in Widths.All)
        {
            AssertEqual<float>(of.Cell, spec, size, set);
            AssertEqual<double>(of.Cell, spec, size, set);
        }
    }

    [Test]
    public void Negative_zeros_among_the_weights_do_not_show()
    {
        NetworkSpec spec = new(3, 17, 2, Activation.Relu, Readout.Softmax);
        using RecurrentNetwork<float> network = new(spec);
        network.Parameters.Fill(-0f);
        (Batch<float> dense, Batch<float> indexed) = Batches<float>(spec, 3);
        AssertEqual(network, dense, indexed);
    }

    [Test]
    public void A_second_update_does_not_remember_the_first([Values] CellKind cell)
    {
        NetworkSpec spec = new(11, 17, 4, Activation.Tanh, Readout.Softmax);
        using SweptNetwork<float> network = AnyCell.Network<float>(cell, spec, 0.4, 3);
        (Batch<float> dense, Batch<float> indexed) = Batches<float>(spec, 23);
        AssertEqual(network, dense, indexed);
        foreach (ref float p in network.Parameters)
        {
            p *= 0.5f;
        }
        AssertEqual(network, dense, indexed);
        AssertEqual(network, indexed, dense);
    }

    [Test]
    public void An_index_outside_the_inputs_is_named_in_the_error(
        [Values] CellKind cell, [Values(-1, 3)] int index)
    {
        NetworkSpec spec = new(3, 5, 2, Activation.Tanh, Readout.Softmax);
        using SweptNetwork<float> network = AnyCell.New<float>(cell, spec);
        Batch<float> batch = new(spec, 4, 2, oneHot: true);
        batch.InputIndices[5] = index;
        Assert.That(
            () => network.Gradient(batch),
            Throws.ArgumentException.With.Message.EqualTo(
                $"input index {index} at position 5 is outside 0 … 2"));
    }

    private static void AssertEqual<T>(
        CellKind cell, NetworkSpec spec, int size, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SweptNetwork<T> network = AnyCell.Network<T>(cell, spec, 0.4, 3, set);
        (Batch<T> dense, Batch<T> indexed) = Batches<T>(spec, size);
        AssertEqual(network, dense, indexed);
        foreach (ref T p in network.Parameters)
        {
            p *= T.CreateChecked(0.5);
        }
        AssertEqual(network, dense, indexed);
    }

    private static void AssertEqual<T>(
        SweptNetwork<T> network, Batch<T> expected, Batch<T> actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double loss = network.Gradient(expected);
        T[] gradient = network.Gradients.ToArray();
        double evaluated = network.Evaluate(expected);
        Assert.That(network.Gradient(actual), Is.EqualTo(loss));
        Assert.That(Bytes<T>(network.Gradients), Is.EqualTo(Bytes<T>(gradient)));
        Assert.That(network.Evaluate(actual), Is.EqualTo(evaluated));
    }

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(values).ToArray();

    private static (Batch<T> Dense, Batch<T> Indexed) Batches<T>(NetworkSpec spec, int size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // More rows than a block of outer products holds at every size but 1 and 7.
        const int steps = 19;
        Batch<T> dense = Random.Batch<T>(spec, steps, size, 5);
        Batch<T> indexed = new(spec, steps, size, oneHot: true);
        dense.Classes.CopyTo(indexed.Classes, 0);
        dense.Inputs.AsSpan().Clear();
        Philox symbols = new(6, 1);
        for (int i = 0; i < steps * size; i++)
        {
            // The last symbol never occurs.
            int symbol = (int)symbols.Below((ulong)i, (uint)spec.InputSize - 1);
            indexed.InputIndices[i] = symbol;
            dense.Inputs[(i * spec.InputSize) + symbol] = T.One;
        }
        return (dense, indexed);
    }
}
