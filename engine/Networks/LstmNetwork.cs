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
public sealed unsafe partial class LstmNetwork<T> : SequenceNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernels<T> kernels;
    private Workspace? workspace;

    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes and readout; the activation, that of g and c_t, is tanh.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="ArgumentException">The activation is not tanh.</exception>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public LstmNetwork(NetworkSpec spec, InstructionSet? instructionSet = null)
        : this(spec, new LstmLayout(spec), instructionSet)
    {
    }

    private LstmNetwork(NetworkSpec spec, LstmLayout layout, InstructionSet? instructionSet)
        : base(spec, layout.Length, instructionSet)
    {
        if (spec.Activation != Activation.Tanh)
        {
            throw new ArgumentException(
                $"an LSTM squashes its cells by tanh, not {spec.Activation}; make its spec with "
                + "Activation.Tanh", nameof(spec));
        }
        Layout = layout;
        kernels = Kernels;
    }

    /// <summary>Where each weight matrix lies in <see cref="SequenceNetwork{T}.Parameters"/>.
    /// </summary>
    public LstmLayout Layout { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterView> Views => Layout.Views;

    /// <inheritdoc/>
    public override ParameterView RecurrentWeights => Layout.RecurrentWeights;

    /// <inheritdoc/>
    public override double Gradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null)
    {
        if (alpha != 0)
        {
            throw new ArgumentException(
                $"α is {alpha}, but an LSTM has no Ω: its gates already keep gradients; use 0");
        }
        Check(batch);
        CheckStates(batch);
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: true, keepGates: true);
        w.PackForward(this, batch.IsOneHot);
        w.PackBackward(this);
        w.ClearGradient();
        w.Head.Start(batch.Dropout);
        double loss = 0;
        int shards = Shards(batch.Size);
        for (int i = 0, first = 0; i < shards; i++)
        {
            int rows = RowsOfShard(batch.Size, shards, i);
            Forward(w, batch, first, rows);
            loss += w.Head.Loss(batch, first, rows, 1.0 / batch.Size);
            Backward(w, batch, first, rows);
            first += rows;
        }
        w.UnpackGradient(this);
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <inheritdoc/>
    public override double Evaluate(Batch<T> batch, Span<T> outputs = default)
    {
        Check(batch);
        CheckStates(batch);
        CheckOutputs(batch, outputs);
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: every, keepGates: false);
        w.PackForward(this, batch.IsOneHot);
        w.Head.Start(null);
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
                    w.Head.CopyOutputs(batch, first, rows, destination);
                }
                loss += w.Head.Loss(batch, first, rows, 1.0 / batch.Size);
                first += rows;
            }
        }
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        workspace?.Dispose();
        base.Dispose();
    }

    private static void CheckStates(Batch<T> batch)
    {
        if (batch.InitialStates is not null || batch.FinalStates is not null)
        {
            throw new ArgumentException(
                "the batch carries hidden states, but an LSTM would have to carry its cells too; "
                + "leave both unset");
        }
    }

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
