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
        if (batch.InitialStates is { } initial)
        {
            for (int r = 0; r < rows; r++)
            {
                initial.AsSpan((first + r) * Spec.HiddenSize, Spec.HiddenSize).CopyTo(new Span<T>(
                    w.State(0, rows) + (r * stride) + w.HiddenAt, Spec.HiddenSize));
            }
        }
        bool leaky = leakRates.Length > 0;
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
                T* activations = leaky
                    ? w.Leaks(leakRates).Activations(w.Rolling ? 0 : t, rows)
                    : h;
                nint to = leaky ? w.HiddenStride : stride;
                if (batch.IsOneHot)
                {
                    GatherInputs(w, batch, t, first, rows);
                }
                if (apart || batch.IsOneHot)
                {
                    kernels.ForwardStep(
                        Spec.Activation, rows, w.State(t, rows) + w.HiddenAt, stride, w.Forward,
                        inputs + 1, Spec.HiddenSize, h, stride, activations, to);
                }
                else
                {
                    CopyInputs(w, x, t, batch.Size, first, rows);
                    kernels.ForwardStep(
                        Spec.Activation, rows, w.State(t, rows) + w.InputAt, stride, w.Forward,
                        0, inputs + 1 + Spec.HiddenSize, null, 0, activations, to);
                }
                if (leaky)
                {
                    LeakForward(w, rows, t);
                }
                // Every few steps, while their states are in cache.
                if (every && (t + 1 - done == perBlock || t + 1 == batch.Steps))
                {
                    w.Head.Forward(
                        batch, first, rows, done, t + 1 - done, w.State(done + 1, rows) + w.OneAt,
                        stride);
                    done = t + 1;
                }
            }
        }
        if (Spec.LossAt == LossPlacement.LastStep)
        {
            w.Head.Forward(
                batch, first, rows, 0, 1, w.State(batch.Steps, rows) + w.OneAt, stride);
        }
        if (batch.FinalStates is { } final)
        {
            for (int r = 0; r < rows; r++)
            {
                T* from = w.State(batch.Steps, rows) + (r * stride) + w.HiddenAt;
                new ReadOnlySpan<T>(from, Spec.HiddenSize)
                    .CopyTo(final.AsSpan((first + r) * Spec.HiddenSize));
            }
        }
    }

    private void Backward(Workspace w, Batch<T> batch, int first, int rows, bool regularized)
    {
        int steps = batch.Steps;
        int hidden = Spec.HiddenSize;
        bool last = Spec.LossAt == LossPlacement.LastStep;
        bool leaky = leakRates.Length > 0;
        ReadoutHead<T> head = w.Head;
        nint stride = w.StateStride;
        nint deltaStride = w.HiddenStride;
        nint group = rows * deltaStride;
        int outputRows = last ? rows : steps * rows;
        head.AddGradient(outputRows, w.State(last ? steps : 1, rows) + w.OneAt, stride);
        if (last)
        {
            head.Inject(0, rows);
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
                head.Inject(begin * rows, count * rows);
            }
            for (int t = end - 1; t >= begin; t--)
            {
                T* delta = w.Deltas + ((t - begin) * group);
                bool top = t == steps - 1;
                T* injected = last
                    ? (top ? head.Injected : null)
                    : head.Injected + ((t - begin) * group);
                if (leaky)
                {
                    LeakBackward(w, rows, t, t - begin, top, injected, regularized);
                    continue;
                }
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
}
