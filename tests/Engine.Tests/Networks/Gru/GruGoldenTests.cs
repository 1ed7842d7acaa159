using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Gru;

/// <summary>
/// The weights after a short training run, pinned: no change may alter bits unnoticed. H = 17
/// leaves partial vectors at every width, and B = 23 makes two shards of different sizes.
/// </summary>
public sealed class GruGoldenTests
{
    private const int Updates = 8;
    private const double Rate = 0.05;

    [TestCase(GruReset.Before, Readout.Linear, LossPlacement.LastStep, 3, "50b608fd8468fa47")]
    [TestCase(GruReset.Before, Readout.Softmax, LossPlacement.EveryStep, 11, "6e10cf4198592c94")]
    [TestCase(GruReset.After, Readout.Bernoulli, LossPlacement.LastStep, 11, "b1acdee31daa8b95")]
    [TestCase(GruReset.After, Readout.Softmax, LossPlacement.EveryStep, 3, "c14be142f5d8aecc")]
    public void Weights_after_a_short_run_have_the_recorded_hash_at_every_width(
        GruReset reset, Readout readout, LossPlacement lossAt, int inputs, string recorded)
    {
        NetworkSpec spec = new(inputs, 17, 5, Activation.Tanh, readout, lossAt);
        byte[] weights = Widths.SameBytes(
            set => [.. Train<float>(spec, reset, set), .. Train<double>(spec, reset, set)],
            $"{spec}");
        string hash = Convert.ToHexStringLower(SHA256.HashData(weights))[..16];
        Assert.That(
            hash, Is.EqualTo(recorded),
            "a GRU trains to other bits than recorded: if that is meant, raise the behaviour "
            + "version of what changed and pin the new hash");
    }

    private static unsafe byte[] Train<T>(NetworkSpec spec, GruReset reset, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using GruNetwork<T> network = new(spec, reset, set);
        new GruInitializer().Initialize(network, 17);
        Batch<T> batch = Random.Batch<T>(spec, 9, 23, 18);
        for (int i = 0; i < Updates; i++)
        {
            network.Gradient(batch);
            network.Kernels.Axpy(
                -Rate, network.GradientPointer, network.ParameterPointer, network.Layout.Length);
        }
        return Shapes.Bytes<T>(network.Parameters);
    }
}
