using System.Buffers.Binary;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>
/// A real numeric array. The file keeps it with the first subscript running fastest; the
/// conversions below give row-major order, the last subscript running fastest.
/// </summary>
public sealed class MatNumeric : MatArray
{
    private readonly ReadOnlyMemory<byte> data;
    private readonly MatStorage storage;
    private readonly bool bigEndian;
    private readonly string path;
    private readonly string where;

    internal MatNumeric(
        string name, int[] dimensions, MatClass type, ReadOnlyMemory<byte> data,
        MatStorage storage, bool bigEndian, string path, string where)
        : base(name, dimensions)
    {
        Class = type;
        this.data = data;
        this.storage = storage;
        this.bigEndian = bigEndian;
        this.path = path;
        this.where = where;
        Count = data.Length / storage.Size();
    }

    /// <summary>What the values are to MATLAB; the file may keep them in a smaller type.
    /// </summary>
    public MatClass Class { get; }

    /// <summary>Number of values: the product of the dimensions.</summary>
    public int Count { get; }

    /// <summary>The values as bytes, row-major, [Dimensions].</summary>
    /// <exception cref="DataException">A value is no whole number from 0 to 255.</exception>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Count];
        ReadOnlySpan<byte> data = this.data.Span;
        RowMajor order = new(Dimensions);
        for (int i = 0; i < bytes.Length; i++)
        {
            int from = order.Next();
            double value = At(data, from);
            byte narrow = value is >= 0 and <= 255 ? (byte)value : (byte)0;
            if (narrow != value)
            {
                throw new DataException(
                    DataErrorKind.Malformed, path,
                    $"Value {from} of the {Shape} array {where} is {value:R}, expected a whole "
                    + "number from 0 to 255.", MatReader.Remedy);
            }

            bytes[i] = narrow;
        }

        return bytes;
    }

    /// <summary>The values rounded to single precision, row-major, [Dimensions].</summary>
    public float[] ToSingles()
    {
        float[] values = new float[Count];
        ReadOnlySpan<byte> data = this.data.Span;
        RowMajor order = new(Dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)At(data, order.Next());
        }

        return values;
    }

    /// <summary>The values, row-major, [Dimensions]; 64-bit integers are rounded to the nearest
    /// double.</summary>
    public double[] ToDoubles()
    {
        double[] values = new double[Count];
        ReadOnlySpan<byte> data = this.data.Span;
        RowMajor order = new(Dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = At(data, order.Next());
        }

        return values;
    }

    private double At(ReadOnlySpan<byte> data, int index)
    {
        ReadOnlySpan<byte> at = data[(index * storage.Size())..];
        return storage switch
        {
            MatStorage.Int8 => (sbyte)at[0],
            MatStorage.UInt8 => at[0],
            MatStorage.Int16 => bigEndian
                ? BinaryPrimitives.ReadInt16BigEndian(at)
                : BinaryPrimitives.ReadInt16LittleEndian(at),
            MatStorage.UInt16 => bigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(at)
                : BinaryPrimitives.ReadUInt16LittleEndian(at),
            MatStorage.Int32 => bigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(at)
                : BinaryPrimitives.ReadInt32LittleEndian(at),
            MatStorage.UInt32 => bigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(at)
                : BinaryPrimitives.ReadUInt32LittleEndian(at),
            MatStorage.Single => bigEndian
                ? BinaryPrimitives.ReadSingleBigEndian(at)
                : BinaryPrimitives.ReadSingleLittleEndian(at),
            MatStorage.Double => bigEndian
                ? BinaryPrimitives.ReadDoubleBigEndian(at)
                : BinaryPrimitives.ReadDoubleLittleEndian(at),
            MatStorage.Int64 => bigEndian
                ? BinaryPrimitives.ReadInt64BigEndian(at)
                : BinaryPrimitives.ReadInt64LittleEndian(at),
            MatStorage.UInt64 => bigEndian
                ? BinaryPrimitives.ReadUInt64BigEndian(at)
                : BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => throw Unknown.Member(storage),
        };
    }

    // Walks an array in row-major order and gives the places of a column-major one.
    private struct RowMajor
    {
        private readonly int[] sizes;
        private readonly int[] strides;
        private readonly int[] at;
        private int place;

        public RowMajor(IReadOnlyList<int> dimensions)
        {
            sizes = [.. dimensions];
            strides = new int[sizes.Length];
            at = new int[sizes.Length];
            int stride = 1;
            for (int d = 0; d < sizes.Length; d++)
            {
                strides[d] = stride;
                stride *= sizes[d];
            }
        }

        public int Next()
        {
            int place = this.place;
            for (int d = sizes.Length - 1; d >= 0; d--)
            {
                this.place += strides[d];
                if (++at[d] < sizes[d])
                {
                    break;
                }

                this.place -= sizes[d] * strides[d];
                at[d] = 0;
            }

            return place;
        }
    }
}
