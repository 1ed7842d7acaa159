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
/// <param name="Paper">The published value as spelt in the targets; empty when ours was made at
/// another length or budget.</param>
/// <param name="Ours">Our value; null when not run or not finite.</param>
/// <param name="Low">Lower end of our interval; null without one.</param>
/// <param name="High">Upper end of our interval; null without one.</param>
/// <param name="N">Runs behind ours.</param>
/// <param name="Profile">Scale of ours.</param>
/// <param name="Verdict">Null where there is no published value to judge.</param>
public sealed record ValueRow(
    string Item,
    string Series,
    string X,
    string Metric,
    string Paper,
    double? Ours,
    double? Low,
    double? High,
    int N,
    Profile Profile,
    Verdict? Verdict)
{
    /// <summary>The row of a published value and its judgement.</summary>
    public static ValueRow Of(Target target, Judgement judgement, Profile profile) => new(
        target.Item, target.Series, target.X, target.Metric, target.Printed, judgement.Ours,
        judgement.Interval?.Low, judgement.Interval?.High, judgement.N, profile,
        judgement.Verdict);

    /// <summary>The row of a published value that was not run at its own scale.</summary>
    public static ValueRow NotRun(Target target, Profile profile) => new(
        target.Item, target.Series, target.X, target.Metric, target.Printed, null, null, null, 0,
        profile, Judging.Verdict.NotRun);

    internal string[] Fields()
    {
        const int OursDigits = 10;
        const int EndDigits = 6;
        return
        [
            Item, Series, X, Metric, Paper, CsvNumber.Text(Ours, OursDigits),
            CsvNumber.Text(Low, EndDigits), CsvNumber.Text(High, EndDigits),
            N.ToString(CultureInfo.InvariantCulture), Profile.Name(), Verdict?.Text() ?? "",
        ];
    }
}

/// <summary>
/// The numbers of an item as a table: our value with ten significant digits, its interval with
/// six, an unbounded end empty.
/// </summary>
public static class ValuesCsv
{
    private static readonly string[] Header =
        ["item", "series", "x", "metric", "paper", "ours", "low", "high", "n", "profile",
            "verdict"];

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <exception cref="ArgumentException">Two rows have the same item, series, x, metric,
    /// profile and presence of a published value.</exception>
    /// <exception cref="StoreException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<ValueRow> rows)
    {
        StringBuilder text = new();
        text.Append(Csv.Line(Header)).Append('\n');
        HashSet<(string, string, string, string, bool, Profile)> keys = [];
        foreach (ValueRow row in rows)
        {
            if (!keys.Add((row.Item, row.Series, row.X, row.Metric, row.Paper.Length > 0,
                row.Profile)))
            {
                throw new ArgumentException(
                    $"'{path}' would have two rows for {row.Item}, {row.Series}, {row.X}, "
                    + $"{row.Metric} in the profile {row.Profile.Name()}");
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
            rows.Where(row => row.Paper.Length > 0).ToLookup(Key);
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
                $"a row has the published value {stray.First().Paper} for {stray.Key}, which is "
                + "no target; spell its item, series, x and metric as in the targets");
        }
        return [.. all, .. rows.Where(row => row.Paper.Length == 0)];
    }

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">It is not such a table; the message names the line.
    /// </exception>
    public static IReadOnlyList<ValueRow> Read(string path) =>
        [.. Csv.Read(File.ReadAllText(path), path, Header)
            .Select(row => Row(row.Fields, $"'{path}' line {row.Line}"))];

    private static ValueRow Row(string[] f, string place)
    {
        _ = CsvNumber.ParseOptional(f[4], place);
        if (!int.TryParse(f[8], NumberStyles.None, CultureInfo.InvariantCulture, out int n))
        {
            throw new FormatException($"{place} has '{f[8]}' where a number of runs is expected");
        }
        try
        {
            return new ValueRow(
                f[0], f[1], f[2], f[3], f[4], CsvNumber.ParseOptional(f[5], place),
                CsvNumber.ParseOptional(f[6], place), CsvNumber.ParseOptional(f[7], place), n,
                Profiles.Parse(f[9]), f[10].Length == 0 ? null : Verdicts.Parse(f[10]));
        }
        catch (FormatException error)
            when (!error.Message.StartsWith(place, StringComparison.Ordinal))
        {
            throw new FormatException($"{place}: {error.Message}", error);
        }
    }
}
