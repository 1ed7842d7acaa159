using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A network of long short-term memory units with forget gates and no peepholes, its parameters,
/// gradient and work space: [i f g o] = W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b, with σ over i, f, o and
/// tanh over g; c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t), o_t = W_yhᵀ·h_t + b_y,
/// h_0 = c_0 = 0. Forward sweep, loss and truncation-free back-propagation through time are one
/// call. Not thread-safe: one network a thread; the same parameters and batch give the same bits
/// on every processor.
/// Source: Hochreiter and Schmidhuber 1997; Gers, Schmidhuber, Cummins 2000 for the forget gate.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe partial class LstmNetwork<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // As in the simple network: shards of about this many sequences stay in cache, and the
    // order in which they are added is fixed.
    private const int ShardRows = 20;

    private readonly Kernels<T> kernels;
    private readonly AlignedBuffer<T> parameters;
    private readonly AlignedBuffer<T> gradient;
    private Workspace? workspace;

    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes and readout; the activation, that of g and c_t, is tanh.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="ArgumentException">The activation is not tanh.</exception>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public LstmNetwork(NetworkSpec spec, InstructionSet? instructionSet = null)
    {
        if (spec.Activation != Activation.Tanh)
        {
            throw new ArgumentException(
                $"an LSTM squashes its cells by tanh, not {spec.Activation}; make its spec with "
                + "Activation.Tanh", nameof(spec));
        }
        Spec = spec;
        Layout = new LstmLayout(spec);
        kernels = Kernels<T>.For(instructionSet ?? InstructionSets.Best);
        parameters = new AlignedBuffer<T>(Layout.Length);
        gradient = new AlignedBuffer<T>(Layout.Length);
    }

    /// <summary>Sizes and readout.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Where each weight matrix lies in <see cref="Parameters"/>.</summary>
    public LstmLayout Layout { get; }

    /// <summary>All parameters as one vector; writable.</summary>
    public Span<T> Parameters => parameters.Span;

    /// <summary>The gradient of the last <see cref="Gradient(Batch{T})"/>, same layout.</summary>
    public Span<T> Gradients => gradient.Span;

    /// <summary>The vector width in use.</summary>
    public InstructionSet InstructionSet => kernels.InstructionSet;

    internal Kernels<T> Kernels => kernels;

    internal T* ParameterPointer => parameters.Pointer;

    internal T* GradientPointer => gradient.Pointer;

    /// <summary>
    /// Loss of a batch, averaged over its sequences, and its gradient with respect to every
    /// parameter, left in <see cref="Gradients"/>.
    /// </summary>
    /// <param name="batch">Inputs [T, B, I] and targets.</param>
    /// <returns>The loss; NaN or ∞ when the network has diverged.</returns>
    /// <exception cref="ArgumentException">The batch does not fit the network.</exception>
    public double Gradient(Batch<T> batch)
    {
        Check(batch);
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: true, keepGates: true);
        w.PackForward(this, batch.IsOneHot);
        w.PackBackward(this);
        w.ClearGradient();
        double loss = 0;
        int shards = Shards(batch.Size);
        for (int i = 0, first = 0; i < shards; i++)
        {
            int rows = RowsOfShard(batch.Size, shards, i);
            Forward(w, batch, first, rows);
            loss += Head(w, batch, first, rows, 1.0 / batch.Size);
            Backward(w, batch, first, rows);
            first += rows;
        }
        w.UnpackGradient(this);
        return loss / batch.Size;
    }

    /// <summary>Loss of a batch, averaged over its sequences, without a gradient.</summary>
    /// <param name="batch">Inputs [T, B, I] and targets.</param>
    /// <param name="outputs">
    /// If not empty, receives the outputs o before softmax or logistic: [B, O] for a loss at the
    /// last step, [T, B, O] for one at every step.
    /// </param>
    /// <exception cref="ArgumentException">Batch or span do not fit the network.</exception>
    public double Evaluate(Batch<T> batch, Span<T> outputs = default)
    {
        Check(batch);
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        int rowsOut = every ? batch.Steps * batch.Size : batch.Size;
        if (!outputs.IsEmpty && outputs.Length != rowsOut * Spec.OutputSize)
        {
            throw new ArgumentException(
                $"outputs has {outputs.Length} elements; this batch gives "
                + $"{rowsOut}×{Spec.OutputSize}", nameof(outputs));
        }
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: every, keepGates: false);
        w.PackForward(this, batch.IsOneHot);
        double loss = 0;
        fixed (T* destination = outputs)
        {
            int shards = Shards(batch.Size);
            for (int i = 0, first = 0; i < shards; i++)
            {
                int rows = RowsOfShard(batch.Size, shards, i);
                Forward(w, batch, first, rows);
                if (destination != null)
                {
                    CopyOutputs(w, batch, first, rows, destination);
                }
                loss += Head(w, batch, first, rows, 1.0 / batch.Size);
                first += rows;
            }
        }
        return loss / batch.Size;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parameters.Dispose();
        gradient.Dispose();
        workspace?.Dispose();
    }

    private static int Shards(int size) => (size + ShardRows - 1) / ShardRows;

    private static int RowsOfShard(int size, int shards, int index) =>
        (size / shards) + (index < size % shards ? 1 : 0);

    private Workspace Prepare(int steps, int size, bool keepStates, bool keepGates)
    {
        int rows = RowsOfShard(size, Shards(size), 0);
        if (workspace is null || !workspace.Fits(steps, rows, keepStates, keepGates))
        {
            workspace?.Dispose();
            workspace = new Workspace(Spec, kernels, steps, rows, keepStates, keepGates);
        }
        workspace.RollStates = !keepStates;
        workspace.RollGates = !keepGates;
        return workspace;
    }
}
