namespace Repro.Engine.Numerics;

/// <summary>
/// The operations a kernel is written in. One implementation a vector width; a kernel is
/// generic over it, so float32 and float64, 512, 256 and 128 bits and plain scalars come from
/// one source. Every operation is IEEE 754 and lane-wise: no operation mixes lanes, which is why
/// the width cannot change a bit of any result.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="V">The vector, or T itself for the scalar implementation.</typeparam>
internal unsafe interface ISimd<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Elements of half a vector, or 0 where kernels have no half.
    /// </summary>
    static virtual int HalfLanes => 0;

    /// <summary>Vector registers the kernels may plan with.</summary>
    static abstract int Registers { get; }

    static abstract V Load(T* p);

    static abstract void Store(T* p, V v);

    static abstract V Broadcast(T* p);

    static abstract V Set(double value);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    static abstract V Sqrt(V a);

    static abstract V Abs(V a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>Per lane: a &lt; b ? x : y. A NaN in a or b chooses y.</summary>
    static abstract V SelectLess(V a, V b, V x, V y);

    /// <summary>The bits of either. Zero, of whatever sign, only where both are.</summary>
    static abstract V Or(V a, V b);

    /// <summary>Bit i: whether lane i is another number than zero, of either sign; a NaN is.
    /// </summary>
    static abstract uint NonZero(V v);

    /// <summary>Stores the places of the lanes that are <see cref="NonZero"/>, in ascending order,
    /// counted from `at`; as many numbers as there are lanes may be written.</summary>
    static abstract void StorePlaces(V v, int at, int* places);

    /// <summary>
    /// 2^n, where <paramref name="shifted"/> is n + 1.5·2^23 (float) or n + 1.5·2^52 (double)
    /// and n is an integer in the range of normal exponents.
    /// </summary>
    static abstract V PowerOfTwo(V shifted);

    /// <summary>Copies half a vector.</summary>
    static virtual void CopyHalf(T* from, T* to) => throw NoHalf();

    /// <summary>Half a vector of states from their sums in place, floored.</summary>
    static virtual void ActivateHalf<A>(T* c)
        where A : struct, IActivation => throw NoHalf();

    /// <summary>Half a vector of deltas from dE/dh in place and the states, floored.</summary>
    static virtual void DifferentiateHalf<A>(T* h, T* c)
        where A : struct, IActivation => throw NoHalf();

    /// <summary>A tile of C = initial + A·B that is half a vector wide.</summary>
    /// <param name="rows">Rows of it.</param>
    /// <param name="g">Where it lies.</param>
    static virtual void RunHalf<P>(int rows, TileArguments<T>* g)
        where P : struct, IPlaces => throw NoHalf();

    private static NotSupportedException NoHalf() =>
        new($"{typeof(V)} has no half that kernels use");
}
