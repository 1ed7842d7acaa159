using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

// Gradient and evaluation on several threads, with the bits of one. Threads take whole shards and
// add their sums when their turn has come; or, of the shards that are left over, windows, for a
// sequence's states and deltas do not depend on the sequences beside it, and then rows of the
// gradient. Losses of shards are added in order.
public abstract unsafe partial class SweptNetwork<T>
{
    private const int MostThreads = 256;
    private int threads = 1;
    private SweepTeam? team;
    private TeamShards? whole;
    private TeamSweep? windows;
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

    private ThreadPlan PlanOf(Batch<T> batch) => threads == 1
        ? ThreadPlan.Single
        : ThreadPlan.For(
            threads, batch.Size, batch.Steps, Spec.InputSize + 1 + Spec.HiddenSize,
            Cell.Columns, Cell.Stride, SplitsSmall, Cell.SplitsRows,
            Cell.AddsByBlocks && !batch.IsOneHot);

    /// <summary>Threads of an evaluation: each takes whole shards, of any cell.</summary>
    private int ReadersOf(Batch<T> batch) => threads == 1
        ? 1
        : ThreadPlan.Readers(
            threads, batch.Size, batch.Steps, Spec.InputSize + 1 + Spec.HiddenSize,
            Cell.Columns, SplitsSmall);

    private double GradientOnThreads(Batch<T> batch, ThreadPlan plan)
    {
        if (team?.Threads != plan.Threads)
        {
            ForgetTeam();
            team = new SweepTeam(plan.Threads);
        }
        double loss = 0;
        if (plan.Whole > 0)
        {
            if (whole is null || !whole.Fits(batch, team))
            {
                whole?.Dispose();
                whole = null;
                whole = new TeamShards(this, batch, team);
            }
            loss = whole.Loss(batch, plan.Whole, plan.Helped);
        }
        if (plan.Whole < Shard.Count(batch.Size))
        {
            if (windows is null || !windows.Fits(batch, plan, team))
            {
                windows?.Dispose();
                windows = null;
                windows = new TeamSweep(this, batch, plan, team);
            }
            loss = windows.Loss(batch, plan.Whole, loss);
        }
        return loss;
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

    private void ForgetTeam()
    {
        whole?.Dispose();
        whole = null;
        windows?.Dispose();
        windows = null;
        team?.Dispose();
        team = null;
    }

    private void ForgetTeams()
    {
        ForgetTeam();
        readers?.Dispose();
        readers = null;
    }
}
