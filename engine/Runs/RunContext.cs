using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>The context of one sitting of one run. Its clock decides when to save, which must not
/// show in results.</summary>
internal sealed class RunContext(
    string id,
    RecordStore store,
    double checkpointSeconds,
    Action<double, string> report,
    Action<string> warn,
    CancellationToken cancellation) : IRunContext
{
    private const double SecondsBetweenReports = 0.1;
    private readonly HashSet<string> said = [];
    private readonly ThreadClock sitting = new();
    private double secondsBefore;
    private double lastSave;
    private double secondsOfOthers;
    private double lastUse;
    private double lastReport = double.NegativeInfinity;

    public CancellationToken Cancellation => cancellation;

    public bool Resumed { get; private set; }

    /// <summary>Whether the run has shown that it goes on from what it was given.</summary>
    public bool HasGoneOn { get; private set; }

    /// <summary>Set to make the run from its beginning whatever checkpoint there is.</summary>
    public bool IgnoresCheckpoint { get; init; }

    public long Interrupted { get; private set; }

    public DateTime StartedUtc { get; private set; } = DateTime.UtcNow;

    /// <summary>Seconds of one core, those of interrupted sittings included; asked on the run's
    /// own thread.</summary>
    public double Seconds => secondsBefore + sitting.Seconds + secondsOfOthers;

    /// <summary>How many threads the run may use now.</summary>
    public Func<int>? OfferedThreads { get; init; }

    public int Threads => OfferedThreads?.Invoke() ?? 1;

    public bool CheckpointDue =>
        cancellation.IsCancellationRequested
        || sitting.Wall - lastSave >= checkpointSeconds;

    public byte[]? LoadCheckpoint(int layout)
    {
        if (IgnoresCheckpoint || store.ReadCheckpoint(id, layout) is not { } checkpoint)
        {
            return null;
        }
        Resumed = true;
        Interrupted = checkpoint.Interruptions + 1;
        StartedUtc = checkpoint.StartedUtc;
        secondsBefore = checkpoint.Seconds;
        return checkpoint.State;
    }

    public void SaveCheckpoint(int layout, ReadOnlySpan<byte> state)
    {
        HasGoneOn = true;
        try
        {
            store.WriteCheckpoint(
                id, new CheckpointFile(layout, state.ToArray(), Seconds, Interrupted, StartedUtc));
        }
        catch (StoreException error)
        {
            // The work in memory is worth more than the checkpoint; the next try may succeed.
            string what = $"no checkpoint of run {id} could be saved: {error.Message} The run "
                + "goes on; stopped now, it would begin again at its last saved checkpoint.";
            if (said.Add(error.Message))
            {
                warn(what);
            }
        }
        lastSave = sitting.Wall;
    }

    public void HasUsed(int threads)
    {
        double now = sitting.Wall;
        secondsOfOthers += (threads - 1) * (now - lastUse);
        lastUse = now;
    }

    public void Report(double fraction, string message)
    {
        HasGoneOn = true;
        // A run may tell after each update; people and clocks need it a few times a second.
        double now = sitting.Wall;
        if (now - lastReport >= SecondsBetweenReports)
        {
            lastReport = now;
            report(fraction, message);
        }
    }
}
