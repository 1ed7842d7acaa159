using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What a tangent leaves: R(h_t) of T+1 groups of R rows, and R(o).</summary>
/// <param name="spec">The network.</param>
/// <param name="steps">Most steps.</param>
/// <param name="rows">Most rows of a shard.</param>
internal sealed unsafe class TangentTape<T>(NetworkSpec spec, int steps, int rows) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> hidden =
        new((steps + 1L) * rows * Padding.Stride<T>(spec.HiddenSize));

    private readonly AlignedBuffer<T> outputs =
        new((spec.HasLossAtEveryStep ? (long)steps * rows : rows)
            * Padding.Columns<T>(spec.OutputSize));

    private int shardRows;

    /// <summary>Distance of two rows of R(h).</summary>
    public int HiddenStride { get; } = Padding.Stride<T>(spec.HiddenSize);

    /// <summary>R(o), rows as those of the outputs.</summary>
    public T* Outputs => outputs.Pointer;

    /// <summary>R(h_t), [R, H].</summary>
    public T* Hidden(int t) => hidden.Pointer + ((nint)t * shardRows * HiddenStride);

    /// <summary>R(h_0) = 0: the first state is a constant.</summary>
    public void Start(Tape<T> tape)
    {
        shardRows = tape.Rows;
        new Span<T>(Hidden(0), shardRows * HiddenStride).Clear();
    }

    public void Dispose()
    {
        hidden.Dispose();
        outputs.Dispose();
    }
}
