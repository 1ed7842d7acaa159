using Repro.Engine.Networks.Cells;
using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// The steps of a gradient one by one, for a learner that keeps a tape for each shard:
// StartGradient; for each shard Forward, Loss, Backward; EndGradient. On kept tapes Loss and
// Backward may be repeated, with other errors of the outputs in between, after ClearGradient. The
// weights are those of the last StartGradient; an Evaluate in between, of other parameters, makes
// a new StartGradient needed.
public abstract unsafe partial class SweptNetwork<T>
{
    /// <summary>A tape for one shard of a batch, which keeps everything. The caller disposes of
    /// it.</summary>
    internal Tape<T> NewTape(Batch<T> batch, int shard)
    {
        Check(batch);
        return new Tape<T>(
            Cell, batch.Steps, Shard.Of(batch.Size, shard).Rows, TapeKeeps.Everything,
            keepsOutputs: true);
    }

    /// <summary>Packs the weights, and clears the gradient.</summary>
    /// <param name="batch">The batch, or one of several with inputs of the same kind.</param>
    /// <param name="alpha">α of Ω.</param>
    /// <param name="regularizer">Which Ω; the authors' by default.</param>
    /// <exception cref="ArgumentException">As <see cref="Gradient"/>.</exception>
    internal void StartGradient(
        Batch<T> batch, double alpha = 0, RegularizerSpec? regularizer = null)
    {
        Check(batch);
        Cell.StartGradient(alpha, regularizer);
        Pack(batch, backward: true);
        ClearGradient();
    }

    /// <summary>Clears the sums of <see cref="Backward"/>, so that others can be made.</summary>
    internal void ClearGradient()
    {
        Weights.ClearGradient();
        Head.ClearGradient();
        HasCutMessages = false;
    }

    /// <summary>States and outputs of a shard.</summary>
    internal void Forward(Tape<T> tape, Batch<T> batch, int shard) =>
        Sweep(tape, batch, shard, TapeKeeps.Everything, batch.Dropout);

    /// <summary>The shard's loss, not divided, and the errors of its outputs.</summary>
    /// <param name="tape">After <see cref="Forward"/>.</param>
    /// <param name="scale">What multiplies the errors when the batch has no weights: 1/B.
    /// </param>
    internal double Loss(Tape<T> tape, double scale) =>
        tape.Outputs.Loss(tape.Batch, tape.Shard, scale);

    /// <summary>Unpacks the sums of <see cref="Backward"/> into the gradient.</summary>
    internal void EndGradient()
    {
        Weights.UnpackGradient(GradientPointer);
        Head.UnpackGradient(GradientPointer, Layout);
        Regularizer =
            Cell.EndGradient(GradientPointer + RecurrentWeights.Offset) ?? Regularizer;
    }

    private PackedWeights<T> Weights => weights ?? throw NotStarted();

    private ReadoutHead<T> Head => head ?? throw NotStarted();

    private InvalidOperationException NotStarted()
    {
        ThrowIfDisposed();
        return new($"no weights are packed; {nameof(StartGradient)} comes first");
    }
}
