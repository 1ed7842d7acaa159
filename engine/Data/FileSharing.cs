namespace Repro.Engine.Data;

/// <summary>Recognises "another handle has locked this file", which passes with time.</summary>
internal static class FileSharing
{
    private const int ErrnoAgainLinux = 11;
    private const int ErrnoAgainMac = 35;
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    public static bool IsLocked(IOException e) => e.HResult ==
        (OperatingSystem.IsWindows() ? SharingViolationWindows
        : OperatingSystem.IsMacOS() ? ErrnoAgainMac
        : ErrnoAgainLinux);
}
