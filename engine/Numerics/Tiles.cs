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

    /// <summary>The k whose terms are summed, K of them in ascending order; read by the tiles
    /// of one row that leave terms out, and by no other.</summary>
    public int* Places;
}

/// <summary>
/// Register tiles: every sum runs over k = 0, 1, … with one fused multiply-add a term, whatever
/// the tile's shape, so the shape cannot change a bit. The methods are in Tiles.g.cs.
/// Source: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication" (ACM
/// Transactions on Mathematical Software 34(3)), for sums kept in registers.
/// </summary>
internal static unsafe partial class Tiles<T, V, S, E>
    where T : unmanaged
    where V : unmanaged
    where S : struct, ISimd<T, V>
    where E : struct, IEpilogue<T, V>
{
    /// <summary>The most rows a tile of that many vectors has without spilling registers.</summary>
    public static int MostRows(int vectors) => S.Registers >= 32
        ? vectors switch { 1 => 12, 2 => 12, 3 => 8, 4 => 6, 5 => 4, 6 => 4, _ => 2 }
        : vectors switch { 1 => 8, 2 => 6, 3 => 4, 4 => 2, 5 => 2, 6 => 2, _ => 1 };
}
