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
            temporary = TemporaryName(path);
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

    /// <summary>A new name beside <paramref name="path"/> that says which process writes it:
    /// <c>path.machine.process.unique.tmp</c>.</summary>
    internal static string TemporaryName(string path) =>
        $"{Path.GetFullPath(path)}.{Machine}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";

    /// <summary>Removes what an interrupted write of <paramref name="path"/> left behind; only
    /// the holder of the run's lock may. Some file systems have no locks and give everyone one:
    /// a file whose process may still be at work stays until it is a day old.</summary>
    public static void RemoveLeftovers(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
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
