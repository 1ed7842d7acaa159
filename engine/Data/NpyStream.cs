using System.Buffers.Binary;
using System.Text;

namespace Repro.Engine.Data;

/// <summary>
/// An open NPY file: its header is read and its values come piece by piece, so that an array
/// larger than memory can be read. Versions 1.0, 2.0 and 3.0; gzip or plain.
/// </summary>
internal sealed class NpyStream : IDisposable
{
    // Far above any header; the four bytes of a version 2.0 length could promise 4 GiB.
    private const int MaxHeaderBytes = 1 << 20;

    private const string Remedy =
        "Check that it is the right file; delete it and get or make it anew.";

    private readonly FileStream file;
    private readonly ContentReader reader;
    private readonly string path;
    private readonly long start;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file; gzip is recognised by its first two bytes.</param>
    /// <param name="expected">The shape it must have, a negative size standing for any; null or
    /// empty accepts all.</param>
    /// <exception cref="DataException">Missing, Unwritable, Truncated or Malformed.</exception>
    public NpyStream(string path, IReadOnlyList<int>? expected = null)
    {
        this.path = path;
        file = FormatFile.Open(path);
        reader = new ContentReader(file, path);
        try
        {
            Header = ReadHeader();
            start = reader.Position;
            CheckShape(expected);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NpyHeader Header { get; }

    /// <summary>Fills a buffer with the next values as they lie.</summary>
    /// <exception cref="DataException">The content ends too early or is damaged.</exception>
    public void Read(Span<byte> bytes)
    {
        int got = reader.Read(bytes);
        if (got < bytes.Length)
        {
            throw Truncated(reader.Position,
                $"the content ends after {reader.Position - start} of the "
                + $"{Header.Count * Header.ValueBytes} bytes of {Header.ShapeText} values");
        }
    }

    /// <summary>Fills a buffer with the next values, rounded to single precision.</summary>
    /// <exception cref="DataException">The content ends too early or is damaged.</exception>
    public void Read(Span<float> values)
    {
        byte[] bytes = new byte[values.Length * Header.ValueBytes];
        Read(bytes);
        NpyArray.Convert(Header.Type, bytes, values);
    }

    /// <summary>Insists that nothing follows the values.</summary>
    /// <exception cref="DataException">There are bytes left.</exception>
    public void ExpectEnd()
    {
        long end = reader.Position;
        if (reader.Read(new byte[1]) > 0)
        {
            throw Malformed(end, $"there are bytes left after {Header.ShapeText} values");
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        file.Dispose();
    }

    private NpyHeader ReadHeader()
    {
        Span<byte> magic = stackalloc byte[8];
        Fill(magic, "the magic string and the version");
        if (magic[0] != 0x93 || !magic[1..6].SequenceEqual("NUMPY"u8))
        {
            throw Malformed(0, $"the magic string is 0x{Convert.ToHexStringLower(magic[..6])}, "
                + "expected 0x934e554d5059 (\"\\x93NUMPY\")");
        }

        if (magic[6] is < 1 or > 3 || magic[7] != 0)
        {
            throw Malformed(6, $"the version is {magic[6]}.{magic[7]}, expected 1.0, 2.0 or 3.0");
        }

        Span<byte> bytes = stackalloc byte[magic[6] == 1 ? 2 : 4];
        Fill(bytes, "the header's length");
        uint length = magic[6] == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length > MaxHeaderBytes)
        {
            throw Malformed(8, $"the header has {length} bytes, expected at most {MaxHeaderBytes}");
        }

        long at = reader.Position;
        byte[] text = new byte[length];
        Fill(text, $"the header of {length} bytes");
        try
        {
            return NpyHeader.Parse(Encoding.UTF8.GetString(text));
        }
        catch (FormatException e)
        {
            throw Malformed(at, e.Message);
        }
    }

    private void CheckShape(IReadOnlyList<int>? expected)
    {
        if (expected is { Count: > 0 } && (expected.Count != Header.Shape.Count
            || expected.Zip(Header.Shape).Any(p => p.First >= 0 && p.First != p.Second)))
        {
            string wanted = string.Join("×", expected.Select(
                size => size < 0 ? "any" : $"{size}"));
            throw Malformed(0, $"the array is {Header.ShapeText}, expected {wanted}");
        }

        long count = Header.Count;
        if (count > (reader.MaxLength - start) / Header.ValueBytes)
        {
            throw Truncated(start,
                $"the header promises {Header.ShapeText} values of {Header.ValueBytes} bytes, "
                + "more than the file can hold");
        }
    }

    private void Fill(Span<byte> bytes, string what)
    {
        if (reader.Read(bytes) < bytes.Length)
        {
            throw Truncated(reader.Position, $"the content ends inside {what}");
        }
    }

    private DataException Malformed(long offset, string what) => new(
        DataErrorKind.Malformed, path,
        $"Not the NPY file it should be: at offset {offset}, {what}.", Remedy);

    private DataException Truncated(long offset, string what) => new(
        DataErrorKind.Truncated, path,
        $"The NPY file is cut short: at offset {offset}, {what}.", Remedy);
}
