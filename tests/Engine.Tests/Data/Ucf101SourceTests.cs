using System.IO.Compression;
using NUnit.Framework;
using Repro.Engine.Data;
using static Repro.Engine.Tests.Data.DataSamples;

namespace Repro.Engine.Tests.Data;

public class Ucf101SourceTests
{
    private static readonly byte[] First = Bytes(2_000);
    private static readonly byte[] Second = Bytes(3_000, salt: 1);

    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    private static DataFile List(string name, byte[] content) => new(
        "lists/" + name, [], Sha(content), HashOf.Raw, content.Length, "none", "Unpack it.");

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using MemoryStream packed = new();
        using (ZipArchive archive = new(packed, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in files)
            {
                using Stream stream = archive.CreateEntry("folder/" + name).Open();
                stream.Write(content);
            }
        }

        return packed.ToArray();
    }

    private Task Get(LoopbackServer server, params DataFile[] files) =>
        Ucf101Source.DownloadListsAsync(
            Store(scratch), new Uri(server.Url("lists.zip")), files, CancellationToken.None);

    [Test]
    public async Task The_lists_come_out_of_the_archive_and_are_not_asked_for_again()
    {
        byte[] zip = Zip(("a.txt", First), ("other.txt", [1]), ("b.txt", Second));
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, zip));

        await Get(server, List("a.txt", First), List("b.txt", Second));
        await Get(server, List("a.txt", First), List("b.txt", Second));

        Assert.That(scratch.FileNames, Is.EqualTo(new[] { "lists/a.txt", "lists/b.txt" }));
        Assert.That(File.ReadAllBytes(Path.Combine(scratch.Path, "lists", "b.txt")),
            Is.EqualTo(Second));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_list_with_other_content_is_refused_and_leaves_nothing()
    {
        foreach (byte[] wrong in new[] { Second, First[..^1], [.. First, .. Bytes(500_000)] })
        {
            byte[] zip = Zip(("a.txt", wrong));
            using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, zip));

            Assert.That(() => Get(server, List("a.txt", First)), Throws.TypeOf<DataException>()
                .With.Message.Contain("a.txt").And.Message.Contain(Sha(First)));
            Assert.That(scratch.FileNames, Is.Empty);
        }
    }

    [Test]
    public void An_answer_that_is_no_archive_or_lacks_a_list_is_malformed()
    {
        foreach (byte[] answer in new[]
        {
            Bytes(500), Zip(("b.txt", Second)), Zip(("a.txt", First))[..40],
        })
        {
            using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, answer));

            Assert.That(() => Get(server, List("a.txt", First)), Throws.TypeOf<DataException>()
                .With.Property("Kind").EqualTo(DataErrorKind.Malformed)
                .And.Message.Contain("archive cannot be read"));
        }
    }

    [Test]
    public void A_host_that_refuses_or_cannot_be_reached_is_named_with_the_way_out()
    {
        using LoopbackServer server = new((_, _) => new Reply("404 Not Found", []));
        Assert.That(() => Get(server, List("a.txt", First)), Throws.TypeOf<DataException>()
            .With.Property("Kind").EqualTo(DataErrorKind.Unavailable)
            .And.Message.Contain("404").And.Message.Contain("unpack the archive yourself"));

        Assert.That(
            () => Ucf101Source.DownloadListsAsync(
                Store(scratch), new Uri(LoopbackServer.ClosedUrl()), [List("a.txt", First)],
                CancellationToken.None),
            Throws.TypeOf<DataException>().With.Property("Kind")
                .EqualTo(DataErrorKind.Unavailable));
    }

    [Test]
    public void Offline_nothing_is_asked_for()
    {
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, [1]));

        Assert.That(
            () => Ucf101Source.DownloadListsAsync(
                Store(scratch, offline: true), new Uri(server.Url("lists.zip")),
                [List("a.txt", First)], CancellationToken.None),
            Throws.TypeOf<DataException>().With.Message.Contain("REPRO_OFFLINE"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Clips_that_are_there_are_verified_and_absent_ones_downloaded()
    {
        // The lists must be there: their archive is not served.
        DataStore real = RealData.Store();
        foreach (DataFile file in Catalogue.Ucf101ListFiles)
        {
            scratch.Put(file.Key, File.ReadAllBytes(file.PathIn(real.Folder)));
        }

        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, Second));
        DataFile[] clips =
        [
            new("clips/a", [server.Url("a")], Sha(First), HashOf.Raw, First.Length, "none"),
            new("clips/b", [server.Url("b")], Sha(Second), HashOf.Raw, Second.Length, "none"),
        ];
        scratch.Put("clips/a", First);
        int most = 0;

        await Ucf101Source.DownloadAsync(
            Store(scratch), new Uri(server.Url("lists.zip")), clips,
            new Direct<int>(there => most = Math.Max(most, there)), CancellationToken.None);

        Assert.That(most, Is.EqualTo(2));
        Assert.That(server.Requests.Select(r => r.Path), Is.EqualTo(new[] { "/b" }));
        Assert.That(File.ReadAllBytes(clips[1].PathIn(scratch.Folder)), Is.EqualTo(Second));
    }

    private sealed class Direct<T>(Action<T> act) : IProgress<T>
    {
        public void Report(T value) => act(value);
    }
}
