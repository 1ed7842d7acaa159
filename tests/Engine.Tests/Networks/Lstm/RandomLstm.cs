using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks.Lstm;

/// <summary>LSTMs of random numbers.</summary>
internal static class RandomLstm
{
    public static NetworkSpec Spec(
        int inputs, int hidden, int outputs, Readout readout = Readout.Softmax,
        LossPlacement lossAt = LossPlacement.LastStep) =>
        new(inputs, hidden, outputs, Activation.Tanh, readout, lossAt);

    public static LstmNetwork<T> Network<T>(NetworkSpec spec, double deviation, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (LstmNetwork<T>)AnyCell.Network<T>(CellKind.Lstm, spec, deviation, seed);
}
