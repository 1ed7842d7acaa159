namespace Repro.Engine.Data;

/// <summary>How an element keeps its values, with the codes of the format.</summary>
internal enum MatStorage
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
}

internal static class MatStorageSizes
{
    /// <summary>Bytes of one value; 0 when the element is no array of numbers.</summary>
    public static int Size(this MatStorage storage) => storage switch
    {
        MatStorage.Int8 or MatStorage.UInt8 => 1,
        MatStorage.Int16 or MatStorage.UInt16 => 2,
        MatStorage.Int32 or MatStorage.UInt32 or MatStorage.Single => 4,
        MatStorage.Double or MatStorage.Int64 or MatStorage.UInt64 => 8,
        _ => 0,
    };
}
