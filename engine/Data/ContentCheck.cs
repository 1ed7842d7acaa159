using System.Security.Cryptography;

namespace Repro.Engine.Data;

/// <summary>What comparing a file with its catalogue entry found.</summary>
/// <param name="Kind">Null when it is the right file.</param>
/// <param name="What">What is wrong, in a sentence; empty when nothing is.</param>
internal readonly record struct ContentCheck(DataErrorKind? Kind, string What)
{
    private const int BufferBytes = 1 << 16;

    public bool Passed => Kind is null;

    /// <summary>Reads a whole seekable stream and compares size and SHA-256.</summary>
    public static ContentCheck Of(DataFile file, Stream bytes, string path)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using ContentReader reader = new(bytes, path, file.HashOf == HashOf.Uncompressed);
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int count;

            // One buffer past the expected size is enough to know; a gzip bomb must not run on.
            while (reader.Position <= file.Size && (count = reader.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, count);
            }
        }
        catch (DataException e) when (e.Kind == DataErrorKind.Malformed)
        {
            return new ContentCheck(
                DataErrorKind.ChecksumMismatch,
                $"The content cannot have the expected SHA-256 {file.Sha256}: {e.What}");
        }

        string unit = reader.Packed ? "uncompressed bytes" : "bytes";
        if (reader.Position < file.Size)
        {
            return new ContentCheck(
                DataErrorKind.Truncated,
                $"The content ends after {reader.Position} of {file.Size} {unit} "
                + $"(expected SHA-256 {file.Sha256}).");
        }

        if (reader.Position > file.Size)
        {
            return new ContentCheck(
                DataErrorKind.ChecksumMismatch,
                $"The content is longer than the expected {file.Size} {unit} "
                + $"(expected SHA-256 {file.Sha256}).");
        }

        string actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        return actual == file.Sha256
            ? default
            : new ContentCheck(
                DataErrorKind.ChecksumMismatch,
                $"The content has SHA-256 {actual}, expected {file.Sha256}.");
    }
}
