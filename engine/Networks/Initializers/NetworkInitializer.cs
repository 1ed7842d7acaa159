using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>Sets a network's parameters for one seed.</summary>
public static class NetworkInitializer
{
    /// <summary>
    /// Sets every parameter. Equal arguments give equal bits; the matrices are drawn in double
    /// precision and rounded once.
    /// </summary>
    /// <param name="network">The network to set.</param>
    /// <param name="recurrent">The rule for W_hh.</param>
    /// <param name="scales">The scales of W_hx and W_yh.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="ArgumentException">A scale is out of range; nothing is changed.
    /// </exception>
    public static void Initialize<T>(
        this RecurrentNetwork<T> network, IRecurrentInitializer recurrent, WeightScales scales,
        ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        scales.Validate();
        NetworkSpec spec = network.Spec;
        ParameterLayout layout = network.Layout;
        Span<T> all = network.Parameters;
        all.Clear();
        double[,] w = recurrent.Matrix(
            spec.HiddenSize, new Philox(seed, RandomPurpose.RecurrentWeights));
        Span<T> recurrentWeights = layout.RecurrentWeights.Of(all);
        for (int i = 0; i < spec.HiddenSize; i++)
        {
            for (int j = 0; j < spec.HiddenSize; j++)
            {
                // The papers write W·h: their row is the target, ours the source.
                recurrentWeights[(i * spec.HiddenSize) + j] = T.CreateTruncating(w[j, i]);
            }
        }
        FillNormal(
            layout.InputWeights.Of(all), scales.InputDeviation(spec),
            new Philox(seed, RandomPurpose.InputWeights));
        FillNormal(
            layout.ReadoutWeights.Of(all), scales.ReadoutDeviation(spec),
            new Philox(seed, RandomPurpose.ReadoutWeights));
    }

    /// <summary>Sets every parameter of an LSTM. Equal arguments give equal bits.</summary>
    /// <param name="network">The network to set.</param>
    /// <param name="initializer">How weights and biases begin.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A setting is negative or not finite.
    /// </exception>
    public static void Initialize<T>(
        this LstmNetwork<T> network, LstmInitializer initializer, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        initializer.Initialize(network, seed);

    /// <summary>Sets every parameter of a GRU. Equal arguments give equal bits.</summary>
    /// <param name="network">The network to set, of any reset.</param>
    /// <param name="initializer">How weights and biases begin.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A setting is negative or not finite.
    /// </exception>
    public static void Initialize<T>(
        this GruNetwork<T> network, GruInitializer initializer, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        initializer.Initialize(network, seed);

    /// <summary>Element i is the i-th normal number times the deviation, rounded once.</summary>
    internal static void FillNormal<T>(Span<T> weights, double deviation, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = T.CreateTruncating(deviation * random.Normal((ulong)i));
        }
    }
}
