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
    private readonly Stopwatch _sitting = Stopwatch.StartNew();
    private double _secondsBefore;
    private double _lastSave;

    public CancellationToken Cancellation => cancellation;

    public bool Resumed { get; private set; }

    public long Interrupted { get; private set; }

    public DateTime StartedUtc { get; private set; } = DateTime.UtcNow;

    public double Seconds => _secondsBefore + _sitting.Elapsed.TotalSeconds;

    public bool CheckpointDue =>
        cancellation.IsCancellationRequested
        || _sitting.Elapsed.TotalSeconds - _lastSave >= checkpointSeconds;

    public byte[]? LoadCheckpoint(int layout)
    {
        if (store.ReadCheckpoint(id, layout) is not { } checkpoint)
        {
            return null;
        }
        Resumed = true;
        Interrupted = checkpoint.Interruptions + 1;
        StartedUtc = checkpoint.StartedUtc;
        _secondsBefore = checkpoint.Seconds;
        return checkpoint.State;
    }

    public void SaveCheckpoint(int layout, ReadOnlySpan<byte> state)
    {
        store.WriteCheckpoint(
            id, new CheckpointFile(layout, state.ToArray(), Seconds, Interrupted, StartedUtc));
        _lastSave = _sitting.Elapsed.TotalSeconds;
    }

    public void Report(double fraction, string message) => report(fraction, message);
}
