using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>What a tape keeps of a forward sweep; each value keeps what the one before does.
/// </summary>
internal enum TapeKeeps
{
    /// <summary>Only the two steps in work: enough for a loss at the last step.</summary>
    LastStep,

    /// <summary>Every hidden state: enough for a loss at every step.</summary>
    States,

    /// <summary>All that a backward sweep or a tangent needs.</summary>
    Everything,
}

/// <summary>
/// What a forward sweep over a shard of R sequences leaves for the loss, the backward sweep and
/// the tangent. States: T+1 groups of R rows; the row of (t, b) is [pad | x_{t+1} | 1 | h_t |
/// pad], h on a cache line, so that one product with the stacked weights [W_hx; b; W_hh] does
/// input, bias and recurrence. A tape may serve one shard after another, or be kept. Threads
/// share a tape by windows, each with some of its rows and a cell's memory of its own.
/// </summary>
internal sealed unsafe class Tape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> states;
    private readonly int inputs;
    private readonly int hidden;
    private readonly int mostSteps;
    private readonly int mostRows;
    private readonly TapeKeeps mostKept;
    private readonly NetworkSpec spec;
    private readonly Tape<T>? whole;
    private Batch<T>? batch;
    private TangentTape<T>? tangents;
    private bool sharesTangents;

    /// <param name="cell">The network's cell.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="rows">Most rows of a shard.</param>
    /// <param name="keeps">Most that a sweep is asked to keep.</param>
    /// <param name="keepsOutputs">Whether the outputs stay when the loss makes their errors.
    /// </param>
    /// <param name="deltaRows">Rows of deltas that a backward sweep keeps at once.</param>
    /// <param name="isShared">Whether only windows of it are swept.</param>
    public Tape(
        Cell<T> cell, int steps, int rows, TapeKeeps keeps, bool keepsOutputs,
        int deltaRows = Shard.BlockRows, bool isShared = false)
    {
        (mostSteps, mostRows, mostKept) = (steps, rows, keeps);
        DeltaRows = deltaRows;
        spec = cell.Spec;
        inputs = spec.InputSize;
        hidden = spec.HiddenSize;
        HiddenAt = Padding.Columns<T>(inputs + 1);
        OneAt = HiddenAt - 1;
        InputAt = OneAt - inputs;
        StateStride = Padding.Stride<T>(HiddenAt + Padding.Columns<T>(hidden));
        long groups = keeps == TapeKeeps.LastStep ? 2 : steps + 1L;
        states = new AlignedBuffer<T>(groups * rows * StateStride);
        for (long at = OneAt; at < states.Length; at += StateStride)
        {
            states.Pointer[at] = T.One;
        }
        Outputs = new OutputTape<T>(spec, cell.Kernels, steps, rows, keepsOutputs);
        Cell = isShared ? cell.NewSharedMemory() : cell.NewMemory(steps, rows, keeps);
    }

    /// <summary>A window of another tape.</summary>
    /// <param name="whole">The tape, which outlives the window.</param>
    /// <param name="cell">The network's cell.</param>
    /// <param name="rows">Most rows of the window.</param>
    public Tape(Tape<T> whole, Cell<T> cell, int rows)
    {
        this.whole = whole;
        (mostSteps, mostRows, mostKept) = (whole.mostSteps, rows, whole.mostKept);
        (spec, inputs, hidden, states) = (whole.spec, whole.inputs, whole.hidden, whole.states);
        (HiddenAt, OneAt, InputAt) = (whole.HiddenAt, whole.OneAt, whole.InputAt);
        (StateStride, DeltaRows, Outputs) = (whole.StateStride, whole.DeltaRows, whole.Outputs);
        Cell = cell.NewMemory(mostSteps, rows, mostKept);
    }

    /// <summary>The tape of which this is a window, or null.</summary>
    public Tape<T>? Whole => whole;

    /// <summary>Rows of deltas that a backward sweep keeps at once.</summary>
    public int DeltaRows { get; }

    /// <summary>Rows of a step's states, those of other windows included.</summary>
    public int GroupRows => whole is null ? Rows : whole.Rows;

    /// <summary>Which of them is the first of this window; 0 for a whole tape.</summary>
    public int FirstRow { get; private set; }

    /// <summary>What the cell keeps beside the states.</summary>
    public IDisposable? Cell { get; }

    /// <summary>Outputs, and what the loss makes of them.</summary>
    public OutputTape<T> Outputs { get; }

    /// <summary>Where a row's h begins.</summary>
    public int HiddenAt { get; }

    /// <summary>Distance of two rows of states.</summary>
    public int StateStride { get; }

    /// <summary>The batch of the last sweep.</summary>
    public Batch<T> Batch => batch ?? throw new InvalidOperationException(
        "nothing is on this tape; a forward sweep comes first");

    /// <summary>The sequences of the last sweep.</summary>
    public Shard Shard { get; private set; }

    /// <summary>R.</summary>
    public int Rows => Shard.Rows;

    /// <summary>T.</summary>
    public int Steps { get; private set; }

    /// <summary>What the last sweep kept.</summary>
    public TapeKeeps Keeps { get; private set; }

    private int OneAt { get; }

    private int InputAt { get; }

    /// <summary>Rows [x_{t+1} | 1 | h_t].</summary>
    public T* Inputs(int t) => Group(t) + InputAt;

    /// <summary>Rows [1 | h_t].</summary>
    public T* Ones(int t) => Group(t) + OneAt;

    /// <summary>Rows h_t.</summary>
    public T* Hidden(int t) => Group(t) + HiddenAt;

    public bool Fits(int steps, int rows, TapeKeeps keeps) =>
        steps <= mostSteps && rows <= mostRows && keeps <= mostKept;

    /// <summary>h_0 from the batch, or 0.</summary>
    /// <exception cref="ArgumentException">The tape is too small.</exception>
    public void Start(Batch<T> forBatch, Shard shard, TapeKeeps keeps)
    {
        if (!Fits(forBatch.Steps, shard.Rows, keeps))
        {
            throw new ArgumentException(
                $"{forBatch.Steps} steps of {shard.Rows} sequences, keeping {keeps}, do not fit "
                + $"a tape made for {mostSteps} steps of {mostRows}, keeping {mostKept}");
        }
        (batch, Shard, Keeps, Steps) = (forBatch, shard, keeps, forBatch.Steps);
        new Span<T>(Group(0), checked(Rows * StateStride)).Clear();
        for (int r = 0; r < Rows; r++)
        {
            Ones(0)[(nint)r * StateStride] = T.One;
            forBatch.InitialStates?.AsSpan((shard.First + r) * hidden, hidden).CopyTo(
                new Span<T>(Hidden(0) + ((nint)r * StateStride), hidden));
        }
    }

    /// <summary>Takes some rows of the whole tape, after its own start.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="rows">Their number.</param>
    public void StartWindow(int first, int rows)
    {
        if (whole is null || first < 0 || rows > mostRows || first + rows > whole.Rows)
        {
            throw new ArgumentException(
                $"{rows} rows from row {first} on are no window of {mostRows} rows or fewer of "
                + $"a tape of {whole?.Rows ?? 0}");
        }
        (batch, Keeps, Steps) = (whole.Batch, whole.Keeps, whole.Steps);
        FirstRow = first;
        Shard = new Shard(whole.Shard.First + first, rows);
    }

    /// <summary>The row of outputs of the first sequence at a step with a loss, counted from 0.
    /// </summary>
    public int OutputRow(int t) => (t * GroupRows) + FirstRow;

    /// <summary>Copies x_{t+1} of a shard out of [T, B, I].</summary>
    public void CopyInputs(T* all, int t)
    {
        T* from = all + ((((nint)t * Batch.Size) + Shard.First) * inputs);
        T* to = Inputs(t);
        for (int r = 0; r < Rows; r++)
        {
            for (int i = 0; i < inputs; i++)
            {
                to[i] = from[i];
            }
            from += inputs;
            to += StateStride;
        }
    }

    /// <summary>Where a tangent goes; room for it is made when it is first asked for.</summary>
    public TangentTape<T> Tangents() =>
        tangents ??= new TangentTape<T>(spec, mostSteps, mostRows);

    /// <summary>Puts tangents where those of other tapes go too, for a learner that keeps many
    /// tapes and uses the tangents of one before it makes those of the next.</summary>
    /// <param name="shared">Room for this tape's steps and rows; the caller keeps it.</param>
    public void ShareTangents(TangentTape<T> shared)
    {
        if (!sharesTangents)
        {
            tangents?.Dispose();
        }
        (tangents, sharesTangents) = (shared, true);
    }

    /// <summary>h_T to the batch, where it has room for it.</summary>
    public void StoreFinalStates()
    {
        for (int r = 0; r < Rows && Batch.FinalStates is { } final; r++)
        {
            new ReadOnlySpan<T>(Hidden(Steps) + ((nint)r * StateStride), hidden)
                .CopyTo(final.AsSpan((Shard.First + r) * hidden));
        }
    }

    public void Dispose()
    {
        Cell?.Dispose();
        if (whole is not null)
        {
            return;
        }
        states.Dispose();
        Outputs.Dispose();
        if (!sharesTangents)
        {
            tangents?.Dispose();
        }
    }

    private T* Group(int t)
    {
        nint kept = Keeps == TapeKeeps.LastStep ? t & 1 : t;
        return states.Pointer + (((kept * GroupRows) + FirstRow) * StateStride);
    }
}
