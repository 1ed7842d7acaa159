namespace Repro.Engine.Data;

/// <summary>What went wrong with a data file.</summary>
public enum DataErrorKind
{
    /// <summary>The file is not in the data folder and may not be downloaded.</summary>
    Missing,

    /// <summary>No source could be reached.</summary>
    NoNetwork,

    /// <summary>Sources answered, but none of them gave the file.</summary>
    Unavailable,

    /// <summary>The content is not the one the catalogue describes.</summary>
    ChecksumMismatch,

    /// <summary>The content ends too early.</summary>
    Truncated,

    /// <summary>The content does not follow its format.</summary>
    Malformed,

    /// <summary>The data folder or a file in it cannot be written or read.</summary>
    Unwritable,
}

/// <summary>
/// A data file could not be had or read. The message says which file, what happened, and what
/// to do about it; <see cref="Kind"/> tells the failures apart in code.
/// </summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="file">Path of the file (or folder) concerned.</param>
    /// <param name="what">What happened and with which value: one or more sentences.</param>
    /// <param name="remedy">What the reader can do: one or more sentences.</param>
    /// <param name="inner">The failure underneath, if any.</param>
    public DataException(
        DataErrorKind kind, string file, string what, string remedy, Exception? inner = null)
        : base($"{file}: {what} {remedy}", inner)
    {
        Kind = kind;
        File = file;
        What = what;
        Remedy = remedy;
    }

    /// <summary>What went wrong.</summary>
    public DataErrorKind Kind { get; }

    /// <summary>Path of the file (or folder) concerned.</summary>
    public string File { get; }

    /// <summary>What happened, without the file and the remedy.</summary>
    public string What { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }
}
