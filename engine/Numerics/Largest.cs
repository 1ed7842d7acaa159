using System.Numerics;

namespace Repro.Engine.Numerics;

/// <summary>The place of the largest of some values.
/// Source: the project's own; one pass, so that ties and NaN have a stated answer.</summary>
internal static class Largest
{
    /// <summary>The index of the first of the largest values; 0 where the first value is NaN or
    /// there is none. Later values that are NaN are passed over.</summary>
    public static int IndexOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
