using System.Buffers.Binary;
using System.IO.Compression;

namespace Repro.Engine.Data;

/// <summary>
/// Reads MATLAB v5 files, which MATLAB writes with -v6 and -v7: both byte orders, compressed and
/// plain elements, real numeric and logical arrays, and cell arrays of these.
/// Source: The MathWorks, "MAT-File Format", chapter 1, "Level 5 MAT-Files".
/// </summary>
public static class MatReader
{
    /// <summary>The longest file, and the most bytes of unpacked elements, that are read:
    /// 256 MiB each.</summary>
    public const int MaxBytes = 1 << 28;

    internal const string Remedy =
        "Check that it is the right file; delete it and get it anew.";

    private const int HeaderBytes = 128;
    private const int TagBytes = 8;

    // The highest ratio deflate can reach.
    private const long DeflateLimit = 1032;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is absent (Missing), ends early (Truncated),
    /// breaks the format, or has something that is not read: a struct, an object, text, a sparse
    /// or complex array, another version of the format (Malformed). The message names the file
    /// and the offset.</exception>
    public static MatFile Read(string path)
    {
        byte[] file = FormatFile.ReadAll(path, MaxBytes);
        bool bigEndian = ReadHeader(file, path);
        MatParser parser = new(file, bigEndian, path, null);
        List<MatArray> variables = [];
        long unpacked = 0;
        int at = HeaderBytes;
        while (at < file.Length)
        {
            MatArray variable;
            MatTag tag = parser.ReadTopLevelTag(at);
            if (tag.Storage == MatStorage.Compressed)
            {
                byte[] content = Inflate(parser, file, bigEndian, tag, ref unpacked);
                MatParser inner = new(content, bigEndian, path, tag.At);
                variable = inner.ReadMatrix(TagBytes, content.Length);
            }
            else
            {
                variable = parser.ReadMatrix(tag.Data, tag.Data + tag.Length);
            }

            if (variables.Any(v => v.Name == variable.Name))
            {
                throw parser.Malformed(
                    tag.At, $"a second variable is called '{variable.Name}'");
            }

            variables.Add(variable);
            at = tag.Next;
        }

        return new MatFile(path, variables);
    }

    private static bool ReadHeader(byte[] file, string path)
    {
        MatParser parser = new(file, false, path, null);
        if (file.Length < HeaderBytes)
        {
            throw parser.Truncated(file.Length, "the content ends inside the header of 128 bytes");
        }

        bool bigEndian = (file[126], file[127]) switch
        {
            ((byte)'I', (byte)'M') => false,
            ((byte)'M', (byte)'I') => true,
            _ => throw parser.Malformed(126,
                $"the byte order mark is 0x{Convert.ToHexStringLower(file.AsSpan(126, 2))}, "
                + "expected 0x494d (\"IM\") or 0x4d49 (\"MI\")"),
        };
        int version = bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(124))
            : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(124));
        return version switch
        {
            0x0100 => bigEndian,
            0x0200 => throw parser.Malformed(124,
                "the version is 0x0200, MATLAB v7.3 (HDF5), expected 0x0100; save it with -v7"),
            _ => throw parser.Malformed(
                124, $"the version is 0x{version:x4}, expected 0x0100"),
        };
    }

    private static byte[] Inflate(
        MatParser parser, byte[] file, bool bigEndian, MatTag packed, ref long unpacked)
    {
        using MemoryStream bytes = new(file, packed.Data, packed.Length, writable: false);
        using ZLibStream zlib = new(bytes, CompressionMode.Decompress);
        byte[] tag = new byte[TagBytes];
        Fill(parser, packed, zlib, tag, 0);
        uint type = Word(tag, bigEndian);
        uint length = Word(tag.AsSpan(4), bigEndian);
        if (type != (uint)MatStorage.Matrix)
        {
            throw parser.Malformed(packed.At,
                $"the compressed element holds an element of type {type}, expected 14 (matrix)");
        }

        long total = (long)TagBytes + length;
        if (total > packed.Length * DeflateLimit || unpacked + total > MaxBytes)
        {
            throw parser.Malformed(packed.At,
                $"the compressed element of {packed.Length} bytes promises {total} bytes "
                + $"uncompressed; read are at most {packed.Length * DeflateLimit} of an element "
                + $"of this length and {MaxBytes} of a file");
        }

        unpacked += total;
        byte[] content = new byte[total];
        tag.CopyTo(content, 0);
        Fill(parser, packed, zlib, content, TagBytes);
        CheckEnd(parser, packed, zlib, content, file);
        return content;
    }

    private static void Fill(
        MatParser parser, MatTag packed, ZLibStream zlib, byte[] buffer, int from)
    {
        int got;
        try
        {
            got = zlib.ReadAtLeast(
                buffer.AsSpan(from), buffer.Length - from, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw parser.Malformed(packed.At, $"the zlib stream is damaged: {e.Message}");
        }

        if (from + got < buffer.Length)
        {
            throw parser.Malformed(packed.At,
                $"the zlib stream ends after {from + got} of {buffer.Length} uncompressed bytes");
        }
    }

    // The stream class neither insists on the checksum at the end nor says where the end was.
    private static void CheckEnd(
        MatParser parser, MatTag packed, ZLibStream zlib, byte[] content, byte[] file)
    {
        try
        {
            if (zlib.ReadByte() >= 0)
            {
                throw parser.Malformed(packed.At,
                    $"the zlib stream goes on after the {content.Length} bytes it promises");
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw parser.Malformed(packed.At, $"the zlib stream is damaged: {e.Message}");
        }

        uint sum = packed.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(
            file.AsSpan(packed.Data + packed.Length - 4));
        if (sum != Adler32(content))
        {
            throw parser.Malformed(packed.At,
                $"the element ends with the checksum 0x{sum:x8}, expected "
                + $"0x{Adler32(content):x8} of its {content.Length} uncompressed bytes");
        }
    }

    // Source: RFC 1950, section 8.2; 5,552 is the longest run whose sums fit 32 bits.
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        uint a = 1;
        uint b = 0;
        while (bytes.Length > 0)
        {
            int run = Math.Min(5552, bytes.Length);
            foreach (byte value in bytes[..run])
            {
                a += value;
                b += a;
            }

            a %= 65521;
            b %= 65521;
            bytes = bytes[run..];
        }

        return (b << 16) | a;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
