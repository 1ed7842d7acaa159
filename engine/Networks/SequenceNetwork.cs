using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A network that reads sequences, with its parameters and their gradient: what training needs
/// to know, whatever the cell. Not thread-safe: one network a thread; the same parameters and
/// batch give the same bits on every processor.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract unsafe class SequenceNetwork<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Sequences swept together: larger batches are cut into shards of about this many, which
    // stay in cache. The order in which shards are added is fixed.
    private const int ShardRows = 20;

    private readonly AlignedBuffer<T> parameters;
    private readonly AlignedBuffer<T> gradient;

    private protected SequenceNetwork(
        NetworkSpec spec, int parameterCount, InstructionSet? instructionSet)
    {
        Spec = spec;
        Kernels = Kernels<T>.For(instructionSet ?? InstructionSets.Best);
        parameters = new AlignedBuffer<T>(parameterCount);
        gradient = new AlignedBuffer<T>(parameterCount);
    }

    /// <summary>Sizes, activation, readout.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>All parameters as one vector; writable.</summary>
    public Span<T> Parameters => parameters.Span;

    /// <summary>The gradient of the last <see cref="Gradient"/>, same layout.</summary>
    public Span<T> Gradients => gradient.Span;

    /// <summary>The blocks of the parameter vector in order.</summary>
    public abstract IReadOnlyList<ParameterView> Views { get; }

    /// <summary>Where the recurrent weights lie: [H, H], or [H, 4H] for an LSTM.</summary>
    public abstract ParameterView RecurrentWeights { get; }

    /// <summary>Ω of the last <see cref="Gradient"/> with α above 0.</summary>
    public RegularizerValue Regularizer { get; private protected set; }

    /// <summary>The vector width in use.</summary>
    public InstructionSet InstructionSet => Kernels.InstructionSet;

    internal Kernels<T> Kernels { get; }

    internal T* ParameterPointer => parameters.Pointer;

    internal T* GradientPointer => gradient.Pointer;

    /// <summary>
    /// Loss of a batch, averaged over its sequences, and its gradient with respect to every
    /// parameter, left in <see cref="Gradients"/>.
    /// Source: Pascanu, Mikolov, Bengio 2013, eq. (3)–(5).
    /// </summary>
    /// <param name="batch">Inputs [T, B, I] and targets.</param>
    /// <param name="alpha">α, 0 or more: α·∂Ω/∂W_hh joins the gradient; 0 for none of it.</param>
    /// <param name="regularizer">Which Ω; the authors' by default.</param>
    /// <returns>The loss without Ω; NaN or ∞ when the network has diverged.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the network, or α is negative,
    /// not finite or above 0 for a cell that has no Ω.</exception>
    public abstract double Gradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null);

    /// <summary>Loss of a batch, averaged over its sequences, without a gradient.</summary>
    /// <param name="batch">Inputs [T, B, I] and targets.</param>
    /// <param name="outputs">
    /// If not empty, receives the outputs o before softmax or logistic: [B, O] for a loss at the
    /// last step, [T, B, O] for one at every step.
    /// </param>
    /// <exception cref="ArgumentException">Batch or span do not fit the network.</exception>
    public abstract double Evaluate(Batch<T> batch, Span<T> outputs = default);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        parameters.Dispose();
        gradient.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static int Shards(int size) => (size + ShardRows - 1) / ShardRows;

    private protected static int RowsOfShard(int size, int shards, int index) =>
        (size / shards) + (index < size % shards ? 1 : 0);

    private protected void Check(Batch<T> batch)
    {
        bool last = Spec.LossAt == LossPlacement.LastStep;
        long rows = last ? batch.Size : (long)batch.Steps * batch.Size;
        if (batch.Steps < 1 || batch.Size < 1)
        {
            throw new ArgumentException(
                $"a batch of {batch.Size} sequences of {batch.Steps} steps is empty");
        }
        CheckInputs(batch);
        CheckOptions(batch, rows);
        if (Spec.Readout != Readout.Softmax)
        {
            if (batch.Targets.Length < rows * Spec.OutputSize)
            {
                throw new ArgumentException(
                    $"the batch holds {batch.Targets.Length} targets; the network needs "
                    + $"{rows}×{Spec.OutputSize}");
            }
            return;
        }
        if (batch.Classes.Length < rows)
        {
            throw new ArgumentException(
                $"the batch holds {batch.Classes.Length} classes; the network needs {rows}");
        }
        for (int i = 0; i < rows; i++)
        {
            if ((uint)batch.Classes[i] >= (uint)Spec.OutputSize)
            {
                throw new ArgumentException(
                    $"class {batch.Classes[i]} at position {i} is outside 0 … "
                    + $"{Spec.OutputSize - 1}");
            }
        }
    }

    private void CheckOptions(Batch<T> batch, long rows)
    {
        batch.Dropout?.Validate();
        if (batch.Weights is { } weights && weights.Length < rows)
        {
            throw new ArgumentException(
                $"the batch holds {weights.Length} weights; the network needs {rows}");
        }
        CheckStates(batch, batch.InitialStates, "initial");
        CheckStates(batch, batch.FinalStates, "final");
    }

    private void CheckStates(Batch<T> batch, T[]? states, string name)
    {
        long needed = (long)batch.Size * Spec.HiddenSize;
        if (states is not null && states.Length < needed)
        {
            throw new ArgumentException(
                $"the batch has room for {states.Length} {name} state values; {batch.Size} "
                + $"sequences × {Spec.HiddenSize} hidden units need {needed}");
        }
    }

    private void CheckInputs(Batch<T> batch)
    {
        long places = (long)batch.Steps * batch.Size;
        if (!batch.IsOneHot)
        {
            long inputs = places * Spec.InputSize;
            if (batch.Inputs.Length < inputs)
            {
                throw new ArgumentException(
                    $"the batch holds {batch.Inputs.Length} inputs; {batch.Steps} steps × "
                    + $"{batch.Size} sequences × {Spec.InputSize} inputs need {inputs}");
            }
            return;
        }
        if (batch.InputIndices.Length < places)
        {
            throw new ArgumentException(
                $"the batch holds {batch.InputIndices.Length} input indices; {batch.Steps} steps "
                + $"× {batch.Size} sequences need {places}");
        }
        for (int i = 0; i < places; i++)
        {
            if ((uint)batch.InputIndices[i] >= (uint)Spec.InputSize)
            {
                throw new ArgumentException(
                    $"input index {batch.InputIndices[i]} at position {i} is outside 0 … "
                    + $"{Spec.InputSize - 1}");
            }
        }
    }

    private protected void CheckOutputs(Batch<T> batch, Span<T> outputs)
    {
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        int rowsOut = every ? batch.Steps * batch.Size : batch.Size;
        if (!outputs.IsEmpty && outputs.Length != rowsOut * Spec.OutputSize)
        {
            throw new ArgumentException(
                $"outputs has {outputs.Length} elements; this batch gives "
                + $"{rowsOut}×{Spec.OutputSize}", nameof(outputs));
        }
    }
}
