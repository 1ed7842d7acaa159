using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Training;

/// <summary>From an update on, a rate is multiplied by a factor.</summary>
/// <param name="FromUpdate">First update, counted from 0, of the new rate.</param>
/// <param name="Factor">Relative to the first rate.</param>
public sealed record ScheduleStep(long FromUpdate, double Factor);

/// <summary>A factor on a rate: 1 at first, and others in steps by rising update; or one that
/// falls linearly to 0 at the end of the budget.</summary>
/// <param name="Steps">The steps; none of a linear schedule.</param>
[CollectionBuilder(typeof(Schedule), nameof(Of))]
public sealed record Schedule(IReadOnlyList<ScheduleStep> Steps) : IEnumerable<ScheduleStep>
{
    private const string LinearWord = "linear";

    /// <summary>The factor 1 throughout.</summary>
    public static Schedule Constant { get; } = new(Array.Empty<ScheduleStep>());

    /// <summary>The factor 1 − u/U of update u, counted from 0, of U in all: 1 of the first, 1/U
    /// of the last, 0 at the end.</summary>
    public static Schedule Linear { get; } =
        new(Array.Empty<ScheduleStep>()) { IsLinear = true };

    /// <summary>Whether it is <see cref="Linear"/>.</summary>
    public bool IsLinear { get; private init; }

    /// <summary>The component of a linear schedule; null for steps, whose version is that of
    /// training.</summary>
    internal PartVersion? Part => IsLinear ? new PartVersion("schedule.linear", 1) : null;

    /// <summary>A schedule of steps.</summary>
    public static Schedule Of(params ReadOnlySpan<ScheduleStep> steps) => new(steps.ToArray());

    /// <summary>The factor of an update.</summary>
    /// <param name="update">The update, counted from 0.</param>
    /// <param name="updates">U, updates in all; only a linear schedule asks.</param>
    public double FactorAt(long update, long updates)
    {
        if (IsLinear)
        {
            return update < updates ? (double)(updates - update) / updates : 0;
        }
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
        if (IsLinear && Steps.Count > 0)
        {
            throw new ArgumentException(
                $"{name} is linear and has {Steps.Count} steps; leave the steps out");
        }
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

    /// <summary>A schedule as settings say: null, pairs [from update, factor], or the word
    /// <c>linear</c>.</summary>
    /// <exception cref="SettingsException">It is none of them.</exception>
    public static Schedule Read(SettingsNode node)
    {
        if (node.IsAbsent)
        {
            return Constant;
        }
        return node.IsText
            ? node.Choice((LinearWord, () => Linear))
            : [.. node.Elements.Select(e => new ScheduleStep(e[0].Whole, e[1].Number))];
    }

    internal JsonNode? Describe() => IsLinear ? LinearWord
        : Steps.Count == 0 ? null
        : new JsonArray([.. Steps.Select(s => new JsonArray(s.FromUpdate, s.Factor))]);

    /// <inheritdoc/>
    public bool Equals(Schedule? other) =>
        other is not null && IsLinear == other.IsLinear && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Steps.Count, IsLinear);

    /// <inheritdoc/>
    public IEnumerator<ScheduleStep> GetEnumerator() => Steps.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
