using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>How the recurrent and input weights of a cell with gates are distributed.</summary>
public enum GateWeights
{
    /// <summary>Uniform in ±1/√H, PyTorch's default.</summary>
    Uniform,

    /// <summary>Normal of mean 0 and a standard deviation that the initialiser states.</summary>
    Normal,
}

/// <summary>Draws the weights of a network with gates.</summary>
internal static class GateWeightsDraw
{
    /// <summary><c>uniform</c> or <c>normal</c>; part of run ids.</summary>
    public static string Word(this GateWeights weights) => weights switch
    {
        GateWeights.Uniform => "uniform",
        GateWeights.Normal => "normal",
        _ => throw Unknown.Member(weights),
    };

    /// <summary>Checks both deviations.</summary>
    /// <exception cref="InvalidOperationException">One is negative or not finite.</exception>
    public static void Validate(double? deviation, double? readoutDeviation)
    {
        Require(deviation ?? 0, "Deviation");
        Require(readoutDeviation ?? 0, "ReadoutDeviation");
    }

    /// <summary>Sets every weight, and every bias to 0. Equal arguments give equal bits; numbers
    /// are drawn in double precision and rounded once.</summary>
    /// <param name="weights">How recurrent and input weights are distributed.</param>
    /// <param name="network">The network to set.</param>
    /// <param name="deviation">Standard deviation of normal weights; null is 1/√(3H), that of
    /// the uniform ones.</param>
    /// <param name="readoutDeviation">Standard deviation of W_yh; null is √(2/(H + O)).</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A deviation is negative or not finite.
    /// </exception>
    public static void Draw<T>(
        this GateWeights weights, SweptNetwork<T> network, double? deviation,
        double? readoutDeviation, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Validate(deviation, readoutDeviation);
        double h = network.Spec.HiddenSize;
        ParameterLayout layout = network.Layout;
        Span<T> all = network.Parameters;
        all.Clear();
        Span<T> recurrent = layout.RecurrentWeights.Of(all);
        Span<T> input = layout.InputWeights.Of(all);
        Philox recurrentNumbers = new(seed, RandomPurpose.RecurrentWeights);
        Philox inputNumbers = new(seed, RandomPurpose.InputWeights);
        switch (weights)
        {
            case GateWeights.Uniform:
                FillUniform(recurrent, 1 / Math.Sqrt(h), recurrentNumbers);
                FillUniform(input, 1 / Math.Sqrt(h), inputNumbers);
                break;
            case GateWeights.Normal:
                double spread = deviation ?? 1 / Math.Sqrt(3 * h);
                NetworkInitializer.FillNormal(recurrent, spread, recurrentNumbers);
                NetworkInitializer.FillNormal(input, spread, inputNumbers);
                break;
            default:
                throw Unknown.Member(weights);
        }
        NetworkInitializer.FillNormal(
            layout.ReadoutWeights.Of(all),
            readoutDeviation ?? Math.Sqrt(2 / (h + network.Spec.OutputSize)),
            new Philox(seed, RandomPurpose.ReadoutWeights));
    }

    private static void Require(double value, string name)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new InvalidOperationException(
                $"{name} is {value}; a standard deviation is a finite number, 0 or more");
        }
    }

    private static void FillUniform<T>(Span<T> weights, double bound, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = T.CreateTruncating(bound * ((2 * random.Uniform((ulong)i)) - 1));
        }
    }
}
