using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Repro.Engine.Numerics;

/// <summary>Products with deep matrices that fetch what is needed after them.
/// Source: Goto and van de Geijn 2008 for cutting the sums' length to the first-level cache; the
/// fetching ahead is the project's own.</summary>
internal sealed unsafe partial class KernelSet<T, V, S>
{
    // Four vectors of 512 bits times 128 rows are two thirds of a first-level cache.
    private const int Depth = 128;

    public override void MultiplyDeep(
        int rows, T* a, nint aStride, PackedMatrix<T> w, int firstK, int k,
        T* initial, nint initialStride, T* c, nint cStride, T* ahead, long aheadLength)
    {
        int parts = Math.Max(1, (k + Depth - 1) / Depth);
        byte* next = (byte*)ahead;
        byte* end = Sse.IsSupported ? next + (aheadLength * sizeof(T)) : next;
        long share = (end - next) / (parts * (long)Tiles(rows, w.Plan)) / 64 * 64 + 64;
        FillPadding(rows, w, initial, initialStride, c, cStride);
        TileArguments<T> g = default;
        g.ARow = aStride;
        g.AStep = 1;
        g.CRow = cStride;
        g.InitialRow = initialStride;
        for (int part = 0, done = 0; part < parts; part++)
        {
            int depth = (k / parts) + (part < k % parts ? 1 : 0);
            g.K = depth;
            int column = 0;
            T* panel = w.Pointer;
            for (int index = 0; index < w.Plan.Count; index++)
            {
                int vectors = w.Plan[index];
                int width = w.PanelWidth(index);
                g.BStep = width;
                g.B = panel + ((nint)(firstK + done) * width);
                int tiles = Tiles(rows, vectors);
                int at = 0;
                for (int i = 0; i < tiles; i++)
                {
                    int height = (rows / tiles) + (i < rows % tiles ? 1 : 0);
                    g.A = a + (at * aStride) + done;
                    g.Initial = initial == null ? null : initial + (at * g.InitialRow) + column;
                    g.C = c + (at * cStride) + column;
                    if (next < end)
                    {
                        Fetch(next, share);
                        next += share;
                    }
                    Run<EveryPlace>(height, vectors, &g);
                    at += height;
                }
                panel += (nint)w.K * width;
                column += width;
            }
            // The sums go on where they stopped.
            initial = c;
            g.InitialRow = cStride;
            done += depth;
        }
    }

    private static int Tiles(int rows, TilePlan plan)
    {
        int tiles = 0;
        for (int index = 0; index < plan.Count; index++)
        {
            tiles += Tiles(rows, plan[index]);
        }
        return tiles;
    }

    // To the second level: the first is full of the product.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fetch(byte* from, long length)
    {
        for (long at = 0; at < length; at += 64)
        {
            Sse.Prefetch1(from + at);
        }
    }
}
