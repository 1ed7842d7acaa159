using System.Text;

namespace Repro.Engine.Data;

/// <summary>Type of an NPY array's values; all little-endian.</summary>
public enum NpyType
{
    /// <summary>"|u1", 8 bits.</summary>
    UInt8,

    /// <summary>"&lt;f4", 32 bits.</summary>
    Single,

    /// <summary>"&lt;f8", 64 bits.</summary>
    Double,

    /// <summary>"&lt;i4", 32 bits.</summary>
    Int32,

    /// <summary>"&lt;i8", 64 bits.</summary>
    Int64,
}

/// <summary>
/// The header of an NPY file: a Python dictionary with the keys descr, fortran_order and shape.
/// Source: NumPy, NEP 1, "A simple file format for NumPy arrays", and numpy.lib.format.
/// </summary>
/// <param name="Type">Type of the values.</param>
/// <param name="Shape">Sizes, the slowest dimension first; empty for a single value.</param>
internal sealed record NpyHeader(NpyType Type, IReadOnlyList<int> Shape)
{
    private static readonly (string Descr, NpyType Type, int Size)[] Types =
    [
        ("|u1", NpyType.UInt8, 1), ("<f4", NpyType.Single, 4), ("<f8", NpyType.Double, 8),
        ("<i4", NpyType.Int32, 4), ("<i8", NpyType.Int64, 8),
    ];

    /// <summary>Bytes of one value.</summary>
    public int ValueBytes => Types.First(t => t.Type == Type).Size;

    /// <summary>The sizes for messages: "1865×25×4096".</summary>
    public string ShapeText => Shape.Count == 0 ? "one value" : string.Join("×", Shape);

    /// <summary>Number of values, or long.MaxValue when it exceeds 2⁴⁸.</summary>
    public long Count
    {
        get
        {
            if (Shape.Contains(0))
            {
                return 0;
            }

            long count = 1;
            foreach (int size in Shape)
            {
                if (count > (1L << 48) / size)
                {
                    return long.MaxValue;
                }

                count *= size;
            }

            return count;
        }
    }

    /// <summary>The bytes in front of the values as NumPy writes them: version 1.0, padded with
    /// blanks to a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        string shape = Shape.Count == 1 ? $"{Shape[0]}," : string.Join(", ", Shape);
        string text = $"{{'descr': '{Types.First(t => t.Type == Type).Descr}', "
            + $"'fortran_order': False, 'shape': ({shape}), }}";
        int length = (((10 + text.Length + 1) + 63) / 64 * 64) - 10;
        text = text.PadRight(length - 1) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8),
            .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>Reads the dictionary.</summary>
    /// <exception cref="FormatException">It is not one, or describes an array that is not read;
    /// the message says which, without a full stop.</exception>
    public static NpyHeader Parse(string text)
    {
        NpyDictionary scan = new(text);
        string? descr = null;
        bool? fortran = null;
        List<int>? shape = null;
        scan.Expect('{');
        while (!scan.Accept('}'))
        {
            string key = scan.Quoted();
            scan.Expect(':');
            switch (key)
            {
                case "descr" when descr is null:
                    descr = scan.Next == '['
                        ? throw new FormatException("the array is a structured one")
                        : scan.Quoted();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = scan.Truth();
                    break;
                case "shape" when shape is null:
                    shape = scan.Tuple();
                    break;
                default:
                    throw new FormatException(
                        $"the header has the key '{key}' twice or unexpectedly");
            }

            if (!scan.Accept(','))
            {
                scan.Expect('}');
                break;
            }
        }

        scan.ExpectEnd();
        if (descr is null || fortran is null || shape is null)
        {
            throw new FormatException("the header lacks one of descr, fortran_order and shape");
        }

        NpyType type = TypeOf(descr);
        return fortran.Value
            ? throw new FormatException(
                "the array is in Fortran order; save numpy.ascontiguousarray(a)")
            : new NpyHeader(type, shape);
    }

    private static NpyType TypeOf(string descr)
    {
        foreach ((string known, NpyType type, _) in Types)
        {
            // The byte order of single bytes means nothing.
            if (descr == known || (type == NpyType.UInt8 && descr is ("<u1" or ">u1" or "=u1")))
            {
                return type;
            }
        }

        string why = descr switch
        {
            ['>', ..] => " is big-endian",
            [_, 'O', ..] => " is an object array, which is a pickle",
            _ => " is not read",
        };
        throw new FormatException($"the type '{descr}'{why}; save the array as "
            + string.Join(", ", Types.Select(t => $"'{t.Descr}'")));
    }
}
