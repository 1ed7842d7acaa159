using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Numerics;

namespace Repro.Engine.Tests.Networks.Clockworks;

/// <summary>
/// The weights after a short training run, pinned: no change may alter bits unnoticed. H = 17
/// leaves partial vectors at every width, and B = 23 makes two shards of different sizes.
/// </summary>
public sealed class ClockworkGoldenTests
{
    private const int Updates = 8;
    private const double Rate = 0.05;

    [TestCase(
        CellKind.Clockwork, Readout.Linear, LossPlacement.LastStep, 3, "cc5b6be0d1609e25")]
    [TestCase(
        CellKind.Clockwork, Readout.Softmax, LossPlacement.EveryStep, 11, "5c2d94b4870abf22")]
    [TestCase(
        CellKind.ClockworkOdd, Readout.Bernoulli, LossPlacement.LastStep, 11, "7001195291eb2a7e")]
    [TestCase(
        CellKind.ClockworkOdd, Readout.Linear, LossPlacement.EveryStep, 3, "eede7adfa38053fc")]
    public void Weights_after_a_short_run_have_the_recorded_hash_at_every_width(
        CellKind cell, Readout readout, LossPlacement lossAt, int inputs, string recorded)
    {
        NetworkSpec spec = new(inputs, 17, 5, Activation.Tanh, readout, lossAt);
        Clockwork clockwork = AnyCell.ClockworkOf(cell, spec);
        byte[] weights = Widths.SameBytes(
            set =>
            [
                .. Train<float>(spec, clockwork, set), .. Train<double>(spec, clockwork, set),
            ],
            $"{spec}");
        string hash = Convert.ToHexStringLower(SHA256.HashData(weights))[..16];
        Assert.That(
            hash, Is.EqualTo(recorded),
            "a clockwork network trains to other bits than recorded: if that is meant, raise the "
            + "behaviour version of what changed and pin the new hash");
    }

    private static unsafe byte[] Train<T>(
        NetworkSpec spec, Clockwork clockwork, InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ClockworkNetwork<T> network = new(spec, clockwork, set);
        new ClockworkSetup(clockwork).Initialize(network, 17);
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
