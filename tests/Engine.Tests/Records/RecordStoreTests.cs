using NUnit.Framework;
using Repro.Engine.Records;
using Repro.Engine.Tests.Runs;

namespace Repro.Engine.Tests.Records;

public class RecordStoreTests
{
    private static readonly ProvenanceNote Note = new(
        "fake", 1.5, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), 2,
        MachineFacts.Here("AVX2", "0.1.0"));

    private TemporaryFolder _folder = null!;
    private List<string> _warnings = null!;
    private RecordStore _store = null!;
    private RunRecord _record = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _warnings = [];
        _store = new RecordStore(_folder["out"], _warnings.Add);
        _record = RunRecord.Of(
            new FakeRun(1),
            new RunResult(Outcomes.Completed, new Dictionary<string, double> { ["m"] = 2 },
                new Dictionary<string, Curve>(), "", 5));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void What_was_written_is_found_and_nothing_else_is_left()
    {
        Assert.That(_store.Read(_record.Id), Is.TypeOf<Lookup.Absent>());
        _store.Write(_record, Note);
        Assert.That(
            _store.Read(_record.Id).RecordOrNull!.FileBytes(), Is.EqualTo(_record.FileBytes()));
        Assert.That(_store.ReadNote(_record.Id), Is.EqualTo(Note));
        Assert.That(_store.Ids(), Is.EqualTo(new[] { _record.Id }));
        Assert.That(
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { $"{_record.Id}.json", $"{_record.Id}.note.json" }));
    }

    [Test]
    public void A_truncated_record_is_damaged_and_named()
    {
        _store.Write(_record, Note);
        string path = _store.RecordPath(_record.Id);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);
        Lookup.Damaged damaged = (Lookup.Damaged)_store.Read(_record.Id);
        Assert.That(damaged.Message, Does.Contain(path).And.Contain("made again"));
        Assert.That(_store.ReadAll(), Is.Empty);
        Assert.That(_warnings, Has.One.Contains(path));
    }

    [Test]
    public void A_record_under_another_runs_name_is_damaged()
    {
        _store.Write(_record, Note);
        string other = new('0', 64);
        File.Copy(_store.RecordPath(_record.Id), _store.RecordPath(other));
        Assert.That(
            ((Lookup.Damaged)_store.Read(other)).Reason, Does.Contain($"the run {_record.Id}"));
    }

    [Test]
    public void A_damaged_note_does_not_void_the_record()
    {
        _store.Write(_record, Note);
        File.WriteAllText(_store.NotePath(_record.Id), "{ \"label\": ");
        Assert.That(_store.ReadNote(_record.Id), Is.Null);
        Assert.That(_warnings, Has.One.Contains(_store.NotePath(_record.Id)));
        Assert.That(_store.Read(_record.Id), Is.TypeOf<Lookup.Found>());
    }

    [Test]
    public void A_checkpoint_reads_back_with_its_provenance()
    {
        CheckpointFile saved = new(3, [1, 2, 3], 12.5, 4, Note.StartedUtc);
        _store.WriteCheckpoint(_record.Id, saved);
        CheckpointFile back = _store.ReadCheckpoint(_record.Id, 3)!;
        Assert.That(back.State, Is.EqualTo(saved.State));
        Assert.That(back with { State = saved.State }, Is.EqualTo(saved));
        _store.RemoveCheckpoint(_record.Id);
        Assert.That(_store.ReadCheckpoint(_record.Id, 3), Is.Null);
        Assert.That(_warnings, Is.Empty);
    }

    [Test]
    public void A_checkpoint_cut_off_or_altered_anywhere_is_named_and_treated_as_absent()
    {
        _store.WriteCheckpoint(_record.Id, new CheckpointFile(3, [1, 2, 3], 1, 0, DateTime.UnixEpoch));
        string path = _store.CheckpointPath(_record.Id);
        byte[] whole = File.ReadAllBytes(path);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] altered = [.. whole];
            altered[i] ^= 0x10;
            foreach (byte[] bytes in new[] { whole[..i], altered })
            {
                _warnings.Clear();
                File.WriteAllBytes(path, bytes);
                Assert.That(_store.ReadCheckpoint(_record.Id, 3), Is.Null, $"byte {i}");
                Assert.That(_warnings, Has.One.Contains(path));
            }
        }
    }

    [TestCase(2)]
    [TestCase(4)]
    public void A_checkpoint_of_another_layout_is_named_and_not_used(int wanted)
    {
        _store.WriteCheckpoint(_record.Id, new CheckpointFile(3, [1], 1, 0, DateTime.UnixEpoch));
        Assert.That(_store.ReadCheckpoint(_record.Id, wanted), Is.Null);
        Assert.That(
            _warnings,
            Has.One.Contains($"has layout 3, and this program reads layout {wanted}"));
    }

    [Test]
    public void Another_runs_checkpoint_is_not_used()
    {
        string other = new('0', 64);
        _store.WriteCheckpoint(other, new CheckpointFile(3, [1], 1, 0, DateTime.UnixEpoch));
        File.Move(_store.CheckpointPath(other), _store.CheckpointPath(_record.Id));
        Assert.That(_store.ReadCheckpoint(_record.Id, 3), Is.Null);
        Assert.That(_warnings, Has.One.Contains($"belongs to run {other}"));
    }

    [Test]
    public void A_folder_under_a_file_cannot_be_written_and_the_message_says_so()
    {
        File.WriteAllText(_folder["file"], "");
        RecordStore store = new(Path.Combine(_folder["file"], "out"));
        foreach (Action write in new Action[]
        {
            store.EnsureWritable,
            () => store.Write(_record, Note),
            () => _ = store.TryLock(_record.Id),
        })
        {
            Assert.That(write, Throws.TypeOf<StoreException>()
                .With.Message.Contains(store.Root).And.Message.Contains("another output folder"));
        }
    }

    [Test]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        Directory.CreateDirectory(_folder["taken"]);
        Assert.That(
            () => AtomicFile.Write(_folder["taken"], [1, 2]), Throws.TypeOf<StoreException>());
        Assert.That(Directory.GetFileSystemEntries(_folder.Root), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_run_is_locked_once_and_free_again_afterwards()
    {
        using (RunLock? first = _store.TryLock(_record.Id))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(_store.TryLock(_record.Id), Is.Null);
        }
        using RunLock? again = _store.TryLock(_record.Id);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void The_next_holder_of_the_lock_clears_what_a_killed_write_left()
    {
        _store.Write(_record, Note);
        string left = $"{_store.RecordPath(_record.Id)}.0123.tmp";
        File.WriteAllText(left, "{\"rec");
        using RunLock? hold = _store.TryLock(_record.Id);
        Assert.That(File.Exists(left), Is.False);
        Assert.That(_store.Exists(_record.Id));
    }

    [Test]
    public void What_is_no_id_is_refused_as_a_file_name()
    {
        Assert.That(() => _store.Read("../secret"), Throws.ArgumentException);
    }
}
