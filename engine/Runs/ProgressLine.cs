using System.Globalization;
using System.Text;

namespace Repro.Engine.Runs;

/// <summary>One plain line about a pool's progress.</summary>
public static class ProgressLine
{
    /// <summary>Such as <c>3/40 runs, 12.5 % of the work, about 1 h 20 min left; IRNN T=150 seed 3
    /// (40 %)</c>.</summary>
    public static string Format(PoolProgress progress)
    {
        StringBuilder line = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        line.Append(culture, $"{progress.Done}/{progress.Total} runs");
        line.Append(culture, $", {100 * progress.Fraction:0.0} % of the work");
        if (progress.Done < progress.Total && progress.SecondsLeft is { } left)
        {
            line.Append(culture, $", about {Duration(left)} left");
        }
        if (progress.JustEnded is { } ended)
        {
            line.Append(culture, $"; {Word(ended.Source)} {ended.Label}");
        }
        foreach (ActiveRun run in progress.Active)
        {
            line.Append(culture, $"; {run.Label} ({100 * run.Fraction:0} %)");
            if (run.Message.Length > 0)
            {
                line.Append(culture, $" {run.Message}");
            }
        }
        return line.ToString();
    }

    /// <summary>Two units at most: <c>45 s</c>, <c>12 min</c>, <c>1 h 20 min</c>, <c>3 d 4 h</c>.
    /// </summary>
    /// <param name="seconds">0 or more.</param>
    public static string Duration(double seconds)
    {
        const double LongestSpan = 1e9;
        TimeSpan span = TimeSpan.FromSeconds(Math.Clamp(Math.Round(seconds), 0, LongestSpan));
        CultureInfo culture = CultureInfo.InvariantCulture;
        return span switch
        {
            { TotalSeconds: < 60 } => string.Create(culture, $"{span.Seconds} s"),
            { TotalMinutes: < 60 } => string.Create(culture, $"{span.Minutes} min"),
            { TotalHours: < 24 } => string.Create(culture, $"{span.Hours} h {span.Minutes} min"),
            _ => string.Create(culture, $"{span.Days} d {span.Hours} h"),
        };
    }

    /// <summary>What became of a run, in a word or two before its name.</summary>
    public static string Word(PoolSource source) => source switch
    {
        PoolSource.Trained => "finished",
        PoolSource.Resumed => "resumed and finished",
        PoolSource.Stored => "already here:",
        PoolSource.Recorded => "already recorded:",
        PoolSource.Interrupted => "stopped, to be resumed:",
        PoolSource.Failed => "failed:",
        _ => throw new ArgumentOutOfRangeException(
            nameof(source), source, "there is no such source"),
    };
}
