using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Repro.Engine.Records;

namespace Repro.Torture.Fuzz;

/// <summary>Checksums made to fit what a mutation left, where there is still a place for them.
/// </summary>
internal static class Seals
{
    private const int RecordHead = 10;
    private const int RecordTail = 77;
    private const int CheckpointHead = 80;
    private const int HashLength = 32;

    /// <summary>The hash of a record's canonical bytes, and its own id.</summary>
    public static byte[] Record(byte[] file)
    {
        int end = file.Length;
        while (end > 0 && file[end - 1] is (byte)'\n' or (byte)'\r')
        {
            end--;
        }
        if (end < RecordHead + RecordTail)
        {
            return file;
        }
        string hash = Convert.ToHexStringLower(
            SHA256.HashData(file.AsSpan(RecordHead..(end - RecordTail))));
        byte[] made = [.. file];
        Encoding.UTF8.GetBytes(hash).CopyTo(made, end - RecordTail + 11);
        return made;
    }

    /// <summary>Length and hash of a checkpoint's state.</summary>
    public static byte[] Checkpoint(byte[] file)
    {
        if (file.Length < CheckpointHead + HashLength)
        {
            return file;
        }
        byte[] made = [.. file];
        byte[] state = made[(CheckpointHead + HashLength)..];
        BinaryPrimitives.WriteInt64LittleEndian(made.AsSpan(40), state.LongLength);
        byte[] both = [.. made[..CheckpointHead], .. state];
        SHA256.HashData(both).CopyTo(made, CheckpointHead);
        return made;
    }

    /// <summary>The hash of a model's spec and tensors.</summary>
    public static byte[] Model(byte[] file)
    {
        long length = file.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(file);
        if (length < 2 || length > file.Length - 8)
        {
            return file;
        }
        try
        {
            if (JsonNode.Parse(file.AsSpan(8, (int)length)) is not JsonObject header
                || header["__metadata__"] is not JsonObject metadata
                || metadata["spec"] is not JsonValue spec
                || !spec.TryGetValue(out string? text))
            {
                return file;
            }
            byte[] tensors = file[(8 + (int)length)..];
            metadata["sha256"] = Convert.ToHexStringLower(
                SHA256.HashData([.. Encoding.UTF8.GetBytes(text + "\n"), .. tensors]));
            byte[] made = CanonicalJson.Bytes(header);
            byte[] size = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(size, made.Length);
            return [.. size, .. made, .. tensors];
        }
        catch (Exception error) when (error is JsonException or ArgumentException
            or InvalidOperationException or FormatException)
        {
            return file;
        }
    }
}
