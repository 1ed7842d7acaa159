namespace Repro.Engine.Networks;

/// <summary>
/// Inputs that are symbols: their rows of W_hx are looked up, and their gradients summed, instead
/// of multiplied by vectors of zeros with a one. Sums run in the order of the dense product, so
/// the bits are its own as long as the numbers are finite.
/// </summary>
public sealed unsafe partial class RecurrentNetwork<T>
{
    private void GatherInputs(Workspace w, Batch<T> batch, int t, int first, int rows)
    {
        ReadOnlySpan<int> symbols = batch.InputIndices.AsSpan((t * batch.Size) + first, rows);
        T* to = w.State(t + 1, rows) + w.HiddenAt;
        foreach (int symbol in symbols)
        {
            T* from = w.InputRows + ((nint)symbol * w.HiddenStride);
            new ReadOnlySpan<T>(from, Spec.HiddenSize)
                .CopyTo(new Span<T>(to, Spec.HiddenSize));
            to += w.StateStride;
        }
    }

    private void ScatterDeltas(
        Workspace w, Batch<T> batch, int begin, int count, int first, int rows)
    {
        int columns = w.HiddenStride;
        T* delta = w.Deltas;
        for (int t = begin; t < begin + count; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                nint symbol = batch.InputIndices[(t * batch.Size) + first + r];
                kernels.Add(columns, w.InputSums + (symbol * columns), delta);
                delta += columns;
            }
        }
        // A sum that was moved is zero, so a symbol seen twice moves once.
        for (int t = begin; t < begin + count; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                nint symbol = batch.InputIndices[(t * batch.Size) + first + r];
                kernels.Move(
                    columns, w.InputSums + (symbol * columns),
                    w.WeightGradient + (symbol * columns));
            }
        }
    }
}
