using System.Globalization;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// Independent Gaussian entries of a stated standard deviation (not variance: the authors'
/// program passes it as a scale).
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: .01 for "sigmoid", .1 for "basic tanh".
/// </summary>
/// <param name="deviation">Standard deviation, 0 or more.</param>
public sealed class IndependentGaussian(double deviation) : IRecurrentInitializer
{
    private const string Prefix = "gaussian-";

    /// <inheritdoc/>
    public string Name =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{deviation}");

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random) => RandomMatrix.Scale(
        RandomMatrix.Gaussian(hiddenSize, random), deviation);

    /// <summary>The rule whose name it is; null for any other.</summary>
    internal static IndependentGaussian? Parse(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && double.TryParse(
            name.AsSpan(Prefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture,
            out double deviation)
        && new IndependentGaussian(deviation) is var rule && rule.Name == name
            ? rule
            : null;
}
