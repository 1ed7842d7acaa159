namespace Repro.Engine.Networks;

/// <summary>
/// Inputs that are symbols, as in the simple network: rows of W_hx are looked up and their
/// gradients summed, in the order of the dense product.
/// </summary>
public sealed unsafe partial class LstmNetwork<T>
{
    private static void GatherInputs(Workspace w, Batch<T> batch, int t, int first, int rows)
    {
        ReadOnlySpan<int> symbols = batch.InputIndices.AsSpan((t * batch.Size) + first, rows);
        T* to = w.Sums;
        foreach (int symbol in symbols)
        {
            T* from = w.InputRows + ((nint)symbol * w.GateStride);
            new ReadOnlySpan<T>(from, w.Gates.Count).CopyTo(new Span<T>(to, w.Gates.Count));
            to += w.GateStride;
        }
    }

    private void ScatterDeltas(
        Workspace w, Batch<T> batch, int begin, int count, int first, int rows)
    {
        int columns = w.Gates.Padded;
        nint stride = w.GateStride;
        T* delta = w.Deltas;
        for (int t = begin; t < begin + count; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                nint symbol = batch.InputIndices[(t * batch.Size) + first + r];
                kernels.Add(columns, w.InputSums + (symbol * stride), delta);
                delta += stride;
            }
        }
        // A sum that was moved is zero, so a symbol seen twice moves once.
        for (int t = begin; t < begin + count; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                nint symbol = batch.InputIndices[(t * batch.Size) + first + r];
                kernels.Move(
                    columns, w.InputSums + (symbol * stride),
                    w.WeightGradient + (symbol * stride));
            }
        }
    }
}
