using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// r, z = σ(W_hxᵀ·x_t + W_hhᵀ·h_{t−1} + b), h_t = z⊙h_{t−1} + (1 − z)⊙n, where n is
/// tanh(W_xnᵀ·x_t + U_nᵀ·(r⊙h_{t−1}) + b_n) with the reset before the product and
/// tanh(W_xnᵀ·x_t + b_n + r⊙(U_nᵀ·h_{t−1} + b_hn)) with the reset after it. The sweeps have three
/// blocks of columns, r, z, n, each padded to whole cache lines; U_n is the cell's own.
/// Source: Cho et al. 2014 (arXiv:1406.1078); torch.nn.GRU for the second.
/// </summary>
internal sealed unsafe class GruCell<T>(
    NetworkSpec spec, Kernels<T> kernels, GruReset reset) : Cell<T>(spec, kernels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool before = reset == GruReset.Before;
    private readonly int gate = Padding.Columns<T>(spec.HiddenSize);

    // The tangent's, from its start on.
    private GruWeights<T>? own;
    private GruWeights<T>? direction;

    public override string Name => "a GRU";

    /// <remarks>Its candidate's message goes back by two ways, through the reset gate and past
    /// it; which of them a clip of messages would cut has no agreed meaning.</remarks>
    public override void Check(Batch<T> batch)
    {
        if (batch.MessageLimit is { } limit)
        {
            throw new ArgumentException(
                $"messages are to be cut to ±{limit}, but {Name}'s have no one place to cut; clip "
                + "by norm or by element");
        }
    }

    public override int Columns => GruLayout.Gates * gate;

    public override int Stride { get; } =
        Padding.Stride<T>(GruLayout.Gates * Padding.Columns<T>(spec.HiddenSize));

    public override int RecurrentColumns => 2 * gate;

    public override bool HasOwnOrder => true;

    public override void Arrange(ParameterRole role, T* from, T* to)
    {
        // What U_n meets is not h_{t−1}, or its product does not simply join the sums.
        int arranged = role == ParameterRole.RecurrentWeights ? 2 : GruLayout.Gates;
        new Span<T>(to, Stride).Clear();
        for (int i = 0; i < arranged; i++)
        {
            Move(from + ((nint)i * Spec.HiddenSize), to + ((nint)i * gate));
        }
    }

    public override void Restore(T* from, T* to)
    {
        for (int i = 0; i < GruLayout.Gates; i++)
        {
            Move(from + ((nint)i * gate), to + ((nint)i * Spec.HiddenSize));
        }
    }

    public override OwnWeights<T> NewWeights(int rows) =>
        new GruWeights<T>(Spec, Kernels, before, rows);

    public override IDisposable NewMemory(int steps, int rows, TapeKeeps keeps) =>
        new Memory(keeps == TapeKeeps.Everything ? steps : 1, rows, Stride, gate);

    public override void Forward(in ForwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        GruWeights<T> weights = Own(step.Own);
        GruArguments<T> a = Arguments(tape, step.Time);
        a.Sums = step.Sums;
        if (step.Initial == null)
        {
            Kernels.Multiply(
                tape.Rows, step.Source, tape.StateStride, step.Weights, 0, Spec.InputSize + 1,
                null, 0, step.Sums, Stride);
        }
        Kernels.Multiply(
            tape.Rows, a.Before, tape.StateStride, weights.Gates, 0, Spec.HiddenSize, step.Sums,
            Stride, step.Sums, Stride);
        Kernels.GruGates(in a, before);
        if (before)
        {
            T* sums = step.Sums + (2 * gate);
            Kernels.Multiply(
                tape.Rows, a.Inner, gate, weights.Candidate, 1, Spec.HiddenSize, sums, Stride,
                sums, Stride);
        }
        else
        {
            Kernels.Multiply(
                tape.Rows, tape.Ones(step.Time), tape.StateStride, weights.Candidate, 0,
                1 + Spec.HiddenSize, null, 0, a.Inner, gate);
        }
        Kernels.GruState(in a, before);
    }

    public override void StartBackward(Tape<T> tape) =>
        new Span<T>(Of(tape).Error, tape.Rows * gate).Clear();

    public override void Backward(in BackwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        GruWeights<T> weights = Own(step.Own);
        Memory m = Of(tape);
        GruArguments<T> a = Arguments(tape, step.Time);
        a.Sums = step.Delta;
        a.Error = m.Error;
        a.Injected = step.Injected;
        a.InjectedStride = step.InjectedStride;
        a.InnerError = m.InnerError(tape, step.Slot);
        if (!step.IsLast)
        {
            Kernels.Multiply(
                tape.Rows, step.Next, Stride, step.Transposed, 0, RecurrentColumns, m.Error,
                gate, m.Error, gate);
        }
        Kernels.GruBackward(in a, before);
        if (before)
        {
            Kernels.Multiply(
                tape.Rows, step.Delta + (2 * gate), Stride, weights.Transposed, 0,
                Spec.HiddenSize, null, 0, a.InnerError, gate);
            Kernels.GruReset(in a);
        }
        else
        {
            Kernels.Multiply(
                tape.Rows, a.InnerError, gate, weights.Transposed, 0, Spec.HiddenSize, m.Error,
                gate, m.Error, gate);
        }
        if (step.Slot == 0)
        {
            // The deltas of the whole block are there.
            AddCandidate(in step, in a, weights);
        }
    }

    public override void StartTangent(
        Tape<T> tape, OwnWeights<T>? own, OwnWeights<T>? direction) =>
        (this.own, this.direction) = (Own(own), Own(direction));

    /// <summary>R of each equation in turn: R(n) = (1 − n²)⊙(R(s_n) + R(U_nᵀ·(r⊙h_{t−1}))), or
    /// with r⊙R(u) + R(r)⊙u for u = U_nᵀ·h_{t−1} + b_hn; R(h_t) = z⊙R(h_{t−1}) +
    /// R(z)⊙(h_{t−1} − n) + (1 − z)⊙R(n).</summary>
    public override void Tangent(Tape<T> tape, int t, T* sums, PackedMatrix<T> transposed)
    {
        TangentTape<T> tangents = tape.Tangents();
        GruWeights<T> weights = Own(own);
        GruWeights<T> moved = Own(direction);
        Memory m = Of(tape);
        GruArguments<T> a = Arguments(tape, t);
        T* product = m.InnerError(tape, 0);
        T* source = tangents.Hidden(t);
        int sourceStride = tangents.HiddenStride;
        for (int row = 0; row < tape.Rows; row++)
        {
            T* kept = a.Gates + (row * a.GateStride);
            T* ds = sums + ((nint)row * Stride);
            T* h = a.Before + (row * a.HiddenStride);
            T* dh = tangents.Hidden(t) + ((nint)row * tangents.HiddenStride);
            for (int j = 0; j < Spec.HiddenSize; j++)
            {
                T r = kept[j];
                T z = kept[gate + j];
                ds[j] = r * (T.One - r) * ds[j];
                ds[gate + j] = z * (T.One - z) * ds[gate + j];
                m.Error[((nint)row * gate) + j] = (ds[j] * h[j]) + (r * dh[j]);
            }
        }
        if (before)
        {
            Kernels.Multiply(
                tape.Rows, a.Inner, gate, moved.Candidate, 1, Spec.HiddenSize, null, 0, product,
                gate);
            source = m.Error;
            sourceStride = gate;
        }
        else
        {
            Kernels.Multiply(
                tape.Rows, tape.Ones(t), tape.StateStride, moved.Candidate, 0,
                1 + Spec.HiddenSize, null, 0, product, gate);
        }
        Kernels.Multiply(
            tape.Rows, source, sourceStride, weights.Candidate, 1, Spec.HiddenSize, product,
            gate, product, gate);
        for (int row = 0; row < tape.Rows; row++)
        {
            T* kept = a.Gates + (row * a.GateStride);
            T* ds = sums + ((nint)row * Stride);
            T* u = a.Inner + ((nint)row * gate);
            T* du = product + ((nint)row * gate);
            T* h = a.Before + (row * a.HiddenStride);
            T* dh = tangents.Hidden(t) + ((nint)row * tangents.HiddenStride);
            T* to = tangents.Hidden(t + 1) + ((nint)row * tangents.HiddenStride);
            for (int j = 0; j < Spec.HiddenSize; j++)
            {
                T z = kept[gate + j];
                T n = kept[(2 * gate) + j];
                T share = before ? du[j] : (kept[j] * du[j]) + (ds[j] * u[j]);
                T dn = (T.One - (n * n)) * (ds[(2 * gate) + j] + share);
                to[j] = (z * dh[j]) + (ds[gate + j] * (h[j] - n)) + ((T.One - z) * dn);
            }
        }
    }

    private static Memory Of(Tape<T> tape) => (Memory)tape.Cell!;

    private static GruWeights<T> Own(OwnWeights<T>? weights) => (GruWeights<T>)weights!;

    /// <summary>Adds a block's share of the gradient of U_n and of b_hn.</summary>
    private void AddCandidate(
        in BackwardStep<T> step, in GruArguments<T> a, GruWeights<T> weights)
    {
        int rows = step.Count * step.Tape.Rows;
        if (before)
        {
            Kernels.AddOuterProducts(
                rows, Spec.HiddenSize, gate, a.Inner, gate, step.Delta + (2 * gate), Stride,
                weights.Gradient + gate, gate);
        }
        else
        {
            Kernels.AddOuterProducts(
                rows, 1 + Spec.HiddenSize, gate, step.Tape.Ones(step.Time),
                step.Tape.StateStride, a.InnerError, gate, weights.Gradient, gate);
        }
    }

    private GruArguments<T> Arguments(Tape<T> tape, int t)
    {
        Memory m = Of(tape);
        GruArguments<T> a = default;
        a.Rows = tape.Rows;
        a.Columns = gate;
        a.Gates = m.GatesOf(tape, t);
        a.GateStride = Stride;
        a.Before = tape.Hidden(t);
        a.Hidden = tape.Hidden(t + 1);
        a.HiddenStride = tape.StateStride;
        a.Inner = m.Inner(tape, t);
        a.Stride = gate;
        return a;
    }

    private void Move(T* from, T* to) =>
        new ReadOnlySpan<T>(from, Spec.HiddenSize).CopyTo(new Span<T>(to, Spec.HiddenSize));

    /// <summary>r, z, n and Inner of T groups of R rows; and room for the step and the block of
    /// steps in work.</summary>
    private sealed class Memory(int steps, int rows, int gateStride, int gate) : IDisposable
    {
        private readonly AlignedBuffer<T> gates = new((long)steps * rows * gateStride);
        private readonly AlignedBuffer<T> inner = new((long)steps * rows * gate);
        private readonly AlignedBuffer<T> error = new((long)rows * gate);
        private readonly AlignedBuffer<T> innerErrors = new((long)Shard.BlockRows * gate);

        /// <summary>dE/dh_t, [R, H].</summary>
        public T* Error => error.Pointer;

        /// <summary>The first row of r, z, n between state t and state t + 1.</summary>
        public T* GatesOf(Tape<T> tape, int t) =>
            gates.Pointer + ((nint)(Keeps(tape) ? t : 0) * tape.Rows * gateStride);

        /// <summary>The first row of Inner between state t and state t + 1.</summary>
        public T* Inner(Tape<T> tape, int t) =>
            inner.Pointer + ((nint)(Keeps(tape) ? t : 0) * tape.Rows * gate);

        /// <summary>dE/dInner of a step of the block in work.</summary>
        public T* InnerError(Tape<T> tape, int slot) =>
            innerErrors.Pointer + ((nint)slot * tape.Rows * gate);

        public void Dispose()
        {
            gates.Dispose();
            inner.Dispose();
            error.Dispose();
            innerErrors.Dispose();
        }

        private static bool Keeps(Tape<T> tape) => tape.Keeps == TapeKeeps.Everything;
    }
}
