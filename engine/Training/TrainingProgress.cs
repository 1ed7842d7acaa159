namespace Repro.Engine.Training;

/// <summary>How far a training is.</summary>
/// <param name="Updates">Updates made so far.</param>
/// <param name="Budget">Updates in all; a rule may end the training before.</param>
/// <param name="Loss">The last batch's loss before its update, without Ω; NaN before the first.
/// </param>
/// <param name="GradientNorm">Euclidean norm of the last gradient before clipping; NaN before the
/// first.</param>
public readonly record struct TrainingProgress(
    long Updates, long Budget, double Loss, double GradientNorm);

/// <summary>What is called while a trainer runs, on its own thread. A callback may read the
/// network's parameters; when it throws, the training stops after the update, from which it can
/// go on.</summary>
public sealed record TrainingCallbacks
{
    /// <summary>After every update.</summary>
    public Action<TrainingProgress>? AfterUpdate { get; init; }

    /// <summary>After every update at which a point of the curves was measured, when its scores
    /// are there. The point before the first update is measured in one go with the update.
    /// </summary>
    public Action<TrainingProgress>? AtPoint { get; init; }
}
