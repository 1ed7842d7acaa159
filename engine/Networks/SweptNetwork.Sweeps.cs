using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>The forward and the backward sweep, side by side.</summary>
public abstract unsafe partial class SweptNetwork<T>
{
    private BlockMemory? blocks;

    private void Sweep(
        Tape<T> tape, Batch<T> batch, int shard, TapeKeeps keeps, Dropout? dropout)
    {
        tape.Start(batch, Shard.Of(batch.Size, shard), keeps);
        tape.Outputs.Start(dropout);
        Cell.StartForward(tape);
        BlockMemory block = Blocks(backward: false);
        nint group = tape.Rows * Cell.Stride;
        int inputs = Spec.InputSize;
        bool every = Spec.HasLossAtEveryStep;
        bool apart = Weights.HasManyInputs && keeps != TapeKeeps.LastStep && !batch.IsOneHot;
        bool begun = apart || batch.IsOneHot;
        ForwardStep<T> step = new()
        {
            Tape = tape,
            Weights = Weights.Forward,
            Own = Weights.Own,
            FirstK = begun ? inputs + 1 : 0,
            K = begun ? Spec.HiddenSize : inputs + 1 + Spec.HiddenSize,
            Sums = block.Sums,
            Initial = begun ? block.Sums : null,
        };
        fixed (T* x = batch.Inputs)
        {
            int perBlock = tape.Shard.StepsPerBlock;
            for (int begin = 0; begin < batch.Steps; begin += perBlock)
            {
                int count = Math.Min(perBlock, batch.Steps - begin);
                if (apart)
                {
                    for (int t = begin; t < begin + count; t++)
                    {
                        tape.CopyInputs(x, t);
                    }
                    Kernels.Multiply(
                        count * tape.Rows, tape.Inputs(begin), tape.StateStride,
                        Weights.InputPart, 0, inputs + 1, null, 0, block.Sums, Cell.Stride);
                }
                for (int t = begin; t < begin + count; t++)
                {
                    step.Time = t;
                    if (apart)
                    {
                        step.Sums = block.Sums + ((t - begin) * group);
                        step.Initial = step.Sums;
                    }
                    else if (batch.IsOneHot)
                    {
                        Weights.OneHot.Gather(tape, t, block.Sums);
                    }
                    else
                    {
                        tape.CopyInputs(x, t);
                    }
                    step.Source = begun ? tape.Hidden(t) : tape.Inputs(t);
                    Cell.Forward(in step);
                }
                if (every)
                {
                    // While the block's states are in cache.
                    Head.Forward(tape, begin, count);
                }
            }
        }
        if (!every)
        {
            Head.Forward(tape, 0, 1);
        }
        tape.StoreFinalStates();
    }

    /// <summary>From the errors of the outputs to the gradient's sums.</summary>
    /// <param name="tape">After <see cref="Forward"/> and <see cref="Loss"/>.</param>
    internal void Backward(Tape<T> tape) => SweepBack(tape, default);

    private void SweepBack(Tape<T> tape, StateCurvature states)
    {
        if (tape.Keeps != TapeKeeps.Everything)
        {
            throw new InvalidOperationException(
                $"the tape kept {tape.Keeps}; a backward sweep needs {TapeKeeps.Everything}");
        }
        BlockMemory block = Blocks(backward: true);
        nint hiddenStride = block.HiddenStride;
        nint stride = Cell.Stride;
        nint group = tape.Rows * stride;
        bool every = Spec.HasLossAtEveryStep;
        bool isOneHot = tape.Batch.IsOneHot;
        bool addsToDeltas = states.Weight != 0 && states.IsMatched;
        bool addsToStates = states.Weight != 0 && !states.IsMatched;
        double? limit = tape.Batch.MessageLimit;
        int skipped = isOneHot ? Spec.InputSize : 0;
        Head.AddGradient(tape);
        if (!every && !addsToStates)
        {
            Head.Inject(tape, 0, 1, block.Injected, hiddenStride);
        }
        Cell.StartBackward(tape);
        BackwardStep<T> step = new()
        {
            Tape = tape,
            Transposed = Weights.Transposed,
            Own = Weights.Own,
            InjectedStride = hiddenStride,
        };

        // Slot i of a block holds the deltas of its step i; the slot after the last holds those
        // of the step that follows the block.
        int perBlock = tape.Shard.StepsPerBlock;
        int end = tape.Steps;
        while (end > 0)
        {
            int begin = Math.Max(0, end - perBlock);
            int count = end - begin;
            bool isTop = end == tape.Steps;
            if (!isTop)
            {
                new ReadOnlySpan<T>(block.Deltas, (int)group)
                    .CopyTo(new Span<T>(block.Deltas + (count * group), (int)group));
            }
            if (every)
            {
                Head.Inject(tape, begin, count, block.Injected, hiddenStride);
            }
            if (addsToStates)
            {
                InjectStates(tape, begin, count, isTop, states.Weight, block);
            }
            for (int t = end - 1; t >= begin; t--)
            {
                step.Time = t;
                step.Slot = t - begin;
                step.Count = count;
                step.IsLast = t == tape.Steps - 1;
                step.Delta = block.Deltas + (step.Slot * group);
                step.Next = step.Delta + group;
                step.Injected = every || addsToStates
                    ? block.Injected + (step.Slot * tape.Rows * hiddenStride)
                    : step.IsLast ? block.Injected : null;
                Cell.Backward(in step);
                if (addsToDeltas)
                {
                    Kernels.Axpy(
                        states.Weight, tape.Tangents().Hidden(t + 1), step.Delta, group);
                }
                if (limit is { } most)
                {
                    HasCutMessages |= Kernels.Clamp(
                        tape.Rows, Cell.Columns, step.Delta, stride, most);
                }
            }
            Cell.AddOuterProducts(
                tape, begin, count, skipped, block.Deltas, Weights.Gradient);
            if (isOneHot)
            {
                Weights.OneHot.Scatter(tape, begin, count, block.Deltas, Weights.Gradient);
            }
            Cell.EndBlock(tape, block.Deltas, isTop ? count - 1 : count);
            end = begin;
        }
        Cell.EndBackward(tape, block.Deltas, Weights.Transposed);
    }

    private BlockMemory Blocks(bool backward)
    {
        if (blocks is null || (backward && !blocks.IsForBackward))
        {
            blocks?.Dispose();
            blocks = new BlockMemory(Cell.Stride, Spec.HiddenSize, backward);
        }
        return blocks;
    }

    /// <summary>What a sweep writes anew in every block of steps.</summary>
    private sealed class BlockMemory(int stride, int hidden, bool backward) : IDisposable
    {
        private readonly AlignedBuffer<T> sums = new((long)Shard.BlockRows * stride);
        private readonly AlignedBuffer<T> deltas =
            new(backward ? (long)Shard.BlockRows * stride : 0);

        private readonly AlignedBuffer<T> injected =
            new(backward ? (long)Shard.BlockRows * Padding.Stride<T>(hidden) : 0);

        public bool IsForBackward => backward;

        public int HiddenStride => Padding.Stride<T>(hidden);

        /// <summary>s_t of one step or of a block of steps.</summary>
        public T* Sums => sums.Pointer;

        /// <summary>dE/ds_t for each step of a block.</summary>
        public T* Deltas => deltas.Pointer;

        /// <summary>dE/dh through the readout.</summary>
        public T* Injected => injected.Pointer;

        public void Dispose()
        {
            sums.Dispose();
            deltas.Dispose();
            injected.Dispose();
        }
    }
}
