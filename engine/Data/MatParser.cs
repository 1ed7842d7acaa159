using System.Buffers.Binary;
using System.Text;

namespace Repro.Engine.Data;

/// <summary>Where an element lies.</summary>
/// <param name="At">Offset of its tag.</param>
/// <param name="Storage">Its type.</param>
/// <param name="Data">Offset of its data.</param>
/// <param name="Length">Bytes of its data, without padding.</param>
/// <param name="Next">Offset behind it and its padding.</param>
internal readonly record struct MatTag(
    int At, MatStorage Storage, int Data, int Length, int Next);

/// <summary>
/// Reads the elements of a MATLAB v5 file, or of the content of one compressed element. Nothing
/// is allocated before the size it needs is known to fit into the bytes that are there.
/// </summary>
/// <param name="bytes">The bytes.</param>
/// <param name="bigEndian">Their order.</param>
/// <param name="path">Path for messages.</param>
/// <param name="packedAt">Offset in the file of the compressed element that the bytes came from,
/// or null when they are the file's.</param>
internal sealed class MatParser(byte[] bytes, bool bigEndian, string path, int? packedAt)
{
    private const int MaxDepth = 16;
    private const int MaxDimensions = 32;
    private const uint Complex = 0x0800;

    private static readonly string[] ClassNames =
    [
        "0", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8",
        "int16", "uint16", "int32", "uint32", "int64", "uint64", "function", "opaque",
    ];

    private MatNumeric? nothing;

    /// <summary>The tag of a variable, plain or compressed.</summary>
    public MatTag ReadTopLevelTag(int at)
    {
        if (bytes.Length - at < 8)
        {
            throw Truncated(bytes.Length, "the content ends inside the tag of a variable");
        }

        uint type = Word(at);
        uint length = Word(at + 4);
        if (type is not ((uint)MatStorage.Matrix or (uint)MatStorage.Compressed))
        {
            throw Malformed(at,
                $"the element's type is {type}, expected 14 (matrix) or 15 (compressed)");
        }

        int left = bytes.Length - at - 8;
        return length <= left
            ? new MatTag(at, (MatStorage)type, at + 8, (int)length, at + 8 + (int)length)
            : throw Truncated(at,
                $"an element promises {length} bytes and {left} are left");
    }

    /// <summary>The array between two offsets: flags, dimensions, name, values.</summary>
    public MatArray ReadMatrix(int at, int end, int depth = 0)
    {
        // MATLAB writes an empty cell as a matrix without content.
        if (at == end)
        {
            return nothing ??= new MatNumeric(
                "", [0, 0], MatClass.Double, default, MatStorage.Double, bigEndian, path, "");
        }

        MatTag flags = ReadTag(at, end, "the array flags");
        if (flags is not { Storage: MatStorage.UInt32, Length: 8 })
        {
            throw Malformed(at, $"the array flags have type {(int)flags.Storage} and "
                + $"{flags.Length} bytes, expected 6 (uint32) and 8");
        }

        uint word = Word(flags.Data);
        int type = (int)(word & 0xff);
        int[] dimensions = ReadDimensions(flags.Next, end, out int nameAt);
        string name = ReadName(nameAt, end, out int dataAt);
        if (type == 1)
        {
            return new MatCell(name, dimensions, ReadCells(dataAt, end, dimensions, depth));
        }

        if (type is < (int)MatClass.Double or > (int)MatClass.UInt64)
        {
            string known = type < ClassNames.Length ? ClassNames[type] : "unknown";
            throw Malformed(flags.Data, $"the array '{name}' has class {type} ({known}); read are "
                + "cell arrays and real numeric arrays");
        }

        return (word & Complex) != 0
            ? throw Malformed(flags.Data, $"the array '{name}' is complex; read are cell arrays "
                + "and real numeric arrays")
            : ReadNumeric(name, (MatClass)type, dimensions, dataAt, end);
    }

    /// <summary>The error of content that breaks the format.</summary>
    public DataException Malformed(int offset, string what) => new(
        DataErrorKind.Malformed, path,
        $"Not the MATLAB v5 file it should be: {Where(offset)}, {what}.", MatReader.Remedy);

    /// <summary>The error of a file that ends early.</summary>
    public DataException Truncated(int offset, string what) => new(
        DataErrorKind.Truncated, path,
        $"The MATLAB v5 file is cut short: {Where(offset)}, {what}.", MatReader.Remedy);

    private string Where(int offset) => packedAt is null
        ? $"at offset {offset}"
        : $"at offset {offset} of what the compressed element at offset {packedAt} holds";

