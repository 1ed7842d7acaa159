using System.Buffers.Binary;
using System.Security.Cryptography;
using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

/// <summary>In which order files reach the disk, and what a sealed but impossible file says.
/// </summary>
public sealed class DiskTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void SetUp() => folder = new TemporaryFolder();

    [TearDown]
    public void TearDown()
    {
        Disk.Current = new Disk();
        folder.Dispose();
    }

    [Test]
    public void A_file_is_flushed_before_it_has_its_name_and_its_folder_after()
    {
        ListeningDisk disk = new();
        Disk.Current = disk;
        AtomicFile.Write(folder[Path.Combine("new", "file")], [1], [2]);
        Assert.That(disk.Said, Is.EqualTo(new[]
        {
            "make new", $"flush folder {Path.GetFileName(folder.Root)}", "open", "write", "write",
            "flush", "rename to file", "flush folder new",
        }));
        Assert.That(File.ReadAllBytes(folder[Path.Combine("new", "file")]), Is.EqualTo(
            new byte[] { 1, 2 }));
    }

    [Test]
    public void A_records_note_has_its_name_before_the_record_has()
    {
        RunRecord record = RunRecord.Of(
            new FakeRun(1),
            new RunResult(Outcomes.Completed, new Dictionary<string, double>(),
                new Dictionary<string, Curve>(), "", 5));
        ListeningDisk disk = new();
        Disk.Current = disk;
        new RecordStore(folder["out"]).Write(
            record, new ProvenanceNote("", 1, DateTime.UnixEpoch, 0, MachineFacts.Here("")));
        Assert.That(
            disk.Said.Where(said => said.StartsWith("rename", StringComparison.Ordinal)),
            Is.EqualTo(new[]
            {
                $"rename to {record.Id}.note.json", $"rename to {record.Id}.json",
            }));
    }

    [Test]
    public void A_real_folder_can_be_flushed_and_one_that_is_gone_is_passed_over()
    {
        Assert.That(() => FolderFlush.Of(folder.Root), Throws.Nothing);
        Assert.That(() => FolderFlush.Of(folder["gone"]), Throws.Nothing);
    }

    [Test]
    public void A_written_file_is_on_the_disk_and_not_in_the_systems_memory_alone()
    {
        byte[] bytes = new byte[1 << 16];
        // The system may flush of its own accord in between.
        if (!Enumerable.Range(0, 20).Any(i => IsUnflushed(folder[$"unflushed {i}"])))
        {
            Assert.Ignore("this system or file system does not tell what it has not flushed");
        }
        AtomicFile.Write(folder["flushed"], bytes);
        Assert.That(PageCache.Unflushed(folder["flushed"]), Is.Zero);

        bool IsUnflushed(string path)
        {
            File.WriteAllBytes(path, bytes);
            return PageCache.Unflushed(path) > 0;
        }
    }

    [Test]
    public void A_probe_that_a_killed_process_left_goes_with_the_next_one()
    {
        RecordStore store = new(folder["out"]);
        store.EnsureWritable();
        Assert.That(Directory.GetFiles(folder["out"]), Is.Empty);
        string left = AtomicFile.TemporaryName(folder[Path.Combine("out", "probe")]).Replace(
            $".{Environment.ProcessId}.", $".{int.MaxValue}.", StringComparison.Ordinal);
        File.WriteAllText(left, "");
        store.EnsureWritable();
        Assert.That(Directory.GetFiles(folder["out"]), Is.Empty);
    }

    [TestCase(64, -1)]
    [TestCase(64, long.MaxValue)]
    [TestCase(56, -1)]
    [TestCase(48, -1)]
    [TestCase(48, 0x7FF0000000000000)]
    public void A_sealed_checkpoint_that_tells_of_no_possible_past_is_refused(int at, long value)
    {
        string path = folder["checkpoint"];
        string id = new('1', 64);
        CheckpointFile.Write(
            path, id, new CheckpointFile(1, [7], 1, 0, DateTime.UnixEpoch));
        byte[] bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
        byte[] covered = [.. bytes[..80], 7];
        SHA256.HashData(covered).CopyTo(bytes, 80);
        Assert.That(
            () => CheckpointFile.Parse(bytes, id, 1),
            Throws.TypeOf<FormatException>().With.Message.Contains("it says that"));
    }

    private sealed class ListeningDisk : Disk
    {
        public List<string> Said { get; } = [];

        public override void MakeFolder(string path)
        {
            Said.Add($"make {Path.GetFileName(path)}");
            base.MakeFolder(path);
        }

        public override FileStream Open(
            string path, FileMode mode, FileAccess access, FileShare share)
        {
            Said.Add("open");
            return base.Open(path, mode, access, share);
        }

        public override void Write(FileStream file, byte[] bytes)
        {
            Said.Add("write");
            base.Write(file, bytes);
        }

        public override void Flush(FileStream file)
        {
            Said.Add("flush");
            base.Flush(file);
        }

        public override void Rename(string from, string to)
        {
            Said.Add($"rename to {Path.GetFileName(to)}");
            base.Rename(from, to);
        }

        public override void FlushFolder(string path)
        {
            Said.Add($"flush folder {Path.GetFileName(path)}");
            base.FlushFolder(path);
        }
    }
}
