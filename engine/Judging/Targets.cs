using System.Globalization;

namespace Repro.Engine.Judging;

/// <summary>A published result to regenerate.</summary>
/// <param name="Item">Figure or table, such as <c>talathi-fig3</c>.</param>
/// <param name="Series">Line, bar or column.</param>
/// <param name="X">Abscissa or row, as spelt in the file.</param>
/// <param name="Metric">What is measured.</param>
/// <param name="Value">The published value.</param>
/// <param name="Printed">The published value as spelt in the file.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Provenance">printed, vector, digitised or computed.</param>
/// <param name="Tolerance">How exactly the value can be read, 0 or more; null when not stated.
/// </param>
public sealed record Target(
    string Item,
    string Series,
    string X,
    string Metric,
    double Value,
    string Printed,
    string Unit,
    string Provenance,
    double? Tolerance)
{
    /// <summary>Whether the value is no number of the paper's but what its equations give.
    /// </summary>
    public bool IsComputed => Provenance == "computed";
}

/// <summary>Reads files of published results.</summary>
public static class Targets
{
    private static readonly string[] Header =
        ["item", "series", "x", "metric", "value", "unit", "provenance", "tolerance"];

    private static readonly string[] Provenances = ["printed", "vector", "digitised", "computed"];

    /// <summary>The rows of a file in their order.</summary>
    /// <exception cref="FormatException">The file is not such a table; the message names the line
    /// and the value.</exception>
    public static IReadOnlyList<Target> Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>The rows of a text; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="FormatException">As for <see cref="Load"/>.</exception>
    public static IReadOnlyList<Target> Parse(string text, string source)
    {
        List<Target> targets = [];
        HashSet<(string, string, string, string)> keys = [];
        foreach ((int line, string[] f) in Csv.Read(text, source, Header))
        {
            string place = $"'{source}' line {line}";
            if (!Provenances.Contains(f[6]))
            {
                throw new FormatException($"{place} has the provenance '{f[6]}'; expected "
                    + $"{string.Join(", ", Provenances)}");
            }
            if (!keys.Add((f[0], f[1], f[2], f[3])))
            {
                throw new FormatException($"{place} repeats {Csv.Line(f[..4])}");
            }
            double? tolerance = f[7].Length == 0 ? null : CsvNumber.Parse(f[7], place);
            if (tolerance < 0)
            {
                throw new FormatException($"{place} has the tolerance {f[7]} below 0");
            }
            targets.Add(new Target(f[0], f[1], f[2], f[3], CsvNumber.Parse(f[4], place), f[4],
                f[5], f[6], tolerance));
        }
        return targets;
    }
}

/// <summary>Finite numbers in tables, independent of the culture.</summary>
internal static class CsvNumber
{
    public static double Parse(string text, string place) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value)
            ? value
            : throw new FormatException($"{place} has '{text}' where a number is expected");

    public static double? ParseOptional(string text, string place) =>
        text.Length == 0 ? null : Parse(text, place);

    /// <param name="value">Empty text when null or not finite.</param>
    /// <param name="digits">Significant ones: fewer than a double's where the last bits may
    /// differ between platforms.</param>
    public static string Text(double? value, int digits) =>
        value is { } number && double.IsFinite(number)
            ? (number == 0 ? 0 : number).ToString($"G{digits}", CultureInfo.InvariantCulture)
            : "";
}
