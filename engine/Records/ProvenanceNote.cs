using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Repro.Engine.Records;

/// <summary>What a record leaves out because it differs from machine to machine.</summary>
/// <param name="Label">The run's name for people.</param>
/// <param name="Seconds">Seconds of one core, over all its sittings: those that the run had a
/// processor, where the system counts them by thread. Notes of 2026-11-26 and before count the time
/// on the wall, which is longer where a run had to wait for other work.</param>
/// <param name="StartedUtc">When the first sitting began.</param>
/// <param name="Interrupted">How many times it was resumed from a checkpoint.</param>
/// <param name="Machine">Where the last sitting was.</param>
/// <param name="Commit">Of the sources that made it, as git names it; null where unknown.</param>
/// <param name="Dirty">Whether those sources held changes that were not committed; null where
/// unknown.</param>
public sealed record ProvenanceNote(
    string Label,
    double Seconds,
    DateTime StartedUtc,
    long Interrupted,
    MachineFacts Machine,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Commit = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    bool? Dirty = null)
{
    /// <summary>The bytes of the note's file.</summary>
    public byte[] FileBytes() =>
        [.. JsonSerializer.SerializeToUtf8Bytes(this, NoteJson.Default.ProvenanceNote), (byte)'\n'];

    /// <summary>The note in a file's bytes.</summary>
    /// <exception cref="FormatException">It is not a whole note.</exception>
    public static ProvenanceNote Parse(ReadOnlySpan<byte> file)
    {
        try
        {
            return JsonSerializer.Deserialize(file, NoteJson.Default.ProvenanceNote)
                ?? throw new FormatException("it is empty");
        }
        catch (JsonException error)
        {
            throw new FormatException($"it is not a provenance note ({error.Message})", error);
        }
    }

    /// <summary>The note as a JSON tree, for a page.</summary>
    public JsonObject ToJson() =>
        (JsonObject)JsonSerializer.SerializeToNode(this, NoteJson.Default.ProvenanceNote)!;
}

/// <summary>A note's form, written at compile time: an ahead-of-time compiled program has no
/// reflection to find it by.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ProvenanceNote))]
internal sealed partial class NoteJson : JsonSerializerContext;
