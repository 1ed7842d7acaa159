using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Repro.Engine.Records;

/// <summary>Recorded runs that were made anew at one commit.</summary>
/// <param name="Commit">Of the sources, 40 hexadecimal digits; they held no other changes.</param>
/// <param name="Date">Day, in UTC.</param>
/// <param name="Command">What made them.</param>
/// <param name="Equal">Ids of the runs whose result had every byte of the recorded one, sorted.
/// </param>
/// <param name="Different">Ids of those whose result had not, sorted.</param>
public sealed record AttestedCheck(
    string Commit, DateOnly Date, string Command, IReadOnlyList<string> Equal,
    IReadOnlyList<string> Different);

/// <summary>
/// What one machine found when it made recorded runs anew. In the file: <c>attestation</c>, with
/// <c>schema</c>, <c>machine</c> (as in a run's note) and <c>checks</c>, and <c>sha256</c>, the
/// hash of the canonical JSON of <c>attestation</c>. The file's name is the beginning of the
/// machine's hash. The hash finds damage; who distrusts what a file says makes the runs anew.
/// </summary>
/// <param name="Machine">The machine.</param>
/// <param name="Checks">In the order in which they were made.</param>
public sealed record Attestation(MachineFacts Machine, IReadOnlyList<AttestedCheck> Checks)
{
    /// <summary>Version of the file's form.</summary>
    public const int Schema = 1;

    private const string DateForm = "yyyy-MM-dd";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file's name: 16 digits of the machine's hash, and <c>.json</c>.</summary>
    public string FileName => CanonicalJson.Sha256Hex(Facts(Machine))[..16] + ".json";

    /// <summary>Ids found equal in any check, each once, sorted.</summary>
    public IReadOnlyList<string> Equal =>
        [.. Checks.SelectMany(check => check.Equal).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The attestations of a folder, in the order of their files' names.</summary>
    /// <exception cref="StoreException">One cannot be read, is damaged or is not of this schema;
    /// the message names it.</exception>
    public static IReadOnlyList<Attestation> ReadAll(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json")
                .Order(StringComparer.Ordinal)
                .Select(Read)]
            : [];

    /// <summary>Adds a check to the machine's file, which is written in one piece.</summary>
    /// <param name="folder">Where attestations lie.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="check">What it found.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="StoreException">The file there is damaged, or it cannot be written.
    /// </exception>
    public static string Append(string folder, MachineFacts machine, AttestedCheck check)
    {
        Attestation made = new(machine, []);
        string path = Path.Combine(folder, made.FileName);
        if (File.Exists(path))
        {
            made = Read(path);
        }
        AtomicFile.Write(path, (made with { Checks = [.. made.Checks, check] }).FileBytes());
        return path;
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] FileBytes()
    {
        JsonObject content = Content();
        string hash = CanonicalJson.Sha256Hex(content);
        JsonObject file = new() { ["attestation"] = content, ["sha256"] = hash };
        string text = file.ToJsonString(Indented).ReplaceLineEndings("\n");
        return Encoding.UTF8.GetBytes(text + "\n");
    }

    /// <summary>The attestation in a file's bytes.</summary>
    /// <exception cref="FormatException">It is damaged or not of this schema; the message says
    /// where.</exception>
    public static Attestation Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            JsonNode? json = JsonNode.Parse(
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file),
                documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            SettingsNode root = new("the file", json);
            root.Only("attestation", "sha256");
            SettingsNode content = root["attestation"];
            content.Only("schema", "machine", "checks");
            if (content["schema"].Whole is var schema and not Schema)
            {
                throw new FormatException($"it has schema {schema}; {Schema} is read");
            }
            Attestation read = new(
                ReadMachine(content["machine"]), [.. content["checks"].Elements.Select(ReadCheck)]);
            string stated = root["sha256"].Text;
            string found = CanonicalJson.Sha256Hex(read.Content());
            return stated == found
                ? read
                : throw new FormatException(
                    $"its checksum says {stated} but its content has {found}");
        }
        catch (Exception error) when (error is JsonException or SettingsException
            or DecoderFallbackException or InvalidOperationException)
        {
            throw new FormatException($"it is not an attestation ({error.Message})", error);
        }
    }

    private static Attestation Read(string path)
    {
        try
        {
            Attestation read = Parse(File.ReadAllBytes(path));
            return read.FileName == Path.GetFileName(path)
                ? read
                : throw new FormatException($"its machine belongs to the file {read.FileName}");
        }
        catch (Exception error) when (error is FormatException || AtomicFile.IsFileTrouble(error))
        {
            throw new StoreException(
                $"the attestation '{path}' cannot be used: {error.Message}. Restore it from the "
                + "repository's history, or remove it and attest again.", error);
        }
    }

    private JsonObject Content() => new()
    {
        ["schema"] = Schema,
        ["machine"] = Facts(Machine),
        ["checks"] = new JsonArray([.. Checks.Select(check => (JsonNode)new JsonObject
        {
            ["commit"] = check.Commit,
            ["date"] = check.Date.ToString(DateForm, CultureInfo.InvariantCulture),
            ["command"] = check.Command,
            ["equal"] = Ids(check.Equal),
            ["different"] = Ids(check.Different),
        })]),
    };

    private static JsonArray Ids(IEnumerable<string> ids) =>
        new([.. ids.Order(StringComparer.Ordinal).Select(id => (JsonNode)id)]);

    private static JsonObject Facts(MachineFacts machine) => new()
    {
        ["cpu"] = machine.Cpu,
        ["cores"] = machine.Cores,
        ["os"] = machine.Os,
        ["architecture"] = machine.Architecture,
        ["dotNet"] = machine.DotNet,
        ["instructionSet"] = machine.InstructionSet,
        ["engine"] = machine.Engine,
    };

    private static MachineFacts ReadMachine(SettingsNode node)
    {
        node.Only("cpu", "cores", "os", "architecture", "dotNet", "instructionSet", "engine");
        return new MachineFacts(
            node["cpu"].Text, node["cores"].Count, node["os"].Text, node["architecture"].Text,
            node["dotNet"].Text, node["instructionSet"].Text, node["engine"].Text);
    }

    private static AttestedCheck ReadCheck(SettingsNode node)
    {
        node.Only("commit", "date", "command", "equal", "different");
        string commit = node["commit"].Text;
        if (commit.Length != 40 || !commit.All(char.IsAsciiHexDigitLower))
        {
            throw node["commit"].Expected("a commit of 40 hexadecimal digits");
        }
        return DateOnly.TryParseExact(
            node["date"].Text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None,
            out DateOnly date)
            ? new AttestedCheck(
                commit, date, node["command"].Text, ReadIds(node["equal"]),
                ReadIds(node["different"]))
            : throw node["date"].Expected("a day such as 2026-01-31");
    }

    private static IReadOnlyList<string> ReadIds(SettingsNode node)
    {
        List<string> ids = [];
        foreach (SettingsNode element in node.Elements)
        {
            string id = element.Text;
            if (!RunId.IsId(id))
            {
                throw element.Expected("a run's id");
            }
            if (ids.Count > 0 && string.CompareOrdinal(ids[^1], id) >= 0)
            {
                throw element.Expected("an id after the one before it, each once");
            }
            ids.Add(id);
        }
        return ids;
    }
}
