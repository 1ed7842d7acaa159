using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Repro.Engine.Tests.Data;

/// <summary>Writes the parts of MATLAB v5 files byte by byte.</summary>
internal sealed class MatWriter(bool bigEndian = false)
{
    public byte[] File(params byte[][] elements)
    {
        byte[] header = new byte[128];
        header.AsSpan().Fill((byte)' ');
        "MATLAB 5.0 MAT-file"u8.CopyTo(header);
        header.AsSpan(116, 8).Clear();
        (byte[] version, string mark) = bigEndian
            ? (new byte[] { 1, 0 }, "MI")
            : (new byte[] { 0, 1 }, "IM");
        version.CopyTo(header, 124);
        Encoding.ASCII.GetBytes(mark).CopyTo(header, 126);
        return [.. header, .. elements.SelectMany(e => e)];
    }

    public byte[] Word(uint value)
    {
        byte[] bytes = new byte[4];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        return bytes;
    }

    /// <summary>An element with its padding.</summary>
    public byte[] Element(int type, params byte[] data) =>
        [.. Word((uint)type), .. Word((uint)data.Length), .. data,
            .. new byte[((data.Length + 7) & ~7) - data.Length]];

    /// <summary>An element of up to four bytes in eight.</summary>
    public byte[] Small(int type, params byte[] data) =>
        [.. Word((uint)(type | (data.Length << 16))), .. data, .. new byte[4 - data.Length]];

    /// <summary>Flags, dimensions and name of an array.</summary>
    public byte[] Head(int type, int[] dimensions, string name = "", uint flags = 0) =>
    [
        .. Element(6, [.. Word((uint)type | flags), .. Word(0)]),
        .. Element(5, [.. dimensions.SelectMany(d => Word((uint)d))]),
        .. name.Length is > 0 and <= 4
            ? Small(1, Encoding.ASCII.GetBytes(name))
            : Element(1, Encoding.ASCII.GetBytes(name)),
    ];

    public byte[] Matrix(params byte[][] parts) => Element(14, [.. parts.SelectMany(p => p)]);

    /// <summary>A uint8 array; the values column by column.</summary>
    public byte[] Bytes(string name, int rows, int columns, params byte[] values) => Matrix(
        Head(9, [rows, columns], name),
        values.Length is > 0 and <= 4 ? Small(2, values) : Element(2, values));

    public byte[] Cells(string name, params byte[][] cells) =>
        Matrix([Head(1, [1, cells.Length], name), .. cells]);

    public byte[] Compressed(byte[] element)
    {
        byte[] packed = Zlib(element);
        return [.. Word(15), .. Word((uint)packed.Length), .. packed];
    }

    public static byte[] Zlib(byte[] content)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Optimal))
        {
            zlib.Write(content);
        }

        return packed.ToArray();
    }
}
