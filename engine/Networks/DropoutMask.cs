using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>The hidden states as the readout sees them under dropout, and the same mask on the
/// gradient's way back.</summary>
internal sealed unsafe class DropoutMask<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int hidden;
    private readonly Kernels<T> kernels;
    private readonly int maskStride;
    private readonly AlignedBuffer<T> mask;
    private readonly AlignedBuffer<T> dropped;
    private Philox random;
    private uint threshold;
    private T kept;

    /// <param name="spec">The network.</param>
    /// <param name="kernels">Its kernels.</param>
    /// <param name="rows">Rows of outputs.</param>
    public DropoutMask(NetworkSpec spec, Kernels<T> kernels, int rows)
    {
        hidden = spec.HiddenSize;
        this.kernels = kernels;
        maskStride = Padding.Columns<T>(hidden);
        // h on a cache line, the 1 before it.
        int line = Padding.Columns<T>(1);
        DroppedStride = line + maskStride;
        mask = new AlignedBuffer<T>((long)rows * maskStride);
        dropped = new AlignedBuffer<T>((long)rows * DroppedStride);
        for (long r = 0; r < rows; r++)
        {
            dropped.Pointer[(r * DroppedStride) + line - 1] = T.One;
        }
    }

    /// <summary>Distance of two rows of <see cref="Dropped"/>.</summary>
    public int DroppedStride { get; }

    /// <summary>The row [1 | h] of an output row.</summary>
    public T* Dropped(int row) =>
        dropped.Pointer + ((nint)row * DroppedStride) + Padding.Columns<T>(1) - 1;

    public void Start(Dropout dropout)
    {
        dropout.Validate();
        random = new Philox(dropout.Seed, RandomPurpose.Dropout, dropout.Update);
        threshold = (uint)(dropout.Share * 4294967296.0);
        kept = T.CreateTruncating(1 / (1 - dropout.Share));
    }

    /// <summary>Draws the mask of `count` steps and applies it to their states.</summary>
    public void Drop(Tape<T> tape, int from, int count, T* states, nint stride)
    {
        for (int t = from; t < from + count; t++)
        {
            for (int r = 0; r < tape.Rows; r++)
            {
                int row = tape.OutputRow(t) + r;
                T* m = mask.Pointer + ((nint)row * maskStride);
                Draw(((ulong)t * (ulong)tape.Batch.Size) + (ulong)(tape.Shard.First + r), m);
                kernels.MultiplyElements(maskStride, states + 1, m, Dropped(row) + 1);
                states += stride;
            }
        }
    }

    public void DropGradient(int from, int count, T* injected, nint stride)
    {
        for (int r = 0; r < count; r++)
        {
            T* row = injected + (r * stride);
            kernels.MultiplyElements(
                maskStride, row, mask.Pointer + ((nint)(from + r) * maskStride), row);
        }
    }

    public void Dispose()
    {
        mask.Dispose();
        dropped.Dispose();
    }

    private void Draw(ulong row, T* to)
    {
        ulong block = row * (((ulong)hidden + 3) / 4);
        for (int j = 0; j < hidden; j += 4, block++)
        {
            random.Block(block, out uint w0, out uint w1, out uint w2, out uint w3);
            to[j] = w0 < threshold ? T.Zero : kept;
            if (j + 3 < hidden)
            {
                to[j + 1] = w1 < threshold ? T.Zero : kept;
                to[j + 2] = w2 < threshold ? T.Zero : kept;
                to[j + 3] = w3 < threshold ? T.Zero : kept;
                continue;
            }
            if (j + 1 < hidden)
            {
                to[j + 1] = w1 < threshold ? T.Zero : kept;
            }
            if (j + 2 < hidden)
            {
                to[j + 2] = w2 < threshold ? T.Zero : kept;
            }
        }
    }
}
