using System.Buffers.Binary;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>
/// A real numeric array. The file keeps it with the first subscript running fastest; the
/// conversions below give row-major order, the last subscript running fastest.
/// </summary>
public sealed class MatNumeric : MatArray
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly MatStorage _storage;
    private readonly bool _bigEndian;
    private readonly string _path;
    private readonly string _where;

    internal MatNumeric(
        string name, int[] dimensions, MatClass type, ReadOnlyMemory<byte> data,
        MatStorage storage, bool bigEndian, string path, string where)
        : base(name, dimensions)
    {
        Class = type;
        _data = data;
        _storage = storage;
        _bigEndian = bigEndian;
        _path = path;
        _where = where;
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
        ReadOnlySpan<byte> data = _data.Span;
        RowMajor order = new(Dimensions);
        for (int i = 0; i < bytes.Length; i++)
        {
            int from = order.Next();
            double value = At(data, from);
            byte narrow = value is >= 0 and <= 255 ? (byte)value : (byte)0;
            if (narrow != value)
            {
                throw new DataException(
                    DataErrorKind.Malformed, _path,
                    $"Value {from} of the {Shape} array {_where} is {value:R}, expected a whole "
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
        ReadOnlySpan<byte> data = _data.Span;
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
        ReadOnlySpan<byte> data = _data.Span;
        RowMajor order = new(Dimensions);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = At(data, order.Next());
        }

        return values;
    }

    private double At(ReadOnlySpan<byte> data, int index)
    {
        ReadOnlySpan<byte> at = data[(index * _storage.Size())..];
        return _storage switch
        {
            MatStorage.Int8 => (sbyte)at[0],
            MatStorage.UInt8 => at[0],
            MatStorage.Int16 => _bigEndian
                ? BinaryPrimitives.ReadInt16BigEndian(at)
                : BinaryPrimitives.ReadInt16LittleEndian(at),
            MatStorage.UInt16 => _bigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(at)
                : BinaryPrimitives.ReadUInt16LittleEndian(at),
            MatStorage.Int32 => _bigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(at)
                : BinaryPrimitives.ReadInt32LittleEndian(at),
            MatStorage.UInt32 => _bigEndian
                ? BinaryPrimitives.ReadUInt32BigEndian(at)
                : BinaryPrimitives.ReadUInt32LittleEndian(at),
            MatStorage.Single => _bigEndian
                ? BinaryPrimitives.ReadSingleBigEndian(at)
                : BinaryPrimitives.ReadSingleLittleEndian(at),
            MatStorage.Double => _bigEndian
                ? BinaryPrimitives.ReadDoubleBigEndian(at)
                : BinaryPrimitives.ReadDoubleLittleEndian(at),
            MatStorage.Int64 => _bigEndian
                ? BinaryPrimitives.ReadInt64BigEndian(at)
                : BinaryPrimitives.ReadInt64LittleEndian(at),
            MatStorage.UInt64 => _bigEndian
                ? BinaryPrimitives.ReadUInt64BigEndian(at)
                : BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => throw Unknown.Member(_storage),
        };
    }

    // Walks an array in row-major order and gives the places of a column-major one.
    private struct RowMajor
    {
        private readonly int[] _sizes;
        private readonly int[] _strides;
        private readonly int[] _at;
        private int _place;

        public RowMajor(IReadOnlyList<int> dimensions)
        {
            _sizes = [.. dimensions];
            _strides = new int[_sizes.Length];
            _at = new int[_sizes.Length];
            int stride = 1;
            for (int d = 0; d < _sizes.Length; d++)
            {
                _strides[d] = stride;
                stride *= _sizes[d];
            }
        }

        public int Next()
        {
            int place = _place;
            for (int d = _sizes.Length - 1; d >= 0; d--)
            {
                _place += _strides[d];
                if (++_at[d] < _sizes[d])
                {
                    break;
                }

                _place -= _sizes[d] * _strides[d];
                _at[d] = 0;
            }

            return place;
        }
    }
}
