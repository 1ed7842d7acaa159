using System.Globalization;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// A random orthogonal matrix times a stated factor, which all its singular values then are: that
/// of <see cref="RandomOrthogonal"/> for the same numbers.
/// Source: Keras of 2015, whose <c>orthogonal</c> has scale 1.1; Saxe, McClelland, Ganguli 2013.
/// </summary>
public sealed class ScaledOrthogonal : IRecurrentInitializer
{
    private const string Prefix = "orthogonal-";

    private readonly double scale;

    /// <summary>A rule.</summary>
    /// <param name="scale">The factor, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of range.</exception>
    public ScaledOrthogonal(double scale)
    {
        if (!IsAllowed(scale))
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale,
                $"an orthogonal matrix times {scale}; a finite number above 0 is needed");
        }
        this.scale = scale;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{scale}");

    /// <inheritdoc/>
    public int BehaviourVersion => 1;

    /// <inheritdoc/>
    public double[,] Matrix(int hiddenSize, Philox random) =>
        RandomMatrix.Scale(new RandomOrthogonal().Matrix(hiddenSize, random), scale);

    /// <summary>The rule whose name it is; null for any other.</summary>
    internal static ScaledOrthogonal? Parse(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && double.TryParse(
            name.AsSpan(Prefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture,
            out double scale)
        && IsAllowed(scale) && new ScaledOrthogonal(scale) is var rule && rule.Name == name
            ? rule
            : null;

    private static bool IsAllowed(double scale) => double.IsFinite(scale) && scale > 0;
}
