using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Numerics;

/// <summary>Outer products: the gradients of weights.
/// Source: the tiles of Goto and van de Geijn 2008; turning the last columns is the project's own.
/// </summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    private const int LargeGradient = 256 * 1024;

    // Vectors of a turned tile's row; with the most columns there can be, what a stack holds.
    private const int MostTurned = 8;

    public override void AddOuterProducts(
        int rows, int m, int columns, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride) =>
        OuterProducts<AddEpilogue<T, V, S>>(rows, m, columns, a, aStride, b, bStride, c, cStride);

    public override void SetOuterProducts(
        int rows, int m, int columns, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride) =>
        OuterProducts<StoreEpilogue<T, V, S>>(
            rows, m, columns, a, aStride, b, bStride, c, cStride);

    private static void OuterProducts<E>(
        int rows, int m, int columns, T* a, nint aStride, T* b, nint bStride, T* c, nint cStride)
        where E : struct, IEpilogue<T, V>
    {
        int last = columns % S.Lanes;
        bool turns = Turns(rows, m, last);
        int vectors = (columns / S.Lanes) + (last > 0 && !turns ? 1 : 0);
        TileArguments<T> g = default;
        g.K = rows;
        g.ARow = 1;
        g.AStep = aStride;
        g.BStep = bStride;
        g.CRow = cStride;
        if (vectors > 0)
        {
            Whole<E>(m, vectors, a, b, c, ref g);
        }
        if (turns)
        {
            g.AStep = bStride;
            g.BStep = aStride;
            Turned<E>(m, last, b + columns - last, a, c + columns - last, ref g);
        }
    }

    /// <summary>
    /// Whether the last columns, too few for a vector, are made with lanes along the rows of C:
    /// 2 columns of 51 rows are 8 vectors so, and 51 otherwise. Each sum has the same terms in the
    /// same order. What it costs beside is to add the sums to C one by one.
    /// </summary>
    private static bool Turns(int rows, int m, int last)
    {
        long spared = m - ((long)last * ((m + S.Lanes - 1) / S.Lanes));
        return last > 0 && spared * rows > 4L * m * last;
    }

    private static void Whole<E>(
        int m, int vectors, T* a, T* b, T* c, ref TileArguments<T> g)
        where E : struct, IEpilogue<T, V>
    {
        TilePlan plan = TilePlan.For(vectors, int.MaxValue, S.Registers);
        // A large gradient is fetched from the far end of the cache while the sums are made.
        bool fetch = Sse.IsSupported && (long)m * g.CRow * sizeof(T) > LargeGradient;
        int column = 0;
        fixed (TileArguments<T>* tile = &g)
        {
            for (int index = 0; index < plan.Count; index++)
            {
                int wide = plan[index];
                int most = Tiles<T, V, S, E, EveryPlace>.MostRows(wide);
                int tiles = (m + most - 1) / most;
                int at = 0;
                for (int i = 0; i < tiles; i++)
                {
                    int height = (m / tiles) + (i < m % tiles ? 1 : 0);
                    g.A = a + at;
                    g.B = b + column;
                    g.C = c + (at * g.CRow) + column;
                    if (fetch)
                    {
                        Prefetch(g.C, g.CRow, height, wide);
                    }
                    Tiles<T, V, S, E, EveryPlace>.Run(height, wide, tile);
                    at += height;
                }
                column += wide * S.Lanes;
            }
        }
    }

    /// <summary>C [m, columns] and (Bᵀ·A)ᵀ. A vector may reach beyond the m columns of A, into
    /// what follows them there, and those sums are not used.</summary>
    [SkipLocalsInit]
    private static void Turned<E>(
        int m, int columns, T* b, T* a, T* c, ref TileArguments<T> g)
        where E : struct, IEpilogue<T, V>
    {
        T* sums = stackalloc T[(64 / sizeof(T)) * MostTurned * (64 / sizeof(T))];
        nint cRow = g.CRow;
        TilePlan plan = TilePlan.For((m + S.Lanes - 1) / S.Lanes, columns, S.Registers);
        int row = 0;
        fixed (TileArguments<T>* tile = &g)
        {
            for (int index = 0; index < plan.Count; index++)
            {
                int wide = plan[index];
                int width = wide * S.Lanes;
                int most = Tiles<T, V, S, StoreEpilogue<T, V, S>, EveryPlace>.MostRows(wide);
                int tiles = (columns + most - 1) / most;
                g.CRow = width;
                int at = 0;
                for (int i = 0; i < tiles; i++)
                {
                    int height = (columns / tiles) + (i < columns % tiles ? 1 : 0);
                    g.A = b + at;
                    g.B = a + row;
                    g.C = sums + (at * width);
                    Tiles<T, V, S, StoreEpilogue<T, V, S>, EveryPlace>.Run(height, wide, tile);
                    at += height;
                }
                int used = Math.Min(width, m - row);
                FinishColumns<E>(used, columns, sums, width, c + (row * cRow), cRow);
                row += width;
            }
        }
        g.CRow = cRow;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FinishColumns<E>(
        int m, int columns, T* sums, int width, T* c, nint cStride)
        where E : struct, IEpilogue<T, V>
    {
        // As E.Finish does with whole vectors.
        bool adds = typeof(E) == typeof(AddEpilogue<T, V, S>);
        for (int x = 0; x < m; x++)
        {
            for (int y = 0; y < columns; y++)
            {
                T sum = sums[(y * width) + x];
                c[y] = adds ? c[y] + sum : sum;
            }
            c += cStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Prefetch(T* c, nint stride, int rows, int vectors)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < vectors; v++)
            {
                Sse.Prefetch0(c + (r * stride) + (v * S.Lanes));
            }
        }
    }
}
