using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// What a tile does with its finished sums. Activations are passes of their own over rows that
/// are still in cache: inlined two dozen times into a tile, they push its sums out of registers.
/// </summary>
internal unsafe interface IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <param name="c">Where the result goes.</param>
    /// <param name="sum">The tile's sums for one row and one vector of columns.</param>
    static abstract void Finish(T* c, V sum);
}

/// <summary>
/// Values below this size become zero where a sweep hands them to the next step. Vanishing
/// activations and gradients otherwise fill the sums with subnormal numbers, which the processor
/// handles 10–100 times slower. The rule is part of the arithmetic: it applies at every width.
/// Source: the project's own; .NET has no switch that flushes subnormal numbers to zero.
/// </summary>
internal static class SubnormalFloor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of<T>() => typeof(T) == typeof(float) ? 1e-30 : 1e-290;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<T, V, S>(V v)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> =>
        S.SelectLess(S.Abs(v), S.Set(Of<T>()), S.Set(0), v);
}

/// <summary>c ← sum.</summary>
internal readonly unsafe struct StoreEpilogue<T, V, S> : IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(T* c, V sum) => S.Store(c, sum);
}

/// <summary>c ← c + sum.</summary>
internal readonly unsafe struct AddEpilogue<T, V, S> : IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(T* c, V sum) => S.Store(c, S.Add(S.Load(c), sum));
}
