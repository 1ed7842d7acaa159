using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// Gradient and evaluation on several threads, with the bits of one: a sequence's states and
// deltas do not depend on the sequences beside it, so threads take windows of a shard; and every
// element of the gradient is one thread's, which adds shards and steps in the order of a single
// one. Losses of shards are added in order.
public abstract unsafe partial class SweptNetwork<T>
{
    private const int MostThreads = 256;
    private int threads = 1;
    private TeamSweep? team;
    private TeamReading? readers;

    /// <inheritdoc/>
    public override int Threads
    {
        get => threads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            threads = Math.Min(value, MostThreads);
        }
    }

    /// <inheritdoc/>
    public override int ThreadsFor(Batch<T> batch)
    {
        Check(batch);
        return PlanOf(batch).Threads;
    }

    /// <summary>Whether batches are split that are too small for it to pay.</summary>
    internal bool SplitsSmall { get; set; }

    private ThreadPlan PlanOf(Batch<T> batch) => threads == 1 || !Cell.SplitsRows
        ? ThreadPlan.Single
        : ThreadPlan.For(
            threads, batch.Size, batch.Steps, Spec.InputSize + 1 + Spec.HiddenSize,
            Cell.Columns, Cell.Stride, SplitsSmall);

    /// <summary>Threads of an evaluation: each takes whole shards, of any cell.</summary>
    private int ReadersOf(Batch<T> batch) => threads == 1
        ? 1
        : ThreadPlan.Readers(
            threads, batch.Size, batch.Steps, Spec.InputSize + 1 + Spec.HiddenSize,
            Cell.Columns, SplitsSmall);

    private double GradientOnThreads(Batch<T> batch, ThreadPlan plan)
    {
        if (team is null || !team.Fits(batch, plan))
        {
            team?.Dispose();
            team = null;
            team = new TeamSweep(this, batch, plan);
        }
        return team.Loss(batch);
    }

    private double EvaluateOnThreads(Batch<T> batch, T* outputs, TapeKeeps keeps, int count)
    {
        if (readers is null || !readers.Fits(batch, keeps, count))
        {
            readers?.Dispose();
            readers = null;
            readers = new TeamReading(this, batch, keeps, count);
        }
        return readers.Loss(batch, outputs);
    }

    private void ForgetTeams()
    {
        team?.Dispose();
        team = null;
        readers?.Dispose();
        readers = null;
    }
}
