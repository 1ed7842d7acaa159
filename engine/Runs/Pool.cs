using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>
/// Makes the runs that the stores lack, longest first, one run a thread; on request the last
/// ones share the threads that have none. A run that fails does not stop the others; results do
/// not depend on the number of workers, nor on interruptions. Two processes may work on the same
/// store: each run is made by one of them.
/// </summary>
public sealed class Pool
{
    private const int MillisecondsBetweenLockTries = 100;
    // A look at each claim asks the file server.
    private const int MillisecondsBetweenClaimTries = 5_000;
    private readonly TwoStores stores;
    private readonly PoolOptions options;
    private int atWork;

    /// <summary>A pool over <paramref name="stores"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one worker, or no time between
    /// checkpoints.</exception>
    public Pool(TwoStores stores, PoolOptions? options = null)
    {
        this.stores = stores;
        this.options = options ?? new PoolOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.MostThreads, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(this.options.CheckpointSeconds);
        if (this.options.Shared is { } shared)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(shared.Owner);
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shared.ClaimAge, TimeSpan.Zero);
        }
    }

    /// <summary>
    /// 1. Runs with equal ids become one. 2. Those in the stores are taken from there. 3. The rest
    /// is made and written to the local store. 4. Every record whose id is recorded is compared.
    /// On cancellation it waits until the runs at work have saved their checkpoints.
    /// </summary>
    /// <returns>One outcome for each of <paramref name="wanted"/>, in their order.</returns>
    /// <exception cref="StoreException">The local store cannot be written; nothing was run.
    /// </exception>
    public IReadOnlyList<PoolOutcome> Execute(
        IEnumerable<PoolItem> wanted, CancellationToken cancellation = default)
    {
        (PoolItem Item, string Id)[] all = [.. wanted.Select(w => (w, RunId.Of(w.Run)))];
        ILookup<string, PoolItem> wantedBy = all.ToLookup(entry => entry.Id, entry => entry.Item);
        List<Job> jobs = [.. all
            .DistinctBy(entry => entry.Id)
            .Select(entry => new Job(entry.Id, entry.Item.Run, wantedBy[entry.Id]))
            .OrderByDescending(job => options.Rates.Of(job.Run)?.Seconds ?? job.Cost)
            .ThenBy(job => job.Id, StringComparer.Ordinal)];
        PoolBoard board = new(options, jobs.Select(job => (job.Id, job.Run)));
        List<Job> missing = [.. jobs.Where(job => !TakeFromStores(job, board))];
        if (missing.Count > 0)
        {
            stores.Local.EnsureWritable();
            Make(missing, board, cancellation);
        }
        Dictionary<string, Job> byId = jobs.ToDictionary(job => job.Id);
        return [.. all.Select(entry => byId[entry.Id].OutcomeFor(entry.Item))];
    }

    private void Make(List<Job> missing, PoolBoard board, CancellationToken cancellation)
    {
        Queue queue = new(missing, stores.Local, options.Shared);
        ConcurrentQueue<Exception> troubles = [];
        Thread[] workers = [.. Enumerable
            .Range(0, Math.Min(options.Workers, missing.Count))
            .Select(number => new Thread(() => Guarded(queue, board, troubles, cancellation))
            {
                Name = $"run worker {number + 1}",
                IsBackground = true,
            })];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }
        foreach (Thread worker in workers)
        {
            worker.Join();
        }
        if (troubles.TryPeek(out Exception? trouble))
        {
            ExceptionDispatchInfo.Throw(trouble);
        }
    }

    // A run's own error is its outcome; what is left is a caller's callback that threw, which
    // must reach the caller and not end the process from within a thread.
    private void Guarded(Queue queue, PoolBoard board, ConcurrentQueue<Exception> troubles,
        CancellationToken cancellation)
    {
        try
        {
            Work(queue, board, cancellation);
        }
        catch (Exception error)
        {
            troubles.Enqueue(error);
        }
    }

    private void Work(Queue queue, PoolBoard board, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            (Job? job, RunHold? hold) = queue.Next();
            if (job is null && queue.Count == 0)
            {
                return;
            }
            if (job is null)
            {
                // All that is left is being made by another process, whose records then serve.
                if (options.Shared is { WaitsForOthers: false })
                {
                    return;
                }
                cancellation.WaitHandle.WaitOne(options.Shared is null
                    ? MillisecondsBetweenLockTries
                    : MillisecondsBetweenClaimTries);
                continue;
            }
            using (hold)
            {
                if (job.Error is not null)
                {
                    board.Say(job.Error);
                    board.End(job.Id, job.Run.Label, PoolSource.Failed);
                }
                else if (!TakeFromStores(job, board))
                {
                    using CancellationTokenSource either =
                        CancellationTokenSource.CreateLinkedTokenSource(
                            cancellation, hold!.Lost);
                    MakeOne(job, board, queue, either.Token);
                    if (hold.Lost.IsCancellationRequested && job.Record is null)
                    {
                        board.Say($"another machine took over the run '{job.Run.Label}' "
                            + $"({job.Id}), of which nothing was heard from here for long");
                        queue.Return(job);
                    }
                }
                if (job.Record is not null)
                {
                    hold?.RemoveFile();
                }
            }
        }
    }

    // Runs that wait are made at once by workers that have none.
    private int ThreadsOfOne(Queue queue) => Math.Clamp(
        options.Cores / Math.Clamp(
            Volatile.Read(ref atWork) + queue.Count, 1, options.Workers),
        1, options.MostThreads);

    private void MakeOne(
        Job job, PoolBoard board, Queue queue, CancellationToken cancellation)
    {
        board.Start(job.Id, job.Run.Label);
        RunContext context = NewContext(job, board, queue, cancellation);
        Interlocked.Increment(ref atWork);
        try
        {
            RunResult result;
            try
            {
                result = job.Run.Execute(context);
            }
            catch (Exception error) when (
                context.Resumed && !context.HasGoneOn && error is not OperationCanceledException)
            {
                board.Say($"the checkpoint '{stores.Local.CheckpointPath(job.Id)}' is whole and "
                    + $"cannot be used: {error.Message}. It is ignored; the run starts from its "
                    + "beginning.");
                context = NewContext(job, board, queue, cancellation, ignoresCheckpoint: true);
                result = job.Run.Execute(context);
            }
            RunRecord record = RunRecord.Of(job.Run, result);
            if (record.Id != job.Id)
            {
                throw new InvalidOperationException(
                    "its spec, behaviour or data changed while it ran; a run must not change "
                    + "what it depends on");
            }
            ProvenanceNote note = new(job.Run.Label, Math.Round(context.Seconds, 3),
                context.StartedUtc, context.Interrupted, options.Machine, options.Commit,
                options.Dirty);
            stores.Local.Write(record, note);
            stores.Local.RemoveCheckpoint(job.Id);
            End(job, record, context.Resumed ? PoolSource.Resumed : PoolSource.Trained, board);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            board.End(job.Id, job.Run.Label, PoolSource.Interrupted);
        }
        catch (Exception error)
        {
            job.Fail($"the run '{job.Run.Label}' ({job.Id}) failed: {error.Message}");
            board.Say(job.Error!);
            board.End(job.Id, job.Run.Label, PoolSource.Failed);
        }
        finally
        {
            Interlocked.Decrement(ref atWork);
        }
    }

    private RunContext NewContext(
        Job job, PoolBoard board, Queue queue, CancellationToken cancellation,
        bool ignoresCheckpoint = false) =>
        new(job.Id, stores.Local, options.CheckpointSeconds,
            (fraction, message) => board.Advance(job.Id, fraction, message), board.Say,
            cancellation)
        {
            IgnoresCheckpoint = ignoresCheckpoint,
            // A run asks at every update: without a choice it is not to wait for the queue.
            OfferedThreads = options.MostThreads > 1 ? () => ThreadsOfOne(queue) : null,
        };

    private bool TakeFromStores(Job job, PoolBoard board)
    {
        if (stores.Find(job.Id) is not { } found)
        {
            return false;
        }
        // A process killed between the two left its checkpoint beside its record.
        stores.Local.RemoveCheckpoint(job.Id);
        End(job, found.Record, found.IsRecorded ? PoolSource.Recorded : PoolSource.Stored, board);
        return true;
    }

    private void End(Job job, RunRecord record, PoolSource source, PoolBoard board)
    {
        Comparison comparison = source == PoolSource.Recorded
            ? Comparison.NotRecorded
            : stores.Compare(record);
        job.Finish(record, source, comparison);
        if (comparison == Comparison.Differs)
        {
            board.Say($"the run '{job.Run.Label}' differs from the recorded one ({job.Id})");
        }
        board.End(job.Id, job.Run.Label, source);
        foreach (PoolItem item in job.WantedBy)
        {
            board.Ended(job.OutcomeFor(item));
        }
    }

    /// <summary>The runs still to make. A run whose lock another process holds is passed over
    /// and tried again later.</summary>
    private sealed class Queue(List<Job> jobs, RecordStore store, SharedWork? shared)
    {
        private readonly Lock gate = new();
        private readonly List<Job> jobs = [.. jobs];

        /// <summary>Runs that nobody here makes.</summary>
        public int Count
        {
            get
            {
                lock (gate)
                {
                    return jobs.Count;
                }
            }
        }

        /// <summary>Puts a run back that is to be made after all, or by another.</summary>
        public void Return(Job job)
        {
            lock (gate)
            {
                jobs.Add(job);
            }
        }

        public (Job? Job, RunHold? Hold) Next()
        {
            lock (gate)
            {
                for (int i = 0; i < jobs.Count; i++)
                {
                    Job job = jobs[i];
                    RunHold? hold = null;
                    try
                    {
                        hold = store.TryLock(
                            job.Id, shared?.Owner, shared?.ClaimAge ?? default);
                    }
                    catch (StoreException error)
                    {
                        job.Fail(error.Message);
                    }
                    if (hold is not null || job.Error is not null)
                    {
                        jobs.RemoveAt(i);
                        return (job, hold);
                    }
                }
                return (null, null);
            }
        }
    }

    private sealed class Job(string id, IRunnable run, IEnumerable<PoolItem> wantedBy)
    {
        private PoolSource source = PoolSource.Interrupted;
        private Comparison comparison = Comparison.NotRecorded;

        public string Id => id;

        public IRunnable Run => run;

        public IEnumerable<PoolItem> WantedBy => wantedBy;

        public double Cost { get; } = run.EstimatedCost;

        public RunRecord? Record { get; private set; }

        public string? Error { get; private set; }

        public void Finish(RunRecord record, PoolSource source, Comparison comparison) =>
            (Record, this.source, this.comparison) = (record, source, comparison);

        public void Fail(string error) => (Error, source) = (error, PoolSource.Failed);

        public PoolOutcome OutcomeFor(PoolItem item) => new(
            item.Item, item.Run, id, Record, source,
            comparison == Comparison.NotRecorded ? null : comparison == Comparison.Matches,
            Error);
    }
}
