using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A network that reads sequences, with its parameters and their gradient: what training needs
/// to know, whatever the cell. Not thread-safe: one caller at a time; the same parameters and
/// batch give the same bits on every processor, on any number of <see cref="Threads"/>.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract unsafe class SequenceNetwork<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> parameters;
    private readonly AlignedBuffer<T> gradient;

    private protected SequenceNetwork(
        NetworkSpec spec, int parameterCount, InstructionSet? instructionSet)
    {
        Spec = spec;
        Kernels = Kernels<T>.For(instructionSet ?? InstructionSets.Best);
        parameters = new AlignedBuffer<T>(parameterCount, isCollected: true);
        gradient = new AlignedBuffer<T>(parameterCount, isCollected: true);
    }

    /// <summary>Sizes, activation, readout.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>All parameters as one vector; writable.</summary>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public Span<T> Parameters => Alive(parameters).Span;

    /// <summary>The gradient of the last <see cref="Gradient"/>, same layout.</summary>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public Span<T> Gradients => Alive(gradient).Span;

    /// <summary>The blocks of the parameter vector in order.</summary>
    public abstract IReadOnlyList<ParameterView> Views { get; }

    /// <summary>Where the recurrent weights lie: [H, H], or [H, 4H] for an LSTM.</summary>
    public abstract ParameterView RecurrentWeights { get; }

    /// <summary>Ω of the last <see cref="Gradient"/> with α above 0.</summary>
    public RegularizerValue Regularizer { get; private protected set; }

    /// <summary>Whether the last <see cref="Gradient"/> cut any message; see
    /// <see cref="Batch{T}.MessageLimit"/>.</summary>
    public bool HasCutMessages { get; private protected set; }

    /// <summary>The vector width in use.</summary>
    public InstructionSet InstructionSet => Kernels.InstructionSet;

    /// <summary>
    /// Most threads that one <see cref="Gradient"/> or <see cref="Evaluate"/> uses, 1 or more; 1
    /// at first. The bits are the
    /// same with any number. Fewer are used where a split would not pay: see
    /// <see cref="ThreadsFor"/>. The threads live until the network is disposed of.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1.</exception>
    public abstract int Threads { get; set; }

    /// <summary>Threads of the last <see cref="Gradient"/>; 1 before the first.</summary>
    public int ThreadsUsed { get; private protected set; } = 1;

    internal Kernels<T> Kernels { get; }

    internal T* ParameterPointer => Alive(parameters).Pointer;

    internal T* GradientPointer => Alive(gradient).Pointer;

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
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public abstract double Gradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null);

    /// <summary>How many threads the gradient of a batch uses: at most <see cref="Threads"/>, and
    /// one where it is too small, or for cells that are swept by one thread (GRU, clockwork).
    /// </summary>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public abstract int ThreadsFor(Batch<T> batch);

    /// <summary>Loss of a batch, averaged over its sequences, without a gradient.</summary>
    /// <param name="batch">Inputs [T, B, I] and targets.</param>
    /// <param name="outputs">
    /// If not empty, receives the outputs o before softmax or logistic: [B, O] for a loss at the
    /// last step, [T, B, O] for one at every step.
    /// </param>
    /// <exception cref="ArgumentException">Batch or span do not fit the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public abstract double Evaluate(Batch<T> batch, Span<T> outputs = default);

    /// <summary>Operations of the sweeps over a sequence.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="isOneHot">Whether an input is a symbol, whose product is one row.</param>
    public abstract SweepCost CostOf(int steps, bool isOneHot);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        parameters.Dispose();
        gradient.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void ThrowIfDisposed() => Alive(parameters);

    private AlignedBuffer<T> Alive(AlignedBuffer<T> buffer)
    {
        ObjectDisposedException.ThrowIf(buffer.Pointer == null, this);
        return buffer;
    }
}
