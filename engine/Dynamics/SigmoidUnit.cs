namespace Repro.Engine.Dynamics;

/// <summary>What the unit does near a fixed point.</summary>
public enum FixedPointKind
{
    /// <summary>Slope inside (−1, 1): nearby states approach it.</summary>
    Attractor,

    /// <summary>Slope above 1: nearby states leave it, to either side; the boundary between two
    /// basins of attraction.</summary>
    Boundary,

    /// <summary>Slope below −1: nearby states leave it in turns from side to side.</summary>
    Oscillating,
}

/// <summary>A state that the unit maps to itself.</summary>
/// <param name="State">x, in (0, 1).</param>
/// <param name="Slope">Derivative of the next state by this one, w·x(1 − x).</param>
public readonly record struct FixedPoint(double State, double Slope)
{
    /// <summary>What the unit does near it.</summary>
    public FixedPointKind Kind => Slope > 1
        ? FixedPointKind.Boundary
        : Slope < -1 ? FixedPointKind.Oscillating : FixedPointKind.Attractor;
}

/// <summary>
/// One logistic unit without input that feeds itself: x_{t+1} = σ(w·x_t + b).
/// Source: Doya 1993, after Pascanu, Mikolov, Bengio 2013, Fig. 3.
/// </summary>
/// <param name="Weight">w, finite.</param>
/// <param name="Bias">b, finite.</param>
public readonly record struct SigmoidUnit(double Weight, double Bias)
{
    /// <summary>The next state.</summary>
    /// <param name="state">x_t.</param>
    public double Next(double state) => ScalarFunctions.Sigmoid((Weight * state) + Bias);

    /// <summary>The state after so many steps.</summary>
    /// <param name="state">x_0.</param>
    /// <param name="steps">0 or more.</param>
    public double After(double state, int steps)
    {
        for (int t = 0; t < steps; t++)
        {
            state = Next(state);
        }
        return state;
    }

    /// <summary>The states x_0 … x_T.</summary>
    /// <param name="state">x_0.</param>
    /// <param name="steps">T, 0 or more.</param>
    public double[] Orbit(double state, int steps)
    {
        double[] orbit = new double[steps + 1];
        orbit[0] = state;
        for (int t = 0; t < steps; t++)
        {
            orbit[t + 1] = Next(orbit[t]);
        }
        return orbit;
    }

    /// <summary>
    /// Every fixed point by rising state: one, or three where w is above 4 and b between the two
    /// saddle-nodes. σ(w·x + b) − x is monotone between its extremes, so each piece holds at most
    /// one, found by bisection to the last bit.
    /// </summary>
    /// <exception cref="ArgumentException">w or b is not finite.</exception>
    public IReadOnlyList<FixedPoint> FixedPoints()
    {
        if (!double.IsFinite(Weight) || !double.IsFinite(Bias))
        {
            throw new ArgumentException(
                $"a unit with weight {Weight} and bias {Bias}; both have to be finite");
        }
        List<double> cuts = [0, 1];
        foreach (double y in SaddleNodes.CriticalStates(Weight))
        {
            double extreme = (ScalarFunctions.Logit(y) - Bias) / Weight;
            if (extreme is > 0 and < 1)
            {
                cuts.Add(extreme);
            }
        }
        cuts.Sort();
        List<FixedPoint> found = [];
        for (int i = 0; i + 1 < cuts.Count; i++)
        {
            if (RootBetween(cuts[i], cuts[i + 1]) is { } x
                && (found.Count == 0 || found[^1].State != x))
            {
                found.Add(new FixedPoint(x, Weight * x * (1 - x)));
            }
        }
        return found;
    }

    /// <summary>The attractor that an orbit from this state approaches.</summary>
    /// <param name="state">In [0, 1].</param>
    /// <returns>Its state, or NaN when the state lies on the boundary or nothing attracts.
    /// </returns>
    public double AttractorOf(double state)
    {
        double below = double.NaN;
        double above = double.NaN;
        bool isPastBoundary = false;
        foreach (FixedPoint point in FixedPoints())
        {
            if (point.Kind == FixedPointKind.Boundary)
            {
                if (point.State == state)
                {
                    return double.NaN;
                }
                isPastBoundary = point.State < state;
            }
            else if (point.Kind == FixedPointKind.Attractor)
            {
                (below, above) = double.IsNaN(below) ? (point.State, point.State)
                    : (below, point.State);
            }
        }
        return isPastBoundary ? above : below;
    }

    private double? RootBetween(double low, double high)
    {
        double atLow = Next(low) - low;
        double atHigh = Next(high) - high;
        if (atLow == 0)
        {
            return low;
        }
        if (atHigh == 0 || atLow < 0 == atHigh < 0)
        {
            return atHigh == 0 ? high : null;
        }
        return Bisection.Root(this, static (unit, x) => unit.Next(x) - x, low, high);
    }
}
