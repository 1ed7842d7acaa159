using System.Diagnostics;

namespace Repro.Engine.Runs;

/// <summary>Keeps count of a pool's work and tells it, one call at a time. The time left comes
/// from the work done in this sitting only.</summary>
internal sealed class PoolBoard(PoolOptions options, int total, double totalCost)
{
    private const double SecondsBetweenReports = 0.25;
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Dictionary<string, Entry> active = [];
    private Action<PoolProgress>? listener = options.Progress;
    private int done;
    private double doneCost;
    private double costMadeHere;
    private double lastReport = double.NegativeInfinity;

    public void Say(string message)
    {
        lock (gate)
        {
            options.Message?.Invoke(message);
        }
    }

    public void Start(string id, string label, double cost)
    {
        lock (gate)
        {
            active[id] = new Entry(label, cost);
            Tell(null);
        }
    }

    public void Advance(string id, double fraction, string message)
    {
        lock (gate)
        {
            Entry entry = active[id];
            entry.First ??= Math.Clamp(fraction, 0, 1);
            entry.Fraction = Math.Clamp(fraction, 0, 1);
            entry.Message = message;
            if (clock.Elapsed.TotalSeconds - lastReport >= SecondsBetweenReports)
            {
                Tell(null);
            }
        }
    }

    /// <param name="id">Need not have been started: a stored run only ends.</param>
    /// <param name="label">For people.</param>
    /// <param name="cost">Its whole cost.</param>
    /// <param name="source">An interrupted run is not done.</param>
    public void End(string id, string label, double cost, PoolSource source)
    {
        lock (gate)
        {
            bool whole = source != PoolSource.Interrupted;
            if (active.Remove(id, out Entry? entry))
            {
                double reached = whole ? 1 : entry.Fraction;
                costMadeHere += cost * (reached - (entry.First ?? 0));
            }
            if (whole)
            {
                done++;
                doneCost += cost;
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
        double inWork = this.active.Values.Sum(entry => entry.Cost * entry.Fraction);
        double here = costMadeHere
            + this.active.Values.Sum(entry => entry.Cost * (entry.Fraction - (entry.First ?? 0)));
        double done = doneCost + inWork;
        double fraction = totalCost > 0 ? Math.Min(1, done / totalCost) : 1;
        double? left = here > 0 ? Math.Max(0, totalCost - done) * seconds / here : null;
        ActiveRun[] active = [.. this.active.Values
            .OrderBy(entry => entry.Label, StringComparer.Ordinal)
            .Select(entry => new ActiveRun(entry.Label, entry.Fraction, entry.Message))];
        try
        {
            listener(new PoolProgress(this.done, total, fraction, left, active, ended));
        }
        catch (Exception error)
        {
            // A display that fails must not take the runs with it.
            listener = null;
            options.Message?.Invoke($"progress is no longer shown: {error.Message}");
        }
    }

    private sealed class Entry(string label, double cost)
    {
        public string Label => label;

        public double Cost => cost;

        public double? First { get; set; }

        public double Fraction { get; set; }

        public string Message { get; set; } = "";
    }
}
