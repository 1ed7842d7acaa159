using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>LSTMs of random numbers, and what the tests ask of them.</summary>
internal static class RandomLstm
{
    public static NetworkSpec Spec(
        int inputs, int hidden, int outputs, Readout readout = Readout.Softmax,
        LossPlacement lossAt = LossPlacement.LastStep) =>
        new(inputs, hidden, outputs, Activation.Tanh, readout, lossAt);

    public static LstmNetwork<T> Network<T>(
        NetworkSpec spec, double deviation, ulong seed, InstructionSet? set = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LstmNetwork<T> net = new(spec, set);
        Philox random = new(seed, 1003);
        for (int i = 0; i < net.Parameters.Length; i++)
        {
            net.Parameters[i] = T.CreateTruncating(deviation * random.Normal((ulong)i));
        }
        return net;
    }

    /// <summary>The worst block's name and relative distance.</summary>
    public static (double Worst, string Block) Distance<T>(
        ParameterLayout layout, ReadOnlySpan<T> a, ReadOnlySpan<double> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double Worst, string Block) worst = (0, "none");
        foreach (ParameterView view in layout.Views)
        {
            double distance = Networks.Distance.Relative(view.Of(a), view.Of(b));
            if (!(distance <= worst.Worst))
            {
                worst = (distance, view.Name);
            }
        }
        return worst;
    }
}
