using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Repro.Engine.Numerics;

namespace Repro.Torture.Functions;

/// <summary>An elementary function that the kernels have in single precision.</summary>
internal enum FloatFunction
{
    Exp,
    Tanh,
    Logistic,
    Log1p,
}

/// <summary>A function as a type, so that each has a loop of its own.</summary>
internal interface IFloatFunction
{
    static abstract V Of<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<float, V>;
}

internal readonly struct ExpFunction : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<float, V> => ElementaryKernels<float, V, S>.Exp(x);
}

internal readonly struct TanhFunction : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<float, V> => ElementaryKernels<float, V, S>.Tanh(x);
}

internal readonly struct LogisticFunction : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<float, V> => ElementaryKernels<float, V, S>.Sigmoid(x);
}

internal readonly struct Log1pFunction : IFloatFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V, S>(V x)
        where V : unmanaged
        where S : struct, ISimd<float, V> => ElementaryKernels<float, V, S>.Log1p(x);
}

/// <summary>Runs a function over many numbers at a chosen width.</summary>
internal static unsafe class FloatFunctions
{
    /// <summary>The word in the figures and in the page of the arithmetic.</summary>
    public static string Word(this FloatFunction function) => function switch
    {
        FloatFunction.Exp => "exp",
        FloatFunction.Tanh => "tanh",
        FloatFunction.Logistic => "logistic",
        FloatFunction.Log1p => "log(1 + x)",
        _ => throw Unknown.Member(function),
    };

    /// <summary>to = f(from).</summary>
    /// <param name="set">The path.</param>
    /// <param name="function">f.</param>
    /// <param name="from">The arguments.</param>
    /// <param name="to">Receives the values.</param>
    /// <param name="count">How many; a multiple of 16.</param>
    public static void Apply(
        InstructionSet set, FloatFunction function, float* from, float* to, int count)
    {
        switch (function)
        {
            case FloatFunction.Exp:
                Apply<ExpFunction>(set, from, to, count);
                break;
            case FloatFunction.Tanh:
                Apply<TanhFunction>(set, from, to, count);
                break;
            case FloatFunction.Logistic:
                Apply<LogisticFunction>(set, from, to, count);
                break;
            case FloatFunction.Log1p:
                Apply<Log1pFunction>(set, from, to, count);
                break;
            default:
                throw Unknown.Member(function);
        }
    }

    private static void Apply<F>(InstructionSet set, float* from, float* to, int count)
        where F : struct, IFloatFunction
    {
        switch (set)
        {
            case InstructionSet.Avx512:
                Loop<F, Vector512<float>, Simd512<float>>(from, to, count);
                break;
            case InstructionSet.Avx2:
                Loop<F, Vector256<float>, Simd256<float>>(from, to, count);
                break;
            case InstructionSet.Vector128:
                Loop<F, Vector128<float>, Simd128<float>>(from, to, count);
                break;
            case InstructionSet.Scalar:
                Loop<F, float, SimdScalar<float>>(from, to, count);
                break;
            default:
                throw Unknown.Member(set);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<F, V, S>(float* from, float* to, int count)
        where F : struct, IFloatFunction
        where V : unmanaged
        where S : struct, ISimd<float, V>
    {
        for (int i = 0; i < count; i += S.Lanes)
        {
            S.Store(to + i, F.Of<V, S>(S.Load(from + i)));
        }
    }
}
