using System.Diagnostics;

namespace Repro.Engine.Runs;

/// <summary>Keeps count of a pool's work and tells it, one call at a time.</summary>
internal sealed class PoolBoard
{
    private const double SecondsBetweenReports = 0.25;
    private readonly PoolOptions options;
    private readonly int total;
    private readonly WorkForecast forecast;
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Dictionary<string, Entry> active = [];
    private Action<PoolProgress>? listener;
    private int done;
    private double lastReport = double.NegativeInfinity;

    public PoolBoard(PoolOptions options, IEnumerable<(string Id, IRunnable Run)> runs)
    {
        this.options = options;
        listener = options.Progress;
        (string Id, IRunnable Run)[] all = [.. runs];
        total = all.Length;
        forecast = new WorkForecast(all, options.Rates, options.Workers);
    }

    public void Say(string message)
    {
        lock (gate)
        {
            options.Message?.Invoke(message);
        }
    }

    public void Start(string id, string label)
    {
        lock (gate)
        {
            active[id] = new Entry(label);
            forecast.Start(id, clock.Elapsed.TotalSeconds);
            Tell(null);
        }
    }

    public void Advance(string id, double fraction, string message)
    {
        lock (gate)
        {
            Entry entry = active[id];
            entry.Fraction = Math.Clamp(fraction, 0, 1);
            entry.Message = message;
            double now = clock.Elapsed.TotalSeconds;
            forecast.Advance(id, fraction, now);
            if (now - lastReport >= SecondsBetweenReports)
            {
                Tell(null);
            }
        }
    }

    /// <param name="id">Need not have been started: a stored run only ends.</param>
    /// <param name="label">For people.</param>
    /// <param name="source">An interrupted run is not done.</param>
    public void End(string id, string label, PoolSource source)
    {
        lock (gate)
        {
            active.Remove(id);
            if (source == PoolSource.Interrupted)
            {
                forecast.Stop(id);
            }
            else
            {
                done++;
                forecast.End(id, clock.Elapsed.TotalSeconds);
            }
            Tell((label, source));
        }
    }

    /// <summary>Tells of a run that has its record.</summary>
    public void Ended(PoolOutcome outcome)
    {
        lock (gate)
        {
            options.Ended?.Invoke(outcome);
        }
    }

    private void Tell((string, PoolSource)? ended)
    {
        if (listener is null)
        {
            return;
        }
        double seconds = clock.Elapsed.TotalSeconds;
        lastReport = seconds;
        ActiveRun[] active = [.. this.active.Values
            .OrderBy(entry => entry.Label, StringComparer.Ordinal)
            .Select(entry => new ActiveRun(entry.Label, entry.Fraction, entry.Message))];
        try
        {
            listener(new PoolProgress(
                done, total, forecast.Fraction, forecast.SecondsLeft(seconds), active, ended));
        }
        catch (Exception error)
        {
            // A display that fails must not take the runs with it.
            listener = null;
            options.Message?.Invoke($"progress is no longer shown: {error.Message}");
        }
    }

    private sealed class Entry(string label)
    {
        public string Label => label;

        public double Fraction { get; set; }

        public string Message { get; set; } = "";
    }
}
