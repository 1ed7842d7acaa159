namespace Repro.Engine.Records;

/// <summary>
/// Records in one folder: <c>&lt;id&gt;.json</c>, its note <c>&lt;id&gt;.note.json</c>, and in the
/// working folder of unfinished runs also <c>checkpoints/</c> and <c>locks/</c>. Nothing is ever
/// half-written, and what does not fit its checksum is named and not used.
/// </summary>
public sealed class RecordStore
{
    private const string RecordEnd = ".json";
    private const string NoteEnd = ".note.json";
    private readonly Action<string> warn;

    /// <summary>Names the folder; nothing is made until the first write.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="warn">Receives sentences about files that cannot be trusted.</param>
    public RecordStore(string root, Action<string>? warn = null)
    {
        Root = Path.GetFullPath(root);
        this.warn = warn ?? (_ => { });
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>Path of a record's file.</summary>
    public string RecordPath(string id) => Path.Combine(Root, Checked(id) + RecordEnd);

    /// <summary>Path of a note's file.</summary>
    public string NotePath(string id) => Path.Combine(Root, Checked(id) + NoteEnd);

    /// <summary>Path of a checkpoint's file.</summary>
    public string CheckpointPath(string id) =>
        Path.Combine(Root, "checkpoints", Checked(id) + ".ckpt");

    /// <summary>Whether a record's file is there, whole or not.</summary>
    public bool Exists(string id) => File.Exists(RecordPath(id));

    /// <summary>Reads a record and checks it; never throws for what is in the file.</summary>
    public Lookup Read(string id)
    {
        string path = RecordPath(id);
        try
        {
            RunRecord record = RunRecord.Parse(File.ReadAllBytes(path));
            return record.Id == id
                ? new Lookup.Found(record, path)
                : new Lookup.Damaged(path, $"it holds the run {record.Id}");
        }
        catch (Exception error) when (IsMissing(error))
        {
            return new Lookup.Absent();
        }
        catch (FormatException error)
        {
            return new Lookup.Damaged(path, error.Message);
        }
        catch (Exception error) when (AtomicFile.IsFileTrouble(error))
        {
            return new Lookup.Damaged(path, $"it cannot be read ({error.Message})");
        }
    }

    /// <summary>A record's note, or null when there is none or it is damaged.</summary>
    public ProvenanceNote? ReadNote(string id)
    {
        string path = NotePath(id);
        try
        {
            return ProvenanceNote.Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (error is FormatException || AtomicFile.IsFileTrouble(error))
        {
            warn($"the note '{path}' is not used: {error.Message}");
            return null;
        }
    }

    /// <summary>Writes a record and its note, replacing what is there. The note goes first: a
    /// record that exists always has one.</summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public void Write(RunRecord record, ProvenanceNote note)
    {
        AtomicFile.Write(NotePath(record.Id), note.FileBytes());
        AtomicFile.Write(RecordPath(record.Id), record.FileBytes());
    }

    /// <summary>Every whole record of the folder in the order of their ids; damaged ones are named
    /// in a warning.</summary>
    public IEnumerable<RunRecord> ReadAll()
    {
        foreach (string id in Ids())
        {
            switch (Read(id))
            {
                case Lookup.Found found:
                    yield return found.Record;
                    break;
                case Lookup.Damaged damaged:
                    warn(damaged.Message);
                    break;
            }
        }
    }

    /// <summary>Ids of the record files of the folder, sorted.</summary>
    public IReadOnlyList<string> Ids() =>
        Directory.Exists(Root)
            ? [.. Directory.EnumerateFiles(Root, "*" + RecordEnd)
                .Select(path => Path.GetFileName(path)[..^RecordEnd.Length])
                .Where(RunId.IsId)
                .Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Fails before the first run rather than after it.</summary>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public void EnsureWritable() => AtomicFile.Try(Path.Combine(Root, "probe"));

    /// <summary>Removes the claims of owners that have ended: what machines that share the folder
    /// began and will not end.</summary>
    /// <exception cref="StoreException">The folder of claims cannot be read.</exception>
    public void ForgetClaims(Func<string, bool> hasEnded) =>
        RunClaim.Forget(ClaimsFolder, hasEnded);

    internal CheckpointFile? ReadCheckpoint(string id, int layout)
    {
        string path = CheckpointPath(id);
        try
        {
            return CheckpointFile.Parse(File.ReadAllBytes(path), id, layout);
        }
        catch (Exception error) when (IsMissing(error))
        {
            return null;
        }
        catch (Exception error) when (error is FormatException || AtomicFile.IsFileTrouble(error))
        {
            warn($"the checkpoint '{path}' cannot be used: {error.Message}. It is ignored; "
                + "the run starts from its beginning.");
            return null;
        }
    }

    internal void WriteCheckpoint(string id, CheckpointFile checkpoint) =>
        CheckpointFile.Write(CheckpointPath(id), id, checkpoint);

    internal void RemoveCheckpoint(string id) => AtomicFile.Remove(CheckpointPath(id));

    /// <summary>Takes the right to make the run, or null while another process or worker has it.
    /// </summary>
    /// <param name="id">Of the run.</param>
    /// <param name="owner">Who claims it before the machines that share the folder; null where
    /// there is one machine.</param>
    /// <param name="age">See <see cref="RunClaim.TryTake"/>.</param>
    /// <exception cref="StoreException">The folder cannot be written.</exception>
    internal RunHold? TryLock(string id, string? owner = null, TimeSpan age = default)
    {
        RunLock? taken = RunLock.TryTake(Path.Combine(Root, "locks", Checked(id) + ".lock"));
        if (taken is null)
        {
            return null;
        }
        RunClaim? claim = null;
        try
        {
            if (owner is not null)
            {
                claim = RunClaim.TryTake(ClaimsFolder, id, owner, age);
                if (claim is null)
                {
                    taken.Dispose();
                    return null;
                }
            }
        }
        catch
        {
            taken.Dispose();
            throw;
        }
        AtomicFile.RemoveLeftovers(RecordPath(id));
        AtomicFile.RemoveLeftovers(NotePath(id));
        AtomicFile.RemoveLeftovers(CheckpointPath(id));
        return new RunHold(taken, claim);
    }

    private string ClaimsFolder => Path.Combine(Root, "claims");

    private static bool IsMissing(Exception error) =>
        error is FileNotFoundException or DirectoryNotFoundException;

    private static string Checked(string id) => RunId.IsId(id)
        ? id
        : throw new ArgumentException(
            $"'{id}' is not a run id; expected 64 lower-case hexadecimal digits");
}
