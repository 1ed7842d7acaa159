using System.Text;

namespace Repro.Engine.Data;

/// <summary>Reads small text tables line by line, with errors that name the line.</summary>
internal sealed class TextLines
{
    private const int MaxBytes = 1 << 26;

    private readonly string path;
    private readonly string kind;

    /// <param name="path">The file; lines end with LF or CRLF.</param>
    /// <param name="kind">What it should be, for messages: "UCF-101 class list".</param>
    /// <exception cref="DataException">Missing, Unwritable or too long.</exception>
    public TextLines(string path, string kind)
    {
        this.path = path;
        this.kind = kind;
        string text = Encoding.UTF8.GetString(FormatFile.ReadAll(path, MaxBytes));
        string[] lines = text.Split('\n');
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        All = [.. lines.Take(count).Select(line => line.EndsWith('\r') ? line[..^1] : line)];
    }

    public IReadOnlyList<string> All { get; }

    /// <summary>The error of a line.</summary>
    /// <param name="index">Its index from 0; the message counts from 1.</param>
    /// <param name="expected">What it should have been.</param>
    public DataException Malformed(int index, string expected)
    {
        string line = index < All.Count ? All[index] : "";
        string shown = line.Length > 100 ? line[..100] + "…" : line;
        return new DataException(
            DataErrorKind.Malformed, path,
            $"Not the {kind} it should be: line {index + 1} is \"{shown}\", expected {expected}.",
            "Check that it is the right file; replace it by a good copy.");
    }
}
