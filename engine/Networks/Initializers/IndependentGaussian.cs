using System.Globalization;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// Independent Gaussian entries of a stated standard deviation (not variance: the authors'
/// program passes it as a scale).
/// Source: Pascanu, Mikolov, Bengio 2013, supplement: .01 for "sigmoid", .1 for "basic tanh".
/// </summary>
public sealed class IndependentGaussian : IRecurrentInitializer
{
    private const string Prefix = "gaussian-";

    private readonly double deviation;

    /// <summary>A rule.</summary>
    /// <param name="deviation">Standard deviation, finite and 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is out of range.</exception>
    public IndependentGaussian(double deviation)
    {
        if (!IsAllowed(deviation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(deviation), deviation,
                $"Gaussian weights of standard deviation {deviation}; a finite number of 0 or "
                + "more is needed");
        }
        this.deviation = deviation;
    }

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
        && IsAllowed(deviation) && new IndependentGaussian(deviation) is var rule
        && rule.Name == name
            ? rule
            : null;

    private static bool IsAllowed(double deviation) => double.IsFinite(deviation) && deviation >= 0;
}
