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
        fixed (int* symbols = Symbols(tape, t))
        {
            kernels.GatherRows(
                tape.Rows, Padding.Columns<T>(columns), symbols, rows.Pointer, to, stride);
        }
    }

    /// <summary>Adds the deltas of a block of steps to their symbols' rows of the gradient.
    /// </summary>
    public void Scatter(Tape<T> tape, int begin, int count, T* delta, T* gradient)
    {
        int padded = Padding.Columns<T>(columns);
        for (int t = begin; t < begin + count; t++)
        {
            fixed (int* symbols = Symbols(tape, t))
            {
                kernels.ScatterRows(tape.Rows, padded, symbols, delta, sums.Pointer, stride);
            }
            delta += (nint)tape.Rows * stride;
        }
        // A sum that was moved, or never made, is zero, and a gradient plus zero is itself: it
        // starts from zero, so that it is never −0. A symbol is moved as often as that is short.
        if (inputs <= count * tape.Rows)
        {
            for (int symbol = 0; symbol < inputs; symbol++)
            {
                Move(padded, symbol, gradient);
            }
            return;
        }
        for (int t = begin; t < begin + count; t++)
        {
            foreach (int symbol in Symbols(tape, t))
            {
                Move(padded, symbol, gradient);
            }
        }
    }

    public void Dispose()
    {
        rows.Dispose();
        sums.Dispose();
    }

    private void Move(int padded, int symbol, T* gradient)
    {
        nint at = (nint)symbol * stride;
        kernels.Move(padded, sums.Pointer + at, gradient + at);
    }

    private static ReadOnlySpan<int> Symbols(Tape<T> tape, int t) =>
        tape.Batch.InputIndices.AsSpan((t * tape.Batch.Size) + tape.Shard.First, tape.Rows);
}
