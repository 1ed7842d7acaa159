using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Repro.Engine.Data;

/// <summary>How one request to one source ended.</summary>
internal enum AttemptEnd
{
    /// <summary>The source says that all bytes have come.</summary>
    Complete,

    /// <summary>More bytes came than the file can have.</summary>
    TooLong,

    /// <summary>The source answered, but will not give the file.</summary>
    Refused,

    /// <summary>The source could not be reached.</summary>
    Unreachable,

    /// <summary>The transfer broke: asking again may go on from here.</summary>
    Broken,
}

/// <summary>
/// One source of one file: asks for the bytes that the part lacks and appends them. Keeps the
/// source's entity tag, so that a later request cannot join two versions of the file.
/// </summary>
internal sealed class SourceAttempt(
    HttpClient http, DataFile file, Uri url, PartFile part, DownloaderOptions options,
    IProgress<DownloadProgress>? progress)
{
    private readonly TimeSpan stall = options.StallTimeout;
    // Room for gzip to be longer than its content; the check of the content is the real one.
    private const long PackedSlack = 1 << 16;
    private const int BufferBytes = 1 << 16;

    private EntityTagHeaderValue? tag;

    private long Limit => file.HashOf == HashOf.Raw ? file.Size : file.Size + PackedSlack;

    /// <summary>Sends one request. What went wrong is in <c>Reason</c>, without a full stop.
    /// </summary>
    public async Task<(AttemptEnd End, string Reason)> RunAsync(CancellationToken cancel)
    {
        using CancellationTokenSource silence =
            CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silence.CancelAfter(stall);
        HttpResponseMessage response;
        try
        {
            using HttpRequestMessage request = NewRequest();
            response = await http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            return (AttemptEnd.Unreachable, Text(e));
        }
        catch (UriFormatException e)
        {
            return (AttemptEnd.Refused, $"redirects to no address: {Text(e)}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (AttemptEnd.Unreachable, $"no answer for {stall.TotalSeconds:0.#} s");
        }

        using (response)
        {
            return await ReceiveAsync(response, silence, cancel).ConfigureAwait(false);
        }
    }

    private HttpRequestMessage NewRequest()
    {
        HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        request.Headers.UserAgent.ParseAdd("Repro");
        if (part.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
            if (tag is { IsWeak: false })
            {
                request.Headers.IfRange = new RangeConditionHeaderValue(tag);
            }
        }

        return request;
    }

    private async Task<(AttemptEnd, string)> ReceiveAsync(
        HttpResponseMessage response, CancellationTokenSource silence, CancellationToken cancel)
    {
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        string status = $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                part.Clear();
                break;
            case HttpStatusCode.PartialContent when range?.From == part.Length:
                break;
            case HttpStatusCode.PartialContent:
                part.Clear();
                return (AttemptEnd.Broken, $"{status} with another range than the one asked for");
            case HttpStatusCode.RequestedRangeNotSatisfiable
                when part.Length > 0 && range?.Length == part.Length:
                return (AttemptEnd.Complete, status);
            case HttpStatusCode.RequestedRangeNotSatisfiable when part.Length > 0:
                part.Clear();
                return (AttemptEnd.Broken, status);
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or
                >= HttpStatusCode.InternalServerError:
                return (AttemptEnd.Broken, status);
            default:
                return (AttemptEnd.Refused, status);
        }

        tag = response.Headers.ETag;
        long? total = range?.Length ?? part.Length + response.Content.Headers.ContentLength;
        return await CopyAsync(response, total, silence, cancel).ConfigureAwait(false);
    }

    private async Task<(AttemptEnd, string)> CopyAsync(
        HttpResponseMessage response, long? total, CancellationTokenSource silence,
        CancellationToken cancel)
    {
        byte[] buffer = new byte[BufferBytes];
        Stopwatch window = Stopwatch.StartNew();
        long windowFrom = part.Length;
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(silence.Token)
                .ConfigureAwait(false);
            while (true)
            {
                progress?.Report(new DownloadProgress(file, part.Length, total));
                silence.CancelAfter(stall);
                int count = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                part.Append(buffer.AsSpan(0, count));
                if (part.Length > Limit)
                {
                    return (AttemptEnd.TooLong, $"sent more than the expected {file.Size} bytes");
                }

                if (window.Elapsed >= stall)
                {
                    long came = part.Length - windowFrom;
                    if (came < options.LeastBytes && part.Length < total)
                    {
                        return (AttemptEnd.Broken,
                            $"sent {came} bytes in {stall.TotalSeconds:0.#} s, less than "
                            + $"{options.LeastBytes}, and {part.Length} of {total} in all");
                    }

                    window.Restart();
                    windowFrom = part.Length;
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (AttemptEnd.Broken, $"broke after {part.Length} bytes: {Text(e)}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (AttemptEnd.Broken,
                $"silent for {stall.TotalSeconds:0.#} s after {part.Length} bytes");
        }

        return part.Length < total
            ? (AttemptEnd.Broken, $"ended after {part.Length} of {total} bytes")
            : (AttemptEnd.Complete, "");
    }

    private static string Text(Exception e) => (e.InnerException ?? e).Message.TrimEnd('.');
}
