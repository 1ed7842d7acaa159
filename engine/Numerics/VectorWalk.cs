using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>Goes through the vectors of some rows, one after another.</summary>
/// <param name="first">The first row.</param>
/// <param name="columns">Columns of a row: whole vectors.</param>
/// <param name="stride">Distance of two rows.</param>
/// <param name="lanes">Elements of a vector.</param>
internal unsafe struct VectorWalk<T>(T* first, int columns, nint stride, int lanes)
    where T : unmanaged
{
    private readonly nint gap = stride - columns;
    private T* next = first;
    private T* end = first + columns;

    /// <summary>The next vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Next()
    {
        T* at = next;
        next += lanes;
        if (next == end)
        {
            next += gap;
            end += gap + columns;
        }
        return at;
    }
}
