using System.Globalization;
using System.Text;
using Repro.Engine.Records;
using Repro.Engine.Statistics;

namespace Repro.Engine.Judging;

/// <summary>One row of an item's <c>values.csv</c>.</summary>
/// <param name="Item">As in the targets.</param>
/// <param name="Series">As in the targets.</param>
/// <param name="X">As in the targets.</param>
/// <param name="Metric">As in the targets.</param>
/// <param name="Unit">As in the targets.</param>
/// <param name="Paper">The published value as spelt in the targets; empty when ours was made at
/// another length or budget, or the paper prints none.</param>
/// <param name="Computed">What the paper's equations give where it prints no number, as spelt in
/// the targets; empty otherwise.</param>
/// <param name="Ours">Our value; null when not run or not finite.</param>
/// <param name="Low">Lower end of our interval; null without one.</param>
/// <param name="High">Upper end of our interval; null without one.</param>
/// <param name="IntervalKind">What <paramref name="Low"/> and <paramref name="High"/> are the ends
/// of; empty without an interval.</param>
/// <param name="JudgedLow">Lower end of what the published value, give or take its tolerance, had
/// to meet; null where nothing was compared or it cannot be decided.</param>
/// <param name="JudgedHigh">Upper end of the same.</param>
/// <param name="N">Runs behind ours.</param>
/// <param name="Profile">Scale of ours.</param>
/// <param name="Verdict">Null where there is no published value to judge.</param>
public sealed record ValueRow(
    string Item,
    string Series,
    string X,
    string Metric,
    string Unit,
    string Paper,
    string Computed,
    double? Ours,
    double? Low,
    double? High,
    string IntervalKind,
    double? JudgedLow,
    double? JudgedHigh,
    int N,
    Profile Profile,
    Verdict? Verdict)
{
    /// <summary>Why the verdict is what it is, for people; not in the file, and empty where there
    /// is nothing to say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What ours is compared with: the published value, or the computed one where the
    /// paper prints none; empty without either.</summary>
    public string Reference => Paper.Length > 0 ? Paper : Computed;

    /// <summary>The row of a published value and its judgement. Its interval and its bounds end
    /// where the measure does: no accuracy is above 100 percent.</summary>
    public static ValueRow Of(Target target, Judgement judgement, Profile profile)
    {
        Interval? shown = judgement.Interval?.Within(target.Unit, target.Metric);
        Interval? judged = judgement.Judged?.Within(target.Unit, target.Metric);
        return NotRun(target, profile) with
        {
            Ours = judgement.Ours,
            Low = shown?.Low,
            High = shown?.High,
            IntervalKind = shown is null ? "" : judgement.IntervalKind,
            JudgedLow = judged?.Low,
            JudgedHigh = judged?.High,
            N = judgement.N,
            Verdict = judgement.Verdict,
            Reason = judgement.Reason,
        };
    }

    /// <summary>The row of a published value that was not run at its own scale.</summary>
    public static ValueRow NotRun(Target target, Profile profile) => new(
        target.Item, target.Series, target.X, target.Metric, target.Unit,
        target.IsComputed ? "" : target.Printed, target.IsComputed ? target.Printed : "",
        null, null, null, "", null, null, 0, profile, Judging.Verdict.NotRun);

    /// <summary>The row of a number of ours without a published one.</summary>
    /// <param name="item">As in the targets.</param>
    /// <param name="series">As in the targets.</param>
    /// <param name="x">As in the targets.</param>
    /// <param name="metric">As in the targets, or in words.</param>
    /// <param name="unit">As in the targets.</param>
    /// <param name="ours">Our value; null when not finite.</param>
    /// <param name="interval">Around it, its ends cut where the measure's end; null without one.
    /// </param>
    /// <param name="intervalKind">What its ends are.</param>
    /// <param name="n">Runs behind it.</param>
    /// <param name="profile">Scale of it.</param>
    public static ValueRow OfOurs(
        string item, string series, string x, string metric, string unit, double? ours,
        Interval? interval, string intervalKind, int n, Profile profile)
    {
        Interval? shown = interval?.Within(unit, metric);
        return new(item, series, x, metric, unit, "", "", ours, shown?.Low, shown?.High,
            shown is null ? "" : intervalKind, null, null, n, profile, null);
    }

    /// <summary>The row with another verdict, given whatever the comparison said; the bounds of
    /// the comparison go.</summary>
    /// <param name="verdict">The other verdict.</param>
    /// <param name="reason">Why, for people; empty for one that says it all.</param>
    public ValueRow Given(Verdict verdict, string reason = "") =>
        this with { Verdict = verdict, JudgedLow = null, JudgedHigh = null, Reason = reason };

    internal string[] Fields()
    {
        const int OursDigits = 10;
        const int EndDigits = 6;
        return
        [
            Item, Series, X, Metric, Unit, Paper, Computed, CsvNumber.Text(Ours, OursDigits),
            CsvNumber.Text(Low, EndDigits), CsvNumber.Text(High, EndDigits), IntervalKind,
            CsvNumber.Text(JudgedLow, EndDigits), CsvNumber.Text(JudgedHigh, EndDigits),
            N.ToString(CultureInfo.InvariantCulture), Profile.Name(), Verdict?.Text() ?? "",
        ];
    }
}

