using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// Products of rows that are zero in many places, as rectified states and their deltas are: a
/// unit at rest in every row is left out, with the row of W that its zeros would multiply. A
/// fused multiply-add of 0 and a finite number leaves a sum as it is, but for the sign of a zero,
/// which the floor behind the product takes away; so a step's bits are those of the whole product.
/// Source: the project's own.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    // Gaps that the stack has room for.
    private const int MostPlaces = 1024;

    /// <summary>The product of a step: whole, or without what is zero in every row.</summary>
    private static void StepProduct(
        UnitFunction function, int rows, int k, T* a, nint aStride, PackedMatrix<T> w, int firstK,
        T* initial, nint initialStride, T* c, nint cStride)
    {
        bool mayRest = function == UnitFunction.Relu && w.IsFinite && k <= MostPlaces;
        if (!mayRest || !TrySparseProduct(
            rows, k, a, aStride, w, firstK, initial, initialStride, c, cStride))
        {
            Product<EveryPlace>(
                rows, k, null, a, aStride, w, firstK, initial, initialStride, c, cStride);
        }
    }

    /// <summary>Less than a vector behind the last of a row may be read, and is not used.
    /// </summary>
    /// <returns>Whether it was made; not where so few are zero that it would take longer.
    /// </returns>
    [SkipLocalsInit]
    private static bool TrySparseProduct(
        int rows, int k, T* a, nint aStride, PackedMatrix<T> w, int firstK,
        T* initial, nint initialStride, T* c, nint cStride)
    {
        nint* gaps = stackalloc nint[MostPlaces + 1];
        int count = FindNonZero(rows, k, a, aStride, gaps);
        // A step over a gap costs a little more than a step.
        if (count > k - (k / 8))
        {
            return false;
        }
        int first = (int)gaps[0];
        Product<ChosenPlaces>(
            rows, count, gaps + 1, a + first, aStride, w, firstK + first, initial, initialStride,
            c, cStride);
        return true;
    }

    /// <summary>The columns that are not zero in every row: each one's distance from the one
    /// before, the first's from 0, and a 0 behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindNonZero(int rows, int k, T* a, nint aStride, nint* gaps)
    {
        nint* gap = gaps;
        int last = 0;
        for (int begin = 0; begin < k; begin += 64)
        {
            // As many bits at once as a register holds: the loop over them ends with a branch
            // that cannot be foretold.
            int end = Math.Min(k, begin + 64);
            ulong bits = 0;
            for (int i = begin; i < end; i += S.Lanes)
            {
                T* row = a + i;
                V any = S.Load(row);
                for (int r = 1; r < rows; r++)
                {
                    row += aStride;
                    any = S.Or(any, S.Load(row));
                }
                bits |= (ulong)S.NonZero(any) << (i - begin);
            }
            bits &= ulong.MaxValue >> (64 - (end - begin));
            for (; bits != 0; bits &= bits - 1)
            {
                int place = begin + BitOperations.TrailingZeroCount(bits);
                *gap++ = place - last;
                last = place;
            }
        }
        *gap = 0;
        return (int)(gap - gaps);
    }
}
