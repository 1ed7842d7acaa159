namespace Repro.Engine.Data;

/// <summary>
/// The unfinished download <c>&lt;name&gt;.part</c> beside its target. The open handle is also
/// the lock between processes, and is therefore held until after the rename.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    private readonly string path;
    private readonly string target;
    private readonly FileStream stream;

    private PartFile(string path, string target, FileStream stream)
    {
        this.path = path;
        this.target = target;
        this.stream = stream;
    }

    public long Length => stream.Length;

    /// <summary>The bytes so far, for checking.</summary>
    public Stream Stream => stream;

    public static string PathFor(string target) => target + ".part";

    /// <summary>Opens or creates the part, creating folders, and waits while another process
    /// has it.</summary>
    /// <exception cref="DataException">Unwritable.</exception>
    public static async Task<PartFile> OpenAsync(string target, CancellationToken cancel)
    {
        string path = PathFor(target);

        // Windows renames an open file only if it was shared for deletion; elsewhere only
        // FileShare.None takes the exclusive lock.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                return new PartFile(path, target, new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0));
            }
            catch (IOException e) when (FileSharing.IsLocked(e))
            {
                await Task.Delay(Wait, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Unwritable(path, e);
            }
        }
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) =>
        Guard(() => stream.Seek(0, SeekOrigin.End), bytes);

    /// <summary>Throws the bytes so far away.</summary>
    public void Clear() => Guard(() => stream.SetLength(0), default);

    /// <summary>Flushes to the disk and renames to the target.</summary>
    public void Publish() => Guard(
        () =>
        {
            stream.Flush(flushToDisk: true);
            File.Move(path, target, overwrite: true);
        },
        default);

    /// <summary>Removes and closes the part, in this order: the lock must outlive the name, or
    /// another process could open the name in between and lose it.</summary>
    public void Delete()
    {
        Guard(() => File.Delete(path), default);
        stream.Dispose();
    }

    /// <summary>Closes the part and keeps what it has, so that a later run goes on from there;
    /// an empty one is removed.</summary>
    public void Dispose()
    {
        if (stream.CanRead && stream.Length == 0)
        {
            File.Delete(path);
        }

        stream.Dispose();
    }

    private void Guard(Action act, ReadOnlySpan<byte> thenWrite)
    {
        try
        {
            act();
            stream.Write(thenWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    private static DataException Unwritable(string path, Exception e) => new(
        DataErrorKind.Unwritable, path,
        $"The file cannot be written: {e.Message.TrimEnd('.')}.",
        $"Make the folder writable and check the free space, or set {DataFolder.Variable} to "
        + "another folder.", e);
}
