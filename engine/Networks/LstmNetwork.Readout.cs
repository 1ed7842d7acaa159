using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What enters a sweep and what leaves it: inputs, readout, loss, outputs.</summary>
public sealed unsafe partial class LstmNetwork<T>
{
    /// <summary>o = [1 | h]·[b_y; W_yh] for `count` steps from state t on.</summary>
    private void ReadOut(Workspace w, int t, int count, int rows, T* outputs) =>
        kernels.Multiply(
            count * rows, w.State(t, rows) + w.OneAt, w.StateStride, w.ReadoutForward, 0,
            1 + Spec.HiddenSize, null, 0, outputs, w.OutputStride);

    /// <summary>Adds the shard's share of the gradient of [b_y; W_yh].</summary>
    private void AddReadoutGradient(Workspace w, int steps, int rows)
    {
        bool last = Spec.LossAt == LossPlacement.LastStep;
        nint stride = w.StateStride;
        int outputRows = last ? rows : steps * rows;
        T* states = w.State(last ? steps : 1, rows) + w.OneAt;
        for (int r = 0; r < outputRows; r += Workspace.OuterBlock)
        {
            kernels.AddOuterProducts(
                Math.Min(Workspace.OuterBlock, outputRows - r), 1 + Spec.HiddenSize,
                Spec.OutputSize, states + (r * stride), stride,
                w.Outputs + ((nint)r * w.OutputStride), w.OutputStride, w.ReadoutGradient,
                w.OutputStride);
        }
    }

    /// <summary>dE/dh through the readout, for `rows` rows of dE/do.</summary>
    private void Inject(Workspace w, int rows, T* outputs) =>
        kernels.Multiply(
            rows, outputs, w.OutputStride, w.ReadoutTransposed, 0, Spec.OutputSize, null, 0,
            w.Injected, w.HiddenStride);

    private double Head(Workspace w, Batch<T> batch, int first, int rows, double scale)
    {
        int o = Spec.OutputSize;
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        int groups = every ? batch.Steps : 1;
        int outputRows = groups * rows;
        if (Spec.Readout == Readout.Softmax)
        {
            for (int t = 0; t < groups; t++)
            {
                batch.Classes.AsSpan((t * batch.Size) + first, rows)
                    .CopyTo(w.Classes.AsSpan(t * rows));
            }
            fixed (int* classes = w.Classes)
            {
                return kernels.Softmax(
                    outputRows, o, w.Outputs, w.OutputStride, classes, scale);
            }
        }
        for (int t = 0; t < groups; t++)
        {
            batch.Targets.AsSpan(((t * batch.Size) + first) * o, rows * o)
                .CopyTo(new Span<T>(w.Targets + ((nint)t * rows * o), rows * o));
        }
        return Spec.Readout == Readout.Linear
            ? kernels.SquaredError(outputRows, o, w.Outputs, w.OutputStride, w.Targets, scale)
            : kernels.Bernoulli(outputRows, o, w.Outputs, w.OutputStride, w.Targets, scale);
    }

    private void CopyInputs(Workspace w, T* inputs, int t, int size, int first, int rows)
    {
        int width = Spec.InputSize;
        T* from = inputs + (((nint)t * size) + first) * width;
        T* to = w.State(t, rows) + w.InputAt;
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < width; i++)
            {
                to[i] = from[i];
            }
            from += width;
            to += w.StateStride;
        }
    }

    private void CopyOutputs(Workspace w, Batch<T> batch, int first, int rows, T* to)
    {
        int o = Spec.OutputSize;
        int groups = Spec.LossAt == LossPlacement.EveryStep ? batch.Steps : 1;
        for (int t = 0; t < groups; t++)
        {
            for (int r = 0; r < rows; r++)
            {
                T* from = w.Outputs + (((nint)t * rows) + r) * w.OutputStride;
                new ReadOnlySpan<T>(from, o).CopyTo(
                    new Span<T>(to + ((((nint)t * batch.Size) + first + r) * o), o));
            }
        }
    }
}
