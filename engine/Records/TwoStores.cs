using System.Collections.Concurrent;
using Repro.Engine.Judging;

namespace Repro.Engine.Records;

/// <summary>Whether a run made here has the bytes of the recorded one.</summary>
public enum Comparison
{
    /// <summary>The id is not recorded, or its recorded file is damaged.</summary>
    NotRecorded,

    /// <summary>Byte for byte the same.</summary>
    Matches,

    /// <summary>The same id with another result: a broken promise, to be reported.</summary>
    Differs,
}

/// <summary>
/// The recorded runs, committed and read-only, in <c>&lt;recorded&gt;/&lt;item&gt;/runs/</c>, and
/// the local ones in one folder. An id recorded under any item is recorded. The profile
/// <c>paper</c> skips what is recorded; <c>quick</c> and <c>smoke</c> use local records only, so
/// that a fresh clone trains anew and can be compared with what is recorded.
/// </summary>
public sealed class TwoStores
{
    private const string Runs = "runs";
    private readonly bool mayRecord;
    private readonly Action<string> warn;
    private readonly ConcurrentDictionary<string, bool> named = [];
    private readonly Lock gate = new();
    private Dictionary<string, RecordStore>? recordedIds;

    /// <summary>Names the folders; nothing is made until the first write.</summary>
    /// <param name="recordedFolder">Folder of the items' folders; it need not exist.</param>
    /// <param name="localFolder">Folder of local records, checkpoints and locks.</param>
    /// <param name="profile">Decides whether recorded runs are skipped.</param>
    /// <param name="warn">Receives sentences about files that cannot be trusted.</param>
    /// <param name="mayRecord">Allows <see cref="Record"/>.</param>
    public TwoStores(
        string recordedFolder,
        string localFolder,
        Profile profile,
        Action<string>? warn = null,
        bool mayRecord = false)
    {
        this.warn = warn ?? (_ => { });
        this.mayRecord = mayRecord;
        RecordedFolder = Path.GetFullPath(recordedFolder);
        Local = new RecordStore(localFolder, this.warn);
        Profile = profile;
    }

    /// <summary>Folder of the items' folders.</summary>
    public string RecordedFolder { get; }

    /// <summary>The local records.</summary>
    public RecordStore Local { get; }

    /// <summary>The profile asked for.</summary>
    public Profile Profile { get; }

    /// <summary>The recorded runs of one item.</summary>
    public RecordStore RecordedOf(string item) =>
        new(Path.Combine(RecordedFolder, item, Runs), warn);

    /// <summary>Looks into the recorded runs of all items, whatever the profile.</summary>
    public Lookup ReadRecorded(string id) =>
        RecordedIds().TryGetValue(id, out RecordStore? store)
            ? store.Read(id)
            : new Lookup.Absent();

    /// <summary>The recorded runs of an item that cannot be trusted, whether or not a plan wants
    /// them and whether or not another item has a whole copy; each is named in a warning.
    /// </summary>
    public IReadOnlyList<Lookup.Damaged> DamagedOf(string item)
    {
        RecordStore store = RecordedOf(item);
        List<Lookup.Damaged> damaged = [];
        foreach (string id in store.Ids())
        {
            if (store.Read(id) is Lookup.Damaged found)
            {
                Usable(found);
                damaged.Add(found);
            }
        }
        return damaged;
    }

    /// <summary>The note beside the recorded run, or null.</summary>
    public ProvenanceNote? ReadRecordedNote(string id) =>
        RecordedIds().GetValueOrDefault(id)?.ReadNote(id);

    /// <summary>What the profile may use instead of making the run; damaged files are named in a
    /// warning.</summary>
    /// <returns>The record and whether it is a recorded one, or null.</returns>
    public (RunRecord Record, bool IsRecorded)? Find(string id)
    {
        if (Profile == Profile.Paper && Usable(ReadRecorded(id)) is { } recorded)
        {
            return (recorded, true);
        }
        return Usable(Local.Read(id)) is { } local ? (local, false) : null;
    }

    /// <summary>Compares a record with the recorded one of its id.</summary>
    public Comparison Compare(RunRecord record) =>
        Usable(ReadRecorded(record.Id)) is not { } recorded ? Comparison.NotRecorded
        : recorded.CanonicalBytes().AsSpan().SequenceEqual(record.CanonicalBytes())
            ? Comparison.Matches
            : Comparison.Differs;

    /// <summary>Copies a local record and its note to the recorded ones of an item. A recorded
    /// run with another result is never replaced.</summary>
    /// <exception cref="StoreException">Recording was not allowed, there is no whole local
    /// record, another result is recorded, or the folder cannot be written.</exception>
    public void Record(string item, string id)
    {
        if (!mayRecord)
        {
            throw new StoreException(
                $"the recorded runs in '{RecordedFolder}' are read-only here; open them for "
                + "recording to add a run");
        }
        if (Local.Read(id).RecordOrNull is not { } record || Local.ReadNote(id) is not { } note)
        {
            throw new StoreException(
                $"'{Local.Root}' has no whole record and note of run {id} to record; run it "
                + "first");
        }
        if (Compare(record) == Comparison.Differs)
        {
            throw new StoreException(
                $"run {id} is recorded with another result. Find out why first; if the new "
                + "result is right, raise a behaviour version, which gives the run a new id.");
        }
        RecordedOf(item).Write(record, note);
        lock (gate)
        {
            recordedIds = null;
        }
    }

    private RunRecord? Usable(Lookup lookup)
    {
        if (lookup is Lookup.Damaged damaged && named.TryAdd(damaged.Message, true))
        {
            warn(damaged.Message);
        }
        return lookup.RecordOrNull;
    }

    /// <summary>The stores of the recorded runs, one an item.</summary>
    internal IEnumerable<RecordStore> RecordedStores() =>
        Directory.Exists(RecordedFolder)
            ? Directory.EnumerateDirectories(RecordedFolder)
                .Order(StringComparer.Ordinal)
                .Select(folder => RecordedOf(Path.GetFileName(folder)))
            : [];

    private Dictionary<string, RecordStore> RecordedIds()
    {
        // Runs end on several threads, and a recorded one changes what is recorded.
        lock (gate)
        {
            return recordedIds ??= FindRecordedIds();
        }
    }

    private Dictionary<string, RecordStore> FindRecordedIds()
    {
        Dictionary<string, RecordStore> ids = [];
        foreach (RecordStore store in RecordedStores())
        {
            foreach (string id in store.Ids())
            {
                // One whole copy is enough when several items record the same run.
                if (!ids.TryGetValue(id, out RecordStore? other)
                    || other.Read(id) is not Lookup.Found)
                {
                    ids[id] = store;
                }
            }
        }
        return ids;
    }
}
