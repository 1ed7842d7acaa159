using System.Text;

namespace Repro.Engine.Judging;

/// <summary>Comma-separated text with quoting. Source: RFC 4180, read with any line end and
/// written with line feeds.</summary>
internal static class Csv
{
    /// <summary>The rows after the header, each with the number of its first line.</summary>
    /// <exception cref="FormatException">The header differs, a quote stays open or stands inside
    /// a bare field, or a row has another number of fields.</exception>
    public static IReadOnlyList<(int Line, string[] Fields)> Read(
        string text, string source, IReadOnlyList<string> header)
    {
        List<(int Line, string[] Fields)> rows = Parse(text.TrimStart('\uFEFF'), source);
        if (rows.Count == 0 || !rows[0].Fields.SequenceEqual(header))
        {
            string found = rows.Count == 0 ? "nothing" : string.Join(',', rows[0].Fields);
            throw new FormatException(
                $"'{source}' must begin with the header {string.Join(',', header)}, "
                + $"but begins with {found}");
        }
        foreach ((int line, string[] fields) in rows)
        {
            if (fields.Length != header.Count)
            {
                throw new FormatException(
                    $"'{source}' line {line} has {fields.Length} fields instead of "
                    + $"{header.Count}; quote a field that holds a comma");
            }
        }
        return rows[1..];
    }

    /// <summary>One line without its end.</summary>
    public static string Line(params IEnumerable<string> fields) =>
        string.Join(',', fields.Select(Quoted));

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    private static List<(int, string[])> Parse(string text, string source)
    {
        List<(int, string[])> rows = [];
        List<string> fields = [];
        StringBuilder field = new();
        int line = 1;
        int start = 1;
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i++];
            if (c == '"' && field.Length == 0)
            {
                i = ReadQuoted(text, i, field, source, start, ref line);
                if (i < text.Length && text[i] is not (',' or '\r' or '\n'))
                {
                    throw new FormatException(
                        $"'{source}' line {line} has text after a closing quote");
                }
            }
            else if (c == '"')
            {
                throw new FormatException(
                    $"'{source}' line {line} has a quote inside a field that is not quoted; "
                    + "quote the field and double the quote");
            }
            else if (c == ',')
            {
                fields.Add(Taken(field));
            }
            else if (c is '\r' or '\n')
            {
                i += c == '\r' && i < text.Length && text[i] == '\n' ? 1 : 0;
                EndRow();
                start = ++line;
            }
            else
            {
                field.Append(c);
            }
        }
        EndRow();
        return rows;

        void EndRow()
        {
            if (fields.Count > 0 || field.Length > 0)
            {
                fields.Add(Taken(field));
                rows.Add((start, [.. fields]));
                fields.Clear();
            }
        }
    }

    private static int ReadQuoted(
        string text, int from, StringBuilder field, string source, int start, ref int line)
    {
        for (int i = from; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                line += text[i] == '\n' ? 1 : 0;
                field.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else
            {
                return i + 1;
            }
        }
        throw new FormatException(
            $"'{source}' has a quote opened in the row of line {start} that is never closed");
    }

    private static string Taken(StringBuilder field)
    {
        string text = field.ToString();
        field.Clear();
        return text;
    }
}
