namespace Repro.Engine.Records;

/// <summary>A component that a run uses and its behaviour version, raised by hand when the
/// component's results may change: runs that use it then get new ids, and no others do.</summary>
/// <param name="Part">Its name in ids, such as <c>optimizer.sgd</c>; never changes.</param>
/// <param name="Version">1 or more.</param>
public readonly record struct PartVersion(string Part, int Version)
{
    /// <summary>Arithmetic of the kernels and elementary functions: the one version that no part
    /// of a run can state for itself.</summary>
    public static PartVersion Kernels { get; } = new("kernels", 1);

    /// <summary>Gradient guard, success and futility rules, which share a version.</summary>
    internal static PartVersion Rules { get; } = new("rules", 1);

    /// <summary>Halving of the rate and selection of the state, which share a version.</summary>
    internal static PartVersion Selection { get; } = new("selection", 1);

    /// <summary>All of several, as a record's behaviour.</summary>
    /// <exception cref="InvalidOperationException">Two versions are given of one component.
    /// </exception>
    public static SortedDictionary<string, int> Union(params IEnumerable<PartVersion> parts)
    {
        SortedDictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (PartVersion part in parts)
        {
            if (all.TryGetValue(part.Part, out int version) && version != part.Version)
            {
                throw new InvalidOperationException(
                    $"a run uses versions {version} and {part.Version} of '{part.Part}'; one "
                    + "component has one version");
            }
            all[part.Part] = part.Version;
        }
        return all;
    }
}
