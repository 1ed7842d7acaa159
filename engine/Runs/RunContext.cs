using System.Diagnostics;
using Repro.Engine.Records;

namespace Repro.Engine.Runs;

/// <summary>The context of one sitting of one run. Its clock decides when to save, which must not
/// show in results.</summary>
internal sealed class RunContext(
    string id,
    RecordStore store,
    double checkpointSeconds,
    Action<double, string> report,
    CancellationToken cancellation) : IRunContext
{
    private readonly Stopwatch sitting = Stopwatch.StartNew();
    private double secondsBefore;
    private double lastSave;

    public CancellationToken Cancellation => cancellation;

    public bool Resumed { get; private set; }

    public long Interrupted { get; private set; }

    public DateTime StartedUtc { get; private set; } = DateTime.UtcNow;

    public double Seconds => secondsBefore + sitting.Elapsed.TotalSeconds;

    public bool CheckpointDue =>
        cancellation.IsCancellationRequested
        || sitting.Elapsed.TotalSeconds - lastSave >= checkpointSeconds;

    public byte[]? LoadCheckpoint(int layout)
    {
        if (store.ReadCheckpoint(id, layout) is not { } checkpoint)
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
        store.WriteCheckpoint(
            id, new CheckpointFile(layout, state.ToArray(), Seconds, Interrupted, StartedUtc));
        lastSave = sitting.Elapsed.TotalSeconds;
    }

    public void Report(double fraction, string message) => report(fraction, message);
}
