namespace Repro.Engine.Networks;

/// <summary>
/// Which hidden units the readout does not see in one update: each with a stated probability,
/// anew for every sequence and step with a loss; those that stay are scaled by 1/(1 − share), so
/// that nothing has to be scaled when the network is used. A unit's fate is a pure function of
/// (seed, update, step, sequence, unit).
/// Source: Srivastava et al. 2014; Zaremba, Sutskever, Vinyals 2014 for its place.
/// </summary>
/// <param name="Share">Probability that a unit is left out, in [0, 1).</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Update">The update's number.</param>
public readonly record struct Dropout(double Share, ulong Seed, uint Update)
{
    /// <summary>Checks the range.</summary>
    /// <exception cref="ArgumentException">The share is outside [0, 1).</exception>
    public void Validate()
    {
        if (!(Share is >= 0 and < 1))
        {
            throw new ArgumentException(
                $"dropout leaves out a share of {Share}; a number in [0, 1) is needed");
        }
    }
}