/// <summary>
/// The numbers of an item as a table: our value with ten significant digits, its interval and the
/// bounds that judged it with six, an unbounded end empty.
/// </summary>
public static class ValuesCsv
{
    private static readonly string[] Header =
        ["item", "series", "x", "metric", "unit", "paper", "computed", "ours", "low", "high",
            "interval", "judged_low", "judged_high", "n", "profile", "verdict"];

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <exception cref="ArgumentException">Two rows have the same item, series, x, metric,
    /// profile and presence of a published value, or an interval does not say what it is.
    /// </exception>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<ValueRow> rows)
    {
        StringBuilder text = new();
        text.Append(Csv.Line(Header)).Append('\n');
        HashSet<(string, string, string, string, bool, Profile)> keys = [];
        foreach (ValueRow row in rows)
        {
            if (!keys.Add((row.Item, row.Series, row.X, row.Metric, row.Reference.Length > 0,
                row.Profile)))
            {
                throw new ArgumentException(
                    $"'{path}' would have two rows for {row.Item}, {row.Series}, {row.X}, "
                    + $"{row.Metric} in the profile {row.Profile.Name()}");
            }
            if ((row.Low ?? row.High) is { } && row.IntervalKind.Length == 0)
            {
                throw new ArgumentException(
                    $"'{path}' has an interval for {row.Series}, {row.X}, {row.Metric} that does "
                    + "not say what it is; give its kind, such as 'mean (95 %)'");
            }
            text.Append(Csv.Line(row.Fields())).Append('\n');
        }
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The judged rows, with a row <c>not run</c> for each target that has none: targets
    /// first in their order, then rows without a published value in theirs.</summary>
    /// <param name="targets">Of the item.</param>
    /// <param name="rows">Judged and unjudged rows of the item.</param>
    /// <param name="profile">Of the rows that were not run.</param>
    /// <exception cref="ArgumentException">A row has a published value that is no target.
    /// </exception>
    public static IReadOnlyList<ValueRow> Complete(
        IEnumerable<Target> targets, IReadOnlyList<ValueRow> rows, Profile profile)
    {
        static (string, string, string, string) Key(ValueRow row) =>
            (row.Item, row.Series, row.X, row.Metric);
        ILookup<(string, string, string, string), ValueRow> judged =
            rows.Where(row => row.Reference.Length > 0).ToLookup(Key);
        List<ValueRow> all = [];
        HashSet<(string, string, string, string)> known = [];
        foreach (Target target in targets)
        {
            ValueRow missing = ValueRow.NotRun(target, profile);
            known.Add(Key(missing));
            all.AddRange(judged[Key(missing)].DefaultIfEmpty(missing));
        }
        if (judged.FirstOrDefault(group => !known.Contains(group.Key)) is { } stray)
        {
            throw new ArgumentException(
                $"a row has the published value {stray.First().Reference} for {stray.Key}, which "
                + "is no target; spell its item, series, x and metric as in the targets");
        }
        return [.. all, .. rows.Where(row => row.Reference.Length == 0)];
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">It is not such a table; the message names the line.
    /// </exception>
    public static IReadOnlyList<ValueRow> Read(string path) =>
        [.. Csv.Read(File.ReadAllText(path), path, Header)
            .Select(row => Row(row.Fields, $"'{path}' line {row.Line}"))];

    private static ValueRow Row(string[] f, string place)
    {
        _ = CsvNumber.ParseOptional(f[5], place);
        _ = CsvNumber.ParseOptional(f[6], place);
        if (!int.TryParse(f[13], NumberStyles.None, CultureInfo.InvariantCulture, out int n))
        {
            throw new FormatException($"{place} has '{f[13]}' where a number of runs is expected");
        }
        try
        {
            return new ValueRow(
                f[0], f[1], f[2], f[3], f[4], f[5], f[6], CsvNumber.ParseOptional(f[7], place),
                CsvNumber.ParseOptional(f[8], place), CsvNumber.ParseOptional(f[9], place), f[10],
                CsvNumber.ParseOptional(f[11], place), CsvNumber.ParseOptional(f[12], place), n,
                Profiles.Parse(f[14]), f[15].Length == 0 ? null : Verdicts.Parse(f[15]));
        }
        catch (FormatException error)
            when (!error.Message.StartsWith(place, StringComparison.Ordinal))
        {
            throw new FormatException($"{place}: {error.Message}", error);
        }
    }
}
