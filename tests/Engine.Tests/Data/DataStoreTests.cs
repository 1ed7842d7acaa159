using NUnit.Framework;
using Repro.Engine.Data;
using static Repro.Engine.Tests.Data.DataSamples;

namespace Repro.Engine.Tests.Data;

public class DataStoreTests
{
    private Scratch scratch = null!;

    [SetUp]
    public void CreateFolder() => scratch = new Scratch();

    [TearDown]
    public void DeleteFolder() => scratch.Dispose();

    [Test]
    public void A_present_file_is_verified_and_nothing_is_downloaded()
    {
        byte[] content = Bytes(1_000);
        string path = scratch.Put(Key, content);

        string got = Store(scratch).Require(Raw(content, LoopbackServer.ClosedUrl()));

        Assert.That(got, Is.EqualTo(path));
    }

    [Test]
    public void An_absent_file_is_downloaded_once()
    {
        byte[] content = Bytes(1_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        DataFile file = Raw(content, server.Url("a"));

        Store(scratch).Require(file);
        string path = Store(scratch).Require(file);

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(content));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(617)]
    public void One_flipped_bit_in_a_present_file_is_an_error_and_the_file_is_left(int offset)
    {
        byte[] content = Bytes(1_000);
        byte[] flipped = [.. content];
        flipped[offset] ^= 0x10;
        string path = scratch.Put(Key, flipped);

        DataException error = Assert.Throws<DataException>(
            () => Store(scratch).Require(Raw(content, "http://host.invalid/a")))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.ChecksumMismatch));
        Assert.That(error.Message, Does.Contain(path).And.Contain(Sha(content))
            .And.Contain(Sha(flipped)).And.Contain("http://host.invalid/a"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(flipped));
    }

    [Test]
    public void No_flipped_bit_of_a_gzip_file_yields_other_content()
    {
        byte[] content = Bytes(300);
        byte[] packed = Gzip(content);
        DataFile file = Unpacked(content, "http://host.invalid/a");
        int refused = 0;
        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] flipped = [.. packed];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            using MemoryStream stream = new(flipped);
            if (!ContentCheck.Of(file, stream, "file").Passed)
            {
                refused++;
                continue;
            }

            // Harmless: the header's time, or a flag that only the end of the stream depends on.
            using ContentReader reader = new(stream, "file");
            byte[] read = new byte[content.Length];
            Assert.That(reader.Read(read), Is.EqualTo(content.Length), $"bit {bit}");
            Assert.That(read, Is.EqualTo(content), $"bit {bit}");
        }

        Assert.That(refused, Is.GreaterThan(content.Length * 8));
    }

    [Test]
    public void A_file_damaged_after_its_verification_is_noticed()
    {
        byte[] content = Bytes(1_000);
        string path = scratch.Put(Key, content);
        DataFile file = Raw(content, "http://host.invalid/a");
        DataStore store = Store(scratch);
        store.Require(file);

        content[5] ^= 1;
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));

        Assert.That(() => store.Require(file), Throws.TypeOf<DataException>());
    }

    [Test]
    public void A_verified_file_is_not_read_again_while_its_size_and_time_stand()
    {
        byte[] content = Bytes(1_000);
        string path = scratch.Put(Key, content);
        DataFile file = Raw(content, "http://host.invalid/a");
        DataStore store = Store(scratch);
        store.Require(file);
        DateTime time = File.GetLastWriteTimeUtc(path);

        content[5] ^= 1;
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, time);

        Assert.That(store.Require(file), Is.EqualTo(path));
    }

    [Test]
    public void A_truncated_gzip_file_is_named_with_its_lengths()
    {
        byte[] content = Bytes(100_000);
        byte[] packed = Gzip(content);
        string path = scratch.Put(Key, packed[..^5_000]);

        DataException error = Assert.Throws<DataException>(
            () => Store(scratch).Require(Unpacked(content, "http://host.invalid/a")))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Truncated));
        Assert.That(error.Message, Does.Contain(path).And.Contain("of 100000"));
    }

    [Test]
    public void A_gzip_bomb_is_not_unpacked_to_its_end()
    {
        byte[] content = new byte[1_000];
        byte[] bomb = Gzip(new byte[50_000_000]);
        scratch.Put(Key, bomb);
        using MemoryStream stream = new(bomb);

        ContentCheck check = ContentCheck.Of(Unpacked(content, "http://h.invalid/"), stream, "f");

        Assert.That(check.What, Does.Contain("longer than the expected 1000"));
        Assert.That(stream.Position, Is.LessThan(bomb.Length));
    }

    [Test]
    public void Offline_an_absent_file_is_an_error_without_any_request()
    {
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, [1]));

        DataException error = Assert.Throws<DataException>(
            () => Store(scratch, offline: true).Require(Raw([1], server.Url("a"))))!;

        Assert.That(error.Kind, Is.EqualTo(DataErrorKind.Missing));
        Assert.That(error.Message,
            Does.Contain("REPRO_OFFLINE").And.Contain(server.Url("a")).And.Contain("REPRO_DATA"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Many_threads_requiring_one_file_make_one_request_and_one_file()
    {
        byte[] content = Bytes(500_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        DataFile file = Raw(content, server.Url("a"));

        string[] paths = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Store(scratch).RequireAsync(file))));

        Assert.That(paths.Distinct().Count(), Is.EqualTo(1));
        Assert.That(File.ReadAllBytes(paths[0]), Is.EqualTo(content));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(scratch.FileNames, Is.EqualTo(new[] { Key }));
    }

    [Test]
    public void A_complete_data_set_is_available()
    {
        byte[] content = Bytes(1_000);
        string path = scratch.Put(Key, content);
        DataSet set = new("set", "A set", Raw(content, "http://host.invalid/a"));

        Availability found = Store(scratch).TryLocate(set);

        Assert.That(found.IsAvailable);
        Assert.That(((Availability.Available)found).Paths, Is.EqualTo(new[] { path }));
    }

    [Test]
    public void A_data_set_lacking_a_file_is_missing_and_not_downloaded()
    {
        byte[] content = Bytes(1_000);
        using LoopbackServer server = new((r, _) => LoopbackServer.Ranged(r, content));
        scratch.Put("set/other.bin", content);
        DataFile other = new(
            "set/other.bin", ["http://h.invalid/"], Sha(content), HashOf.Raw, 1_000, "none");
        DataSet set = new("set", "A set", other, Raw(content, server.Url("a")));

        Availability found = Store(scratch).TryLocate(set);

        Availability.Missing missing = (Availability.Missing)found;
        Assert.That(missing.Reason, Does.Contain("1 of 2").And.Contain(Key)
            .And.Contain(scratch.Path).And.Not.Contain("other.bin"));
        Assert.That(missing.Remedy, Does.Contain(server.Url("a")));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public void A_damaged_data_set_is_corrupt_even_when_files_are_missing_too()
    {
        byte[] content = Bytes(1_000);
        string path = scratch.Put(Key, content[..999]);
        DataFile absent = new(
            "set/absent.bin", ["http://h.invalid/"], Sha(content), HashOf.Raw, 1_000, "none");
        DataSet set = new("set", "A set", absent, Raw(content, "http://host.invalid/a"));

        Availability found = Store(scratch).TryLocate(set);

        Availability.Corrupt corrupt = (Availability.Corrupt)found;
        Assert.That(corrupt.Reason, Does.Contain(path).And.Contain("999 of 1000"));
        Assert.That(corrupt.Remedy, Does.Contain("Delete"));
    }

    [TestCase(null, ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    [TestCase("0", ExpectedResult = false)]
    [TestCase("False", ExpectedResult = false)]
    [TestCase("1", ExpectedResult = true)]
    [TestCase("yes", ExpectedResult = true)]
    public bool The_offline_variable_forbids_downloads_unless_empty_or_off(string? value) =>
        DataStore.ForbidsDownloads(value);
}
