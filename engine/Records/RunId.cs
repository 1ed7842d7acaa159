using System.Text.Json.Nodes;
using Repro.Engine.Runs;

namespace Repro.Engine.Records;

/// <summary>The key of a run: SHA-256 of its canonical spec, behaviour versions and data hashes,
/// 64 lower-case hexadecimal digits.</summary>
public static class RunId
{
    /// <summary>The id of <paramref name="run"/>.</summary>
    public static string Of(IRunnable run) => Of(run.Spec, run.Behaviour, run.DataHashes);

    internal static string Of(
        JsonObject spec,
        IReadOnlyDictionary<string, int> behaviour,
        IReadOnlyDictionary<string, string> data) =>
        CanonicalJson.Sha256Hex(new JsonObject
        {
            ["spec"] = spec.DeepClone(),
            ["behaviour"] = Json(behaviour),
            ["data"] = Json(data),
        });

    internal static JsonObject Json(IReadOnlyDictionary<string, int> behaviour) =>
        new(behaviour.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    internal static JsonObject Json(IReadOnlyDictionary<string, string> data) =>
        new(data.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>Whether <paramref name="text"/> has the form of an id.</summary>
    internal static bool IsId(string text) =>
        text.Length == 64 && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');
}
