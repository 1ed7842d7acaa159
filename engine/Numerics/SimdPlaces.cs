using System.Numerics;
using System.Runtime.CompilerServices;

namespace Repro.Engine.Numerics;

/// <summary>Places of lanes one by one, for vectors without an instruction for it.</summary>
internal static unsafe class SimdPlaces
{
    /// <summary>The numbers of the bits that are set, counted from `at`.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint bits, int at, int* places)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            *places++ = at + BitOperations.TrailingZeroCount(bits);
        }
    }
}
