using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Data;
using Repro.Engine.Judging;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;

namespace Repro.Torture.Fuzz;

/// <summary>A reader under attack.</summary>
/// <param name="Name">Also that of its corpus.</param>
/// <param name="Read">Reads an input: a path to it for readers of files, and its bytes.</param>
/// <param name="Refusals">What the reader may throw: what its documentation says.</param>
/// <param name="Seal">Makes an input's checksum fit its content again, so that the reader looks
/// behind it; null where there is none.</param>
internal sealed record Target(
    string Name, Action<string, byte[]> Read, IReadOnlyList<Type> Refusals,
    Func<byte[], byte[]>? Seal = null)
{
    /// <summary>Whether the reader wants a file.</summary>
    public bool WantsFile { get; init; }

    public static IReadOnlyList<Target> All { get; } =
    [
        new("idx", (path, _) => IdxReader.Read(path), [typeof(DataException)])
        {
            WantsFile = true,
        },
        new("mat", (path, _) => MatReader.Read(path), [typeof(DataException)])
        {
            WantsFile = true,
        },
        new("npy", (path, _) => NpyReader.Read(path), [typeof(DataException)])
        {
            WantsFile = true,
        },
        new("record", (_, bytes) => RunRecord.Parse(bytes), [typeof(FormatException)],
            Seals.Record),
        new("note", (_, bytes) => ProvenanceNote.Parse(bytes), [typeof(FormatException)]),
        new("checkpoint", (_, bytes) => Restored(bytes),
            [typeof(FormatException), typeof(InvalidDataException)], Seals.Checkpoint),
        new("model", (_, bytes) => ModelFile.Parse<float>(bytes).Dispose(),
            [typeof(FormatException)], Seals.Model),
        new("protocol", (path, _) => Protocol.Load(path), [typeof(SettingsException)])
        {
            WantsFile = true,
        },
        new("targets", (_, bytes) => Targets.Parse(Encoding.UTF8.GetString(bytes), "input"),
            [typeof(FormatException)]),
        new("settings", (_, bytes) => Settings(bytes),
            [typeof(SettingsException), typeof(ArgumentException), typeof(DataException)]),
        new("text", (_, bytes) => PennTreebank.ToCharacters(bytes, "input"),
            [typeof(DataException)]),
    ];

    private static DataStore NoData { get; } = new(
        DataFolder.Resolve(Path.Combine(Path.GetTempPath(), "repro-torture-no-data")),
        offline: true);

    private static void Restored(byte[] bytes)
    {
        CheckpointFile file = CheckpointFile.Parse(bytes, Samples.Id, Samples.Layout);
        using Samples.Rig rig = new();
        rig.Trainer.Restore(file.State);
    }

    // As a protocol's: a text, in which a member may stand once. What is no JSON is refused
    // before the settings are looked at.
    private static void Settings(byte[] bytes)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(
                Encoding.UTF8.GetString(bytes),
                documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return;
        }
        TrainingRun.Read(
            "run", new SettingsNode("settings", node), new TaskSources(NoData), 1);
    }
}
