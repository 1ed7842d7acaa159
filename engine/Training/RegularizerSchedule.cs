using Repro.Engine.Networks;

namespace Repro.Engine.Training;

/// <summary>
/// α, the weight of Ω beside the loss, over the updates: a first value, factors from given
/// updates on, and a decay 1/(1 + max(0, u − from)/updates).
/// Source: Pascanu, Mikolov, Bengio 2013, supplement (constant α for the synthetic tasks, steps
/// by epoch for music, the decay for Penn Treebank).
/// </summary>
public sealed record RegularizerSchedule
{
    /// <summary>The first α, finite and 0 or more.</summary>
    public required double Alpha { get; init; }

    /// <summary>Later values relative to the first, by rising update.</summary>
    public IReadOnlyList<LearningRateStep> Steps { get; init; } = [];

    /// <summary>Updates after which the decay has halved α, positive; null for no decay.
    /// </summary>
    public double? DecayUpdates { get; init; }

    /// <summary>The update, counted from 0, at which the decay begins.</summary>
    public long DecayFrom { get; init; }

    /// <summary>Which Ω.</summary>
    public RegularizerSpec Form { get; init; } = new();

    /// <summary>α of an update counted from 0.</summary>
    public double AlphaAt(long update)
    {
        double factor = 1;
        // By index: an enumerator of the list would be an allocation an update.
        for (int i = 0; i < Steps.Count; i++)
        {
            if (update >= Steps[i].FromUpdate)
            {
                factor = Steps[i].Factor;
            }
        }
        double decay = DecayUpdates is { } half
            ? 1 + (Math.Max(0, update - DecayFrom) / half)
            : 1;
        return Alpha * factor / decay;
    }

    /// <summary>Checks every range.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.
    /// </exception>
    public void Validate()
    {
        if (!double.IsFinite(Alpha) || Alpha < 0)
        {
            throw new ArgumentException(
                $"the regulariser's α is {Alpha}; a finite number of 0 or more is needed");
        }
        if (DecayUpdates is { } half && !(double.IsFinite(half) && half > 0))
        {
            throw new ArgumentException(
                $"α's decay takes {half} updates; a finite number above 0 is needed");
        }
        if (!(Form.Bound >= 1e-30))
        {
            throw new ArgumentException(
                $"the regulariser's bound is {Form.Bound}; 1e-30 or more is needed");
        }
        long last = -1;
        foreach (LearningRateStep step in Steps)
        {
            if (step.FromUpdate <= last || !double.IsFinite(step.Factor) || step.Factor < 0)
            {
                throw new ArgumentException(
                    $"α's step to factor {step.Factor} at update {step.FromUpdate} is out of "
                    + "order or out of range; updates must rise and factors be 0 or more");
            }
            last = step.FromUpdate;
        }
    }
}
