using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Cells;

/// <summary>
/// What a kind of hidden unit adds to the sweeps that are the same for all: how many
/// pre-activations it has, a step forward, a step backward and what it must remember between
/// the two. A new kind is a file with this and a file with its public network.
/// </summary>
/// <param name="spec">Sizes, activation, readout.</param>
/// <param name="kernels">The network's kernels.</param>
internal abstract unsafe class Cell<T>(NetworkSpec spec, Kernels<T> kernels) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public NetworkSpec Spec { get; } = spec;

    public Kernels<T> Kernels { get; } = kernels;

    /// <summary>What an error calls a network of this cell.</summary>
    public abstract string Name { get; }

    /// <summary>Pre-activations of a sequence: H, or several times H.</summary>
    public abstract int Columns { get; }

    /// <summary>Distance of two rows of pre-activations, deltas and the weights' gradient.
    /// </summary>
    public virtual int Stride => Padding.Stride<T>(Columns);

    /// <summary>Columns, from the first on, that the product of h_{t−1} with W_hh adds to; 0 for
    /// none. A cell that does the product of the others itself has zeros there, and weights of its
    /// own.
    /// </summary>
    public virtual int RecurrentColumns => Columns;

    /// <summary>Whether some columns rest in some steps: no sweep then multiplies inputs for more
    /// than the step in work, whose columns the cell knows.</summary>
    public virtual bool HasResting => false;

    /// <summary>Whether threads may share a sweep: each takes some sequences of a shard, then some
    /// rows of the gradient.</summary>
    public virtual bool SplitsRows => false;

    /// <summary>Whether products of blocks of steps are all that it adds to the gradient, so that
    /// a thread can keep them until its shard's turn comes.</summary>
    public virtual bool AddsByBlocks => false;

    /// <summary>Whether the sweeps have the columns in another order than the parameters.
    /// </summary>
    public virtual bool HasOwnOrder => false;

    /// <summary>Whether h_t is f(s_t) of one pre-activation each, and nothing else.</summary>
    public virtual bool HasMatchedStates => false;

    /// <summary>One row from the parameters' order to the sweeps'.</summary>
    /// <param name="role">Of which block.</param>
    /// <param name="from">The row among the parameters.</param>
    /// <param name="to">Room for <see cref="Stride"/> elements.</param>
    public virtual void Arrange(ParameterRole role, T* from, T* to) => Copy(from, to);

    /// <summary>One row from the sweeps' order to the parameters'.</summary>
    public virtual void Restore(T* from, T* to) => Copy(from, to);

    /// <summary>Weights that the cell multiplies itself; null for none.</summary>
    /// <param name="rows">Rows of a product, for which the tiles are planned.</param>
    public virtual OwnWeights<T>? NewWeights(int rows) => null;

    /// <summary>What a tape keeps for the cell beside h_t; null for nothing.</summary>
    public virtual IDisposable? NewMemory(int steps, int rows, TapeKeeps keeps) => null;

    /// <summary>What windows of a tape share beside h_t; null for nothing.</summary>
    public virtual IDisposable? NewSharedMemory() => null;

    /// <summary>Refuses what the cell cannot do with a batch.</summary>
    /// <exception cref="ArgumentException">The batch asks for it.</exception>
    public virtual void Check(Batch<T> batch)
    {
    }

    /// <summary>Before the gradient of a batch.</summary>
    /// <exception cref="ArgumentException">α is not one the cell can use.</exception>
    public virtual void StartGradient(double alpha, RegularizerSpec? regularizer)
    {
        if (alpha != 0)
        {
            throw new ArgumentException($"α is {alpha}, but {Name} has no Ω; use 0");
        }
    }

    /// <summary>Before a forward sweep, when h_0 is on the tape.</summary>
    public virtual void StartForward(Tape<T> tape)
    {
    }

    /// <summary>From state t to state t + 1.</summary>
    public abstract void Forward(in ForwardStep<T> step);

    /// <summary>Before the backward sweeps over the windows of a tape.</summary>
    public virtual void StartShared(Tape<T> whole)
    {
    }

    /// <summary>Before a backward sweep.</summary>
    public virtual void StartBackward(Tape<T> tape)
    {
    }

    /// <summary>From dE/dh_{t+1}, which comes from the readout and from step t + 1, to the delta
    /// of step t, the gradient of its pre-activations.</summary>
    public abstract void Backward(in BackwardStep<T> step);

    /// <summary>Adds a block's share of the gradient of [W_hx; b; W_hh], whose rows lie in the
    /// order of a state row: inputs, bias, recurrence.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="begin">The block's first step.</param>
    /// <param name="count">Its steps.</param>
    /// <param name="skipped">Rows of the inputs, where those are symbols; otherwise 0.</param>
    /// <param name="deltas">Its deltas.</param>
    /// <param name="gradient">The gradient's sums, rows of <see cref="Stride"/>.</param>
    /// <param name="part">Which rows of the gradient; all of them where
    /// <see cref="SplitsRows"/> is not so.</param>
    public virtual void AddOuterProducts(
        Tape<T> tape, int begin, int count, int skipped, T* deltas, T* gradient, RowPart part)
    {
        int fed = Spec.InputSize + 1 - skipped;
        bool whole = RecurrentColumns == Columns;
        nint stride = Stride;
        (int first, int end) = part.Of(skipped, whole ? fed + Spec.HiddenSize : fed);
        Kernels.AddOuterProducts(
            count * tape.Rows, end - first, Columns,
            tape.Inputs(begin) + skipped + first, tape.StateStride, deltas, stride,
            gradient + ((skipped + first) * stride), stride);
        if (!whole)
        {
            Kernels.AddOuterProducts(
                count * tape.Rows, Spec.HiddenSize, RecurrentColumns, tape.Hidden(begin),
                tape.StateStride, deltas, stride, gradient + ((Spec.InputSize + 1) * stride),
                stride);
        }
    }

    /// <summary>The outer products of a block of steps, in place of what is there. Where
    /// <see cref="AddsByBlocks"/>.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="begin">The block's first step.</param>
    /// <param name="count">Its steps.</param>
    /// <param name="deltas">Its deltas.</param>
    /// <param name="sums">[I + 1 + H, Columns], rows of <see cref="Stride"/>.</param>
    public void SetOuterProducts(Tape<T> tape, int begin, int count, T* deltas, T* sums) =>
        Kernels.SetOuterProducts(
            count * tape.Rows, Spec.InputSize + 1 + Spec.HiddenSize, Columns, tape.Inputs(begin),
            tape.StateStride, deltas, Stride, sums, Stride);

    /// <summary>After a block's outer products: sums of the cell's own.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="slot">The slot of the block's first step among the deltas.</param>
    /// <param name="above">Steps after the first whose deltas are there: those of the block, and
    /// the one above it when there is one.</param>
    /// <param name="deltas">The deltas of slot 0.</param>
    /// <param name="part">Which rows of W_hh's gradient.</param>
    public virtual void AddBlock(Tape<T> tape, int slot, int above, T* deltas, RowPart part)
    {
    }

    /// <summary>After a backward sweep, when `deltas` are those of step 0.</summary>
    public virtual void EndBackward(Tape<T> tape, T* deltas, PackedMatrix<T> transposed)
    {
    }

    /// <summary>After that: sums of the cell's own for step 0 and h_0.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="deltas">The deltas of step 0.</param>
    /// <param name="part">Which rows of W_hh's gradient.</param>
    public virtual void AddFirst(Tape<T> tape, T* deltas, RowPart part)
    {
    }

    /// <summary>After the last shard: what the cell adds to the gradient of W_hh.</summary>
    /// <returns>Ω, when it was asked for.</returns>
    public virtual RegularizerValue? EndGradient(T* recurrentGradient) => null;

    /// <summary>Before a tangent.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="own">The cell's own weights, if it has some.</param>
    /// <param name="direction">The share of the direction in them.</param>
    public virtual void StartTangent(
        Tape<T> tape, OwnWeights<T>? own, OwnWeights<T>? direction)
    {
    }

    /// <summary>R(h_{t+1}) into the tape's tangents.</summary>
    /// <param name="tape">The shard.</param>
    /// <param name="t">t.</param>
    /// <param name="sums">R of the pre-activations, [R, Columns]; may be changed.</param>
    /// <param name="transposed">W_hhᵀ.</param>
    public abstract void Tangent(Tape<T> tape, int t, T* sums, PackedMatrix<T> transposed);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private void Copy(T* from, T* to) =>
        new ReadOnlySpan<T>(from, Columns).CopyTo(new Span<T>(to, Columns));
}

