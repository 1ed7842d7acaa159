using System.Numerics;

namespace Repro.Engine.Numerics;

/// <summary>
/// A K×N matrix cut into column panels, each stored [K, panel width], so that a tile reads it
/// front to back. Columns are padded with zeros to whole vectors, or to half of one at the end.
/// Source: the packing of Goto and van de Geijn 2008, "Anatomy of high-performance matrix
/// multiplication".
/// </summary>
internal sealed unsafe class PackedMatrix<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> buffer;
    private readonly int lanes;
    private readonly int halfLanes;

    public PackedMatrix(Kernels<T> kernels, int k, int n, int rows)
    {
        K = k;
        N = n;
        lanes = kernels.Lanes;
        halfLanes = kernels.HalfLanes;
        Plan = TilePlan.ForColumns(n, rows, lanes, halfLanes, kernels.Registers);
        for (int i = 0; i < Plan.Count; i++)
        {
            Width += PanelWidth(i);
        }
        buffer = new AlignedBuffer<T>((long)k * Width);
    }

    public int K { get; }

    public int N { get; }

    /// <summary>Columns of all panels, N or more.</summary>
    public int Width { get; }

    public TilePlan Plan { get; }

    public T* Pointer => buffer.Pointer;

    /// <summary>Whether every element is known to be finite, so that a row times zero is zero.
    /// Who fills the matrix says so.</summary>
    public bool IsFinite { get; set; }

    /// <summary>Columns of a panel.</summary>
    public int PanelWidth(int index) =>
        Plan[index] == TilePlan.Half ? halfLanes : Plan[index] * lanes;

    /// <summary>Copies rows [from, from + count) of a row-major source into rows from `at` on.
    /// </summary>
    public void SetRows(T* source, nint sourceRow, int at, int count)
    {
        int column = 0;
        T* panel = Pointer;
        for (int i = 0; i < Plan.Count; i++)
        {
            int width = PanelWidth(i);
            int used = Math.Clamp(N - column, 0, width);
            for (int k = 0; k < count; k++)
            {
                new ReadOnlySpan<T>(source + (k * sourceRow) + column, used)
                    .CopyTo(new Span<T>(panel + ((nint)(at + k) * width), used));
            }
            panel += (nint)K * width;
            column += width;
        }
    }

    /// <summary>Sets this matrix to the transpose of a row-major [N, K] source.</summary>
    public void SetTransposed(T* source, nint sourceRow)
    {
        int column = 0;
        T* panel = Pointer;
        for (int i = 0; i < Plan.Count; i++)
        {
            int width = PanelWidth(i);
            int used = Math.Clamp(N - column, 0, width);
            const int block = Transpose.Width;
            for (int k0 = 0; k0 < K; k0 += block)
            {
                int kEnd = Math.Min(K, k0 + block);
                int turned = kEnd - k0 == block
                    ? Transpose.Columns(
                        source + ((nint)column * sourceRow) + k0, sourceRow, used,
                        panel + ((nint)k0 * width), width)
                    : 0;
                for (int j = turned; j < used; j++)
                {
                    T* from = source + ((nint)(column + j) * sourceRow);
                    for (int k = k0; k < kEnd; k++)
                    {
                        panel[((nint)k * width) + j] = from[k];
                    }
                }
            }
            panel += (nint)K * width;
            column += width;
        }
    }

    public void Dispose() => buffer.Dispose();
}

/// <summary>How rows are padded.</summary>
internal static class Padding
{
    /// <summary>n rounded up to whole 64-byte cache lines.</summary>
    public static int Columns<T>(int n)
        where T : unmanaged
    {
        int line = 64 / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        return (n + line - 1) / line * line;
    }

    /// <summary>
    /// A row stride of at least n elements that is an odd number of cache lines: even strides
    /// such as 2,048 bytes fall on a few cache sets only and evict one another.
    /// </summary>
    public static int Stride<T>(int n)
        where T : unmanaged
    {
        int line = 64 / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        int lines = (n + line - 1) / line;
        return (lines | 1) * line;
    }
}