    private int[] ReadDimensions(int at, int end, out int next)
    {
        MatTag tag = ReadTag(at, end, "the dimensions");
        int count = tag.Length / 4;
        if (tag.Storage != MatStorage.Int32 || tag.Length % 4 != 0
            || count is < 2 or > MaxDimensions)
        {
            throw Malformed(at, $"the dimensions have type {(int)tag.Storage} and {tag.Length} "
                + "bytes, expected 5 (int32) and 4 for each of 2 to 32");
        }

        int[] dimensions = new int[count];
        for (int i = 0; i < count; i++)
        {
            dimensions[i] = (int)Word(tag.Data + (4 * i));
            if (dimensions[i] < 0)
            {
                throw Malformed(
                    tag.Data + (4 * i), $"dimension {i + 1} is {dimensions[i]}, expected ≥ 0");
            }
        }

        next = tag.Next;
        return dimensions;
    }

    private string ReadName(int at, int end, out int next)
    {
        MatTag tag = ReadTag(at, end, "the name");
        ReadOnlySpan<byte> name = bytes.AsSpan(tag.Data, tag.Length);
        if (tag.Storage is not (MatStorage.Int8 or MatStorage.Utf8)
            || name.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            throw Malformed(at, $"the name has type {(int)tag.Storage} and the bytes "
                + $"0x{Convert.ToHexStringLower(name[..Math.Min(16, name.Length)])}, expected 1 "
                + "(int8) and ASCII letters");
        }

        next = tag.Next;
        return Encoding.ASCII.GetString(name);
    }

    private MatArray[] ReadCells(int at, int end, int[] dimensions, int depth)
    {
        // A cell takes at least its tag.
        long count = Product(dimensions);
        if (count > (end - at) / 8)
        {
            throw Malformed(at, $"a cell array of {string.Join("×", dimensions)} cannot lie in "
                + $"the {end - at} bytes left");
        }

        if (depth == MaxDepth)
        {
            throw Malformed(at, $"cell arrays lie in each other more than {MaxDepth} deep");
        }

        MatArray[] cells = new MatArray[count];
        for (int i = 0; i < cells.Length; i++)
        {
            MatTag tag = ReadTag(at, end, $"cell {i} of {count}");
            if (tag.Storage != MatStorage.Matrix)
            {
                throw Malformed(at,
                    $"cell {i} of {count} has type {(int)tag.Storage}, expected 14 (matrix)");
            }

            cells[i] = ReadMatrix(tag.Data, tag.Data + tag.Length, depth + 1);
            at = tag.Next;
        }

        return at == end ? cells : throw LeftOver(at, end);
    }

    private MatNumeric ReadNumeric(string name, MatClass type, int[] dimensions, int at, int end)
    {
        MatTag tag = ReadTag(at, end, "the values");
        int size = tag.Storage.Size();
        if (size == 0)
        {
            throw Malformed(at, $"the values have type {(int)tag.Storage}, expected numbers");
        }

        if (tag.Length % size != 0 || Product(dimensions) != tag.Length / size)
        {
            throw Malformed(at, $"the array is {string.Join("×", dimensions)} and has "
                + $"{tag.Length} bytes of values of {size} bytes each");
        }

        return tag.Next == end
            ? new MatNumeric(
                name, dimensions, type, bytes.AsMemory(tag.Data, tag.Length), tag.Storage,
                bigEndian, path, Where(tag.Data))
            : throw LeftOver(tag.Next, end);
    }

    private MatTag ReadTag(int at, int end, string what)
    {
        if (end - at < 8)
        {
            throw Malformed(at, $"{what} should begin and {end - at} bytes are left of its array");
        }

        uint word = Word(at);
        if (word >> 16 != 0)
        {
            // A small element: length and type share a word, the data follows in the next.
            uint small = word >> 16;
            return small <= 4
                ? new MatTag(at, (MatStorage)(word & 0xffff), at + 4, (int)small, at + 8)
                : throw Malformed(at, $"{what} has {small} bytes in a small element, expected 1 "
                    + "to 4");
        }

        uint length = Word(at + 4);
        long padded = ((long)length + 7) & ~7L;
        return padded <= end - at - 8
            ? new MatTag(at, (MatStorage)word, at + 8, (int)length, at + 8 + (int)padded)
            : throw Malformed(at, $"{what} promises {length} bytes and {end - at - 8} are left of "
                + "its array");
    }

    private DataException LeftOver(int at, int end) =>
        Malformed(at, $"{end - at} bytes are left over behind the array's content");

    private uint Word(int at) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    // long.MaxValue stands for a product that is larger than any file.
    private static long Product(int[] dimensions)
    {
        if (dimensions.Contains(0))
        {
            return 0;
        }

        long product = 1;
        foreach (int size in dimensions)
        {
            product *= size;
            if (product > int.MaxValue)
            {
                return long.MaxValue;
            }
        }

        return product;
    }
}
