using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>The forward and the backward sweep, side by side.</summary>
public sealed unsafe partial class RecurrentNetwork<T>
{
    // From this many inputs on, the inputs' share of s_t is one product over all steps.
    private const int InputsApart = 8;

    private void Forward(Workspace w, Batch<T> batch, int first, int rows)
    {
        int inputs = Spec.InputSize;
        nint stride = w.StateStride;
        new Span<T>(w.State(0, rows), checked((int)(rows * stride))).Fill(T.Zero);
        for (int r = 0; r < rows; r++)
        {
            w.State(0, rows)[(r * stride) + w.OneAt] = T.One;
        }
        bool apart = inputs >= InputsApart && !w.Rolling && !batch.IsOneHot;
        fixed (T* x = batch.Inputs)
        {
            if (apart)
            {
                for (int t = 0; t < batch.Steps; t++)
                {
                    CopyInputs(w, x, t, batch.Size, first, rows);
                }
                kernels.Multiply(
                    batch.Steps * rows, w.State(0, rows) + w.InputAt, stride, w.InputPart, 0,
                    inputs + 1, null, 0, w.State(1, rows) + w.HiddenAt, stride);
            }
            bool every = Spec.LossAt == LossPlacement.EveryStep;
            int perBlock = Workspace.StepsPerBlock(rows);
            int done = 0;
            for (int t = 0; t < batch.Steps; t++)
            {
                T* h = w.State(t + 1, rows) + w.HiddenAt;
                if (batch.IsOneHot)
                {
                    GatherInputs(w, batch, t, first, rows);
                }
                if (apart || batch.IsOneHot)
                {
                    kernels.ForwardStep(
                        Spec.Activation, rows, w.State(t, rows) + w.HiddenAt, stride, w.Forward,
                        inputs + 1, Spec.HiddenSize, h, stride, h, stride);
                }
                else
                {
                    CopyInputs(w, x, t, batch.Size, first, rows);
                    kernels.ForwardStep(
                        Spec.Activation, rows, w.State(t, rows) + w.InputAt, stride, w.Forward,
                        0, inputs + 1 + Spec.HiddenSize, null, 0, h, stride);
                }
                // Every few steps, while their states are in cache.
                if (every && (t + 1 - done == perBlock || t + 1 == batch.Steps))
                {
                    T* outputs = w.Outputs + ((nint)done * rows * w.OutputStride);
                    ReadOut(w, done + 1, t + 1 - done, rows, outputs);
                    done = t + 1;
                }
            }
        }
        if (Spec.LossAt == LossPlacement.LastStep)
        {
            ReadOut(w, batch.Steps, 1, rows, w.Outputs);
        }
    }

    /// <summary>o = [1 | h]·[b_y; W_yh] for `count` steps from state t on.</summary>
    private void ReadOut(Workspace w, int t, int count, int rows, T* outputs) =>
        kernels.Multiply(
            count * rows, w.State(t, rows) + w.OneAt, w.StateStride, w.ReadoutForward, 0,
            1 + Spec.HiddenSize, null, 0, outputs, w.OutputStride);

    private void Backward(Workspace w, Batch<T> batch, int first, int rows, bool regularized)
    {
        int steps = batch.Steps;
        int hidden = Spec.HiddenSize;
        int o = Spec.OutputSize;
        bool last = Spec.LossAt == LossPlacement.LastStep;
        nint stride = w.StateStride;
        nint deltaStride = w.HiddenStride;
        nint group = rows * deltaStride;
        int outputRows = last ? rows : steps * rows;
        T* readoutStates = w.State(last ? steps : 1, rows) + w.OneAt;
        for (int r = 0; r < outputRows; r += Workspace.OuterBlock)
        {
            kernels.AddOuterProducts(
                Math.Min(Workspace.OuterBlock, outputRows - r), 1 + hidden, o,
                readoutStates + (r * stride), stride, w.Outputs + ((nint)r * w.OutputStride),
                w.OutputStride, w.ReadoutGradient, w.OutputStride);
        }
        if (last)
        {
            Inject(w, rows, w.Outputs);
        }

        // Slot i of a block holds the deltas of its step i; the slot after the last holds those
        // of the step that follows the block.
        int perBlock = Workspace.StepsPerBlock(rows);
        int end = steps;
        while (end > 0)
        {
            int begin = Math.Max(0, end - perBlock);
            int count = end - begin;
            if (end < steps)
            {
                new ReadOnlySpan<T>(w.Deltas, (int)group)
                    .CopyTo(new Span<T>(w.Deltas + (count * group), (int)group));
            }
            if (!last)
            {
                Inject(w, count * rows, w.Outputs + ((nint)begin * rows * w.OutputStride));
            }
            for (int t = end - 1; t >= begin; t--)
            {
                T* delta = w.Deltas + ((t - begin) * group);
                bool top = t == steps - 1;
                T* injected = last ? (top ? w.Injected : null) : w.Injected + ((t - begin) * group);
                if (regularized)
                {
                    RegularizedStep(w, rows, t, t - begin, top, injected);
                    continue;
                }
                kernels.BackwardStep(
                    Spec.Activation, rows, delta + group, deltaStride, w.Transposed,
                    top ? 0 : hidden, injected, deltaStride, w.State(t + 1, rows) + w.HiddenAt,
                    stride, delta, deltaStride);
            }
            // The gradient's rows lie in the order of a state row: inputs, bias, recurrence.
            int skipped = batch.IsOneHot ? Spec.InputSize : 0;
            kernels.AddOuterProducts(
                count * rows, Spec.InputSize + 1 + hidden - skipped, hidden,
                w.State(begin, rows) + w.InputAt + skipped, stride, w.Deltas, deltaStride,
                w.WeightGradient + (skipped * deltaStride), deltaStride);
            if (batch.IsOneHot)
            {
                ScatterDeltas(w, batch, begin, count, first, rows);
            }
            if (regularized)
            {
                AddRegularizer(w, rows, end < steps ? count : count - 1);
            }
            end = begin;
        }
        if (regularized)
        {
            FinishRegularizer(w, rows);
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
