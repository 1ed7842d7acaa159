using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;
using Repro.Engine.Tests.Networks;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Golden;

/// <summary>
/// A short training run on fixed random numbers. H = 17 leaves partial vectors at every width,
/// and B = 23 makes two shards of different sizes.
/// </summary>
internal sealed record GoldenRun(
    Activation Activation, Readout Readout, LossPlacement LossAt, Optimizer Optimizer,
    int Inputs = 3, int Size = 23, bool IsDouble = false, double Alpha = 0)
{
    private const int Hidden = 17;
    private const int Outputs = 5;
    private const int Steps = 9;
    private const int Updates = 20;

    public string Name => string.Join(
        ' ', Activation, Readout, LossAt, Optimizer.Name, $"I{Inputs} B{Size}",
        IsDouble ? "float64" : "float32", Alpha > 0 ? "regularised" : "")
        .Trim().ToLowerInvariant();

    /// <summary>
    /// Every cell × readout × loss placement × optimiser; then one sequence, wide inputs and
    /// float64, which take other paths, and the regulariser, for every cell.
    /// </summary>
    public static IEnumerable<GoldenRun> All()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (Readout readout in Enum.GetValues<Readout>())
            {
                foreach (LossPlacement lossAt in Enum.GetValues<LossPlacement>())
                {
                    foreach (Optimizer optimizer in new Optimizer[] { new Sgd(), new RmsProp() })
                    {
                        yield return new GoldenRun(activation, readout, lossAt, optimizer);
                    }
                }
            }
            GoldenRun plain = new(
                activation, Readout.Softmax, LossPlacement.EveryStep, new Sgd());
            yield return plain with { Size = 1 };
            yield return plain with { Inputs = 11 };
            yield return plain with { Inputs = 11, Size = 1 };
            yield return plain with { IsDouble = true };
            yield return plain with { Alpha = 1.5 };
            yield return plain with { Alpha = 1.5, LossAt = LossPlacement.LastStep };
        }
    }

    /// <summary>SHA-256 of the little-endian weights after the updates.</summary>
    public string Hash(InstructionSet set) => IsDouble ? Hash<double>(set) : Hash<float>(set);

    public override string ToString() => Name;

    private string Hash<T>(InstructionSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = new(Inputs, Hidden, Outputs, Activation, Readout, LossAt);
        using RecurrentNetwork<T> network = Networks.Random.Network<T>(spec, 0.4, 17, set);
        Batch<T> batch = Networks.Random.Batch<T>(spec, Steps, Size, 18);
        // Some updates are clipped and some are not.
        using ClippedStep<T> optimizer = new(
            network, Optimizer, new ClippingSpec(ClippingKind.Norm, 2));
        for (int i = 0; i < Updates; i++)
        {
            network.Gradient(batch, Alpha);
            optimizer.Step(0.01);
        }
        return Convert.ToHexStringLower(
            SHA256.HashData(MemoryMarshal.AsBytes(network.Parameters)));
    }
}
