using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Runs;

namespace Repro.Engine.Records;

/// <summary>
/// The deterministic result of a run, byte-equal wherever it is made; what depends on the machine
/// is in the <see cref="ProvenanceNote"/> beside it. A record's file is
/// <c>{"record":…,"sha256":"…"}</c> and a line feed, the hash being that of the canonical bytes
/// between the first colon and the last comma.
/// </summary>
public sealed record RunRecord
{
    /// <summary>Version of the record's own form.</summary>
    public const int Schema = 1;

    private const string Head = "{\"record\":";
    private const string Middle = ",\"sha256\":\"";
    private const string Tail = "\"}";

    private RunRecord(string id, JsonObject spec, IReadOnlyDictionary<string, int> behaviour,
        IReadOnlyDictionary<string, string> data, RunResult result)
    {
        (Id, Spec, Behaviour, Data, Result) = (id, spec, behaviour, data, result);
    }

    /// <summary>The run's id.</summary>
    public string Id { get; }

    /// <summary>The run's spec.</summary>
    public JsonObject Spec { get; }

    /// <summary>Component to behaviour version.</summary>
    public IReadOnlyDictionary<string, int> Behaviour { get; }

    /// <summary>Data file to the SHA-256 of its content.</summary>
    public IReadOnlyDictionary<string, string> Data { get; }

    /// <summary>What the run yielded.</summary>
    public RunResult Result { get; }

    /// <summary>A metric of the result by name.</summary>
    /// <exception cref="KeyNotFoundException">The record has no such metric; the message lists
    /// those it has.</exception>
    public double Metric(string name) =>
        Result.Metrics.TryGetValue(name, out double value)
            ? value
            : throw new KeyNotFoundException(
                $"record {Id} has no metric '{name}'; it has "
                + $"{string.Join(", ", Result.Metrics.Keys.Order(StringComparer.Ordinal))}");

    /// <summary>The record of <paramref name="run"/> having yielded <paramref name="result"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The outcome is none of <see cref="Outcomes"/>.
    /// </exception>
    public static RunRecord Of(IRunnable run, RunResult result)
    {
        if (!Outcomes.IsKnown(result.Outcome))
        {
            throw new ArgumentException(
                $"the run '{run.Label}' ended with the outcome '{result.Outcome}'; expected "
                + "completed, succeeded, diverged or futile");
        }
        JsonObject spec = (JsonObject)run.Spec.DeepClone();
        return new RunRecord(RunId.Of(run), spec, Copy(run.Behaviour), Copy(run.DataHashes),
            result);
    }

    /// <summary>The record as a JSON tree.</summary>
    public JsonObject ToJson() => new()
    {
        ["schema"] = Schema,
        ["id"] = Id,
        ["spec"] = Spec.DeepClone(),
        ["behaviour"] = RunId.Json(Behaviour),
        ["data"] = RunId.Json(Data),
        ["outcome"] = Result.Outcome,
        ["updates"] = Result.Updates,
        ["metrics"] = new JsonObject(Result.Metrics.Select(
            pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["curves"] = new JsonObject(Result.Curves.Select(
            pair => KeyValuePair.Create(pair.Key, (JsonNode?)CurveJson(pair.Value)))),
        ["weights"] = Result.WeightsSha256,
    };

    /// <summary>The canonical bytes, by which two records are compared.</summary>
    public byte[] CanonicalBytes() => CanonicalJson.Bytes(ToJson());

    /// <summary>The bytes of the record's file.</summary>
    public byte[] FileBytes()
    {
        byte[] canonical = CanonicalBytes();
        string hash = CanonicalJson.Sha256Hex(canonical);
        return [.. Encoding.UTF8.GetBytes(Head), .. canonical,
            .. Encoding.UTF8.GetBytes(Middle + hash + Tail + "\n")];
    }

    /// <summary>The record in a file's bytes.</summary>
    /// <exception cref="FormatException">The file is torn, truncated, altered or of another
    /// schema; the message says which.</exception>
    public static RunRecord Parse(ReadOnlySpan<byte> file)
    {
        // A checkout may have turned the last line feed into another line end.
        while (!file.IsEmpty && file[^1] is (byte)'\n' or (byte)'\r')
        {
            file = file[..^1];
        }
        byte[] head = Encoding.UTF8.GetBytes(Head);
        int tailLength = Middle.Length + 64 + Tail.Length;
        if (file.Length < head.Length + tailLength || !file.StartsWith(head))
        {
            throw new FormatException(
                $"it is {file.Length} bytes long and not a whole {Head}…{Middle}…{Tail}");
        }
        string tail = Encoding.UTF8.GetString(file[^tailLength..]);
        if (!tail.StartsWith(Middle, StringComparison.Ordinal)
            || !tail.EndsWith(Tail, StringComparison.Ordinal))
        {
            throw new FormatException("it was cut off before its checksum");
        }
        string stated = tail.Substring(Middle.Length, 64);
        ReadOnlySpan<byte> canonical = file[head.Length..^tailLength];
        string found = CanonicalJson.Sha256Hex(canonical);
        if (stated != found)
        {
            throw new FormatException($"its checksum says {stated} but its content has {found}");
        }
        return FromJson(canonical);
    }

    private static RunRecord FromJson(ReadOnlySpan<byte> canonical)
    {
        try
        {
            JsonObject json = JsonNode.Parse(canonical)!.AsObject();
            int schema = json["schema"]!.GetValue<int>();
            if (schema != Schema)
            {
                throw new FormatException(
                    $"it has schema {schema} and this engine reads schema {Schema}");
            }
            JsonObject spec = (JsonObject)json["spec"]!.DeepClone();
            Dictionary<string, int> behaviour = Read(json["behaviour"], n => n!.GetValue<int>());
            Dictionary<string, string> data = Read(json["data"], n => n!.GetValue<string>());
            RunResult result = new(
                json["outcome"]!.GetValue<string>(),
                Read(json["metrics"], CanonicalJson.ReadNumber),
                Read(json["curves"], n => new Curve(Numbers(n!["x"]!), Numbers(n["y"]!))),
                json["weights"]!.GetValue<string>(),
                json["updates"]!.GetValue<long>());
            string id = json["id"]!.GetValue<string>();
            string own = RunId.Of(spec, behaviour, data);
            return id == own
                ? new RunRecord(id, spec, behaviour, data, result)
                : throw new FormatException($"it says id {id} but its content has id {own}");
        }
        catch (Exception error) when (error is JsonException or NullReferenceException
            or InvalidOperationException or InvalidCastException or ArgumentException)
        {
            throw new FormatException($"it is not a record ({error.Message})", error);
        }
    }

    private static Dictionary<string, T> Read<T>(JsonNode? node, Func<JsonNode?, T> value) =>
        node!.AsObject().ToDictionary(pair => pair.Key, pair => value(pair.Value));

    private static Dictionary<string, T> Copy<T>(IReadOnlyDictionary<string, T> source) =>
        source.ToDictionary(pair => pair.Key, pair => pair.Value);

    private static double[] Numbers(JsonNode node) =>
        [.. node.AsArray().Select(CanonicalJson.ReadNumber)];

    private static JsonObject CurveJson(Curve curve) => new()
    {
        ["x"] = new JsonArray([.. curve.X.Select(value => (JsonNode?)value)]),
        ["y"] = new JsonArray([.. curve.Y.Select(value => (JsonNode?)value)]),
    };
}
