namespace Repro.Engine.Runs;

/// <summary>
/// How much of some runs is done, and the time until the last of them ends. It starts from the
/// rates of earlier runs, corrects them for each kind by what it sees, and lays the runs that wait
/// on the workers, the longest first, as the pool does. Times are seconds of any clock that
/// starts at 0.
/// </summary>
public sealed class WorkForecast
{
    // Less than this says little about a rate.
    private const double SecondsThatTell = 2;
    private readonly int workers;
    private readonly bool hasRates;
    private readonly Dictionary<string, Part> parts = [];
    private readonly Dictionary<string, (double Actual, double Expected)> seen = [];

    /// <summary>A forecast for the runs of one pool.</summary>
    /// <param name="runs">Ids and runs, in the order in which they are begun.</param>
    /// <param name="rates">Of earlier runs.</param>
    /// <param name="workers">Runs made at once; 1 or more.</param>
    public WorkForecast(
        IEnumerable<(string Id, IRunnable Run)> runs, RunRates rates, int workers)
    {
        this.workers = workers;
        hasRates = !rates.IsEmpty;
        foreach ((string id, IRunnable run) in runs)
        {
            // Without any rate the unit is the estimated cost, and the sitting gives its seconds.
            parts[id] = new Part(rates.Of(run)
                ?? new RunForecast(RunRates.Kinds(run.Spec)[0], run.EstimatedCost, []));
        }
    }

    /// <summary>Share done of the expected work that the stores lacked, 0 to 1.</summary>
    public double Fraction
    {
        get
        {
            double total = parts.Values.Sum(p => p.Forecast.Seconds);
            double done = parts.Values.Sum(p => p.Forecast.Seconds * p.Progress);
            return total > 0 ? Math.Min(1, done / total) : 1;
        }
    }

    /// <summary>A run begins.</summary>
    public void Start(string id, double now) => parts[id].Started = now;

    /// <summary>A run tells how far it is.</summary>
    public void Advance(string id, double fraction, double now)
    {
        Part part = parts[id];
        double reached = Math.Clamp(fraction, 0, 1);
        // What a checkpoint gave took no time here, so the clock starts at the first report.
        part.First ??= (reached, now);
        part.Reach(reached, now);
    }

    /// <summary>A run needs no more work.</summary>
    public void End(string id, double now)
    {
        Part part = parts[id];
        if (part.Started is not { } started)
        {
            // The stores had it: it was no work.
            parts.Remove(id);
            return;
        }
        if (part.First is { } first && part.Fraction > first.Fraction)
        {
            Add(seen, part.Forecast.Kind, now - first.Now, part.Since(first.Fraction));
        }
        else
        {
            Add(seen, part.Forecast.Kind, now - started, part.Forecast.Seconds);
        }
        part.Finish();
    }

    /// <summary>A run was stopped and is to be resumed: it no longer counts for the time left.
    /// </summary>
    public void Stop(string id) => parts[id].Started = null;

    /// <summary>Seconds until the last run ends; null before anything is known of any rate.
    /// </summary>
    public double? SecondsLeft(double now)
    {
        Dictionary<string, (double Actual, double Expected)> all = new(seen);
        foreach (Part part in parts.Values.Where(p => p.IsActive && p.First is not null))
        {
            (double fraction, double began) = part.First!.Value;
            Add(all, part.Forecast.Kind, part.Reached - began, part.Since(fraction));
        }
        double actual = all.Values.Sum(v => v.Actual);
        double expected = all.Values.Sum(v => v.Expected);
        double? common = actual >= SecondsThatTell && expected > 0 ? actual / expected
            : hasRates ? 1
            : actual > 0 && expected > 0 ? actual / expected
            : null;
        if (parts.Values.All(p => p.IsDone))
        {
            return 0;
        }
        if (common is not { } usual)
        {
            return null;
        }
        double RateOf(string kind) =>
            all.TryGetValue(kind, out (double Actual, double Expected) own)
            && own.Actual >= SecondsThatTell && own.Expected > 0
                ? own.Actual / own.Expected
                : usual;
        PriorityQueue<double, double> free = new();
        double last = 0;
        foreach (Part part in parts.Values.Where(p => p.IsActive))
        {
            double rest = part.Forecast.WholeSeconds * RateOf(part.Forecast.Kind)
                * Math.Max(0, part.Forecast.ShareAfter(part.Fraction) - part.Fraction);
            // A run without progress reports is known only by the time since it began.
            double left = Math.Max(0, rest - (now - (part.First is null
                ? part.Started!.Value
                : part.Reached)));
            free.Enqueue(left, left);
            last = Math.Max(last, left);
        }
        while (free.Count < workers)
        {
            free.Enqueue(0, 0);
        }
        foreach (Part part in parts.Values.Where(p => p.IsWaiting))
        {
            double end = free.Dequeue() + (part.Forecast.Seconds * RateOf(part.Forecast.Kind));
            free.Enqueue(end, end);
            last = Math.Max(last, end);
        }
        return last;
    }

    private static void Add(
        Dictionary<string, (double Actual, double Expected)> all, string kind, double actual,
        double expected)
    {
        (double a, double e) = all.GetValueOrDefault(kind);
        all[kind] = (a + Math.Max(0, actual), e + Math.Max(0, expected));
    }

    private sealed class Part(RunForecast forecast)
    {
        private double progress;

        public RunForecast Forecast => forecast;

        public double? Started { get; set; }

        /// <summary>The first fraction told, and when.</summary>
        public (double Fraction, double Now)? First { get; set; }

        public double Fraction { get; private set; }

        /// <summary>When it last told how far it is.</summary>
        public double Reached { get; private set; }

        public bool IsDone { get; private set; }

        public bool IsActive => Started is not null && !IsDone;

        public bool IsWaiting => Started is null && !IsDone;

        // It never falls, though a run that uses more than its like did has more to do.
        public double Progress => IsDone ? 1 : progress;

        /// <summary>Seconds expected for what was done since a fraction.</summary>
        public double Since(double fraction) => forecast.WholeSeconds * (Fraction - fraction);

        public void Reach(double fraction, double now)
        {
            (Fraction, Reached) = (Math.Max(Fraction, fraction), now);
            progress = Math.Max(progress, Math.Min(1, Fraction / forecast.ShareAfter(Fraction)));
        }

        public void Finish() => IsDone = true;
    }
}
