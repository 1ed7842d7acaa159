using System.Globalization;
using System.Text.Json.Nodes;
using Repro.Engine.Records;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Runs;

/// <summary>
/// How long runs took, by kind, and what that says of a run to come. A kind is told by the run's
/// spec: task, cell, hidden units, batch and optimiser of a training run. Where a kind was never
/// run, a broader one answers. Nothing here changes a result.
/// </summary>
public sealed class RunRates
{
    private readonly Dictionary<string, List<Sample>> samples = [];

    /// <summary>Whether anything is known.</summary>
    public bool IsEmpty => samples.Count == 0;

    /// <summary>Learns from a run that was made.</summary>
    /// <param name="run">The run.</param>
    /// <param name="record">Its record; it says how much of the budget was used.</param>
    /// <param name="seconds">Of one core; a run of no time at all teaches nothing.</param>
    /// <param name="isHere">Whether it was made on this machine: of one kind, those count alone
    /// where there are any.</param>
    public void Add(IRunnable run, RunRecord record, double seconds, bool isHere = true)
    {
        double share = ShareOf(record);
        double cost = run.EstimatedCost * share;
        string ends = EndsOf(run.Spec);
        if (seconds > 0 && double.IsFinite(seconds) && cost > 0)
        {
            foreach (string kind in Kinds(run.Spec))
            {
                if (!samples.TryGetValue(kind, out List<Sample>? list))
                {
                    samples[kind] = list = [];
                }
                list.Add(new Sample(seconds, cost, share, ends, isHere));
            }
        }
    }

    /// <summary>What is known of runs of this kind, or of the nearest broader kind. A broader
    /// kind tells the share of the budget only from runs that the same rules may end: a run
    /// without such a rule uses its budget up, whatever became of others.</summary>
    /// <returns>Null when nothing is known.</returns>
    public RunForecast? Of(IRunnable run)
    {
        IReadOnlyList<Sample>[] known =
        [
            .. Kinds(run.Spec)
                .Select(kind => samples.GetValueOrDefault(kind))
                .OfType<List<Sample>>(),
        ];
        if (known.Length == 0)
        {
            return null;
        }
        Sample[] own = [.. known[0].Where(s => s.IsHere)];
        string ends = EndsOf(run.Spec);
        Sample[] alike = known
            .Select(list => list.Where(s => s.Ends == ends).ToArray())
            .FirstOrDefault(list => list.Length > 0) ?? [];
        return new RunForecast(
            Kinds(run.Spec)[0],
            run.EstimatedCost * Rate(own.Length > 0 ? own : known[0]),
            [.. OfLikeBudget(alike, run.EstimatedCost).Select(s => s.Share).Order()]);
    }

    // A short budget is used up more often than a long one: where some runs of the kind have a
    // budget of like size, those speak for a run.
    private static IReadOnlyList<Sample> OfLikeBudget(IReadOnlyList<Sample> list, double cost)
    {
        const double like = 4;
        Sample[] near =
        [
            .. list.Where(s => s.Cost / s.Share >= cost / like && s.Cost / s.Share <= cost * like),
        ];
        return near.Length > 0 ? near : list;
    }

    // Seconds a unit of cost: the median over runs, each with the weight of its cost. A run that
    // shared its core with other work took many times as long and would draw a mean with it; one
    // that ended at once says more of how long it takes to begin than of the rest.
    private static double Rate(IReadOnlyList<Sample> timed)
    {
        double half = timed.Sum(s => s.Cost) / 2;
        double before = 0;
        foreach (Sample sample in timed.OrderBy(s => s.Seconds / s.Cost))
        {
            before += sample.Cost;
            if (before >= half)
            {
                return sample.Seconds / sample.Cost;
            }
        }
        throw new InvalidOperationException("A kind is known by one run at least.");
    }

    /// <summary>The narrowest kind of a run: those of one kind differ in length, budget and seed.
    /// </summary>
    public static string KindOf(IRunnable run) => Kinds(run.Spec)[0];

    /// <summary>The kinds of a run with this spec, the narrowest first.</summary>
    internal static IReadOnlyList<string> Kinds(JsonObject spec)
    {
        string kind = Word(spec, "kind");
        return kind == "training"
            ?
            [
                $"{kind} {Word(spec, "task", "name")} {Word(spec, "network", "cell")} "
                    + $"{Word(spec, "network", "hidden")} {Word(spec, "training", "batch")} "
                    + Word(spec, "training", "optimizer"),
                $"{kind} {Word(spec, "network", "cell")}",
                kind,
                "",
            ]
            : [kind, ""];
    }

    private static string Word(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            node = (node as JsonObject)?[name];
        }
        return node?.ToString() ?? "";
    }

    // The rules that may end a run before its budget is used up, by name.
    private static string EndsOf(JsonObject spec) => string.Join(
        ' ', RulesOf(spec).Where(rule => rule.MayEndRun).Select(rule => rule.Name));

    private static IReadOnlyList<TrainingRule> RulesOf(JsonObject spec) =>
        spec["training"] is JsonObject training
            ? TrainingRule.Read(new SettingsNode("training", training))
            : [];

    // A run that met its criterion, diverged or was given up used less than its budget.
    private static double ShareOf(RunRecord record) =>
        record.Spec["training"] is JsonObject training
        && training["updates"] is JsonValue budget
        && double.TryParse(
            budget.ToJsonString(), CultureInfo.InvariantCulture, out double updates)
        && record.Result.Updates > 0 && updates > 0
            ? Math.Min(1, RulesOf(record.Spec)
                .Select(rule => rule.ShareOf(record.Result.Metrics))
                .Append(record.Result.Updates / updates)
                .Max())
            : 1;

    private readonly record struct Sample(
        double Seconds, double Cost, double Share, string Ends, bool IsHere);
}

/// <summary>What is expected of a run.</summary>
/// <param name="Kind">The run's own, narrowest kind.</param>
/// <param name="WholeSeconds">For its whole budget, on one core.</param>
/// <param name="Shares">Shares of the budget that runs like it used, rising, each in (0, 1].
/// </param>
public sealed record RunForecast(string Kind, double WholeSeconds, IReadOnlyList<double> Shares)
{
    /// <summary>The time it is expected to take, on one core.</summary>
    public double Seconds => WholeSeconds * ShareAfter(0);

    /// <summary>The share of its budget that a run is expected to use in all once it has come to
    /// <paramref name="fraction"/>: the mean of those that came further, or the whole.</summary>
    public double ShareAfter(double fraction)
    {
        double[] further = [.. Shares.Where(share => share > fraction)];
        return further.Length > 0 ? further.Average() : 1;
    }
}
