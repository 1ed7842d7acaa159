namespace Repro.Engine.Training;

/// <summary>
/// The rescue of 32-bit training: a gradient whose norm is not finite or above a bound is
/// replaced, W_hh's by a share of W_hh itself and every other by 0, and is not clipped.
/// Source: Pascanu, Mikolov, Bengio 2013, supplement, and the authors' program.
/// </summary>
/// <param name="MaximumNorm">The largest norm that passes, positive.</param>
/// <param name="Shrinkage">W_hh's share, positive: a step then shrinks W_hh by rate × share.
/// </param>
public sealed record GradientGuard(double MaximumNorm = 1e10, double Shrinkage = 0.02)
{
    internal void Validate()
    {
        if (!(MaximumNorm > 0) || !double.IsFinite(Shrinkage) || Shrinkage <= 0)
        {
            throw new ArgumentException(
                $"the guard's norm is {MaximumNorm} and its share {Shrinkage}; both must be "
                + "above 0");
        }
    }
}
