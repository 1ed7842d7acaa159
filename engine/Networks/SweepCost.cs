namespace Repro.Engine.Networks;

/// <summary>
/// Floating-point operations of the products in the sweeps over one sequence, a multiplication
/// and an addition each; what is done element by element is left out. Counted from sizes, not
/// measured, so that budgets of operations stop a run at the same update everywhere.
/// Source: the sizes of the products.
/// </summary>
/// <param name="Forward">States and outputs.</param>
/// <param name="Backward">Messages through time, and the outer products of the gradient.</param>
/// <param name="Tangent">R(h) and R(o) along a direction.</param>
public readonly record struct SweepCost(double Forward, double Backward, double Tangent)
{
    /// <summary>Of a gradient.</summary>
    public double Gradient => Forward + Backward;

    /// <summary>Of a Gauss–Newton product on states that are kept.</summary>
    public double Product => Tangent + Backward;

    /// <summary>The cost of a sequence.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="columns">Pre-activations of a step: H, 3H of a GRU, 4H of an LSTM.</param>
    /// <param name="steps">T.</param>
    /// <param name="isOneHot">Whether an input is a symbol, whose product is one row.</param>
    public static SweepCost Of(NetworkSpec spec, int columns, int steps, bool isOneHot)
    {
        double cells = 2.0 * steps * columns;
        return Of(spec, cells * Inputs(spec, isOneHot), cells * spec.HiddenSize, steps);
    }

    /// <summary>The cost of a sequence in a clockwork network, whose modules rest in most steps
    /// and do not read the faster ones.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="clockwork">Its modules.</param>
    /// <param name="steps">T.</param>
    /// <param name="isOneHot">Whether an input is a symbol, whose product is one row.</param>
    public static SweepCost Of(
        NetworkSpec spec, Clockwork clockwork, int steps, bool isOneHot) => Of(
        spec, 2.0 * clockwork.UnitSteps(spec.HiddenSize, steps) * Inputs(spec, isOneHot),
        2.0 * clockwork.RecurrentProducts(spec.HiddenSize, steps), steps);

    // With the bias.
    private static double Inputs(NetworkSpec spec, bool isOneHot) =>
        (isOneHot ? 1 : spec.InputSize) + 1;

    private static SweepCost Of(NetworkSpec spec, double inputs, double recurrent, int steps)
    {
        double readouts = 2.0 * (spec.HasLossAtEveryStep ? steps : 1) * spec.OutputSize;
        double once = inputs + recurrent + (readouts * (1 + spec.HiddenSize));
        double twice = once + recurrent + (readouts * spec.HiddenSize);
        return new SweepCost(once, twice, twice);
    }
}
