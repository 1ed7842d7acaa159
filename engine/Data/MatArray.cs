namespace Repro.Engine.Data;

/// <summary>A variable of a MATLAB file, or a cell of one.</summary>
public abstract class MatArray
{
    private protected MatArray(string name, int[] dimensions)
    {
        Name = name;
        Dimensions = dimensions;
    }

    /// <summary>Name of the variable; empty for a cell.</summary>
    public string Name { get; }

    /// <summary>Sizes, at least two of them: [rows, columns, …].</summary>
    public IReadOnlyList<int> Dimensions { get; }

    internal string Shape => string.Join("×", Dimensions);
}

/// <summary>A cell array.</summary>
public sealed class MatCell : MatArray
{
    internal MatCell(string name, int[] dimensions, MatArray[] cells)
        : base(name, dimensions)
    {
        Cells = cells;
    }

    /// <summary>The cells in the file's order, in which the first subscript runs fastest.
    /// </summary>
    public IReadOnlyList<MatArray> Cells { get; }
}

/// <summary>The class of a numeric array, with the codes of the format.</summary>
public enum MatClass
{
    /// <summary>64-bit floating point.</summary>
    Double = 6,

    /// <summary>32-bit floating point.</summary>
    Single = 7,

    /// <summary>Signed, 8 bits.</summary>
    Int8 = 8,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8 = 9,

    /// <summary>Signed, 16 bits.</summary>
    Int16 = 10,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16 = 11,

    /// <summary>Signed, 32 bits.</summary>
    Int32 = 12,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32 = 13,

    /// <summary>Signed, 64 bits.</summary>
    Int64 = 14,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64 = 15,
}
