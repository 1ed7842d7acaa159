using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>
/// The weights after a short training run, pinned: no change may alter bits unnoticed. H = 17
/// leaves partial vectors at every width, and B = 23 makes two shards of different sizes.
/// </summary>
public sealed class LstmGoldenTests
{
    private const int Updates = 8;
    private const double Rate = 0.05;
    private const double Threshold = 0.5;

    [TestCase(Readout.Linear, LossPlacement.LastStep, 3, "4d2340d99790631c")]
    [TestCase(Readout.Linear, LossPlacement.EveryStep, 3, "ec92db1f47c51160")]
    [TestCase(Readout.Softmax, LossPlacement.LastStep, 3, "2c5a3393d5c86499")]
    [TestCase(Readout.Softmax, LossPlacement.EveryStep, 11, "4fc8815eeef41bfa")]
    [TestCase(Readout.Bernoulli, LossPlacement.LastStep, 11, "7470fda2850286eb")]
    [TestCase(Readout.Bernoulli, LossPlacement.EveryStep, 3, "7972f0c3586f33e9")]
    public void Weights_after_a_short_run_have_the_recorded_hash_at_every_width(
        Readout readout, LossPlacement lossAt, int inputs, string recorded)
    {
        NetworkSpec spec = RandomLstm.Spec(inputs, 17, 5, readout, lossAt);
        byte[] weights = Widths.SameBytes(
            set => [.. Train<float>(spec, set), .. Train<double>(spec, set)], $"{spec}");
        string hash = Convert.ToHexStringLower(SHA256.HashData(weights))[..16];
        Assert.That(
            hash, Is.EqualTo(recorded),
            "an LSTM trains to other bits than recorded: if that is meant, raise the behaviour "
            + "version of what changed and pin the new hash");
    }

    private static unsafe byte[] Train<T>(NetworkSpec spec, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LstmNetwork<T> network = new(spec, set);
        new LstmInitializer().Initialize(network, 17);
        Batch<T> batch = Random.Batch<T>(spec, 9, 23, 18);
        int length = network.Layout.Length;
        for (int i = 0; i < Updates; i++)
        {
            network.Gradient(batch);
            double norm = Math.Sqrt(
                network.Kernels.SumOfSquares(network.GradientPointer, length));
            double clip = norm > Threshold ? Threshold / norm : 1;
            network.Kernels.Axpy(
                -(Rate * clip), network.GradientPointer, network.ParameterPointer, length);
        }
        return Shapes.Bytes<T>(network.Parameters);
    }
}
