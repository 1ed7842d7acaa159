namespace Repro.Engine.Dynamics;

/// <summary>
/// Gradient descent on an <see cref="ErrorSurface"/>, plain or with the gradient's norm clipped.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6 and Algorithm 1: if ‖g‖ ≥ threshold,
/// g ← threshold/‖g‖ · g.
/// </summary>
/// <param name="Rate">Learning rate, above 0.</param>
/// <param name="Threshold">Largest norm, above 0; null leaves the gradient as it is.</param>
public sealed record Descent(double Rate, double? Threshold)
{
    /// <summary>The places visited, the start first.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="weight">w at the start.</param>
    /// <param name="bias">b at the start.</param>
    /// <param name="steps">Steps made, 0 or more.</param>
    /// <exception cref="ArgumentException">Rate or threshold is not above 0.</exception>
    public IReadOnlyList<SurfacePoint> Follow(
        ErrorSurface surface, double weight, double bias, int steps)
    {
        if (!(Rate > 0 && double.IsFinite(Rate)) || Threshold is { } limit && !(limit > 0))
        {
            throw new ArgumentException(
                $"learning rate {Rate} and threshold {Threshold}; finite numbers above 0 are "
                + "needed");
        }
        List<SurfacePoint> path = new(steps + 1) { surface.At(weight, bias) };
        for (int i = 0; i < steps; i++)
        {
            SurfacePoint at = path[^1];
            double norm = at.Norm;
            double factor = Threshold is { } threshold && norm >= threshold ? threshold / norm : 1;
            path.Add(surface.At(
                at.Weight - (Rate * factor * at.ByWeight),
                at.Bias - (Rate * factor * at.ByBias)));
        }
        return path;
    }
}
