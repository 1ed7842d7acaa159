using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>One element at a time, for processors without vector instructions.</summary>
internal readonly unsafe struct SimdScalar<T> : ISimd<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => 1;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* p, T v) => *p = v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T* p) => *p;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Set(double value) => T.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide(T a, T b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt(T a) => T.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs(T a) => T.Abs(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fma(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SelectLess(T a, T b, T x, T y) => a < b ? x : y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Or(T a, T b) =>
        typeof(T) == typeof(float)
            ? Unsafe.BitCast<int, T>(Unsafe.BitCast<T, int>(a) | Unsafe.BitCast<T, int>(b))
            : Unsafe.BitCast<long, T>(Unsafe.BitCast<T, long>(a) | Unsafe.BitCast<T, long>(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NonZero(T v) => v != T.Zero ? 1u : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePlaces(T v, int at, int* places) => *places = at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowerOfTwo(T shifted) =>
        typeof(T) == typeof(float)
            ? Unsafe.BitCast<int, T>((Unsafe.BitCast<T, int>(shifted) + 127) << 23)
            : Unsafe.BitCast<long, T>((Unsafe.BitCast<T, long>(shifted) + 1023) << 52);
}
