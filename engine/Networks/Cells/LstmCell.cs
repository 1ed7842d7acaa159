using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// [i f g o] = W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b, with σ over i, f, o and tanh over g;
/// c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t), c_0 = 0. The 4H columns lie as
/// <see cref="GateColumns{T}"/> says.
/// Source: Hochreiter and Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000 for the forget gate.
/// </summary>
internal sealed unsafe class LstmCell<T>(NetworkSpec spec, Kernels<T> kernels)
    : Cell<T>(spec, kernels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GateColumns<T> gates = new(spec.HiddenSize);

    public override string Name => "an LSTM";

    public override int Columns => gates.Count;

    // Once, not in every step.
    public override int Stride { get; } = new GateColumns<T>(spec.HiddenSize).Stride;

    public override bool SplitsRows => true;

    public override bool AddsByBlocks => true;

    public override bool HasOwnOrder => true;

    public override void Arrange(ParameterRole role, T* from, T* to) =>
        gates.Interleave(from, to);

    public override void Restore(T* from, T* to) => gates.Separate(from, to);

    public override IDisposable NewMemory(int steps, int rows, TapeKeeps keeps) =>
        new Memory(
            keeps == TapeKeeps.Everything ? steps : 1, rows, Stride,
            Padding.Stride<T>(Spec.HiddenSize));

    public override void Check(Batch<T> batch)
    {
        if (batch.InitialStates is not null || batch.FinalStates is not null)
        {
            throw new ArgumentException(
                "the batch carries hidden states, but an LSTM would have to carry its cells too; "
                + "leave both unset");
        }
    }

    public override void StartForward(Tape<T> tape)
    {
        Memory m = Of(tape);
        new Span<T>(m.Cell(tape, 0), tape.Rows * m.CellStride).Clear();
    }

    public override void Forward(in ForwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        Memory m = Of(tape);
        T* kept = m.GatesOf(tape, step.Time);
        long fetched = tape.Keeps == TapeKeeps.Everything ? (long)tape.Rows * Stride : 0;
        Kernels.MultiplyDeep(
            tape.Rows, step.Source, tape.StateStride, step.Weights, step.FirstK, step.K,
            step.Initial, Stride, step.Sums, Stride, kept, fetched);
        LstmForwardArguments<T> a = default;
        a.Sums = step.Sums;
        a.Gates = kept;
        a.GateStride = Stride;
        a.Before = m.Cell(tape, step.Time);
        a.After = m.Cell(tape, step.Time + 1);
        a.Squashed = m.Squashed;
        a.CellStride = m.CellStride;
        a.Hidden = tape.Hidden(step.Time + 1);
        a.HiddenStride = tape.StateStride;
        Kernels.LstmForward(tape.Rows, Spec.HiddenSize, in a);
    }

    public override void StartBackward(Tape<T> tape)
    {
        Memory m = Of(tape);
        new Span<T>(m.CellError, tape.Rows * m.CellStride).Clear();
    }

    public override void Backward(in BackwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        Memory m = Of(tape);
        T* kept = m.GatesOf(tape, step.Time);
        if (!step.IsLast)
        {
            Kernels.MultiplyDeep(
                tape.Rows, step.Next, Stride, step.Transposed, 0, Columns, step.Injected,
                step.InjectedStride, m.HiddenError, m.CellStride, kept,
                (long)tape.Rows * Stride);
        }
        LstmBackwardArguments<T> a = default;
        a.Gates = kept;
        a.Deltas = step.Delta;
        a.GateStride = Stride;
        a.Before = m.Cell(tape, step.Time);
        a.After = m.Cell(tape, step.Time + 1);
        a.Squashed = m.Squashed;
        a.CellStride = m.CellStride;
        a.HiddenError = step.IsLast ? step.Injected : m.HiddenError;
        a.CellError = m.CellError;
        a.ErrorStride = m.CellStride;
        Kernels.LstmBackward(tape.Rows, Spec.HiddenSize, in a);
    }

    public override void StartTangent(
        Tape<T> tape, OwnWeights<T>? own, OwnWeights<T>? direction)
    {
        Memory m = Of(tape);
        new Span<T>(m.CellTangent, tape.Rows * m.CellStride).Clear();
    }

    /// <summary>R of each equation in turn, element by element: R(c_t) = f⊙R(c_{t−1}) +
    /// R(f)⊙c_{t−1} + R(i)⊙g + i⊙R(g), R(h_t) = R(o)⊙tanh(c_t) + o⊙(1 − tanh²(c_t))⊙R(c_t).
    /// </summary>
    public override void Tangent(Tape<T> tape, int t, T* sums, PackedMatrix<T> transposed)
    {
        Memory m = Of(tape);
        TangentTape<T> tangents = tape.Tangents();
        int hidden = Spec.HiddenSize;
        int line = GateColumns<T>.Line;
        for (int r = 0; r < tape.Rows; r++)
        {
            T* kept = m.GatesOf(tape, t) + ((nint)r * Stride);
            T* ds = sums + ((nint)r * Stride);
            T* before = m.Cell(tape, t) + ((nint)r * m.CellStride);
            T* after = m.Cell(tape, t + 1) + ((nint)r * m.CellStride);
            T* dc = m.CellTangent + ((nint)r * m.CellStride);
            T* dh = tangents.Hidden(t + 1) + ((nint)r * tangents.HiddenStride);
            for (int unit = 0; unit < hidden; unit++)
            {
                int start = unit / line * line;
                int apart = Math.Min(line, hidden - start);
                int at = (GateColumns<T>.Gates * start) + (unit - start);
                T i = kept[at];
                T f = kept[at + apart];
                T g = kept[at + (2 * apart)];
                T o = kept[at + (3 * apart)];
                T di = i * (T.One - i) * ds[at];
                T df = f * (T.One - f) * ds[at + apart];
                T dg = (T.One - (g * g)) * ds[at + (2 * apart)];
                T dO = o * (T.One - o) * ds[at + (3 * apart)];
                T squashed = ElementaryKernels<T, T, SimdScalar<T>>.Tanh(after[unit]);
                dc[unit] = (f * dc[unit]) + (df * before[unit]) + (di * g) + (i * dg);
                dh[unit] = (dO * squashed) + (o * (T.One - (squashed * squashed)) * dc[unit]);
            }
        }
    }

    private static Memory Of(Tape<T> tape) => (Memory)tape.Cell!;

    /// <summary>Gates of T groups of R rows of 4H, cells of T+1 groups of R rows of H; and room
    /// for the step in work.</summary>
    private sealed class Memory(int steps, int rows, int gateStride, int cellStride) : IDisposable
    {
        private readonly AlignedBuffer<T> gates = new((long)steps * rows * gateStride);
        private readonly AlignedBuffer<T> cells = new((steps + 1L) * rows * cellStride);
        private readonly AlignedBuffer<T> errors = new(4L * rows * cellStride);

        public int CellStride => cellStride;

        /// <summary>dE/dh_t, [R, H].</summary>
        public T* HiddenError => errors.Pointer;

        /// <summary>dE/dc_t, [R, H].</summary>
        public T* CellError => errors.Pointer + ((nint)rows * cellStride);

        /// <summary>tanh(c_t), [R, H].</summary>
        public T* Squashed => errors.Pointer + (2 * (nint)rows * cellStride);

        /// <summary>R(c_t), [R, H].</summary>
        public T* CellTangent => errors.Pointer + (3 * (nint)rows * cellStride);

        /// <summary>The first row of c_t.</summary>
        public T* Cell(Tape<T> tape, int t) =>
            cells.Pointer + ((nint)(Keeps(tape) ? t : t & 1) * tape.Rows * cellStride);

        /// <summary>The first row of the gates between state t and state t + 1.</summary>
        public T* GatesOf(Tape<T> tape, int t) =>
            gates.Pointer + ((nint)(Keeps(tape) ? t : 0) * tape.Rows * gateStride);

        public void Dispose()
        {
            gates.Dispose();
            cells.Dispose();
            errors.Dispose();
        }

        private static bool Keeps(Tape<T> tape) => tape.Keeps == TapeKeeps.Everything;
    }
}
