using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>The forward and the backward sweep, side by side.</summary>
public sealed unsafe partial class LstmNetwork<T>
{
    // From this many inputs on, the inputs' share of s_t is one product over a block of steps.
    private const int InputsApart = 8;

    private void Forward(Workspace w, Batch<T> batch, int first, int rows)
    {
        int inputs = Spec.InputSize;
        int hidden = Spec.HiddenSize;
        nint stride = w.StateStride;
        nint group = rows * w.GateStride;
        long fetched = w.RollGates ? 0 : group;
        w.StartStates(rows);
        bool apart = inputs >= InputsApart && !w.RollStates && !batch.IsOneHot;
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        int perBlock = Workspace.StepsPerBlock(rows);
        LstmForwardArguments<T> cell = default;
        cell.GateStride = w.GateStride;
        cell.Squashed = w.Squashed;
        cell.CellStride = w.HiddenStride;
        cell.HiddenStride = stride;
        fixed (T* x = batch.Inputs)
        {
            for (int begin = 0; begin < batch.Steps; begin += perBlock)
            {
                int count = Math.Min(perBlock, batch.Steps - begin);
                if (apart)
                {
                    for (int t = begin; t < begin + count; t++)
                    {
                        CopyInputs(w, x, t, batch.Size, first, rows);
                    }
                    kernels.Multiply(
                        count * rows, w.State(begin, rows) + w.InputAt, stride, w.InputPart, 0,
                        inputs + 1, null, 0, w.Sums, w.GateStride);
                }
                for (int t = begin; t < begin + count; t++)
                {
                    T* ahead = w.GatesOf(t, rows);
                    T* sums = w.Sums + (apart ? (t - begin) * group : 0);
                    if (batch.IsOneHot)
                    {
                        GatherInputs(w, batch, t, first, rows);
                    }
                    if (apart || batch.IsOneHot)
                    {
                        kernels.MultiplyDeep(
                            rows, w.State(t, rows) + w.HiddenAt, stride, w.Forward, inputs + 1,
                            hidden, sums, w.GateStride, sums, w.GateStride, ahead, fetched);
                    }
                    else
                    {
                        CopyInputs(w, x, t, batch.Size, first, rows);
                        kernels.MultiplyDeep(
                            rows, w.State(t, rows) + w.InputAt, stride, w.Forward, 0,
                            inputs + 1 + hidden, null, 0, sums, w.GateStride, ahead, fetched);
                    }
                    cell.Sums = sums;
                    cell.Gates = w.GatesOf(t, rows);
                    cell.Before = w.Cell(t, rows);
                    cell.After = w.Cell(t + 1, rows);
                    cell.Hidden = w.State(t + 1, rows) + w.HiddenAt;
                    kernels.LstmForward(rows, hidden, in cell);
                }
                if (every)
                {
                    // While the block's states are in cache.
                    w.Head.Forward(
                        batch, first, rows, begin, count, w.State(begin + 1, rows) + w.OneAt,
                        stride);
                }
            }
        }
        if (!every)
        {
            w.Head.Forward(
                batch, first, rows, 0, 1, w.State(batch.Steps, rows) + w.OneAt, stride);
        }
    }

    private void Backward(Workspace w, Batch<T> batch, int first, int rows)
    {
        int steps = batch.Steps;
        int hidden = Spec.HiddenSize;
        bool last = Spec.LossAt == LossPlacement.LastStep;
        nint stride = w.StateStride;
        nint group = rows * w.GateStride;
        nint hiddenGroup = rows * w.HiddenStride;
        ReadoutHead<T> head = w.Head;
        head.AddGradient(
            last ? rows : steps * rows, w.State(last ? steps : 1, rows) + w.OneAt, stride);
        if (last)
        {
            head.Inject(0, rows);
        }
        new Span<T>(w.CellError, (int)hiddenGroup).Clear();
        LstmBackwardArguments<T> cell = default;
        cell.GateStride = w.GateStride;
        cell.Squashed = w.Squashed;
        cell.CellStride = w.HiddenStride;
        cell.ErrorStride = w.HiddenStride;
        cell.CellError = w.CellError;

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
                    : head.Injected + ((t - begin) * hiddenGroup);
                if (!top)
                {
                    kernels.MultiplyDeep(
                        rows, delta + group, w.GateStride, w.Transposed, 0, w.Gates.Count,
                        injected, w.HiddenStride, w.HiddenError, w.HiddenStride, w.GatesOf(t, rows),
                        group);
                }
                cell.HiddenError = top ? injected : w.HiddenError;
                cell.Gates = w.GatesOf(t, rows);
                cell.Deltas = delta;
                cell.Before = w.Cell(t, rows);
                cell.After = w.Cell(t + 1, rows);
                kernels.LstmBackward(rows, hidden, in cell);
            }
            // The gradient's rows lie in the order of a state row: inputs, bias, recurrence.
            int skipped = batch.IsOneHot ? Spec.InputSize : 0;
            kernels.AddOuterProducts(
                count * rows, Spec.InputSize + 1 + hidden - skipped, w.Gates.Count,
                w.State(begin, rows) + w.InputAt + skipped, stride, w.Deltas, w.GateStride,
                w.WeightGradient + (skipped * w.GateStride), w.GateStride);
            if (batch.IsOneHot)
            {
                ScatterDeltas(w, batch, begin, count, first, rows);
            }
            end = begin;
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
