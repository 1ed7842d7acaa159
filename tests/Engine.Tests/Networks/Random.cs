using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>Networks and batches of random numbers, for tests.</summary>
internal static class Random
{
    public static RecurrentNetwork<T> Network<T>(
        NetworkSpec spec, double deviation, ulong seed, InstructionSet? set = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RecurrentNetwork<T> net = new(spec, set);
        Fill(net.Parameters, deviation, seed, 1000);
        return net;
    }

    public static void Fill<T>(Span<T> values, double deviation, ulong seed, uint purpose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Philox random = new(seed, purpose);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(deviation * random.Normal((ulong)i));
        }
    }

    public static Batch<T> Batch<T>(NetworkSpec spec, int steps, int size, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Batch<T> batch = new(spec, steps, size);
        Philox random = new(seed, 1001);
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs[i] = T.CreateTruncating(random.Uniform((ulong)i));
        }
        Philox targets = new(seed, 1002);
        for (int i = 0; i < batch.Classes.Length; i++)
        {
            batch.Classes[i] = (int)targets.Below((ulong)i, (uint)spec.OutputSize);
        }
        for (int i = 0; i < batch.Targets.Length; i++)
        {
            batch.Targets[i] = spec.Readout == Readout.Bernoulli
                ? T.CreateTruncating((double)targets.Below((ulong)i, 2))
                : T.CreateTruncating(targets.Uniform((ulong)i));
        }
        return batch;
    }
}
