using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// h_t = f(W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b) in the modules that work in a step, h_t = h_{t−1} in the
/// others. A module at rest costs no product, forward or backward: each has weights packed for
/// itself, and only the rows of W_hh that it reads, those from its own first unit on. In the
/// sweeps every module begins on a cache line. Modules of one period are one, so that a clockwork
/// of period 1 is the simple network to the bit.
/// Source: Koutník, Greff, Gomez, Schmidhuber 2014, "A Clockwork RNN", section 3.
/// </summary>
internal sealed unsafe class ClockworkCell<T> : Cell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Clockwork clockwork;
    private readonly ClockColumns[] modules;
    private readonly UnitFunction function;

    // The tangent's, from its start on.
    private ClockworkWeights<T>? own;
    private ClockworkWeights<T>? direction;

    public ClockworkCell(NetworkSpec spec, Kernels<T> kernels, Clockwork clockwork)
        : base(spec, kernels)
    {
        function = spec.Activation.Function();
        this.clockwork = clockwork;
        int column = 0;
        modules =
        [
            .. clockwork.Modules(spec.HiddenSize).Select(m =>
            {
                ClockColumns columns = new(
                    m.Period, m.First, m.Size, column, Padding.Columns<T>(m.Size));
                column += columns.Width;
                return columns;
            }),
        ];
        Columns = column;
        Stride = Padding.Stride<T>(column);
    }

    public override string Name => "a clockwork network";

    public override int Columns { get; }

    public override int Stride { get; }

    public override int RecurrentColumns => 0;

    public override bool HasResting => true;

    public override bool HasOwnOrder => true;

    public override void Arrange(ParameterRole role, T* from, T* to)
    {
        new Span<T>(to, Stride).Clear();
        if (role != ParameterRole.RecurrentWeights)
        {
            for (int i = 0; i < modules.Length; i++)
            {
                Move(from + modules[i].First, to + modules[i].Column, modules[i].Size);
            }
        }
    }

    public override void Restore(T* from, T* to)
    {
        for (int i = 0; i < modules.Length; i++)
        {
            Move(from + modules[i].Column, to + modules[i].First, modules[i].Size);
        }
    }

    public override OwnWeights<T> NewWeights(int rows) =>
        new ClockworkWeights<T>(Spec, Kernels, modules, Columns, rows);

    public override IDisposable NewMemory(int steps, int rows, TapeKeeps keeps) =>
        new Memory(
            rows, Stride, Spec.InputSize + 1 + Spec.HiddenSize, modules.Max(m => m.Width));

    public override void Forward(in ForwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        ClockworkWeights<T> weights = (ClockworkWeights<T>)step.Own!;
        T* to = tape.Hidden(step.Time + 1);
        for (int row = 0; row < tape.Rows; row++)
        {
            nint at = (nint)row * tape.StateStride;
            Move(tape.Hidden(step.Time) + at, to + at, Spec.HiddenSize);
        }
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            if (clockwork.Works(m.Period, step.Time))
            {
                T* sums = step.Sums + m.Column;
                Activate(in step, weights.Forward(i), m, sums);
                for (int row = 0; row < tape.Rows; row++)
                {
                    Move(
                        sums + ((nint)row * Stride),
                        to + ((nint)row * tape.StateStride) + m.First, m.Size);
                }
            }
        }
    }

    /// <summary>dE/dh_{t+1} is what the modules at work in step t + 1 send back, and in those
    /// that rested dE/dh_{t+2} itself.</summary>
    public override void Backward(in BackwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        ClockworkWeights<T> weights = (ClockworkWeights<T>)step.Own!;
        Memory memory = Of(tape);
        T* error = memory.Error;
        int next = step.Time + 1;
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            bool rested = !step.IsLast && !clockwork.Works(m.Period, next);
            Inject(in step, m, rested, error + m.Column);
        }
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            if (!step.IsLast && clockwork.Works(m.Period, next))
            {
                Kernels.Multiply(
                    tape.Rows, step.Next + m.Column, Stride, weights.Transposed(i), 0, m.Size,
                    error + m.Column, Stride, error + m.Column, Stride);
            }
        }
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            T* delta = step.Delta + m.Column;
            if (clockwork.Works(m.Period, step.Time))
            {
                Differentiate(
                    tape, step.Time, weights.Forward(i), m, error + m.Column, delta);
            }
            else
            {
                for (int row = 0; row < tape.Rows; row++)
                {
                    new Span<T>(delta + ((nint)row * Stride), m.Width).Clear();
                }
            }
        }
    }

    /// <remarks>One sum over all steps of a block, as in every cell. The rows of one sequence
    /// lie evenly; those of more are gathered.</remarks>
    public override void AddOuterProducts(
        Tape<T> tape, int begin, int count, int skipped, T* deltas, T* gradient, RowPart part)
    {
        int rows = tape.Rows;
        nint stateStride = tape.StateStride;
        nint deltaStride = Stride;
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            int slot = FirstWork(m, begin, count);
            int works = (count - slot + m.Period - 1) / m.Period;
            if (works == 0)
            {
                continue;
            }
            T* states = tape.Inputs(begin + slot);
            T* ds = deltas + (slot * rows * deltaStride) + m.Column;
            if (works == 1 || m.Period == 1)
            {
                AddOuterProducts(
                    works * rows, states, stateStride, ds, deltaStride, skipped, m, gradient);
            }
            else if (rows == 1)
            {
                AddOuterProducts(
                    works, states, m.Period * stateStride, ds, m.Period * deltaStride, skipped, m,
                    gradient);
            }
            else
            {
                Memory memory = Of(tape);
                memory.Gather(works, rows, states, m.Period, stateStride, ds, deltaStride, m);
                AddOuterProducts(
                    works * rows, memory.GatheredStates, memory.GatheredStride,
                    memory.GatheredDeltas, m.Width, skipped, m, gradient);
            }
        }
    }

    public override void StartTangent(
        Tape<T> tape, OwnWeights<T>? own, OwnWeights<T>? direction) =>
        (this.own, this.direction) =
            ((ClockworkWeights<T>)own!, (ClockworkWeights<T>)direction!);

    /// <summary>R(h_{t+1}) = f′(h_{t+1}) ⊙ R(s) in the modules at work, R(h_t) in the others; to
    /// R(s) come the products with h_t and R(h_t).</summary>
    public override void Tangent(Tape<T> tape, int t, T* sums, PackedMatrix<T> transposed)
    {
        TangentTape<T> tangents = tape.Tangents();
        nint stride = tangents.HiddenStride;
        T* from = tangents.Hidden(t);
        T* to = tangents.Hidden(t + 1);
        int fed = Spec.InputSize + 1;
        for (int row = 0; row < tape.Rows; row++)
        {
            Move(from + (row * stride), to + (row * stride), Spec.HiddenSize);
        }
        for (int i = 0; i < modules.Length; i++)
        {
            ClockColumns m = modules[i];
            if (!clockwork.Works(m.Period, t))
            {
                continue;
            }
            T* s = sums + m.Column;
            int read = Spec.HiddenSize - m.First;
            Kernels.Multiply(
                tape.Rows, tape.Hidden(t) + m.First, tape.StateStride, direction!.Forward(i), fed,
                read, s, Stride, s, Stride);
            Kernels.Multiply(
                tape.Rows, from + m.First, tangents.HiddenStride, own!.Forward(i), fed, read, s,
                Stride, s, Stride);
            // No product: f′(h) ⊙ R(s) has the form of a step backward.
            Differentiate(tape, t, own.Forward(i), m, s, s);
            for (int row = 0; row < tape.Rows; row++)
            {
                Move(s + ((nint)row * Stride), to + (row * stride) + m.First, m.Size);
            }
        }
    }

    private static Memory Of(Tape<T> tape) => (Memory)tape.Cell!;

    private static void Move(T* from, T* to, int count) =>
        new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));

    /// <summary>f(s_t) of a module, into its columns.</summary>
    private void Activate(
        in ForwardStep<T> step, PackedMatrix<T> weights, ClockColumns m, T* sums)
    {
        Tape<T> tape = step.Tape;
        int fed = Spec.InputSize + 1;
        bool begun = step.Initial != null;
        if (!begun && m.First == 0)
        {
            // It reads every unit: inputs, bias and states are one row.
            Kernels.ForwardStep(
                function, tape.Rows, step.Source, tape.StateStride, weights, 0,
                fed + Spec.HiddenSize, null, 0, sums, Stride);
            return;
        }
        if (!begun)
        {
            Kernels.Multiply(
                tape.Rows, step.Source, tape.StateStride, weights, 0, fed, null, 0, sums, Stride);
        }
        Kernels.ForwardStep(
            function, tape.Rows, tape.Hidden(step.Time) + m.First, tape.StateStride,
            weights, fed, Spec.HiddenSize - m.First, sums, Stride, sums, Stride);
    }

    /// <summary>C = V ⊙ f′(h_{t+1}) in the columns of a module.</summary>
    private void Differentiate(
        Tape<T> tape, int t, PackedMatrix<T> weights, ClockColumns m, T* v, T* c)
    {
        T* states = Of(tape).States + m.Column;
        for (int row = 0; row < tape.Rows; row++)
        {
            Move(
                tape.Hidden(t + 1) + ((nint)row * tape.StateStride) + m.First,
                states + ((nint)row * Stride), m.Size);
        }
        Kernels.BackwardStep(
            function, tape.Rows, null, 0, weights, 0, v, Stride, states, Stride, c, Stride);
    }

    /// <summary>The readout's share of dE/dh, on what is there of a module that rested.</summary>
    private void Inject(in BackwardStep<T> step, ClockColumns m, bool rested, T* error)
    {
        for (int row = 0; row < step.Tape.Rows; row++)
        {
            T* to = error + ((nint)row * Stride);
            T* from = step.Injected + (row * step.InjectedStride) + m.First;
            if (!rested)
            {
                new Span<T>(to, m.Width).Clear();
            }
            if (step.Injected == null)
            {
                continue;
            }
            if (!rested)
            {
                Move(from, to, m.Size);
                continue;
            }
            for (int j = 0; j < m.Size; j++)
            {
                to[j] += from[j];
            }
        }
    }

    /// <summary>The first step of a block in which a module works, counted from the block's; its
    /// length where there is none.</summary>
    private int FirstWork(ClockColumns m, int begin, int count)
    {
        int slot = 0;
        while (slot < count && !clockwork.Works(m.Period, begin + slot))
        {
            slot++;
        }
        return slot;
    }

    /// <summary>Adds the outer products of rows [x | 1 | h] with a module's deltas.</summary>
    private void AddOuterProducts(
        int rows, T* states, nint stateStride, T* deltas, nint deltaStride, int skipped,
        ClockColumns m, T* gradient)
    {
        int fed = Spec.InputSize + 1;
        nint stride = Stride;
        T* to = gradient + m.Column;
        bool whole = m.First == 0;
        Kernels.AddOuterProducts(
            rows, fed - skipped + (whole ? Spec.HiddenSize : 0), m.Size, states + skipped,
            stateStride, deltas, deltaStride, to + (skipped * stride), stride);
        if (!whole)
        {
            Kernels.AddOuterProducts(
                rows, Spec.HiddenSize - m.First, m.Size, states + fed + m.First, stateStride,
                deltas, deltaStride, to + ((fed + m.First) * stride), stride);
        }
    }

    /// <summary>dE/dh_{t+1} and room for h_{t+1}, [R, Columns] each; room for the rows of a block
    /// in which one module works.</summary>
    private sealed class Memory(int rows, int stride, int row, int widest) : IDisposable
    {
        private readonly AlignedBuffer<T> error = new((long)rows * stride);
        private readonly AlignedBuffer<T> states = new((long)rows * stride);
        private readonly AlignedBuffer<T> gatheredStates =
            new(rows > 1 ? (long)Shard.BlockRows * Padding.Stride<T>(row) : 0);

        private readonly AlignedBuffer<T> gatheredDeltas =
            new(rows > 1 ? (long)Shard.BlockRows * widest : 0);

        public T* Error => error.Pointer;

        public T* States => states.Pointer;

        /// <summary>Rows [x | 1 | h].</summary>
        public T* GatheredStates => gatheredStates.Pointer;

        public int GatheredStride => Padding.Stride<T>(row);

        /// <summary>Rows of the module's width.</summary>
        public T* GatheredDeltas => gatheredDeltas.Pointer;

        /// <summary>Gathers the rows of every step that is a whole number of periods after the
        /// first.</summary>
        public void Gather(
            int works, int rows, T* from, int period, nint stateStride, T* deltas,
            nint deltaStride, ClockColumns m)
        {
            for (int i = 0; i < works * rows; i++)
            {
                nint at = ((nint)(i / rows) * period * rows) + (i % rows);
                Move(from + (at * stateStride), GatheredStates + ((nint)i * GatheredStride), row);
                Move(deltas + (at * deltaStride), GatheredDeltas + ((nint)i * m.Width), m.Width);
            }
        }

        public void Dispose()
        {
            error.Dispose();
            states.Dispose();
            gatheredStates.Dispose();
            gatheredDeltas.Dispose();
        }
    }
}
