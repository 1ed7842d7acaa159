using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs.Theory;

/// <summary>Every matrix with entries N(0, s), s a standard deviation, and every bias 0.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: "sigmoid" and "basic tanh".</summary>
internal static class PlainGaussian
{
    /// <summary>The component of this draw.</summary>
    public static PartVersion Part { get; } = new("initializer.plain-gaussian", 1);

    public static void Fill<T>(RecurrentNetwork<T> network, double deviation, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        network.Parameters.Clear();
        void Draw(ParameterView view, uint purpose) => NetworkInitializer.FillNormal(
            view.Of(network.Parameters), deviation, new Philox(seed, purpose));
        Draw(network.Layout.RecurrentWeights, RandomPurpose.RecurrentWeights);
        Draw(network.Layout.InputWeights, RandomPurpose.InputWeights);
        Draw(network.Layout.ReadoutWeights, RandomPurpose.ReadoutWeights);
    }
}
