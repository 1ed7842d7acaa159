using System.IO.Compression;

namespace Repro.Engine.Data;

/// <summary>
/// Reads a file's content, unpacking it when it is gzip (by its first two bytes, not by its
/// name), and keeps count of the offset for error messages.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    // The highest ratio deflate can reach.
    private const long DeflateLimit = 1032;

    private readonly Stream file;
    private readonly Stream content;
    private readonly string path;

    /// <summary>Starts at the beginning of a seekable stream, which stays open.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="path">Path for messages.</param>
    /// <param name="unpack">False to read gzip files as they lie.</param>
    public ContentReader(Stream file, string path, bool unpack = true)
    {
        this.file = file;
        this.path = path;
        this.file.Position = 0;
        Packed = unpack && this.file.ReadByte() == 0x1f && this.file.ReadByte() == 0x8b;
        this.file.Position = 0;
        content = Packed ? new GZipStream(file, CompressionMode.Decompress, true) : file;
    }

    /// <summary>Whether the content is being unpacked.</summary>
    public bool Packed { get; }

    /// <summary>Bytes of content read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The most bytes of content that a file of this size can hold.</summary>
    public long MaxLength => Packed ? file.Length * DeflateLimit : file.Length;

    /// <summary>
    /// Fills the buffer; returns fewer bytes than its length only where the content ends. A
    /// gzip stream that stops in the middle counts as an end: callers know how much to expect.
    /// </summary>
    /// <exception cref="DataException">The gzip stream is damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int count = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Position += count;
            return count;
        }
        catch (InvalidDataException e)
        {
            throw new DataException(
                DataErrorKind.Malformed, path,
                $"The gzip stream is damaged after {Position} uncompressed bytes: {e.Message}",
                "Delete the file and run again to download it anew.", e);
        }
    }

    /// <summary>Closes the unpacking, not the file.</summary>
    public void Dispose()
    {
        if (Packed)
        {
            content.Dispose();
        }
    }
}
