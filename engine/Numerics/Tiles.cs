using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Repro.Engine.Numerics;

/// <summary>
/// One register tile of C = initial + A·B. Strides are in elements. A's element (m, k) is at
/// A + m·ARow + k·AStep; B's row k at B + k·BStep; so a transposed A costs nothing.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TileArguments<T>
    where T : unmanaged
{
    public nint K;
    public T* A;
    public nint ARow;
    public nint AStep;
    public T* B;
    public nint BStep;

    /// <summary>What the sums start from, [rows, columns]; null starts from zero.</summary>
    public T* Initial;
    public nint InitialRow;
    public T* C;
    public nint CRow;

    /// <summary>K gaps, from each term to the next, where <see cref="ChosenPlaces"/> are summed.
    /// </summary>
    public int* Gaps;
}

/// <summary>Which terms of a product a tile sums.</summary>
internal unsafe interface IPlaces
{
    /// <summary>How far the next term is.</summary>
    /// <param name="end">Behind the last of the gaps.</param>
    /// <param name="left">Terms from this one on, 1 or more.</param>
    static abstract nint Gap(int* end, nint left);
}

/// <summary>Each k = 0, 1, …</summary>
internal readonly unsafe struct EveryPlace : IPlaces
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Gap(int* end, nint left) => 1;
}

/// <summary>Some k, in ascending order.</summary>
internal readonly unsafe struct ChosenPlaces : IPlaces
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Gap(int* end, nint left) => end[-left];
}

/// <summary>
/// Register tiles: every sum runs over k = 0, 1, …, or over some of these, with one fused
/// multiply-add a term, whatever the tile's shape, so the shape cannot change a bit. The methods
/// are in Tiles.g.cs.
/// Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication" (ACM
/// Transactions on Mathematical Software 34(3)), for sums kept in registers.
/// </summary>
internal static unsafe partial class Tiles<T, V, S, E, P>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
    where E : struct, IEpilogue<T, V>
    where P : struct, IPlaces
{
    /// <summary>The most rows a tile of that many vectors has without spilling registers.</summary>
    public static int MostRows(int vectors) => S.Registers >= 32
        ? vectors switch { 1 => 12, 2 => 12, 3 => 8, 4 => 6, 5 => 4, 6 => 4, _ => 2 }
        : vectors switch { 1 => 8, 2 => 6, 3 => 4, 4 => 2, 5 => 2, 6 => 2, _ => 1 };
}
