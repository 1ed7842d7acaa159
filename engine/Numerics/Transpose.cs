using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Numerics;

/// <summary>Turns rows into columns, four of each at a time: a copy, so that no bit depends on how
/// it is done.</summary>
internal static unsafe class Transpose
{
    /// <summary>Columns of the source that one call takes.</summary>
    public const int Width = 16;

    /// <summary>to[k, r] = from[r, k] for k below <see cref="Width"/> and as many rows r as are
    /// whole fours; nothing where this processor, or T, has no way to do it faster than one by
    /// one.</summary>
    /// <param name="from">The first of the rows.</param>
    /// <param name="fromStride">Distance of two of them.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="to">Where the first column goes.</param>
    /// <param name="toStride">Distance of two columns there.</param>
    /// <returns>How many rows were turned.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Columns<T>(T* from, nint fromStride, int rows, T* to, nint toStride)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) || !Sse.IsSupported)
        {
            return 0;
        }
        int whole = rows / 4 * 4;
        for (int r = 0; r < whole; r += 4)
        {
            float* a = (float*)from + (r * fromStride);
            float* c = (float*)to + r;
            for (int k = 0; k < Width; k += 4)
            {
                Vector128<float> r0 = Vector128.Load(a + k);
                Vector128<float> r1 = Vector128.Load(a + fromStride + k);
                Vector128<float> r2 = Vector128.Load(a + (2 * fromStride) + k);
                Vector128<float> r3 = Vector128.Load(a + (3 * fromStride) + k);
                Vector128<float> low01 = Sse.UnpackLow(r0, r1);
                Vector128<float> low23 = Sse.UnpackLow(r2, r3);
                Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
                Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
                float* at = c + (k * toStride);
                Sse.MoveLowToHigh(low01, low23).Store(at);
                Sse.MoveHighToLow(low23, low01).Store(at + toStride);
                Sse.MoveLowToHigh(high01, high23).Store(at + (2 * toStride));
                Sse.MoveHighToLow(high23, high01).Store(at + (3 * toStride));
            }
        }
        return whole;
    }
}
