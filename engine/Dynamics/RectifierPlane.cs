namespace Repro.Engine.Dynamics;

/// <summary>
/// Two rectified units without input and bias whose recurrent matrix is symmetric,
/// W = P·diag(λ0, λ1)·Pᵀ.
/// Source: Talathi and Vartak 2016, eq. (8) and Fig. 2.
/// </summary>
/// <param name="First">λ0, finite.</param>
/// <param name="Second">λ1, finite.</param>
public sealed record RectifierPlane(double First, double Second)
{
    /// <summary>Eq. (8) as printed: along each eigenvector h′_t = λ·h′_{t−1} where h′_{t−1} is
    /// positive, else 0.</summary>
    /// <param name="start">h′_0, [2].</param>
    /// <param name="steps">T, 0 or more.</param>
    /// <returns>h′_0 … h′_T.</returns>
    public IReadOnlyList<(double First, double Second)> EigenOrbit(
        (double First, double Second) start, int steps)
    {
        List<(double First, double Second)> orbit = new(steps + 1) { start };
        for (int t = 0; t < steps; t++)
        {
            (double a, double b) = orbit[^1];
            orbit.Add((a > 0 ? First * a : 0, b > 0 ? Second * b : 0));
        }
        return orbit;
    }

    /// <summary>The network itself, h_t = max(0, W·h_{t−1}), in the units' own coordinates. Its
    /// first eigenvector is (<paramref name="cosine"/>, <paramref name="sine"/>).</summary>
    /// <param name="start">h_0, [2].</param>
    /// <param name="steps">T, 0 or more.</param>
    /// <param name="cosine">Of the angle between the first eigenvector and the first unit's axis.
    /// </param>
    /// <param name="sine">Of the same angle.</param>
    /// <returns>h_0 … h_T.</returns>
    /// <exception cref="ArgumentException">The vector's length is not 1.</exception>
    public IReadOnlyList<(double First, double Second)> UnitOrbit(
        (double First, double Second) start, int steps, double cosine, double sine)
    {
        if (!(Math.Abs((cosine * cosine) + (sine * sine) - 1) < 1e-9))
        {
            throw new ArgumentException(
                $"({cosine}, {sine}) has not the length 1 that an eigenvector needs here");
        }
        double w00 = (First * cosine * cosine) + (Second * sine * sine);
        double w11 = (First * sine * sine) + (Second * cosine * cosine);
        double w01 = (First - Second) * cosine * sine;
        List<(double First, double Second)> orbit = new(steps + 1) { start };
        for (int t = 0; t < steps; t++)
        {
            (double a, double b) = orbit[^1];
            orbit.Add((Math.Max(0, (w00 * a) + (w01 * b)), Math.Max(0, (w01 * a) + (w11 * b))));
        }
        return orbit;
    }
}
