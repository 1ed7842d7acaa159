using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

public class RecordStoreTests
{
    private static readonly ProvenanceNote Note = new(
        "fake", 1.5, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), 2,
        MachineFacts.Here("AVX2", "0.1.0"));

    private TemporaryFolder folder = null!;
    private List<string> warnings = null!;
    private RecordStore store = null!;
    private RunRecord record = null!;

    [SetUp]
    public void SetUp()
    {
        folder = new TemporaryFolder();
        warnings = [];
        store = new RecordStore(folder["out"], warnings.Add);
        record = RunRecord.Of(
            new FakeRun(1),
            new RunResult(Outcomes.Completed, new Dictionary<string, double> { ["m"] = 2 },
                new Dictionary<string, Curve>(), "", 5));
    }

    [TearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void What_was_written_is_found_and_nothing_else_is_left()
    {
        Assert.That(store.Read(record.Id), Is.TypeOf<Lookup.Absent>());
        store.Write(record, Note);
        Assert.That(
            store.Read(record.Id).RecordOrNull!.FileBytes(), Is.EqualTo(record.FileBytes()));
        Assert.That(store.ReadNote(record.Id), Is.EqualTo(Note));
        Assert.That(store.Ids(), Is.EqualTo(new[] { record.Id }));
        Assert.That(
            Directory.GetFiles(folder["out"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { $"{record.Id}.json", $"{record.Id}.note.json" }));
    }

    [Test]
    public void A_truncated_record_is_damaged_and_named()
    {
        store.Write(record, Note);
        string path = store.RecordPath(record.Id);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);
        Lookup.Damaged damaged = (Lookup.Damaged)store.Read(record.Id);
        Assert.That(damaged.Message, Does.Contain(path).And.Contain("made again"));
        Assert.That(store.ReadAll(), Is.Empty);
        Assert.That(warnings, Has.One.Contains(path));
    }

    [Test]
    public void A_record_under_another_runs_name_is_damaged()
    {
        store.Write(record, Note);
        string other = new('0', 64);
        File.Copy(store.RecordPath(record.Id), store.RecordPath(other));
        Assert.That(
            ((Lookup.Damaged)store.Read(other)).Reason, Does.Contain($"the run {record.Id}"));
    }

    [Test]
    public void A_damaged_note_does_not_void_the_record()
    {
        store.Write(record, Note);
        File.WriteAllText(store.NotePath(record.Id), "{ \"label\": ");
        Assert.That(store.ReadNote(record.Id), Is.Null);
        Assert.That(warnings, Has.One.Contains(store.NotePath(record.Id)));
        Assert.That(store.Read(record.Id), Is.TypeOf<Lookup.Found>());
    }

    [Test]
    public void A_checkpoint_reads_back_with_its_provenance()
    {
        CheckpointFile saved = new(3, [1, 2, 3], 12.5, 4, Note.StartedUtc);
        store.WriteCheckpoint(record.Id, saved);
        CheckpointFile back = store.ReadCheckpoint(record.Id, 3)!;
        Assert.That(back.State, Is.EqualTo(saved.State));
        Assert.That(back with { State = saved.State }, Is.EqualTo(saved));
        store.RemoveCheckpoint(record.Id);
        Assert.That(store.ReadCheckpoint(record.Id, 3), Is.Null);
        Assert.That(warnings, Is.Empty);
    }

    [Test]
    public void A_checkpoint_cut_off_or_altered_anywhere_is_named_and_treated_as_absent()
    {
        store.WriteCheckpoint(
            record.Id, new CheckpointFile(3, [1, 2, 3], 1, 0, DateTime.UnixEpoch));
        string path = store.CheckpointPath(record.Id);
        byte[] whole = File.ReadAllBytes(path);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] altered = [.. whole];
            altered[i] ^= 0x10;
            foreach (byte[] bytes in new[] { whole[..i], altered })
            {
                warnings.Clear();
                File.WriteAllBytes(path, bytes);
                Assert.That(store.ReadCheckpoint(record.Id, 3), Is.Null, $"byte {i}");
                Assert.That(warnings, Has.One.Contains(path));
            }
        }
    }

    [TestCase(2)]
    [TestCase(4)]
    public void A_checkpoint_of_another_layout_is_named_and_not_used(int wanted)
    {
        store.WriteCheckpoint(record.Id, new CheckpointFile(3, [1], 1, 0, DateTime.UnixEpoch));
        Assert.That(store.ReadCheckpoint(record.Id, wanted), Is.Null);
        Assert.That(
            warnings,
            Has.One.Contains($"has layout 3, and this program reads layout {wanted}"));
    }

    [Test]
    public void Another_runs_checkpoint_is_not_used()
    {
        string other = new('0', 64);
        store.WriteCheckpoint(other, new CheckpointFile(3, [1], 1, 0, DateTime.UnixEpoch));
        File.Move(store.CheckpointPath(other), store.CheckpointPath(record.Id));
        Assert.That(store.ReadCheckpoint(record.Id, 3), Is.Null);
        Assert.That(warnings, Has.One.Contains($"belongs to run {other}"));
    }

    [Test]
    public void A_folder_under_a_file_cannot_be_written_and_the_message_says_so()
    {
        File.WriteAllText(folder["file"], "");
        RecordStore store = new(Path.Combine(folder["file"], "out"));
        foreach (Action write in new Action[]
        {
            store.EnsureWritable,
            () => store.Write(record, Note),
            () => _ = store.TryLock(record.Id),
        })
        {
            Assert.That(write, Throws.TypeOf<StoreException>()
                .With.Message.Contains(store.Root).And.Message.Contains("another output folder"));
        }
    }

    [Test]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        Directory.CreateDirectory(folder["taken"]);
        Assert.That(
            () => AtomicFile.Write(folder["taken"], [1, 2]), Throws.TypeOf<StoreException>());
        Assert.That(Directory.GetFileSystemEntries(folder.Root), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_run_is_locked_once_and_free_again_afterwards()
    {
        using (RunHold? first = store.TryLock(record.Id))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(store.TryLock(record.Id), Is.Null);
        }
        using RunHold? again = store.TryLock(record.Id);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void A_claim_that_cannot_be_made_leaves_the_run_free_for_the_next_try()
    {
        // A file stands where the folder of claims would be.
        store.EnsureWritable();
        string claims = Path.Combine(store.Root, "claims");
        File.WriteAllText(claims, "");
        TimeSpan age = TimeSpan.FromMinutes(1);
        Assert.That(
            () => store.TryLock(record.Id, "owner", age), Throws.TypeOf<StoreException>());
        File.Delete(claims);
        using RunHold? hold = store.TryLock(record.Id, "owner", age);
        Assert.That(hold, Is.Not.Null);
    }

    [Test]
    public void The_next_holder_of_the_lock_clears_what_a_killed_write_left()
    {
        store.Write(record, Note);
        string left = $"{store.RecordPath(record.Id)}.0123.tmp";
        File.WriteAllText(left, "{\"rec");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddDays(-2));
        using RunHold? hold = store.TryLock(record.Id);
        Assert.That(File.Exists(left), Is.False);
        Assert.That(store.Exists(record.Id));
    }

    [Test]
    public void What_is_no_id_is_refused_as_a_file_name()
    {
        Assert.That(() => store.Read("../secret"), Throws.ArgumentException);
    }
}
