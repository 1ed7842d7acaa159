using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// The forward and the backward sweep, side by side.
public abstract unsafe partial class SweptNetwork<T>
{
    private BlockMemory? blocks;

    private void Sweep(
        Tape<T> tape, Batch<T> batch, int shard, TapeKeeps keeps, Dropout? dropout)
    {
        tape.Start(batch, Shard.Of(batch.Size, shard), keeps);
        tape.Outputs.Start(dropout);
        Sweep(tape, Blocks(backward: false));
    }

    /// <summary>States and outputs of a started tape, or of a window of one.</summary>
    private void Sweep(Tape<T> tape, BlockMemory block)
    {
        Cell.StartForward(tape);
        Batch<T> batch = tape.Batch;
        nint group = tape.Rows * Cell.Stride;
        int inputs = Spec.InputSize;
        bool every = Spec.HasLossAtEveryStep;
        bool apart = Weights.HasManyInputs && tape.Keeps != TapeKeeps.LastStep
            && !batch.IsOneHot;
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
                    // A window's rows of two steps are not neighbours.
                    int together = tape.Whole is null ? count : 1;
                    for (int t = 0; t < count; t += together)
                    {
                        Kernels.Multiply(
                            together * tape.Rows, tape.Inputs(begin + t), tape.StateStride,
                            Weights.InputPart, 0, inputs + 1, null, 0,
                            block.Sums + (t * group), Cell.Stride);
                    }
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
        BlockMemory block = Blocks(backward: true);
        StartBack(tape, block, !states.IsAdded || states.IsMatched);
        Head.AddGradient(tape, RowPart.All);

        // Slot i of a block holds the deltas of its step i; the slot after the last holds those
        // of the step that follows the block.
        int perBlock = tape.Shard.StepsPerBlock;
        for (int end = tape.Steps; end > 0; end -= perBlock)
        {
            int begin = Math.Max(0, end - perBlock);
            SweepBack(tape, begin, end, block, block.Deltas, states);
            AddBlock(tape, begin, end, 0, block.Deltas, RowPart.All);
        }
        Cell.EndBackward(tape, block.Deltas, Weights.Transposed);
        Cell.AddFirst(tape, block.Deltas, RowPart.All);
    }

    private void StartBack(Tape<T> tape, BlockMemory block, bool injectsLast)
    {
        if (tape.Keeps != TapeKeeps.Everything)
        {
            throw new InvalidOperationException(
                $"the tape kept {tape.Keeps}; a backward sweep needs {TapeKeeps.Everything}");
        }
        if (!Spec.HasLossAtEveryStep && injectsLast)
        {
            Head.Inject(tape, 0, 1, block.Injected, block.HiddenStride);
        }
        Cell.StartBackward(tape);
    }

    /// <summary>The deltas of the steps [begin, end) of a tape, or of a window of one.</summary>
    /// <param name="tape">After <see cref="StartBack"/>; the steps from `end` on are done.</param>
    /// <param name="begin">The first step.</param>
    /// <param name="end">The step after the last.</param>
    /// <param name="block">Room for what is injected.</param>
    /// <param name="deltas">Slot i, [GroupRows, Columns], is step begin + i; slot 0 holds what
    /// the call before left there.</param>
    /// <param name="states">What curvature adds.</param>
    /// <param name="isContinued">Whether the slot after the last holds the deltas of the step
    /// that follows, instead of slot 0.</param>
    private void SweepBack(
        Tape<T> tape, int begin, int end, BlockMemory block, T* deltas, StateCurvature states,
        bool isContinued = false)
    {
        nint hiddenStride = block.HiddenStride;
        nint stride = Cell.Stride;
        nint group = tape.GroupRows * stride;
        nint window = tape.FirstRow * stride;
        bool every = Spec.HasLossAtEveryStep;
        bool addsToDeltas = states.IsAdded && states.IsMatched;
        bool addsToStates = states.IsAdded && !states.IsMatched;
        double? limit = tape.Batch.MessageLimit;
        int count = end - begin;
        bool isTop = end == tape.Steps;
        BackwardStep<T> step = new()
        {
            Tape = tape,
            Transposed = Weights.Transposed,
            Own = Weights.Own,
            InjectedStride = hiddenStride,
            Count = count,
        };
        if (!isTop && !isContinued)
        {
            int length = (int)(tape.Rows * stride);
            new ReadOnlySpan<T>(deltas + window, length)
                .CopyTo(new Span<T>(deltas + window + (count * group), length));
        }

        // As many steps as there is room for; a whole tape comes with as many.
        int perBlock = tape.Whole is null ? count : tape.Shard.StepsPerBlock;
        for (int to = end; to > begin; to -= perBlock)
        {
            int from = Math.Max(begin, to - perBlock);
            if (every)
            {
                Head.Inject(tape, from, to - from, block.Injected, hiddenStride);
            }
            if (addsToStates)
            {
                InjectStates(tape, from, to - from, isTop, states.Weight, block);
            }
            for (int t = to - 1; t >= from; t--)
            {
                step.Time = t;
                step.Slot = t - begin;
                step.IsLast = t == tape.Steps - 1;
                step.Delta = deltas + window + (step.Slot * group);
                step.Next = step.Delta + group;
                step.Injected = every || addsToStates
                    ? block.Injected + ((t - from) * tape.Rows * hiddenStride)
                    : step.IsLast ? block.Injected : null;
                Cell.Backward(in step);
                if (addsToDeltas)
                {
                    Kernels.Axpy(
                        states.Weight, tape.Tangents().Hidden(t + 1), step.Delta, group);
                }
                if (limit is { } most
                    && Kernels.Clamp(tape.Rows, Cell.Columns, step.Delta, stride, most))
                {
                    HasCutMessages = true;
                }
            }
        }
    }

    /// <summary>Adds a block of steps to the gradient's sums.</summary>
    /// <param name="tape">The shard, whole.</param>
    /// <param name="begin">The block's first step.</param>
    /// <param name="end">The step after its last.</param>
    /// <param name="slot">The slot of its first step.</param>
    /// <param name="deltas">The deltas of slot 0.</param>
    /// <param name="part">Which rows of the gradient.</param>
    private void AddBlock(
        Tape<T> tape, int begin, int end, int slot, T* deltas, RowPart part)
    {
        int count = end - begin;
        bool isOneHot = tape.Batch.IsOneHot;
        T* own = deltas + ((nint)slot * tape.Rows * Cell.Stride);
        Cell.AddOuterProducts(
            tape, begin, count, isOneHot ? Spec.InputSize : 0, own, Weights.Gradient, part);
        if (isOneHot && part.IsFirst)
        {
            Weights.OneHot.Scatter(tape, begin, count, own, Weights.Gradient);
        }
        Cell.AddBlock(tape, slot, end == tape.Steps ? count - 1 : count, deltas, part);
    }

    private BlockMemory Blocks(bool backward)
    {
        if (blocks is null || (backward && !blocks.IsForBackward))
        {
            blocks?.Dispose();
            blocks = new BlockMemory(
                Cell.Stride, Spec.HiddenSize, backward, keepsDeltas: backward);
        }
        return blocks;
    }

    /// <summary>What a sweep writes anew in every block of steps.</summary>
    private sealed class BlockMemory(int stride, int hidden, bool backward, bool keepsDeltas)
        : IDisposable
    {
        private readonly AlignedBuffer<T> sums = new((long)Shard.BlockRows * stride);
        private readonly AlignedBuffer<T> deltas =
            new(keepsDeltas ? (long)Shard.BlockRows * stride : 0);

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
