using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
    // Places that the stack has room for, and what may be written or read behind them.
    private const int MostPlaces = 1024;
    private const int Margin = 32;

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
        int* places = stackalloc int[MostPlaces + Margin];
        int count = FindNonZero(rows, k, a, aStride, places);
        // A step over a gap costs a little more than a step.
        if (count > k - (k / 8))
        {
            return false;
        }
        int first = count > 0 ? places[0] : 0;
        ToGaps(places, count);
        Product<ChosenPlaces>(
            rows, count, places, a + first, aStride, w, firstK + first, initial, initialStride,
            c, cStride);
        return true;
    }

    /// <summary>The columns that are not zero in every row, in ascending order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindNonZero(int rows, int k, T* a, nint aStride, int* places)
    {
        int count = 0;
        for (int i = 0; i < k; i += S.Lanes)
        {
            T* row = a + i;
            V any = S.Load(row);
            for (int r = 1; r < rows; r++)
            {
                row += aStride;
                any = S.Or(any, S.Load(row));
            }
            S.StorePlaces(any, i, places + count);
            uint beyond = k - i < S.Lanes ? uint.MaxValue << (k - i) : 0;
            count += BitOperations.PopCount(S.NonZero(any) & ~beyond);
        }
        return count;
    }

    /// <summary>From places to the distance of each to the next; the last one's means nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToGaps(int* places, int count)
    {
        // Each vector is read before the one below it changes.
        for (int i = 0; i < count; i += Vector256<int>.Count)
        {
            (Vector256.Load(places + i + 1) - Vector256.Load(places + i)).Store(places + i);
        }
    }
}
