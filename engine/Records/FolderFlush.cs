using System.Runtime.InteropServices;

namespace Repro.Engine.Records;

/// <summary>
/// Flushes a folder's entries to the disk. .NET opens no folders, so the C library is asked, on
/// Unix; Windows keeps its entries in a journal and has nothing to flush.
/// </summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int InputOutputError = 5;
    private const int NoSpaceLeft = 28;

    /// <summary>Flushes one folder.</summary>
    /// <exception cref="IOException">The disk failed. A folder that may not be read, or lies on a
    /// file system that cannot flush folders, is passed over: no more can be done for it.
    /// </exception>
    public static void Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        int folder = Open(path, ReadOnly);
        if (folder < 0)
        {
            return;
        }
        try
        {
            if (Flush(folder) != 0
                && Marshal.GetLastPInvokeError() is InputOutputError or NoSpaceLeft)
            {
                throw new IOException(
                    $"the folder '{path}' could not be flushed to the disk "
                    + $"({Marshal.GetLastPInvokeErrorMessage()}).");
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    [LibraryImport(
        "libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int how);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
