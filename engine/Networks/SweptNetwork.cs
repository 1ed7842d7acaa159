using System.Numerics;
using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>
/// A network whose sequences are swept step by step: all that is the same for every cell. Forward
/// sweep, loss and truncation-free back-propagation through time are one call for training by
/// gradient steps; a learner that needs more takes them one by one (SweptNetwork.Steps.cs).
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract unsafe partial class SweptNetwork<T> : SequenceNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private PackedWeights<T>? weights;
    private ReadoutHead<T>? head;
    private Tape<T>? ownTape;

    private protected SweptNetwork(
        NetworkSpec spec, ParameterLayout layout, InstructionSet? instructionSet)
        : base(spec, layout.Length, instructionSet)
    {
        Layout = layout;
    }

    /// <summary>Where each weight matrix lies in <see cref="SequenceNetwork{T}.Parameters"/>.
    /// </summary>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterView> Views => Layout.Views;

    /// <inheritdoc/>
    public override ParameterView RecurrentWeights => Layout.RecurrentWeights;

    /// <summary>What differs from one kind of hidden unit to another.</summary>
    private protected abstract Cell<T> Cell { get; }

    /// <inheritdoc/>
    public override double Gradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null)
    {
        StartGradient(batch, alpha, regularizer);
        ThreadPlan plan = PlanOf(batch);
        ThreadsUsed = plan.Threads;
        double loss = 0;
        if (plan.Threads > 1)
        {
            loss = GradientOnThreads(batch, plan);
        }
        else
        {
            Tape<T> tape = OwnTape(batch, TapeKeeps.Everything);
            for (int i = 0; i < Shard.Count(batch.Size); i++)
            {
                Forward(tape, batch, i);
                loss += Loss(tape, 1.0 / batch.Size);
                Backward(tape);
            }
        }
        EndGradient();
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <inheritdoc/>
    public override double Evaluate(Batch<T> batch, Span<T> outputs = default)
    {
        Check(batch);
        batch.CheckOutputs(Spec, outputs);
        TapeKeeps keeps = Spec.HasLossAtEveryStep ? TapeKeeps.States : TapeKeeps.LastStep;
        Pack(batch, backward: false);
        double loss = 0;
        int count = ReadersOf(batch);
        fixed (T* destination = outputs)
        {
            if (count > 1)
            {
                loss = EvaluateOnThreads(batch, destination, keeps, count);
                return batch.Weights is null ? loss / batch.Size : loss;
            }
            Tape<T> tape = OwnTape(batch, keeps);
            for (int i = 0; i < Shard.Count(batch.Size); i++)
            {
                Sweep(tape, batch, i, keeps, null);
                if (destination != null)
                {
                    tape.Outputs.CopyOutputs(batch, tape.Shard, destination);
                }
                loss += Loss(tape, 1.0 / batch.Size);
            }
        }
        return batch.Weights is null ? loss / batch.Size : loss;
    }

    /// <inheritdoc/>
    public override SweepCost CostOf(int steps, bool isOneHot) =>
        SweepCost.Of(Spec, RecurrentWeights.Columns, steps, isOneHot);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Nothing is left behind that a later call could read.
        weights?.Dispose();
        weights = null;
        head?.Dispose();
        head = null;
        blocks?.Dispose();
        blocks = null;
        ForgetTape();
        DisposeDirection();
        Cell.Dispose();
        base.Dispose();
    }

    /// <summary>Forgets the network's own tapes, after a change of what the cell keeps there.
    /// </summary>
    private protected void ForgetTape()
    {
        ownTape?.Dispose();
        ownTape = null;
        ForgetTeams();
    }

    private void Check(Batch<T> batch)
    {
        ThrowIfDisposed();
        batch.CheckFits(Spec);
        Cell.Check(batch);
    }

    private void Pack(Batch<T> batch, bool backward)
    {
        int rows = Shard.Of(batch.Size, 0).Rows;
        if (weights is null || head is null || weights.Rows != rows)
        {
            weights?.Dispose();
            head?.Dispose();
            weights = new PackedWeights<T>(Cell, Layout, rows);
            head = new ReadoutHead<T>(Spec, Kernels, rows);
        }
        weights.Pack(ParameterPointer, batch.IsOneHot, backward);
        head.Pack(ParameterPointer, Layout, backward);
    }

    private Tape<T> OwnTape(Batch<T> batch, TapeKeeps keeps)
    {
        int rows = Shard.Of(batch.Size, 0).Rows;
        if (ownTape is null || !ownTape.Fits(batch.Steps, rows, keeps))
        {
            ownTape?.Dispose();
            ownTape = new Tape<T>(Cell, batch.Steps, rows, keeps, keepsOutputs: false);
        }
        return ownTape;
    }
}
