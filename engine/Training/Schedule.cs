using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training;

/// <summary>From an update on, a rate is multiplied by a factor.</summary>
/// <param name="FromUpdate">First update, counted from 0, of the new rate.</param>
/// <param name="Factor">Relative to the first rate.</param>
public sealed record ScheduleStep(long FromUpdate, double Factor);

/// <summary>A factor on a rate that changes in steps, by rising update; none at first.</summary>
/// <param name="Steps">The steps.</param>
[CollectionBuilder(typeof(Schedule), nameof(Of))]
public sealed record Schedule(IReadOnlyList<ScheduleStep> Steps) : IEnumerable<ScheduleStep>
{
    /// <summary>The factor 1 throughout.</summary>
    public static Schedule Constant { get; } = new(Array.Empty<ScheduleStep>());

    /// <summary>A schedule of steps.</summary>
    public static Schedule Of(params ReadOnlySpan<ScheduleStep> steps) => new(steps.ToArray());

    /// <summary>The factor of an update counted from 0.</summary>
    public double FactorAt(long update)
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
        return factor;
    }

    /// <summary>Checks the order and every factor.</summary>
    /// <param name="name">Whose schedule, for messages.</param>
    /// <param name="zeroAllowed">Whether a factor may be 0.</param>
    /// <exception cref="ArgumentException">A step is out of order or out of range.</exception>
    public void Validate(string name, bool zeroAllowed = false)
    {
        long last = -1;
        foreach (ScheduleStep step in Steps)
        {
            if (step.FromUpdate <= last)
            {
                throw new ArgumentException(
                    $"{name}'s step at update {step.FromUpdate} is not after {last}");
            }
            if (!double.IsFinite(step.Factor) || step.Factor < 0
                || (step.Factor == 0 && !zeroAllowed))
            {
                throw new ArgumentException(
                    $"{name}'s factor is {step.Factor}; a finite number "
                    + $"{(zeroAllowed ? "of 0 or more" : "above 0")} is needed");
            }
            last = step.FromUpdate;
        }
    }

    /// <summary>A schedule as settings say: null, or pairs [from update, factor].</summary>
    /// <exception cref="SettingsException">It is neither.</exception>
    public static Schedule Read(SettingsNode node) => node.IsAbsent
        ? Constant
        : [.. node.Elements.Select(e => new ScheduleStep(e[0].Whole, e[1].Number))];

    internal JsonNode? Describe() => Steps.Count == 0
        ? null
        : new JsonArray([.. Steps.Select(s => new JsonArray(s.FromUpdate, s.Factor))]);

    /// <inheritdoc/>
    public bool Equals(Schedule? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Count;

    /// <inheritdoc/>
    public IEnumerator<ScheduleStep> GetEnumerator() => Steps.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
