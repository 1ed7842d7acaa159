using System.Numerics;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A simple recurrent network with its parameters, gradient and work space. Forward sweep, loss
/// and truncation-free back-propagation through time are one call. Not thread-safe: one network
/// a thread; the same parameters and batch give the same bits on every processor.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe partial class RecurrentNetwork<T> : SequenceNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Kernels<T> kernels;
    private Workspace? workspace;

    /// <summary>A network of zero parameters.</summary>
    /// <param name="spec">Sizes, activation, readout.</param>
    /// <param name="instructionSet">Vector width; the best of this processor by default.</param>
    /// <exception cref="NotSupportedException">The width cannot run here, or T is neither float
    /// nor double.</exception>
    public RecurrentNetwork(NetworkSpec spec, InstructionSet? instructionSet = null)
        : this(spec, new ParameterLayout(spec), instructionSet)
    {
    }

    private RecurrentNetwork(
        NetworkSpec spec, ParameterLayout layout, InstructionSet? instructionSet)
        : base(spec, layout.Length, instructionSet)
    {
        Layout = layout;
        kernels = Kernels;
    }

    /// <summary>Where each weight matrix lies in <see cref="SequenceNetwork{T}.Parameters"/>.
    /// </summary>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterView> Views => Layout.Views;

    /// <inheritdoc/>
    public override ParameterView RecurrentWeights => Layout.RecurrentWeights;

    /// <inheritdoc/>
    public override double Gradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null)
    {
        Check(batch);
        if (!double.IsFinite(alpha) || alpha < 0)
        {
            throw new ArgumentException($"α is {alpha}; a finite number of 0 or more is needed");
        }
        bool regularized = alpha > 0;
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: true);
        w.PackForward(this, batch.IsOneHot);
        w.PackBackward(this);
        w.ClearGradient();
        w.Head.Start(batch.Dropout);
        if (regularized)
        {
            w.Regularizer.Start(regularizer ?? new RegularizerSpec());
        }
        double loss = 0;
        int shards = Shards(batch.Size);
        for (int i = 0, first = 0; i < shards; i++)
        {
            int rows = RowsOfShard(batch.Size, shards, i);
            Forward(w, batch, first, rows);
            loss += w.Head.Loss(batch, first, rows, 1.0 / batch.Size);
            Backward(w, batch, first, rows, regularized);
            first += rows;
        }
        w.UnpackGradient(this);
        if (regularized)
        {
            JoinRegularizer(w, alpha);
        }
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <inheritdoc/>
    public override double Evaluate(Batch<T> batch, Span<T> outputs = default)
    {
        Check(batch);
        CheckOutputs(batch, outputs);
        bool every = Spec.LossAt == LossPlacement.EveryStep;
        Workspace w = Prepare(batch.Steps, batch.Size, keepStates: every);
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

    private Workspace Prepare(int steps, int size, bool keepStates)
    {
        int rows = RowsOfShard(size, Shards(size), 0);
        if (workspace is null || !workspace.Fits(steps, rows, keepStates))
        {
            workspace?.Dispose();
            workspace = new Workspace(Spec, kernels, steps, rows, keepStates);
        }
        workspace.Rolling = !keepStates;
        return workspace;
    }
}
