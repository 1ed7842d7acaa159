using System.Numerics;
using System.Runtime.Intrinsics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

internal enum VectorFunction
{
    Exp,
    Tanh,
    Sigmoid,
    Log1p,
}

/// <summary>Runs a vector function over an array at a chosen width.</summary>
internal static unsafe class VectorFunctions
{
    public static T[] Apply<T>(InstructionSet set, VectorFunction function, T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => set switch
        {
            InstructionSet.Avx512 => Run<T, Vector512<T>, Simd512<T>>(function, x),
            InstructionSet.Avx2 => Run<T, Vector256<T>, Simd256<T>>(function, x),
            InstructionSet.Vector128 => Run<T, Vector128<T>, Simd128<T>>(function, x),
            _ => Run<T, T, SimdScalar<T>>(function, x),
        };

    private static T[] Run<T, V, S>(VectorFunction function, T[] x)
        where T : unmanaged
        where V : unmanaged
        where S : struct, ISimd<T, V>
    {
        T[] padded = new T[x.Length + S.Lanes];
        x.CopyTo(padded, 0);
        T[] y = new T[padded.Length];
        fixed (T* from = padded, to = y)
        {
            for (int i = 0; i < x.Length; i += S.Lanes)
            {
                V v = S.Load(from + i);
                S.Store(to + i, function switch
                {
                    VectorFunction.Exp => ElementaryKernels<T, V, S>.Exp(v),
                    VectorFunction.Tanh => ElementaryKernels<T, V, S>.Tanh(v),
                    VectorFunction.Sigmoid => ElementaryKernels<T, V, S>.Sigmoid(v),
                    _ => ElementaryKernels<T, V, S>.Log1p(v),
                });
            }
        }
        return y[..x.Length];
    }
}
