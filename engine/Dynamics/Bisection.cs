namespace Repro.Engine.Dynamics;

/// <summary>Roots of a function that changes its sign once.</summary>
internal static class Bisection
{
    /// <summary>The x at which f changes its sign, to the last bit.</summary>
    /// <param name="state">Passed to f.</param>
    /// <param name="f">Of opposite signs at the two ends.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    public static double Root<TState>(
        TState state, Func<TState, double, double> f, double low, double high)
    {
        bool isNegativeLow = f(state, low) < 0;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                // Of the two neighbours, the one where f is nearer zero.
                return Math.Abs(f(state, low)) <= Math.Abs(f(state, high)) ? low : high;
            }
            double value = f(state, middle);
            if (value == 0)
            {
                return middle;
            }
            (low, high) = value < 0 == isNegativeLow ? (middle, high) : (low, middle);
        }
    }
}
