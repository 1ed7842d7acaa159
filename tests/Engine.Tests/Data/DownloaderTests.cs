using NUnit.Framework;
using Repro.Engine.Data;
using static Repro.Engine.Tests.Data.DataSamples;

namespace Repro.Engine.Tests.Data;

public class DownloaderTests
{
    private Scratch scratch = null!;

    private string Target => Path.Combine(scratch.Path, "set", "file.bin");

    private string Part => Target + ".part";

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    private Task Download(DataFile file, IProgress<DownloadProgress>? progress = null,
        CancellationToken cancel = default) =>
        Impatient.DownloadAsync(file, Target, progress, cancel);

    private DataException Failure(DataFile file) =>
        Assert.ThrowsAsync<DataException>(() => Download(file))!;

    [Test]
    public async Task A_whole_download_leaves_the_file_and_nothing_else()
    {
        byte[] content = Bytes(300_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(scratch.FileNames, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public async Task Progress_rises_from_zero_to_the_total()
    {
        byte[] content = Bytes(300_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        ProgressLog log = new();

        await Download(Raw(content, server.Url("a")), log);

        Assert.That(log.Reports.Select(r => r.Bytes), Is.Ordered);
        Assert.That(log.Reports[0].Bytes, Is.Zero);
        Assert.That(log.Reports[^1].Bytes, Is.EqualTo(300_000));
        Assert.That(log.Reports.Select(r => r.Total), Is.All.EqualTo(300_000));
        Assert.That(log.Reports, Has.Count.GreaterThan(2));
    }

    [Test]
    public async Task After_a_cut_only_the_missing_bytes_are_asked_for()
    {
        byte[] content = Bytes(200_000);
        using LoopbackServer server = new((r, n) => LoopbackServer.Ranged(r, content, "v1") with
        {
            CutAfter = n == 0 ? 120_000 : int.MaxValue,
        });
        ProgressLog log = new();

        await Download(Raw(content, server.Url("a")), log);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests, Is.EqualTo(new[]
        {
            new Request("/a", null, null), new Request("/a", 120_000, "\"v1\""),
        }));
        Assert.That(log.Reports.Select(r => r.Bytes), Is.Ordered);
    }

    [Test]
    public async Task A_source_that_ignores_the_range_starts_over()
    {
        byte[] content = Bytes(200_000);
        using LoopbackServer server = new((_, n) => new Reply("200 OK", content)
        {
            CutAfter = n == 0 ? 120_000 : int.MaxValue,
        });

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests[1].From, Is.EqualTo(120_000));
    }

    [Test]
    public async Task A_file_that_changes_between_two_requests_starts_over()
    {
        byte[] before = Bytes(200_000, salt: 1);
        byte[] content = Bytes(200_000);
        using LoopbackServer server = new((r, n) => n == 0
            ? LoopbackServer.Ranged(r, before, "v1") with { CutAfter = 120_000 }
            : LoopbackServer.Ranged(r, content, "v2"));

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task The_part_of_an_earlier_run_is_continued()
    {
        byte[] content = Bytes(200_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        scratch.Put(Key + ".part", content[..150_000]);

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests.Single().From, Is.EqualTo(150_000));
        Assert.That(File.Exists(Part), Is.False);
    }

    [Test]
    public async Task A_complete_part_of_an_earlier_run_is_taken_over()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        scratch.Put(Key + ".part", content);

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests.Single().From, Is.EqualTo(2_000));
    }

    [TestCase(1_500)]
    [TestCase(2_000)]
    [TestCase(2_500)]
    public async Task A_part_with_strange_bytes_is_thrown_away_and_fetched_whole(int length)
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        scratch.Put(Key + ".part", Bytes(length, salt: 9));

        await Download(Raw(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests.Select(r => r.From), Is.EqualTo(new long?[] { length, null }));
    }

    [Test]
    public void Wrong_content_is_deleted_and_the_error_names_both_hashes_and_the_url()
    {
        byte[] content = Bytes(2_000);
        byte[] other = Bytes(2_000, salt: 1);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, other));

