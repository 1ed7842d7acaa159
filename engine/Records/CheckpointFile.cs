using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Repro.Engine.Records;

/// <summary>
/// A checkpoint and the provenance that must outlive an interruption. In the file: magic (8
/// bytes), run id (32), state length (8), seconds spent (8), interruptions (8), first start in
/// UTC ticks (8), layout of the state (8), SHA-256 of all that and of the state (32), state.
/// Little-endian.
/// </summary>
/// <param name="Layout">Version of the state's layout, which its run states.</param>
/// <param name="State">What the run needs to go on.</param>
/// <param name="Seconds">Spent so far.</param>
/// <param name="Interruptions">So far.</param>
/// <param name="StartedUtc">The first start.</param>
internal sealed record CheckpointFile(
    int Layout, byte[] State, double Seconds, long Interruptions, DateTime StartedUtc)
{
    private const int HeadLength = 80;
    private const int HashLength = 32;

    private static ReadOnlySpan<byte> Magic => "RPROCKP2"u8;

    /// <summary>Writes the file in one piece.</summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static void Write(string path, string id, CheckpointFile checkpoint)
    {
        byte[] head = new byte[HeadLength];
        Magic.CopyTo(head);
        Convert.FromHexString(id).CopyTo(head, 8);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(40), checkpoint.State.LongLength);
        BinaryPrimitives.WriteDoubleLittleEndian(head.AsSpan(48), checkpoint.Seconds);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(56), checkpoint.Interruptions);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(64), checkpoint.StartedUtc.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(72), checkpoint.Layout);
        AtomicFile.Write(path, head, Hash(head, checkpoint.State), checkpoint.State);
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="FormatException">It is torn, altered, another run's or of another layout.
    /// </exception>
    public static CheckpointFile Parse(byte[] file, string id, int layout)
    {
        ReadOnlySpan<byte> bytes = file;
        if (bytes.Length < HeadLength + HashLength || !bytes.StartsWith(Magic))
        {
            throw new FormatException(
                $"it is {bytes.Length} bytes long and does not begin as a checkpoint");
        }
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        byte[] state = file[(HeadLength + HashLength)..];
        if (length != state.LongLength)
        {
            throw new FormatException($"it announces {length} bytes and holds {state.Length}");
        }
        if (!bytes.Slice(HeadLength, HashLength).SequenceEqual(Hash(bytes[..HeadLength], state)))
        {
            throw new FormatException("its checksum does not fit its content");
        }
        string owner = Convert.ToHexStringLower(bytes.Slice(8, 32));
        if (owner != id)
        {
            throw new FormatException($"it belongs to run {owner}");
        }
        long own = BinaryPrimitives.ReadInt64LittleEndian(bytes[72..]);
        if (own != layout)
        {
            throw new FormatException(
                $"its state has layout {own}, and this program reads layout {layout}");
        }
        double seconds = BinaryPrimitives.ReadDoubleLittleEndian(bytes[48..]);
        long interruptions = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]);
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[64..]);
        if (!(seconds >= 0 && double.IsFinite(seconds)) || interruptions < 0)
        {
            throw new FormatException(
                $"it says that {seconds} seconds and {interruptions} interruptions went before");
        }
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            throw new FormatException(
                $"it says that its run began at tick {ticks}, which is no date");
        }
        return new CheckpointFile(
            layout, state, seconds, interruptions, new DateTime(ticks, DateTimeKind.Utc));
    }

    private static byte[] Hash(ReadOnlySpan<byte> head, ReadOnlySpan<byte> state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(state);
        return hash.GetHashAndReset();
    }
}
