using System.ComponentModel;
using System.Diagnostics;

namespace Repro.Engine.Records;

/// <summary>Writes a file so that a reader, or the next start after a crash, finds either the old
/// content or the new, whole.</summary>
internal static class AtomicFile
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromDays(1);

    /// <summary>
    /// 1. Makes the folder. 2. Writes a temporary file in it. 3. Flushes it to the disk.
    /// 4. Renames it over <paramref name="path"/>. 5. Flushes the folder, so that a power cut
    /// cannot take the rename back.
    /// </summary>
    /// <exception cref="StoreException">Any of these fails; the temporary file is removed.
    /// </exception>
    public static void Write(string path, params ReadOnlySpan<byte[]> parts)
    {
        string? temporary = null;
        try
        {
            string folder = FolderOf(path);
            MakeFolder(folder);
            temporary = TemporaryName(path);
            WriteNew(temporary, parts);
            Disk.Current.Rename(temporary, path);
            Disk.Current.FlushFolder(folder);
        }
        catch (Exception error) when (IsFileTrouble(error))
        {
            Remove(temporary);
            throw CannotWrite(path, error);
        }
    }

    /// <summary>Makes a folder and those above it, each name on the disk before what is in it.
    /// </summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }
        string? parent = Path.GetDirectoryName(folder);
        if (parent is not null)
        {
            MakeFolder(parent);
        }
        Disk.Current.MakeFolder(folder);
        if (parent is not null)
        {
            Disk.Current.FlushFolder(parent);
        }
    }

    /// <summary>Fails before the first run of an hour rather than after it: writes a file beside
    /// where <paramref name="path"/> would be, and removes it and what an earlier try left.
    /// </summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static void Try(string path)
    {
        string? temporary = null;
        try
        {
            MakeFolder(FolderOf(path));
            RemoveLeftovers(path);
            temporary = TemporaryName(path);
            WriteNew(temporary, [0]);
        }
        catch (Exception error) when (IsFileTrouble(error))
        {
            throw CannotWrite(path, error);
        }
        finally
        {
            Remove(temporary);
        }
    }

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static void WriteNew(string path, params ReadOnlySpan<byte[]> parts)
    {
        Disk disk = Disk.Current;
        using FileStream stream =
            disk.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        foreach (byte[] part in parts)
        {
            disk.Write(stream, part);
        }
        disk.Flush(stream);
    }

    /// <summary>A new name beside <paramref name="path"/> that says which process writes it:
    /// <c>path.machine.process.unique.tmp</c>.</summary>
    internal static string TemporaryName(string path) =>
        $"{Path.GetFullPath(path)}.{Machine}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";

    /// <summary>Removes what an interrupted write of <paramref name="path"/> left behind; only
    /// the holder of the run's lock may. Some file systems have no locks and give everyone one:
    /// a file whose process may still be at work stays until it is a day old.</summary>
    public static void RemoveLeftovers(string path)
    {
        string folder = FolderOf(path);
        if (!Directory.Exists(folder))
        {
            return;
        }
        string name = Path.GetFileName(path);
        foreach (string left in Directory.EnumerateFiles(folder, $"{name}.*.tmp"))
        {
            if (HasEnded(Path.GetFileName(left)[name.Length..])
                || DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > LongestWrite)
            {
                Remove(left);
            }
        }
    }

    // A machine's name may hold dots, which part the words of a temporary file's name.
    private static string Machine => Environment.MachineName.Replace('.', '-');

    /// <summary>Whether <c>.machine.process.unique.tmp</c> tells of a process of this machine
    /// that is no more.</summary>
    private static bool HasEnded(string ending)
    {
        if (ending.Split('.') is not ["", var machine, var number, _, "tmp"]
            || machine != Machine || !int.TryParse(number, out int process))
        {
            return false;
        }
        try
        {
            using Process alive = Process.GetProcessById(process);
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It cannot be asked; its age will tell.
            return false;
        }
    }

    public static void Remove(string? path)
    {
        try
        {
            if (path is not null)
            {
                Disk.Current.Delete(path);
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
