using System.Diagnostics;

namespace Repro.Engine.Runs;

/// <summary>Keeps count of a pool's work and tells it, one call at a time. The time left comes
/// from the work done in this sitting only.</summary>
internal sealed class PoolBoard(PoolOptions options, int total, double totalCost)
{
    private const double SecondsBetweenReports = 0.25;
    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, Entry> _active = [];
    private Action<PoolProgress>? _listener = options.Progress;
    private int _done;
    private double _doneCost;
    private double _costMadeHere;
    private double _lastReport = double.NegativeInfinity;

    public void Say(string message)
    {
        lock (_gate)
        {
            options.Message?.Invoke(message);
        }
    }

    public void Start(string id, string label, double cost)
    {
        lock (_gate)
        {
            _active[id] = new Entry(label, cost);
            Tell(null);
        }
    }

    public void Advance(string id, double fraction, string message)
    {
        lock (_gate)
        {
            Entry entry = _active[id];
            entry.First ??= Math.Clamp(fraction, 0, 1);
            entry.Fraction = Math.Clamp(fraction, 0, 1);
            entry.Message = message;
            if (_clock.Elapsed.TotalSeconds - _lastReport >= SecondsBetweenReports)
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
        lock (_gate)
        {
            bool whole = source != PoolSource.Interrupted;
            if (_active.Remove(id, out Entry? entry))
            {
                double reached = whole ? 1 : entry.Fraction;
                _costMadeHere += cost * (reached - (entry.First ?? 0));
            }
            if (whole)
            {
                _done++;
                _doneCost += cost;
            }
            Tell((label, source));
        }
    }

    private void Tell((string, PoolSource)? ended)
    {
        if (_listener is null)
        {
            return;
        }
        double seconds = _clock.Elapsed.TotalSeconds;
        _lastReport = seconds;
        double inWork = _active.Values.Sum(entry => entry.Cost * entry.Fraction);
        double here = _costMadeHere
            + _active.Values.Sum(entry => entry.Cost * (entry.Fraction - (entry.First ?? 0)));
        double done = _doneCost + inWork;
        double fraction = totalCost > 0 ? Math.Min(1, done / totalCost) : 1;
        double? left = here > 0 ? Math.Max(0, totalCost - done) * seconds / here : null;
        ActiveRun[] active = [.. _active.Values
            .OrderBy(entry => entry.Label, StringComparer.Ordinal)
            .Select(entry => new ActiveRun(entry.Label, entry.Fraction, entry.Message))];
        try
        {
            _listener(new PoolProgress(_done, total, fraction, left, active, ended));
        }
        catch (Exception error)
        {
            // A display that fails must not take the runs with it.
            _listener = null;
            options.Message?.Invoke($"Progress is no longer shown: {error.Message}");
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
