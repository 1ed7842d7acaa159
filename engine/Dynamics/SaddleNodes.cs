namespace Repro.Engine.Dynamics;

/// <summary>A bias at which an attractor and the boundary of its basin meet and vanish.</summary>
/// <param name="State">x, where the slope w·x(1 − x) is 1.</param>
/// <param name="Bias">b.</param>
public readonly record struct SaddleNode(double State, double Bias);

/// <summary>
/// The saddle-node bifurcations of x = σ(w·x + b) as b varies. Every fixed point lies on the curve
/// b(x) = log(x/(1 − x)) − w·x; two of them meet where b(x) turns, which is where w·x(1 − x) = 1.
/// Source: Pascanu, Mikolov, Bengio 2013, Fig. 3: b₁ and b₂ of a unit with w = 5.
/// </summary>
public static class SaddleNodes
{
    /// <summary>The bias at which a state is a fixed point: b(x) = log(x/(1 − x)) − w·x.</summary>
    /// <param name="weight">w.</param>
    /// <param name="state">x, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The state is not inside (0, 1).</exception>
    public static double BiasAt(double weight, double state) => state is > 0 and < 1
        ? ScalarFunctions.Logit(state) - (weight * state)
        : throw new ArgumentOutOfRangeException(
            nameof(state), state, "a logistic unit's state lies strictly between 0 and 1");

    /// <summary>
    /// The two saddle-nodes by rising bias: at the first (b₂) the upper attractor vanishes as b
    /// falls, at the second (b₁) the lower one appears. Found as roots of w·x(1 − x) − 1.
    /// </summary>
    /// <param name="weight">w; none exist at 4 and below.</param>
    /// <returns>Two, or none.</returns>
    public static IReadOnlyList<SaddleNode> Find(double weight)
    {
        SaddleNode[] found =
            [.. CriticalStates(weight).Select(x => new SaddleNode(x, BiasAt(weight, x)))];
        Array.Sort(found, (a, b) => a.Bias.CompareTo(b.Bias));
        return found;
    }

    /// <summary>The outputs x of the unit at which its slope w·x(1 − x) is 1.</summary>
    internal static double[] CriticalStates(double weight)
    {
        if (!(weight > 4))
        {
            return [];
        }
        static double Excess(double w, double x) => (w * x * (1 - x)) - 1;
        return
        [
            Bisection.Root(weight, Excess, 0, 0.5),
            Bisection.Root(weight, Excess, 0.5, 1),
        ];
    }
}
