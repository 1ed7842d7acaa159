namespace Repro.Engine.Dynamics;

/// <summary>A cut of an <see cref="ErrorSurface"/> at one w, sampled as densely as it bends.
/// </summary>
public static class ErrorCut
{
    private const double Narrowest = 1e-9;

    /// <summary>E over b: a regular grid, and between two neighbours whose errors differ by more
    /// than <paramref name="change"/> further places until they do not.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="weight">w.</param>
    /// <param name="low">Lower end of b.</param>
    /// <param name="high">Upper end of b.</param>
    /// <param name="parts">Intervals of the regular grid, 1 or more.</param>
    /// <param name="change">Largest change of E between neighbours, above 0.</param>
    /// <returns>The places by rising b; also those that a gap narrower than 10⁻⁹ leaves apart.
    /// </returns>
    public static IReadOnlyList<SurfacePoint> Sample(
        ErrorSurface surface, double weight, double low, double high, int parts, double change)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        if (!(change > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(change), change, "a change of E above 0 is needed, or no grid is fine enough"
                );
        }
        List<SurfacePoint> places = [surface.At(weight, low)];
        for (int i = 1; i <= parts; i++)
        {
            Refine(places, surface.At(weight, low + ((high - low) * i / parts)), surface, change);
        }
        return places;
    }

    private static void Refine(
        List<SurfacePoint> places, SurfacePoint next, ErrorSurface surface, double change)
    {
        SurfacePoint last = places[^1];
        double gap = next.Bias - last.Bias;
        // The slopes show a wall that two equal errors to its sides would hide.
        double steep = Math.Max(Math.Abs(last.ByBias), Math.Abs(next.ByBias)) * gap;
        if (gap > Narrowest
            && (Math.Abs(next.Error - last.Error) > change || steep > 4 * change))
        {
            Refine(
                places, surface.At(next.Weight, last.Bias + (gap / 2)), surface, change);
            Refine(places, next, surface, change);
        }
        else
        {
            places.Add(next);
        }
    }
}
