namespace Repro.Engine.Data;

/// <summary>Which bytes of a file its checksum and size describe.</summary>
public enum HashOf
{
    /// <summary>The file's bytes as they lie on disk.</summary>
    Raw,

    /// <summary>
    /// The content after gunzip: hosts compress the same content in different ways. A file that
    /// is not gzip at all (a host or proxy has unpacked it on the way) is hashed as it lies.
    /// </summary>
    Uncompressed,
}

/// <summary>
/// One file of the catalogue: where it lies in the data folder, where it comes from, and what
/// its content must be. Immutable.
/// </summary>
public sealed class DataFile
{
    /// <summary>Creates an entry.</summary>
    /// <param name="key">
    /// Path in the data folder, with '/' between the parts: "ptb/ptb.train.txt".
    /// </param>
    /// <param name="urls">Sources, the preferred one first; at least one, unless
    /// <paramref name="origin"/> says where else the file comes from.</param>
    /// <param name="sha256">SHA-256 of the content, 64 lower-case hexadecimal digits.</param>
    /// <param name="hashOf">Which bytes <paramref name="sha256"/> and
    /// <paramref name="size"/> describe.</param>
    /// <param name="size">Bytes of that content.</param>
    /// <param name="licence">What is known about the licence.</param>
    /// <param name="origin">For a file that is not downloaded: a sentence that says how to make
    /// or get it; empty otherwise.</param>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    public DataFile(
        string key, IEnumerable<string> urls, string sha256, HashOf hashOf, long size,
        string licence, string origin = "")
    {
        string[] parts = key.Split('/');
        if (key.Contains('\\') || parts.Any(p => p is "" or "." or ".."))
        {
            throw new ArgumentException(
                $"the key '{key}' must be a relative path such as 'ptb/ptb.train.txt'",
                nameof(key));
        }

        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException(
                $"{key}: '{sha256}' must be 64 lower-case hexadecimal digits", nameof(sha256));
        }

        Urls = [.. urls.Select(u => new Uri(u, UriKind.Absolute))];
        if (Urls.Count == 0 == (origin.Length == 0))
        {
            throw new ArgumentException(
                $"{key}: give at least one URL, or else say where the file comes from",
                nameof(urls));
        }

        if (size <= 0)
        {
            throw new ArgumentException($"{key}: the size {size} must be > 0", nameof(size));
        }

        Key = key;
        Sha256 = sha256;
        HashOf = hashOf;
        Size = size;
        Licence = licence;
        Origin = origin;
    }

    /// <summary>Path in the data folder, with '/' between the parts. Unique.</summary>
    public string Key { get; }

    /// <summary>Where the file is downloaded from, the preferred source first; empty when it is
    /// not, see <see cref="Origin"/>.</summary>
    public IReadOnlyList<Uri> Urls { get; }

    /// <summary>SHA-256 of the content, lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>Which bytes <see cref="Sha256"/> and <see cref="Size"/> describe.</summary>
    public HashOf HashOf { get; }

    /// <summary>Bytes of that content (uncompressed for <see cref="HashOf.Uncompressed"/>).
    /// </summary>
    public long Size { get; }

    /// <summary>What is known about the licence.</summary>
    public string Licence { get; }

    /// <summary>How to make or get a file that is never downloaded; empty when it has
    /// <see cref="Urls"/>.</summary>
    public string Origin { get; }

    /// <summary>Full path of this file under a data folder.</summary>
    public string PathIn(DataFolder folder) =>
        Path.Combine([folder.Path, .. Key.Split('/')]);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
