using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Training;

/// <summary>
/// What can be said of a trainer whatever the precision of its network: its rules see no more
/// than this. <see cref="Trainer{T}"/> is the one kind.
/// </summary>
public abstract class TrainingLoop : IDisposable
{
    private protected TrainingLoop(SequenceTask task, TrainingSpec spec, ulong seed)
    {
        Task = task;
        Spec = spec;
        Seed = seed;
    }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private protected set; }

    /// <summary>What was measured along the way.</summary>
    public TrainingCurves Curves { get; } = new();

    internal SequenceTask Task { get; }

    internal TrainingSpec Spec { get; }

    internal ulong Seed { get; }

    /// <summary>The blocks of the network's parameters in order.</summary>
    internal abstract IReadOnlyList<ParameterView> Views { get; }

    /// <summary>Where the recurrent weights lie.</summary>
    internal abstract ParameterView RecurrentWeights { get; }

    /// <summary>The network's parameters as they lie in memory.</summary>
    internal abstract Span<byte> ParameterBytes { get; }

    /// <summary>What the learner has spent, if it counts that itself; null where an update is
    /// one gradient of a batch.</summary>
    internal abstract Spending? Spent { get; }

    /// <summary>The operations of the sweeps over a sequence of T steps.</summary>
    internal abstract SweepCost CostOf(int steps);

    /// <summary>Mean scores over a fold.</summary>
    /// <param name="fold">Which sequences.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public abstract SortedDictionary<string, double> Score(Fold fold, long? limit = null);

    /// <summary>Mean scores over test sequences of another length.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="limit">At most so many, from the first on; null reads all.</param>
    /// <exception cref="NotSupportedException">The task has one length only.</exception>
    /// <exception cref="ObjectDisposedException">Trainer or network have been disposed of.
    /// </exception>
    public abstract SortedDictionary<string, double> ScoreAtLength(int steps, long? limit = null);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Whether at most so many sequences are wrong; ends as soon as that is known.
    /// </summary>
    internal abstract bool IsWithin(Fold fold, long first, int count, int maximumWrong);

    /// <summary>Makes a block of the gradient zero.</summary>
    internal abstract void ClearGradient(ParameterView view);

    /// <summary>A block of the parameters in double precision.</summary>
    internal abstract double[] Parameters(ParameterView view);
}
