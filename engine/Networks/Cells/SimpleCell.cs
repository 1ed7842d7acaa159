using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// h_t = f(W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b), whose units may be leaky and whose gradient may be
/// regularised.
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (2).
/// </summary>
internal unsafe class SimpleCell<T>(NetworkSpec spec, Kernels<T> kernels)
    : Cell<T>(spec, kernels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Omega<T>? omega;
    private double alpha;

    public override string Name => "a simple network";

    public override int Columns => Spec.HiddenSize;

    // Once, not in every step.
    public override int Stride { get; } = Padding.Stride<T>(spec.HiddenSize);

    public override bool HasMatchedStates => Leaks is null;

    public override bool SplitsRows => true;

    public override bool AddsByBlocks => !IsRegularized;

    /// <summary>What makes units leaky; null for ordinary units.</summary>
    public LeakyUnits<T>? Leaks { get; set; }

    private bool IsRegularized => alpha > 0;

    private UnitFunction Function { get; } = spec.Activation.Function();

    public override IDisposable NewMemory(int steps, int rows, TapeKeeps keeps) =>
        new SimpleMemory<T>(Leaks?.NewMemory(steps, rows, keeps));

    public override IDisposable NewSharedMemory() => new SimpleMemory<T>(null);

    public override void StartGradient(double alpha, RegularizerSpec? regularizer)
    {
        if (!double.IsFinite(alpha) || alpha < 0)
        {
            throw new ArgumentException($"α is {alpha}; a finite number of 0 or more is needed");
        }
        this.alpha = alpha;
        if (IsRegularized)
        {
            omega ??= new Omega<T>(Spec, Kernels, Stride);
            omega.Start(regularizer ?? new RegularizerSpec());
        }
    }

    public override void Forward(in ForwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        nint stride = tape.StateStride;
        T* h = tape.Hidden(step.Time + 1);
        bool leaky = Leaks is not null;
        T* to = leaky ? LeakyUnits<T>.Activations(tape, step.Time) : h;
        Kernels.ForwardStep(
            Function, tape.Rows, step.Source, stride, step.Weights, step.FirstK, step.K,
            step.Initial, Stride, to, leaky ? Stride : stride);
        if (leaky)
        {
            Leaks!.Mix(tape, step.Time);
        }
    }

    public override void StartShared(Tape<T> whole)
    {
        if (IsRegularized)
        {
            Of(whole).Omega ??= new OmegaTape<T>(whole.DeltaRows, Stride);
        }
    }

    public override void StartBackward(Tape<T> tape)
    {
        if (IsRegularized)
        {
            Of(tape).Omega ??= tape.Whole is { } whole
                ? new OmegaTape<T>(OmegaOf(whole))
                : new OmegaTape<T>(tape.DeltaRows, Stride);
        }
    }

    public override void Backward(in BackwardStep<T> step)
    {
        Tape<T> tape = step.Tape;
        if (Leaks is null && !IsRegularized)
        {
            Kernels.BackwardStep(
                Function, tape.Rows, step.Next, Stride, step.Transposed,
                step.IsLast ? 0 : Spec.HiddenSize, step.Injected, Stride,
                tape.Hidden(step.Time + 1), tape.StateStride, step.Delta, Stride);
            return;
        }
        T* v = IsRegularized
            ? OmegaOf(tape).Propagated(tape, step.Slot + 1)
            : LeakyUnits<T>.Spare(tape);
        Propagate(tape, step.IsLast, step.Next, step.Transposed, v);
        T* h = Leaks is null
            ? tape.Hidden(step.Time + 1)
            : LeakyUnits<T>.Activations(tape, step.Time);
        nint stride = Leaks is null ? tape.StateStride : Stride;
        Leaks?.Collect(tape, v, step.Injected);
        if (IsRegularized)
        {
            omega!.Measure(in step, OmegaOf(tape), v, h, stride);
        }
        else
        {
            Kernels.BackwardStep(
                Function, tape.Rows, step.Delta, Stride, step.Transposed, 0,
                LeakyUnits<T>.Gradients(tape), Stride, h, stride, step.Delta, Stride);
        }
        Leaks?.ScaleDeltas(tape, step.Delta);
    }

    public override void AddBlock(
        Tape<T> tape, int slot, int above, T* deltas, RowPart part)
    {
        if (IsRegularized)
        {
            omega!.AddBlock(tape, OmegaOf(tape), slot, above, deltas, part);
        }
    }

    public override void EndBackward(Tape<T> tape, T* deltas, PackedMatrix<T> transposed)
    {
        if (IsRegularized)
        {
            OmegaTape<T> kept = OmegaOf(tape);
            Propagate(tape, false, deltas, transposed, kept.Propagated(tape, 0));
            omega!.Finish(tape, kept);
        }
    }

    public override void AddFirst(Tape<T> tape, T* deltas, RowPart part)
    {
        if (IsRegularized)
        {
            omega!.AddFirst(tape, OmegaOf(tape), deltas, part);
        }
    }

    public override RegularizerValue? EndGradient(T* recurrentGradient) =>
        IsRegularized ? omega!.Join(alpha, recurrentGradient) : null;

    /// <summary>R(h) = f′(h) ⊙ R(s); in leaky units the mixture of that and R(h_{t−1}).
    /// </summary>
    public override void Tangent(Tape<T> tape, int t, T* sums, PackedMatrix<T> transposed)
    {
        TangentTape<T> tangents = tape.Tangents();
        bool leaky = Leaks is not null;
        T* h = leaky ? LeakyUnits<T>.Activations(tape, t) : tape.Hidden(t + 1);
        // No product: f′(h) ⊙ R(s) has the form of a step backward.
        Kernels.BackwardStep(
            Function, tape.Rows, sums, Stride, transposed, 0, sums, Stride, h,
            leaky ? Stride : tape.StateStride, leaky ? sums : tangents.Hidden(t + 1), Stride);
        if (leaky)
        {
            Leaks!.MixTangents(tape, t, sums);
        }
    }

    public override void Dispose()
    {
        omega?.Dispose();
        Leaks?.Dispose();
    }

    private static SimpleMemory<T> Of(Tape<T> tape) => (SimpleMemory<T>)tape.Cell!;

    private static OmegaTape<T> OmegaOf(Tape<T> tape) => Of(tape).Omega!;

    /// <summary>V = dE/ds·W_hhᵀ, and in leaky units (1 − λ) ⊙ dE/dh: what one step sends to the
    /// one before; zeros above the last.</summary>
    private void Propagate(
        Tape<T> tape, bool isLast, T* delta, PackedMatrix<T> transposed, T* v)
    {
        bool kept = Leaks is not null && !isLast;
        Kernels.Multiply(
            tape.Rows, delta, Stride, transposed, 0, isLast ? 0 : Spec.HiddenSize,
            kept ? Leaks!.Kept(tape) : null, Stride, v, Stride);
    }
}
