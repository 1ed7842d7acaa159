namespace Repro.Engine.Data;

/// <summary>How patient a <see cref="Downloader"/> is.</summary>
public sealed record DownloaderOptions
{
    /// <summary>Attempts in a row that a source may spend without <see cref="LeastBytes"/> new
    /// bytes before the next source is tried; at least 1.</summary>
    public int AttemptsPerSource { get; init; } = 3;

    /// <summary>Bytes that count as progress, of one attempt and of each
    /// <see cref="StallTimeout"/> within it; at least 1. A source that drips a byte now and then
    /// would otherwise hold a download for ever.</summary>
    public int LeastBytes { get; init; } = 16 * 1024;

    /// <summary>Pause before asking the same source again; doubles with each fruitless attempt.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest silence, before the answer and between any two reads of it, until the
    /// connection counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
