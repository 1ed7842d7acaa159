using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// Inputs that are symbols: their rows of W_hx are looked up, and their gradients summed, instead
/// of multiplied by vectors of zeros with a one. Sums run in the order of the dense product, so
/// the bits are its own as long as the numbers are finite.
/// </summary>
/// <param name="kernels">The network's kernels.</param>
/// <param name="inputs">I.</param>
/// <param name="columns">Columns of the pre-activations.</param>
/// <param name="stride">Distance of two rows of them.</param>
internal sealed unsafe class OneHotInputs<T>(
    Kernels<T> kernels, int inputs, int columns, int stride) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // W_hx + b: what a symbol adds to s_t.
    private readonly AlignedBuffer<T> rows = new((long)inputs * stride);

    // Zeros between two uses: a block's sums of deltas by symbol.
    private readonly AlignedBuffer<T> sums = new((long)inputs * stride);

    public void Set(T* weights, T* bias, nint weightStride)
    {
        for (int i = 0; i < inputs; i++)
        {
            T* row = rows.Pointer + ((nint)i * stride);
            for (int j = 0; j < columns; j++)
            {
                // As the sum of the dense product: it starts from zero, and −0 is lost.
                row[j] = T.Zero + weights[j] + bias[j];
            }
            weights += weightStride;
        }
    }

    /// <summary>What the symbols of a step add to its pre-activations.</summary>
    public void Gather(Tape<T> tape, int t, T* to)
    {
        foreach (int symbol in Symbols(tape, t))
        {
            T* from = rows.Pointer + ((nint)symbol * stride);
            new ReadOnlySpan<T>(from, columns).CopyTo(new Span<T>(to, columns));
            to += stride;
        }
    }

    /// <summary>Adds the deltas of a block of steps to their symbols' rows of the gradient.
    /// </summary>
    public void Scatter(Tape<T> tape, int begin, int count, T* delta, T* gradient)
    {
        int padded = Padding.Columns<T>(columns);
        for (int t = begin; t < begin + count; t++)
        {
            foreach (int symbol in Symbols(tape, t))
            {
                kernels.Add(padded, sums.Pointer + ((nint)symbol * stride), delta);
                delta += stride;
            }
        }
        // A sum that was moved is zero, so a symbol seen twice moves once.
        for (int t = begin; t < begin + count; t++)
        {
            foreach (int symbol in Symbols(tape, t))
            {
                nint at = (nint)symbol * stride;
                kernels.Move(padded, sums.Pointer + at, gradient + at);
            }
        }
    }

    public void Dispose()
    {
        rows.Dispose();
        sums.Dispose();
    }

    private static ReadOnlySpan<int> Symbols(Tape<T> tape, int t) =>
        tape.Batch.InputIndices.AsSpan((t * tape.Batch.Size) + tape.Shard.First, tape.Rows);
}
