using Repro.Engine.Networks;

namespace Repro.Engine.Training.Learners;

/// <summary>What an update did.</summary>
/// <param name="Loss">The batch's loss before the update, without Ω and factors.</param>
/// <param name="GradientNorm">Euclidean norm of the whole gradient before clipping.</param>
/// <param name="Clipped">Whether clipping acted.</param>
/// <param name="Finite">False when loss or norm is not finite: nothing was changed.</param>
/// <param name="Guarded">Whether the guard replaced the gradient.</param>
/// <param name="Regularizer">Ω, where the update had one.</param>
internal readonly record struct UpdateReport(
    double Loss, double GradientNorm, bool Clipped, bool Finite, bool Guarded,
    RegularizerValue? Regularizer);

/// <summary>
/// What makes an update of a run: it takes the batches it needs and changes the network's
/// parameters. It may need many gradients for one update, and then pauses at points of its own.
/// </summary>
internal abstract class Learner : IDisposable
{
    /// <summary>The update that stands at <see cref="TrainingLoop.Updates"/>.</summary>
    /// <param name="rateFactor">What multiplies the learning rate.</param>
    /// <param name="pause">Whether to pause at the next point where that is possible.</param>
    /// <returns>What it did; null when it paused, to go on in the next call.</returns>
    public abstract UpdateReport? Update(double rateFactor, Func<bool>? pause);

    /// <summary>Whether now, between two updates or paused, is a good moment to save: saving
    /// must cost little beside the work since the last one.</summary>
    public abstract bool IsSavePoint { get; }

    /// <summary>What it has spent so far; null where an update is one gradient of a batch.
    /// </summary>
    public virtual Spending? Spent => null;

    /// <summary>At each point of the curves: what the learner measures itself.</summary>
    public virtual void AddTo(TrainingCurves curves)
    {
    }

    /// <summary>At the end of the run: what it has spent, where updates do not say it.</summary>
    public virtual void AddScores(Action<string, double> add)
    {
    }

    /// <summary>Writes what a later <see cref="Read"/> needs.</summary>
    public abstract void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public abstract void Read(BinaryReader reader);

    /// <inheritdoc/>
    public abstract void Dispose();
}
