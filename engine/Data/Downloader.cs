using System.Collections.Concurrent;
using Repro.Engine.Numerics;

namespace Repro.Engine.Data;

/// <summary>
/// Downloads one catalogue file at a time, so that its target is either absent or right:
/// <list type="number">
/// <item>bytes go to <c>&lt;name&gt;.part</c> beside the target, which also keeps other
/// processes out;</item>
/// <item>after a break the rest is asked for with a range request; a source that ignores the
/// range starts over;</item>
/// <item>a source that refuses, stays silent or sends the wrong content is followed by the
/// next one;</item>
/// <item>the content is checked against the catalogue, flushed to the disk and renamed.</item>
/// </list>
/// An interrupted or cancelled download leaves its part, from which the next call goes on; a
/// wrong content is deleted. Thread-safe.
/// </summary>
public sealed class Downloader
{
    private static readonly HttpClient SharedHttp = new() { Timeout = Timeout.InfiniteTimeSpan };
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new();

    private readonly DownloaderOptions options;

    /// <summary>Creates a downloader.</summary>
    /// <param name="options">How patient to be; null for the defaults.</param>
    public Downloader(DownloaderOptions? options = null)
    {
        this.options = options ?? new DownloaderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.AttemptsPerSource, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(this.options.LeastBytes, 1);
    }

    /// <summary>
    /// Downloads a file to a path. Does nothing when a file is there already, whatever its
    /// content: another process may have finished it meanwhile, and the caller checks it.
    /// </summary>
    /// <param name="file">What to download.</param>
    /// <param name="target">Full path of the result; folders are created.</param>
    /// <param name="progress">Told after every block.</param>
    /// <param name="cancel">Stops the download, keeping its part.</param>
    /// <exception cref="DataException">Unwritable, NoNetwork, Unavailable, Truncated or
    /// ChecksumMismatch; the message names each source and what it did.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task DownloadAsync(
        DataFile file, string target, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancel = default)
    {
        target = Path.GetFullPath(target);
        SemaphoreSlim gate = Gates.GetOrAdd(target, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            using PartFile part = await PartFile.OpenAsync(target, cancel).ConfigureAwait(false);
            if (File.Exists(target))
            {
                part.Delete();
                return;
            }

            await FromAnySourceAsync(file, target, part, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task FromAnySourceAsync(
        DataFile file, string target, PartFile part, IProgress<DownloadProgress>? progress,
        CancellationToken cancel)
    {
        List<(DataErrorKind Kind, string Text)> failures = [];
        foreach (Uri url in file.Urls)
        {
            SourceAttempt source = new(
                SharedHttp, file, url, part, options, progress);
            (DataErrorKind Kind, string What)? failure =
                await FromSourceAsync(source, file, part, target, cancel).ConfigureAwait(false);
            if (failure is null)
            {
                part.Publish();
                return;
            }

            failures.Add((failure.Value.Kind, $"{url}: {failure.Value.What}"));
        }

        throw Failed(file, target, failures);
    }

    // Returns null when the part holds the right content. Bytes left by another source, or by
    // an earlier day, may belong to another version of the file: they get a second chance.
    private async Task<(DataErrorKind Kind, string What)?> FromSourceAsync(
        SourceAttempt source, DataFile file, PartFile part, string target,
        CancellationToken cancel)
    {
        int fruitless = 0;
        bool mayHoldOthersBytes = part.Length > 0;
        while (true)
        {
            long before = part.Length;
            (AttemptEnd end, string reason) = await source.RunAsync(cancel).ConfigureAwait(false);
            switch (end)
            {
                case AttemptEnd.Refused:
                    return (DataErrorKind.Unavailable, reason + ".");
                case AttemptEnd.Complete or AttemptEnd.TooLong:
                    ContentCheck check = end == AttemptEnd.TooLong
                        ? new ContentCheck(DataErrorKind.ChecksumMismatch, $"It {reason} "
                            + $"(expected SHA-256 {file.Sha256}).")
                        : ContentCheck.Of(file, part.Stream, target);
                    if (check.Passed)
                    {
                        return null;
                    }

                    part.Clear();
                    if (!mayHoldOthersBytes)
                    {
                        return (check.Kind!.Value, check.What);
                    }

                    mayHoldOthersBytes = false;
                    continue;
                case AttemptEnd.Unreachable or AttemptEnd.Broken:
                    break;
                default:
                    throw Unknown.Member(end);
            }

            fruitless = part.Length - before >= options.LeastBytes ? 0 : fruitless + 1;
            if (fruitless >= options.AttemptsPerSource)
            {
                return end == AttemptEnd.Unreachable
                    ? (DataErrorKind.NoNetwork, reason + ".")
                    : (DataErrorKind.Unavailable, reason + ".");
            }

            TimeSpan delay = options.RetryDelay * Math.ScaleB(1, Math.Max(0, fruitless - 1));
            await Task.Delay(delay, cancel).ConfigureAwait(false);
        }
    }

    private static DataException Failed(
        DataFile file, string target, List<(DataErrorKind Kind, string Text)> failures)
    {
        DataErrorKind kind =
            failures.Any(f => f.Kind == DataErrorKind.ChecksumMismatch)
                ? DataErrorKind.ChecksumMismatch
            : failures.Any(f => f.Kind == DataErrorKind.Truncated) ? DataErrorKind.Truncated
            : failures.All(f => f.Kind == DataErrorKind.NoNetwork) ? DataErrorKind.NoNetwork
            : DataErrorKind.Unavailable;
        string sources = string.Join(
            Environment.NewLine, failures.Select(f => $"  {f.Text}"));
        string advice = kind switch
        {
            DataErrorKind.NoNetwork => "Check the network and the proxy settings",
            DataErrorKind.ChecksumMismatch or DataErrorKind.Truncated =>
                "A proxy or login page may have answered in place of the source, or the source "
                + "has changed: check the URL in a browser",
            DataErrorKind.Unavailable => "Try again later: the download goes on where it stopped",
            _ => throw Unknown.Member(kind),
        };
        return new DataException(
            kind, target,
            $"{file.Key} could not be downloaded from any of its sources:"
            + $"{Environment.NewLine}{sources}{Environment.NewLine}",
            $"{advice}; or put a copy of the file at {target}, or set {DataFolder.Variable} to a "
            + "folder that has it.");
    }
}
