using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Numerics;

/// <summary>512-bit vectors, for processors with AVX-512F.</summary>
internal readonly unsafe struct Simd512<T> : ISimd<T, Vector512<T>>
    where T : unmanaged
{
    public static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<T>.Count;
    }

    public static int HalfLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<T>.Count;
    }

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* p) => Vector512.Load(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* p, Vector512<T> v) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T* p) => Vector512.Create(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Set(double value) =>
        typeof(T) == typeof(float)
            ? Vector512.Create((float)value).As<float, T>()
            : Vector512.Create(value).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Abs(Vector512<T> a) => Vector512.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Fma(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Avx512F.FusedMultiplyAdd(
                a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Avx512F.FusedMultiplyAdd(
                a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SelectLess(
        Vector512<T> a, Vector512<T> b, Vector512<T> x, Vector512<T> y) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Or(Vector512<T> a, Vector512<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NonZero(Vector512<T> v) =>
        ~(uint)Vector512.Equals(v, Vector512<T>.Zero).ExtractMostSignificantBits()
        & ((1u << Lanes) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePlaces(Vector512<T> v, int at, int* places)
    {
        if (typeof(T) == typeof(float))
        {
            Vector512<float> mask = Avx512F.CompareNotEqual(
                v.As<T, float>(), Vector512<float>.Zero);
            Vector512<int> numbers = Vector512<int>.Indices + Vector512.Create(at);
            Avx512F.Compress(Vector512<int>.Zero, mask.AsInt32(), numbers).Store(places);
        }
        else
        {
            SimdPlaces.Store(NonZero(v), at, places);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> PowerOfTwo(Vector512<T> shifted) =>
        typeof(T) == typeof(float)
            ? ((shifted.As<T, int>() + Vector512.Create(127)) << 23).As<int, T>()
            : ((shifted.As<T, long>() + Vector512.Create(1023L)) << 52).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CopyHalf(T* from, T* to) => Vector256.Load(from).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ActivateHalf<A>(T* c)
        where A : struct, IActivation
    {
        Vector256<T> v = A.Forward<T, Vector256<T>, Simd256<T>>(Vector256.Load(c));
        SubnormalFloor.Apply<T, Vector256<T>, Simd256<T>>(v).Store(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DifferentiateHalf<A>(T* h, T* c)
        where A : struct, IActivation
    {
        Vector256<T> v = A.Backward<T, Vector256<T>, Simd256<T>>(
            Vector256.Load(h), Vector256.Load(c));
        SubnormalFloor.Apply<T, Vector256<T>, Simd256<T>>(v).Store(c);
    }

    // A processor with AVX-512 has AVX2 and its fused multiply-add.
    public static void RunHalf<P>(int rows, TileArguments<T>* g)
        where P : struct, IPlaces =>
        Tiles<T, Vector256<T>, Simd256<T>, StoreEpilogue<T, Vector256<T>, Simd256<T>>, P>.Run(
            rows, 1, g);
}