/// <summary>A step of the forward sweep: the pre-activations are Initial + Source·Weights.
/// </summary>
internal unsafe struct ForwardStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Tape<T> Tape;

    /// <summary>t.</summary>
    public int Time;

    /// <summary>[W_hx; b; W_hh], of which the product takes some rows.</summary>
    public PackedMatrix<T> Weights;

    /// <summary>What the cell multiplies itself, if anything.</summary>
    public OwnWeights<T>? Own;

    /// <summary>The first row of the weights that the product takes.</summary>
    public int FirstK;

    /// <summary>How many rows of the weights it takes.</summary>
    public int K;

    /// <summary>State t from the column that meets the first of those rows.</summary>
    public T* Source;

    /// <summary>What the inputs and the bias have added already, or null.</summary>
    public T* Initial;

    /// <summary>Room for the pre-activations, [R, Columns].</summary>
    public T* Sums;
}

/// <summary>A step of the backward sweep.</summary>
internal unsafe struct BackwardStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Tape<T> Tape;

    /// <summary>t.</summary>
    public int Time;

    /// <summary>Which step of its block it is, and which slot its deltas go to.</summary>
    public int Slot;

    /// <summary>Steps of its block.</summary>
    public int Count;

    /// <summary>Whether no later step sends a gradient to this one.</summary>
    public bool IsLast;

    /// <summary>W_hhᵀ.</summary>
    public PackedMatrix<T> Transposed;

    /// <summary>What the cell multiplies itself, if anything.</summary>
    public OwnWeights<T>? Own;

    /// <summary>dE/dh_{t+1} through the readout, [R, H], or null.</summary>
    public T* Injected;

    /// <summary>Distance of two rows of it.</summary>
    public nint InjectedStride;

    /// <summary>Receives the deltas, [R, Columns].</summary>
    public T* Delta;

    /// <summary>The deltas of step t + 1; of no meaning for the last.</summary>
    public T* Next;
}
