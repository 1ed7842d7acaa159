using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Repro.Engine.Records;

/// <summary>
/// A value among settings, with its place, so that every error can name it. What is missing, of
/// another kind or misspelt raises a <see cref="SettingsException"/> that says where and what was
/// expected.
/// </summary>
/// <param name="place">Where it stands, such as <c>settings.run.training</c>.</param>
/// <param name="node">The value; null when absent.</param>
public sealed class SettingsNode(string place, JsonNode? node)
{
    /// <summary>Whether nothing is there, or null.</summary>
    public bool IsAbsent => node is null;

    /// <summary>Whether it is a text.</summary>
    public bool IsText => node?.GetValueKind() == JsonValueKind.String;

    /// <summary>A text that is not empty.</summary>
    public string Text => Read("a text", v =>
        v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() is { Length: > 0 } s
            ? s : null);

    /// <summary>A whole number.</summary>
    public long Whole => Read<long>("a whole number", v =>
        NumberOf(v) is { } d && d == Math.Truncate(d) && Math.Abs(d) <= 1L << 53
            ? (long)d : null);

    /// <summary>A whole number that fits 32 bits.</summary>
    public int Count => Whole is >= int.MinValue and <= int.MaxValue and var n
        ? (int)n
        : throw Expected("a whole number of 32 bits");

    /// <summary>A number.</summary>
    public double Number => Read("a number", NumberOf);

    /// <summary>True or false.</summary>
    public bool Flag => Read<bool>("true or false", v => v.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    });

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<SettingsNode> Elements => node is JsonArray array
        ? [.. array.Select((e, i) => new SettingsNode($"{place}[{i}]", e))]
        : throw Expected("a list");

    /// <summary>The members of an object, in order.</summary>
    public IEnumerable<(string Name, SettingsNode Node)> Members =>
        Object.Select(m => (m.Key, new SettingsNode($"{place}.{m.Key}", m.Value)));

    /// <summary>A member; absent where there is none.</summary>
    public SettingsNode this[string name] => new($"{place}.{name}", Object[name]);

    /// <summary>An element of an array.</summary>
    public SettingsNode this[int index] => index < Elements.Count
        ? Elements[index]
        : throw Expected($"a list of {index + 1} or more");

    private JsonObject Object => node as JsonObject ?? throw Expected("an object");

    /// <summary>Whether a member is there and not null.</summary>
    public bool Has(string name) => Object[name] is not null;

    /// <summary>One of several words.</summary>
    /// <param name="cases">Each word and what it stands for.</param>
    public T Choice<T>(params (string Word, Func<T> Make)[] cases)
    {
        string word = Text;
        foreach ((string known, Func<T> make) in cases)
        {
            if (known == word)
            {
                return make();
            }
        }
        throw Expected(NearestWord.OneOf(word, [.. cases.Select(c => c.Word)]));
    }

    /// <summary>The member of an enumeration that has a word.</summary>
    /// <param name="word">The word of each.</param>
    public T Member<T>(Func<T, string> word)
        where T : struct, Enum =>
        Choice([.. Enum.GetValues<T>().Select(m => (word(m), (Func<T>)(() => m)))]);

    /// <summary>Refuses members that mean nothing here: a misspelt one would silently lose its
    /// meaning.</summary>
    /// <param name="known">Those that mean something.</param>
    /// <returns>This node.</returns>
    public SettingsNode Only(params IEnumerable<string> known)
    {
        string[] names = [.. known];
        foreach ((string name, SettingsNode _) in Members)
        {
            if (!names.Contains(name))
            {
                throw new SettingsException(
                    $"{place} has a member '{name}' that means nothing there; "
                    + $"{NearestWord.OneOf(name, names)} can stand there");
            }
        }
        return this;
    }

    /// <summary>These members with those of others in their place, objects member by member; a
    /// null takes a member away.</summary>
    /// <param name="changes">The others; absent changes nothing.</param>
    public SettingsNode With(SettingsNode changes)
    {
        JsonObject merged = (JsonObject)Object.DeepClone();
        if (!changes.IsAbsent)
        {
            Merge(merged, changes.Object);
        }
        return new SettingsNode(place, merged);
    }

    /// <summary>These members with one more, or another in its place.</summary>
    public SettingsNode With(string name, JsonNode? value)
    {
        JsonObject merged = (JsonObject)Object.DeepClone();
        merged[name] = value;
        return new SettingsNode(place, merged);
    }

    /// <summary>An error that says what is needed here.</summary>
    public SettingsException Expected(string what) => new(
        $"{place} should be {what}, but there is {(node is null ? "nothing" : Shorten())}");

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach ((string name, JsonNode? value) in from)
        {
            if (value is JsonObject inner && into[name] is JsonObject own)
            {
                Merge(own, inner);
            }
            else if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into[name] = value.DeepClone();
            }
        }
    }

    private string Shorten() =>
        node!.ToJsonString() is { Length: > 60 } long_ ? long_[..57] + "…" : node.ToJsonString();

    // By its text: a value made in the program gives only the type it was made of.
    private static double? NumberOf(JsonValue value) =>
        value.GetValueKind() == JsonValueKind.Number
            ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
            : null;

    private T Read<T>(string what, Func<JsonValue, T?> read)
        where T : struct =>
        node is JsonValue value && read(value) is { } result ? result : throw Expected(what);

    private string Read(string what, Func<JsonValue, string?> read) =>
        node is JsonValue value && read(value) is { } result ? result : throw Expected(what);
}
