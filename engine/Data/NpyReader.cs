using System.Buffers.Binary;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>The content of an NPY file.</summary>
/// <param name="Type">Type of the values.</param>
/// <param name="Shape">Sizes, the slowest dimension first; empty for a single value.</param>
/// <param name="Data">The values as they lie in the file: row-major, little-endian.</param>
public sealed record NpyArray(NpyType Type, IReadOnlyList<int> Shape, byte[] Data)
{
    /// <summary>The values rounded to single precision, row-major, [Shape].</summary>
    public float[] ToSingles()
    {
        float[] values = new float[Data.Length / new NpyHeader(Type, Shape).ValueBytes];
        Convert(Type, Data, values);
        return values;
    }

    internal static void Convert(NpyType type, ReadOnlySpan<byte> data, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                NpyType.UInt8 => data[i],
                NpyType.Single => BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]),
                NpyType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * i)..]),
                NpyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data[(4 * i)..]),
                NpyType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data[(8 * i)..]),
                _ => throw Unknown.Member(type),
            };
        }
    }
}

/// <summary>
/// Reads NPY files, gzip or plain: versions 1.0 to 3.0, C order, little-endian, of the types of
/// <see cref="NpyType"/>.
/// Source: NumPy, NEP 1, "A simple file format for NumPy arrays".
/// </summary>
public static class NpyReader
{
    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; gzip is recognised by its first two bytes.</param>
    /// <param name="expected">The shape it must have, a negative size standing for any; null or
    /// empty accepts all.</param>
    /// <exception cref="DataException">The file is absent (Missing), ends early (Truncated),
    /// breaks the format or the expected shape, or has something that is not read: Fortran
    /// order, big-endian values, objects (Malformed). The message names the file and the offset
    /// in its uncompressed bytes.</exception>
    public static NpyArray Read(string path, params IReadOnlyList<int>? expected)
    {
        using NpyStream stream = new(path, expected);
        NpyHeader header = stream.Header;
        long length = header.Count * header.ValueBytes;
        if (length > Array.MaxLength)
        {
            throw new DataException(
                DataErrorKind.Malformed, path,
                $"The array of {header.ShapeText} values has {length} bytes, more than the "
                + $"{Array.MaxLength} that are read.", "Split it into several files.");
        }

        byte[] data = new byte[length];
        stream.Read(data);
        stream.ExpectEnd();
        return new NpyArray(header.Type, header.Shape, data);
    }
}
