using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>A function of one unit that the kernels have: what a layer above calls an activation.
/// </summary>
internal enum UnitFunction
{
    /// <summary>max(0, s).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>Logistic function 1/(1 + e^−s).</summary>
    Sigmoid,
}

/// <summary>
/// h = f(s) and the backward rule v ↦ v · f′(s) written in h, side by side.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (5), for the factor f′(s) of each step; f′ written in
/// h follows from the functions' definitions.
/// </summary>
internal interface IActivation
{
    static abstract V Forward<T, V, S>(V s)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V>;

    static abstract V Backward<T, V, S>(V h, V v)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V>;
}

/// <summary>Rectifier. A NaN passes forward, so that divergence is seen.</summary>
internal readonly struct Relu : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<T, V, S>(V s)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> => S.SelectLess(s, S.Set(0), S.Set(0), s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<T, V, S>(V h, V v)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> => S.SelectLess(S.Set(0), h, v, S.Set(0));
}

/// <summary>tanh; derivative 1 − h².</summary>
internal readonly struct HyperbolicTangent : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<T, V, S>(V s)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> => ElementaryKernels<T, V, S>.Tanh(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<T, V, S>(V h, V v)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> =>
        S.Multiply(v, S.Fma(S.Subtract(S.Set(0), h), h, S.Set(1)));
}

/// <summary>Logistic; derivative h(1 − h).</summary>
internal readonly struct Logistic : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<T, V, S>(V s)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> => ElementaryKernels<T, V, S>.Sigmoid(s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Backward<T, V, S>(V h, V v)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V> =>
        S.Multiply(v, S.Fma(S.Subtract(S.Set(0), h), h, h));
}