        DataException error = Failure(Raw(content, server.Url("a")));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
        Assert.That(error.Message, Does.Contain(Sha(content)).And.Contain(Sha(other))
            .And.Contain(server.Url("a")).And.Contain(Target).And.Contain("REPRO_DATA"));
        Assert.That(scratch.FileNames, Is.Empty);
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Wrong_content_over_a_breaking_connection_ends_in_an_error()
    {
        byte[] other = Bytes(2_000, salt: 1);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, other) with
        {
            CutAfter = 700,
        });

        DataException error = Failure(Raw(Bytes(2_000), server.Url("a")));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_source_that_sends_too_much_is_stopped()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer server = new((_, _) => new Reply("200 OK", Bytes(5_000_000)));
        ProgressLog log = new();

        DataException error = Assert.ThrowsAsync<DataException>(
            () => Download(Raw(content, server.Url("a")), log))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
        Assert.That(error.Message, Does.Contain("more than the expected 2000 bytes"));
        Assert.That(log.Reports.Max(r => r.Bytes), Is.LessThan(100_000));
        Assert.That(scratch.FileNames, Is.Empty);
    }

    [Test]
    public void A_source_whose_file_is_too_short_reports_a_truncated_file()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content[..1_999]));

        DataException error = Failure(Raw(content, server.Url("a")));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Truncated));
        Assert.That(error.Message, Does.Contain("1999 of 2000 bytes"));
        Assert.That(scratch.FileNames, Is.Empty);
    }

    [TestCase("file:")]
    [TestCase("file:///etc/hostname")]
    [TestCase("http://")]
    public void A_source_that_redirects_to_no_web_address_is_named_and_nothing_is_left(
        string location)
    {
        using LoopbackServer server = new((_, _) => new Reply("302 Found", [])
        {
            Headers = $"Location: {location}\r\n",
        });

        DataException error = Failure(Raw(Bytes(10), server.Url("a")));

        Assert.That(error.Message, Does.Contain(server.Url("a")));
        Assert.That(scratch.FileNames, Is.Empty);
    }

    [Test]
    public async Task A_source_that_drips_bytes_is_followed_by_the_next()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer first = new((r, _) => LoopbackServer.Ranged(r, content) with
        {
            Drip = TimeSpan.FromMilliseconds(20),
        });
        using LoopbackServer second = new((r, _) => LoopbackServer.Ranged(r, content));
        Downloader downloader = new(new DownloaderOptions
        {
            AttemptsPerSource = 2,
            RetryDelay = TimeSpan.Zero,
            StallTimeout = TimeSpan.FromMilliseconds(300),
            LeastBytes = 1_000,
        });

        await downloader.DownloadAsync(
            Raw(content, first.Url("a"), second.Url("b")), Target);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(first.Requests, Has.Count.EqualTo(2));
        Assert.That(second.Requests, Is.Not.Empty);
    }

    [Test]
    public void A_source_that_breaks_after_a_few_bytes_each_time_is_given_up()
    {
        byte[] content = Bytes(200_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content) with
        {
            CutAfter = 10,
        });
        Downloader downloader = new(new DownloaderOptions
        {
            AttemptsPerSource = 3,
            RetryDelay = TimeSpan.Zero,
        });

        DataException error = Assert.ThrowsAsync<DataException>(
            () => downloader.DownloadAsync(Raw(content, server.Url("a")), Target))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Unavailable));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [TestCase("404 Not Found", 1)]
    [TestCase("403 Forbidden", 1)]
    [TestCase("503 Service Unavailable", 2)]
    public async Task A_source_that_refuses_is_followed_by_the_next(string status, int asked)
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer first = new((_, _) => new Reply(status, [1, 2, 3]));
        using LoopbackServer second = new((r, _) => LoopbackServer.Ranged(r, content));

        await Download(Raw(content, first.Url("a"), second.Url("b")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(first.Requests, Has.Count.EqualTo(asked));
        Assert.That(second.Requests.Single().Path, Is.EqualTo("/b"));
    }

    [Test]
    public async Task A_source_with_wrong_content_is_followed_by_the_next()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer first = new((r, _) => LoopbackServer.Ranged(r, Bytes(2_000, 1)));
        using LoopbackServer second = new((r, _) => LoopbackServer.Ranged(r, content));

        await Download(Raw(content, first.Url("a"), second.Url("b")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
    }

    [Test]
    public void When_no_source_has_the_file_the_error_lists_what_each_said()
    {
        using LoopbackServer server = new((_, _) => new Reply("404 Not Found", []));
        string closed = LoopbackServer.ClosedUrl();

        DataException error = Failure(Raw(Bytes(10), server.Url("a"), closed));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Unavailable));
        Assert.That(error.Message,
            Does.Contain($"{server.Url("a")}: HTTP 404 Not Found").And.Contain(closed));
    }

    [Test]
    public void Without_a_network_the_error_says_so_and_nothing_is_left()
    {
        DataException error = Failure(
            Raw(Bytes(10), LoopbackServer.ClosedUrl(), LoopbackServer.ClosedUrl()));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.NoNetwork));
        Assert.That(error.Message, Does.Contain("network").And.Contain(Target));
        Assert.That(scratch.FileNames, Is.Empty);
    }

    [Test]
    public async Task A_source_that_falls_silent_counts_as_broken()
    {
        byte[] content = Bytes(2_000);
        TaskCompletionSource never = new();
        using LoopbackServer server = new((r, n) => LoopbackServer.Ranged(r, content) with
        {
            Pause = n == 0 ? never.Task : null,
        });
        Downloader hasty = new(new DownloaderOptions
        {
            RetryDelay = TimeSpan.Zero,
            StallTimeout = TimeSpan.FromSeconds(1),
        });

        await hasty.DownloadAsync(Raw(content, server.Url("a")), Target);
        never.SetResult();

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests[1].From, Is.EqualTo(1_000));
    }

    [Test]
    public async Task Cancelling_keeps_the_part_and_the_next_call_goes_on()
    {
        byte[] content = Bytes(2_000);
        TaskCompletionSource release = new();
        using LoopbackServer server = new((r, n) => LoopbackServer.Ranged(r, content) with
        {
            Pause = n == 0 ? release.Task : null,
        });
        DataFile file = Raw(content, server.Url("a"));
        using CancellationTokenSource cancel = new();
        CancelAt stopper = new(cancel, bytes: 1_000);

        Assert.CatchAsync<OperationCanceledException>(
            () => Download(file, stopper, cancel.Token));
        release.SetResult();
        Assert.That(File.ReadAllBytes(Part), Is.EqualTo(content[..1_000]));
        Assert.That(File.Exists(Target), Is.False);

        await Download(file);

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(content));
        Assert.That(server.Requests[1].From, Is.EqualTo(1_000));
    }

    [Test]
    public async Task A_gzip_file_is_checked_by_its_content_whatever_its_compression()
    {
        byte[] content = new byte[100_000];
        byte[] packed = Gzip(content);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, packed));

        await Download(Unpacked(content, server.Url("a")));

        Assert.That(File.ReadAllBytes(Target), Is.EqualTo(packed));
    }

    [Test]
    public void A_gzip_file_of_another_content_is_refused()
    {
        using LoopbackServer server = new((r, _) =>
            LoopbackServer.Ranged(r, Gzip(Bytes(1_000, salt: 1))));

        DataException error = Failure(Unpacked(Bytes(1_000), server.Url("a")));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
    }

    [Test]
    public void A_folder_that_cannot_be_created_is_reported_before_any_request()
    {
        byte[] content = Bytes(10);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        string inTheWay = scratch.Put("set", [0]);

        DataException error = Failure(Raw(content, server.Url("a")));

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Unwritable));
        Assert.That(error.Message, Does.Contain(Target).And.Contain("REPRO_DATA"));
        Assert.That(server.Requests, Is.Empty);
        Assert.That(File.ReadAllBytes(inTheWay), Is.EqualTo(new byte[] { 0 }));
    }

    [Test]
    public async Task Another_process_holding_the_part_is_waited_for_and_its_file_taken()
    {
        byte[] content = Bytes(2_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        Task download;
        using (PartFile other = await PartFile.OpenAsync(Target, default))
        {
            download = Download(Raw(content, server.Url("a")));
            other.Append(content);
            other.Publish();
        }

        await download;

        Assert.That(server.Requests, Is.Empty);
        Assert.That(scratch.FileNames, Is.EqualTo(new[] { Key }));
    }

    private sealed class CancelAt(CancellationTokenSource cancel, long bytes)
        : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Bytes >= bytes)
            {
                cancel.Cancel();
            }
        }
    }
}
