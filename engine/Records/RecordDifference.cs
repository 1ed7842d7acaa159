using System.Globalization;

namespace Repro.Engine.Records;

/// <summary>
/// Says in words where a run made anew leaves the recorded one. A record holds points of curves,
/// to six digits, and the hash of the final weights, so the first differing update can be told to
/// lie between two points and not closer.
/// </summary>
public static class RecordDifference
{
    /// <summary>Sentences about what differs, the earliest first; empty when nothing does.
    /// </summary>
    /// <param name="recorded">The recorded run.</param>
    /// <param name="made">The run of the same id made anew.</param>
    public static IReadOnlyList<string> Describe(RunRecord recorded, RunRecord made)
    {
        if (recorded.CanonicalBytes().AsSpan().SequenceEqual(made.CanonicalBytes()))
        {
            return [];
        }
        List<string> said = [];
        RunResult then = recorded.Result;
        RunResult now = made.Result;
        bool sameWeights = then.WeightsSha256 == now.WeightsSha256;
        bool hasWeights = then.WeightsSha256.Length > 0 || now.WeightsSha256.Length > 0;
        if (recorded.Id != made.Id)
        {
            said.Add($"the ids differ: {recorded.Id} is recorded, {made.Id} was made");
        }
        Difference? first = FirstOf(then, now);
        if (first is { } at)
        {
            said.Add(Between(at, then, now)
                + $": the curve '{at.Curve}' has {Text(at.Then)} in the record and "
                + $"{Text(at.Now)} here");
        }
        else if (hasWeights && !sameWeights)
        {
            said.Add("every point that both curves have is the same: the first difference lies "
                + $"after update {Text(LastCommon(then, now))}, or is smaller than the six digits "
                + "that points keep");
        }
        if (hasWeights)
        {
            said.Add(sameWeights
                ? "the final weights are the same bytes: what differs was not learnt otherwise, "
                    + "but measured otherwise or altered in the file"
                : $"the final weights differ: {Short(then.WeightsSha256)} is recorded, "
                    + $"{Short(now.WeightsSha256)} was made");
        }
        AddIf(said, then.Outcome != now.Outcome,
            $"the outcome is '{then.Outcome}' in the record and '{now.Outcome}' here");
        AddIf(said, then.Updates != now.Updates,
            $"the record has {Text(then.Updates)} updates, the run here {Text(now.Updates)}");
        foreach (string name in then.Metrics.Keys.Union(now.Metrics.Keys)
            .Order(StringComparer.Ordinal))
        {
            string a = then.Metrics.TryGetValue(name, out double x) ? Text(x) : "missing";
            string b = now.Metrics.TryGetValue(name, out double y) ? Text(y) : "missing";
            AddIf(said, a != b, $"'{name}' is {a} in the record and {b} here");
        }
        foreach (string name in then.Curves.Keys.Union(now.Curves.Keys)
            .Order(StringComparer.Ordinal))
        {
            bool isThen = then.Curves.TryGetValue(name, out Curve? a);
            bool isNow = now.Curves.TryGetValue(name, out Curve? b);
            AddIf(said, isThen != isNow,
                $"the curve '{name}' is only in {(isThen ? "the record" : "the run here")}");
            AddIf(said, isThen && isNow && a!.X.Length != b!.X.Length,
                $"the curve '{name}' has {a?.X.Length} points in the record and {b?.X.Length} "
                + "here");
        }
        if (said.Count == 0)
        {
            said.Add("the results agree and the specs are written otherwise");
        }
        return said;
    }

    private static string Between(Difference first, RunResult then, RunResult now)
    {
        if (then.Updates == 0 && now.Updates == 0)
        {
            return $"the first difference is at x = {Text(first.X)}";
        }
        double before = CommonPoints(then, now).Select(p => p.X).Where(x => x < first.X)
            .DefaultIfEmpty(double.NaN).Max();
        return double.IsNaN(before)
            ? $"the first difference is at update {Text(first.X)}, the first point there is"
            : "the first difference lies after update "
                + $"{Text(before)}, where all is the same, and not after update {Text(first.X)}";
    }

    private static Difference? FirstOf(RunResult then, RunResult now) =>
        CommonPoints(then, now).Where(p => !p.Then.Equals(p.Now)).MinBy(p => p.X);

    private static double LastCommon(RunResult then, RunResult now) =>
        CommonPoints(then, now).Select(p => p.X).DefaultIfEmpty(0).Max();

    // Runs of other lengths are thinned to other points; those at the same abscissa compare.
    private static IEnumerable<Difference> CommonPoints(RunResult then, RunResult now)
    {
        foreach (string name in then.Curves.Keys.Intersect(now.Curves.Keys)
            .Order(StringComparer.Ordinal))
        {
            Curve a = then.Curves[name];
            ILookup<double, double> b = now.Curves[name].X.Zip(now.Curves[name].Y)
                .ToLookup(p => p.First, p => p.Second);
            Dictionary<double, int> met = [];
            for (int i = 0; i < a.X.Length; i++)
            {
                int seen = met.GetValueOrDefault(a.X[i]);
                met[a.X[i]] = seen + 1;
                if (b[a.X[i]].Skip(seen).Take(1).ToArray() is [double y])
                {
                    yield return new Difference(name, a.X[i], a.Y[i], y);
                }
            }
        }
    }

    private static void AddIf(List<string> said, bool isSo, string sentence)
    {
        if (isSo)
        {
            said.Add(sentence);
        }
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static string Text(double v) => v.ToString("R", CultureInfo.InvariantCulture);

    private sealed record Difference(string Curve, double X, double Then, double Now);
}
