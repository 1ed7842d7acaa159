namespace Repro.Engine.Dynamics;

/// <summary>Where a cut of the error surface is steepest.</summary>
/// <param name="Place">The steepest place, with its gradient.</param>
/// <param name="Below">E a little below it in b.</param>
/// <param name="Above">E a little above it in b.</param>
/// <param name="Evaluations">Places at which the surface was evaluated to find it.</param>
public readonly record struct WallPoint(
    SurfacePoint Place, double Below, double Above, int Evaluations);

/// <summary>
/// The wall of an <see cref="ErrorSurface"/>: for one w, the bias at which E jumps because the
/// orbit's start crosses from one basin of attraction to the other. At w = 5 and T = 50 it is
/// 5·10⁻⁵ wide, so that a regular grid steps over it; the interval with the largest change is
/// refined instead.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 6.
/// </summary>
public static class ErrorWall
{
    /// <summary>Distance in b to each side at which the jump is read.</summary>
    public const double Reach = 1e-3;

    private const int Coarse = 200;
    private const int Fine = 16;

    // A jump is by a few tenths: a grid whose neighbours differ by less has places on the wall.
    private const double Resolved = 0.01;

    // The steepest place is where the derivative of a smooth function vanishes: a double tells
    // it to about the square root of its precision times the wall's width.
    private const double Resolution = 1e-12;

    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>
    /// 1. A coarse grid over b. 2. While a change of E between neighbours is a jump, the interval
    /// with the largest one, with its neighbours, is divided anew. 3. Golden-section search for
    /// the largest gradient norm in what is left.
    /// </summary>
    /// <param name="surface">The surface.</param>
    /// <param name="weight">w of the cut.</param>
    /// <param name="low">Lower end of b.</param>
    /// <param name="high">Upper end of b.</param>
    /// <exception cref="ArgumentException">The ends are not finite or not in order.</exception>
    public static WallPoint Find(ErrorSurface surface, double weight, double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high)
        {
            throw new ArgumentException(
                $"the wall is looked for between b = {low} and {high}; two finite ends in order "
                + "are needed");
        }
        int evaluations = 0;
        SurfacePoint At(double bias)
        {
            evaluations++;
            return surface.At(weight, bias);
        }
        (double left, double right) = (low, high);
        int parts = Coarse;
        while (true)
        {
            SurfacePoint[] grid =
                [.. Enumerable.Range(0, parts + 1)
                    .Select(i => At(left + ((right - left) * i / parts)))];
            int steepest = 0;
            double step = (right - left) / parts;
            double largest = 0;
            for (int i = 0; i < parts; i++)
            {
                double change = Math.Abs(grid[i + 1].Error - grid[i].Error);
                if (change > largest)
                {
                    (steepest, largest) = (i, change);
                }
            }
            left = grid[Math.Max(0, steepest - 1)].Bias;
            right = grid[Math.Min(parts, steepest + 2)].Bias;
            if (largest < Resolved || step < Resolution)
            {
                break;
            }
            parts = Fine;
        }
        SurfacePoint place = Steepest(At, left, right);
        return new WallPoint(
            place, At(place.Bias - Reach).Error, At(place.Bias + Reach).Error, evaluations);
    }

    private static SurfacePoint Steepest(
        Func<double, SurfacePoint> at, double left, double right)
    {
        SurfacePoint a = at(right - (Golden * (right - left)));
        SurfacePoint b = at(left + (Golden * (right - left)));
        while (right - left > Resolution)
        {
            if (a.Norm >= b.Norm)
            {
                (right, b) = (b.Bias, a);
                a = at(right - (Golden * (right - left)));
            }
            else
            {
                (left, a) = (a.Bias, b);
                b = at(left + (Golden * (right - left)));
            }
        }
        return a.Norm >= b.Norm ? a : b;
    }
}
