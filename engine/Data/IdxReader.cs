using System.Buffers.Binary;

namespace Repro.Engine.Data;

/// <summary>The content of an IDX file of unsigned bytes.</summary>
/// <param name="Dimensions">Sizes, the slowest dimension first: [60000, 28, 28].</param>
/// <param name="Data">The values, row-major; as many as the product of the dimensions.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Data);

/// <summary>
/// Reads IDX files of unsigned bytes (idx1, idx3, …), gzip or plain: two zero bytes, the type
/// code 8, the number of dimensions, each dimension as a big-endian int32, then the values.
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database", file formats.
/// </summary>
public static class IdxReader
{
    private const byte UnsignedByte = 8;

    private const string Remedy =
        "Check that it is the right file; delete it and run again to download it anew.";

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file; gzip is recognised by its first two bytes.</param>
    /// <param name="expected">The dimensions it must have, a negative one standing for any
    /// size; null accepts all.</param>
    /// <exception cref="DataException">The file is absent (Missing), ends early (Truncated) or
    /// breaks the format or the expected dimensions (Malformed); the message names the file and
    /// the offset in its uncompressed bytes.</exception>
    public static IdxArray Read(string path, params IReadOnlyList<int>? expected)
    {
        using FileStream file = FormatFile.Open(path);
        using ContentReader reader = new(file, path);

        Span<byte> magic = stackalloc byte[4];
        Fill(reader, magic, path, "the magic number");
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != UnsignedByte || magic[3] == 0)
        {
            throw Malformed(path, 0,
                $"the magic number is 0x{Convert.ToHexStringLower(magic)}, expected 0x0000080n "
                + "(unsigned bytes in n dimensions)");
        }

        if (expected is { Count: > 0 } && expected.Count != magic[3])
        {
            throw Malformed(path, 3,
                $"the array has {magic[3]} dimensions, expected {expected.Count}");
        }

        int[] dimensions = ReadDimensions(reader, magic[3], expected, path);
        byte[] data = ReadValues(reader, dimensions, path);
        return new IdxArray(dimensions, data);
    }

    private static int[] ReadDimensions(
        ContentReader reader, int count, IReadOnlyList<int>? expected, string path)
    {
        int[] dimensions = new int[count];
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < count; i++)
        {
            long offset = reader.Position;
            Fill(reader, bytes, path, $"dimension {i + 1} of {count}");
            int size = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (size <= 0)
            {
                throw Malformed(path, offset, $"dimension {i + 1} is {size}, expected > 0");
            }

            if (expected is { Count: > 0 } && expected[i] >= 0 && expected[i] != size)
            {
                throw Malformed(path, offset,
                    $"dimension {i + 1} is {size}, expected {expected[i]}");
            }

            dimensions[i] = size;
        }

        return dimensions;
    }

    private static byte[] ReadValues(ContentReader reader, int[] dimensions, string path)
    {
        string shape = string.Join("×", dimensions);
        long start = reader.Position;
        long length = 1;
        foreach (int size in dimensions)
        {
            // Leave before a product of 255 large dimensions can overflow.
            length = length > Array.MaxLength ? length : length * size;
        }

        if (length > Array.MaxLength || start + length > reader.MaxLength)
        {
            throw Truncated(path, start,
                $"the header promises {shape} values, more than the file can hold");
        }

        byte[] data = new byte[length];
        int got = reader.Read(data);
        if (got < length)
        {
            throw Truncated(path, start + got,
                $"the content ends after {got} of {shape} = {length} values");
        }

        if (reader.Read(new byte[1]) > 0)
        {
            throw Malformed(path, start + length,
                $"there are bytes left after {shape} = {length} values");
        }

        return data;
    }

    private static void Fill(ContentReader reader, Span<byte> bytes, string path, string what)
    {
        long offset = reader.Position;
        int got = reader.Read(bytes);
        if (got < bytes.Length)
        {
            throw Truncated(path, offset + got, $"the content ends inside {what}");
        }
    }

    private static DataException Malformed(string path, long offset, string what) => new(
        DataErrorKind.Malformed, path, $"Not the IDX file it should be: at offset {offset}, "
        + what + ".", Remedy);

    private static DataException Truncated(string path, long offset, string what) => new(
        DataErrorKind.Truncated, path, $"The IDX file is cut short: at offset {offset}, "
        + what + ".", Remedy);
}
