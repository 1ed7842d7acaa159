using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>What a tile does with its finished sums.</summary>
internal unsafe interface IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <param name="c">Where the result goes.</param>
    /// <param name="h">The hidden state beside it, for epilogues that need one.</param>
    /// <param name="sum">The tile's sums for one row and one vector of columns.</param>
    static abstract void Finish(T* c, T* h, V sum);
}

/// <summary>
/// Values below this size become zero where a sweep hands them to the next step. Vanishing
/// activations and gradients otherwise fill the sums with subnormal numbers, which the processor
/// handles 10–100 times slower. The rule is part of the arithmetic: it applies at every width.
/// </summary>
internal static class SubnormalFloor
{
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
    public static void Finish(T* c, T* h, V sum) => S.Store(c, sum);
}

/// <summary>c ← c + sum.</summary>
internal readonly unsafe struct AddEpilogue<T, V, S> : IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(T* c, T* h, V sum) => S.Store(c, S.Add(S.Load(c), sum));
}

/// <summary>c ← max(0, sum), floored. The other activations run as a pass of their own.</summary>
internal readonly unsafe struct ReluEpilogue<T, V, S> : IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
{
    // Below the floor becomes 0, which rectifies as well: one comparison does both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(T* c, T* h, V sum) =>
        S.Store(c, S.SelectLess(sum, S.Set(SubnormalFloor.Of<T>()), S.Set(0), sum));
}

/// <summary>c ← sum ⊙ f′(h), floored: the delta of one step back.</summary>
internal readonly unsafe struct BackwardEpilogue<T, V, S, A> : IEpilogue<T, V>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
    where A : struct, IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(T* c, T* h, V sum)
    {
        V v = A.Backward<T, V, S>(S.Load(h), sum);
        S.Store(c, SubnormalFloor.Apply<T, V, S>(v));
    }
}
