using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// Products of one row that is zero in many places, as rectified states and their deltas are:
/// the rows of W that a zero would multiply are left out. A fused multiply-add of 0 and a finite
/// number leaves a sum as it is, but for the sign of a zero, which the floor behind the product
/// takes away; so a step's bits are those of the whole product.
/// Source: the project's own.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    // Rows of W whose numbers the stack has room for.
    private const int MostPlaces = 1024;

    /// <summary>The product of a step: whole, or without the zeros of a rectified row.</summary>
    private static void StepProduct(
        UnitFunction function, int rows, int k, T* a, nint aStride, PackedMatrix<T> w, int firstK,
        T* initial, nint initialStride, T* c, nint cStride)
    {
        bool mayHaveZeros = function == UnitFunction.Relu && rows == 1;
        if (!mayHaveZeros || !w.IsFinite || k > MostPlaces
            || !TrySparseProduct(k, a, w, firstK, initial, c))
        {
            Product<StoreEpilogue<T, V, S>>(
                rows, k, a, aStride, w, firstK, initial, initialStride, c, cStride);
        }
    }

    /// <summary>Less than a vector behind the last of the row may be read, and is not used.
    /// </summary>
    /// <returns>Whether it was made; not where so few are zero that it would take longer.
    /// </returns>
    [SkipLocalsInit]
    private static bool TrySparseProduct(
        int k, T* a, PackedMatrix<T> w, int firstK, T* initial, T* c)
    {
        int* places = stackalloc int[MostPlaces];
        int count = FindNonZero(k, a, places);
        // A list costs about as much as an eighth of the rows.
        if (count > k - (k / 8))
        {
            return false;
        }
        TileArguments<T> g = default;
        g.K = count;
        g.A = a;
        g.Places = places;
        T* panel = w.Pointer;
        TilePlan plan = w.Plan;
        for (int index = 0; index < plan.Count; index++)
        {
            int vectors = plan[index];
            int width = vectors * S.Lanes;
            g.BStep = width;
            g.B = panel + ((nint)firstK * width);
            g.Initial = initial;
            g.C = c;
            Tiles<T, V, S, StoreEpilogue<T, V, S>>.RunChosen(vectors, &g);
            panel += (nint)w.K * width;
            initial = initial == null ? null : initial + width;
            c += width;
        }
        return true;
    }

    /// <summary>The places of the elements that are not zero, in ascending order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindNonZero(int k, T* a, int* places)
    {
        int* place = places;
        for (int begin = 0; begin < k; begin += 64)
        {
            // As many bits at once as a register holds: the loop over them ends with a branch
            // that cannot be foretold.
            int end = Math.Min(k, begin + 64);
            ulong bits = 0;
            for (int i = begin; i < end; i += S.Lanes)
            {
                bits |= (ulong)S.NonZero(S.Load(a + i)) << (i - begin);
            }
            bits &= ulong.MaxValue >> (64 - (end - begin));
            for (; bits != 0; bits &= bits - 1)
            {
                *place++ = begin + BitOperations.TrailingZeroCount(bits);
            }
        }
        return (int)(place - places);
    }
}
