namespace Repro.Engine.Records;

/// <summary>Writes a file so that a reader, or the next start after a crash, finds either the old
/// content or the new, whole.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// 1. Makes the folder. 2. Writes a temporary file in it. 3. Flushes it to the disk.
    /// 4. Renames it over <paramref name="path"/>.
    /// </summary>
    /// <exception cref="StoreException">Any of these fails; the temporary file is removed.
    /// </exception>
    public static void Write(string path, params ReadOnlySpan<byte[]> parts)
    {
        string? temporary = null;
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            Directory.CreateDirectory(folder);
            string unique = Guid.NewGuid().ToString("N");
            temporary = Path.Combine(folder, $"{Path.GetFileName(path)}.{unique}.tmp");
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                foreach (byte[] part in parts)
                {
                    stream.Write(part);
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (IsFileTrouble(error))
        {
            Remove(temporary);
            throw CannotWrite(path, error);
        }
    }

    /// <summary>Removes what an interrupted write of <paramref name="path"/> left behind; only
    /// the holder of the run's lock may.</summary>
    public static void RemoveLeftovers(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(folder))
        {
            foreach (string left in
                Directory.EnumerateFiles(folder, $"{Path.GetFileName(path)}.*.tmp"))
            {
                Remove(left);
            }
        }
    }

    public static void Remove(string? path)
    {
        try
        {
            if (path is not null)
            {
                File.Delete(path);
            }
        }
        catch (Exception error) when (IsFileTrouble(error))
        {
            // A leftover costs space only; the error that led here is the one to report.
        }
    }

    public static bool IsFileTrouble(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException;

    public static StoreException CannotWrite(string path, Exception error) => new(
        $"cannot write '{path}': {error.Message} Check that its folder can be made and written "
        + "and that the disk is not full, or choose another output folder.", error);
}
