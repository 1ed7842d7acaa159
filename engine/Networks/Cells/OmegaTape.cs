using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// What Ω keeps of a backward sweep over a shard of R sequences, by slot as the deltas are: v,
/// [R, H], and each pair's share of Ω. Windows of a tape share the two, and have room of their
/// own for the step in work.
/// </summary>
internal sealed unsafe class OmegaTape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> propagated;
    private readonly AlignedBuffer<T> norms = new(4L * Room);
    private readonly double[] terms;
    private readonly int stride;
    private readonly bool isOwner;
    private int denominators = 1;

    /// <param name="rows">Rows of deltas that are kept at once.</param>
    /// <param name="stride">Distance of two of them.</param>
    public OmegaTape(int rows, int stride)
    {
        propagated = new AlignedBuffer<T>((long)rows * stride);
        terms = new double[rows];
        this.stride = stride;
        isOwner = true;
    }

    /// <summary>That of a window.</summary>
    public OmegaTape(OmegaTape<T> whole) =>
        (propagated, terms, stride) = (whole.propagated, whole.terms, whole.stride);

    /// <summary>‖v‖² of each row of the step in work.</summary>
    public T* Numerators => norms.Pointer;

    /// <summary>What each row of v is multiplied by.</summary>
    public T* Factors => norms.Pointer + (3 * Room);

    /// <summary>‖dE/dh‖² of the step above the one in work.</summary>
    public T* Denominators => norms.Pointer + (denominators * Room);

    /// <summary>‖dE/dh‖² of the step in work, denominators of the step before it.</summary>
    public T* NextDenominators => norms.Pointer + ((3 - denominators) * Room);

    private static int Room => Padding.Columns<T>(Shard.MostRows);

    /// <summary>v; scaled once its ratio is known.</summary>
    public T* Propagated(Tape<T> tape, int slot) =>
        propagated.Pointer + ((((nint)slot * tape.GroupRows) + tape.FirstRow) * stride);

    /// <summary>A slot that no step has.</summary>
    public T* Spare(Tape<T> tape) =>
        propagated.Pointer
        + ((nint)(tape.DeltaRows - tape.GroupRows + tape.FirstRow) * stride);

    /// <summary>(ratio − 1)² of each pair, below 0 for a pair that does not count.</summary>
    public Span<double> Terms(Tape<T> tape, int slot) =>
        terms.AsSpan((slot * tape.GroupRows) + tape.FirstRow, tape.Rows);

    /// <summary>The step in work becomes the step above.</summary>
    public void Advance() => denominators = 3 - denominators;

    public void Dispose()
    {
        norms.Dispose();
        if (isOwner)
        {
            propagated.Dispose();
        }
    }
}
