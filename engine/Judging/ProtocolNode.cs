using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Engine.Judging;

/// <summary>A place in a protocol file, so that every error can name it.</summary>
internal sealed class ProtocolNode(string file, string path, JsonNode? node)
{
    public static ProtocolNode Load(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            throw new ProtocolException(
                $"the protocol '{file}' cannot be read: {error.Message}", error);
        }
        try
        {
            JsonDocumentOptions options = new()
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
                AllowDuplicateProperties = false,
            };
            return new ProtocolNode(file, "$", JsonNode.Parse(text, null, options));
        }
        catch (JsonException error)
        {
            throw new ProtocolException(
                $"the protocol '{file}' is not JSON: {error.Message}", error);
        }
    }

    public ProtocolException Expected(string what) => new(
        $"the protocol '{file}' needs {what} at {path}, but has "
        + $"{(node is null ? "nothing" : Shorten(node.ToJsonString()))} there");

    public bool IsAbsent => node is null;

    public ProtocolNode this[string key] => new(file, $"{path}.{key}", Members()[key]);

    /// <summary>Refuses members that are not in <paramref name="known"/>: a misspelt one would
    /// silently lose its meaning.</summary>
    public ProtocolNode Only(params string[] known)
    {
        foreach ((string key, JsonNode? value) in Members())
        {
            if (!known.Contains(key))
            {
                throw new ProtocolException(
                    $"the protocol '{file}' has a member '{key}' at {path} that means nothing "
                    + $"there; known are {string.Join(", ", known)}");
            }
        }
        return this;
    }

    public string Text() =>
        node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { } text
            && text.Trim().Length > 0
            ? text
            : throw Expected("text");

    public bool Truth() => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected("true or false"),
    };

    public double Number(string what, Func<double, bool> isAllowed) =>
        node?.GetValueKind() == JsonValueKind.Number
            && node.GetValue<double>() is var number && double.IsFinite(number)
            && isAllowed(number)
            ? number
            : throw Expected(what);

    public int Count(string what, int least) =>
        (int)Number(what, n => n == Math.Truncate(n) && n >= least && n <= int.MaxValue);

    public JsonObject Members() => node as JsonObject ?? throw Expected("an object");

    public IEnumerable<(string Key, ProtocolNode Node)> Entries() =>
        Members().Select(m => (m.Key, new ProtocolNode(file, $"{path}.{m.Key}", m.Value)));

    /// <summary>The elements of an array; none when it is absent.</summary>
    public IReadOnlyList<T> Each<T>(Func<ProtocolNode, T> read) => node switch
    {
        null => [],
        JsonArray array => [.. array.Select(
            (element, i) => read(new ProtocolNode(file, $"{path}[{i}]", element)))],
        _ => throw Expected("an array"),
    };

    private static string Shorten(string json) => json.Length <= 60 ? json : json[..57] + "…";
}
