using System.Numerics;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>Symbols by index against the same symbols as vectors.</summary>
public sealed class LstmOneHotTests
{
    private static readonly int[] Sizes = [1, 7, 20, 47];

    [Test]
    public void Indexed_inputs_give_the_bytes_of_dense_one_hot_vectors(
        [Values] LossPlacement lossAt, [ValueSource(nameof(Sizes))] int size,
        [Values(3, 11)] int inputs)
    {
        NetworkSpec spec = RandomLstm.Spec(inputs, 17, 4, Readout.Softmax, lossAt);
        foreach (InstructionSet set in Widths.All)
        {
            AssertEqual<float>(spec, size, set);
            AssertEqual<double>(spec, size, set);
        }
    }

    private static void AssertEqual<T>(NetworkSpec spec, int size, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LstmNetwork<T> network = RandomLstm.Network<T>(spec, 0.4, 3, set);
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
        // The second update must not remember the first.
        for (int update = 0; update < 2; update++)
        {
            double loss = network.Gradient(dense);
            byte[] gradient = Shapes.Bytes<T>(network.Gradients);
            Assert.That(network.Gradient(indexed), Is.EqualTo(loss));
            Assert.That(Shapes.Bytes<T>(network.Gradients), Is.EqualTo(gradient));
            Assert.That(network.Evaluate(indexed), Is.EqualTo(network.Evaluate(dense)));
            foreach (ref T p in network.Parameters)
            {
                p *= T.CreateChecked(0.5);
            }
        }
    }
}
