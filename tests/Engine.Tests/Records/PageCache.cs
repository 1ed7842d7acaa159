using System.Runtime.InteropServices;

namespace Repro.Engine.Tests.Records;

/// <summary>What the system still keeps of a file in memory only.</summary>
/// <remarks>Source: the Linux manual, <c>cachestat(2)</c>, since Linux 6.5.</remarks>
internal static partial class PageCache
{
    private const int CacheStat = 451;

    /// <summary>Pages of a file that a power cut would take.</summary>
    /// <returns>Null where the system cannot tell.</returns>
    public static unsafe ulong? Unflushed(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }
        using FileStream file = new(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // Offset and length, 0 for the whole file; cached, dirty, in write-back, evicted, recently.
        ulong* range = stackalloc ulong[2];
        ulong* pages = stackalloc ulong[5];
        long failed = SystemCall(
            CacheStat, (int)file.SafeFileHandle.DangerousGetHandle(), range, pages, 0);
        return failed == 0 ? pages[1] + pages[2] : null;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial long SystemCall(
        long number, long file, ulong* range, ulong* pages, long flags);
}
