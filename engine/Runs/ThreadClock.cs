using System.Diagnostics;
using System.Globalization;

namespace Repro.Engine.Runs;

/// <summary>
/// How long the thread that made it has had a processor since. A run in the background waits for
/// its turn many times as long as it computes, and its note is to say what it costs. Only Linux
/// tells it without a call of its own; elsewhere it is the time on the wall. Asked from another
/// thread it means nothing.
/// </summary>
internal sealed class ThreadClock
{
    // Nanoseconds on a processor, nanoseconds of waiting for one, and turns.
    private const string Account = "/proc/thread-self/schedstat";
    private readonly Stopwatch wall = Stopwatch.StartNew();
    private readonly double? start = Processor();

    /// <summary>Seconds on the wall.</summary>
    public double Wall => wall.Elapsed.TotalSeconds;

    /// <summary>Seconds on a processor, or on the wall where the system does not say.</summary>
    public double Seconds =>
        start is { } from && Processor() is { } now ? Math.Max(0, now - from) : Wall;

    private static double? Processor()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }
        try
        {
            string first = File.ReadAllText(Account).Split(' ')[0];
            return ulong.TryParse(first, CultureInfo.InvariantCulture, out ulong nanoseconds)
                && nanoseconds > 0
                ? nanoseconds / 1e9
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
