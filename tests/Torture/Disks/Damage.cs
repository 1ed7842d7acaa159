using Repro.Engine.Records;

namespace Repro.Torture.Disks;

/// <summary>What damaged files came to.</summary>
/// <param name="Files">Kinds of stored files.</param>
/// <param name="Damages">Files damaged: cut, flipped, emptied of a stretch, or longer.</param>
/// <param name="Unnoticed">Damages after which the same result came out because the file's own
/// reader saw nothing wrong, as in a note's free text.</param>
/// <param name="LostOrWrong">Results that were.</param>
/// <param name="Faults">The first of them in words.</param>
internal sealed record DamageFigures(
    int Files, int Damages, int Unnoticed, int LostOrWrong, IReadOnlyList<string> Faults);

/// <summary>
/// Every stored file cut, flipped, zeroed from an offset on, and made longer, at every offset or
/// every n-th; then the job goes on. Right is the result that the undisturbed job has.
/// </summary>
internal static class Damage
{
    private const int Said = 20;

    private enum Kind
    {
        Cut,
        Flipped,
        Zeroed,
        Longer,
    }

    /// <summary>Every damage.</summary>
    /// <param name="updates">Updates of the run.</param>
    /// <param name="every">Only every n-th offset; 1 is all.</param>
    public static DamageFigures All(long updates, int every = 1)
    {
        Job job = new(1, updates);
        string id = job.Expected.Keys.Single();
        using Scratch scratch = new();
        List<(string Path, byte[] Whole)> files = Stored(job, id, scratch.Root);
        int damages = 0;
        int unnoticed = 0;
        List<string> faults = [];
        foreach ((string path, byte[] whole) in files)
        {
            for (int at = 0; at < whole.Length; at += every)
            {
                foreach (Kind kind in Enum.GetValues<Kind>())
                {
                    byte[] damaged = Damaged(whole, at, kind);
                    if (damaged.AsSpan().SequenceEqual(whole))
                    {
                        continue;
                    }
                    damages++;
                    string what = $"{Path.GetExtension(path)} {kind} at {at}";
                    faults.AddRange(After(job, id, files, path, damaged, what, ref unnoticed));
                }
            }
        }
        return new DamageFigures(
            files.Count, damages, unnoticed, faults.Count, [.. faults.Take(Said)]);
    }

    private static byte[] Damaged(byte[] whole, int at, Kind kind)
    {
        byte[] damaged = [.. whole];
        switch (kind)
        {
            case Kind.Cut:
                return damaged[..at];
            case Kind.Flipped:
                damaged[at] ^= (byte)(1 << (at % 8));
                return damaged;
            case Kind.Zeroed:
                damaged.AsSpan(at).Clear();
                return damaged;
            case Kind.Longer:
                return [.. damaged[..at], 0x20, .. damaged[at..]];
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of damage");
        }
    }

    // A finished run's record and note, and the checkpoint it had in its middle.
    private static List<(string Path, byte[] Whole)> Stored(Job job, string id, string root)
    {
        FailingDisk disk = new(SaveInTheMiddle(job), forGood: true);
        Disk before = Disk.Current;
        Disk.Current = disk;
        try
        {
            job.Make(root);
        }
        finally
        {
            Disk.Current = before;
        }
        RecordStore store = Job.Store(root);
        byte[] checkpoint = File.ReadAllBytes(store.CheckpointPath(id));
        job.Make(root);
        return
        [
            (store.RecordPath(id), File.ReadAllBytes(store.RecordPath(id))),
            (store.NotePath(id), File.ReadAllBytes(store.NotePath(id))),
            (store.CheckpointPath(id), checkpoint),
        ];
    }

    private static int SaveInTheMiddle(Job job)
    {
        using Scratch scratch = new();
        SoundDisk disk = new();
        Disk before = Disk.Current;
        Disk.Current = disk;
        try
        {
            job.Make(scratch.Root);
        }
        finally
        {
            Disk.Current = before;
        }
        return disk.Operations / 2;
    }

    private static List<string> After(
        Job job, string id, List<(string Path, byte[] Whole)> files, string path, byte[] damaged,
        string what, ref int unnoticed)
    {
        string root = Path.GetDirectoryName(Path.GetDirectoryName(files[0].Path)!)!;
        RecordStore store = Job.Store(root);
        bool isCheckpoint = path == store.CheckpointPath(id);
        foreach ((string other, byte[] whole) in files)
        {
            // A checkpoint matters where the record is not there yet, and the other way round.
            bool belongs = isCheckpoint == (other == store.CheckpointPath(id));
            if (belongs)
            {
                File.WriteAllBytes(other, other == path ? damaged : whole);
            }
            else
            {
                File.Delete(other);
            }
        }
        List<string> said = [];
        string? trouble = null;
        try
        {
            trouble = job.Make(root, warn: said.Add)[0].Error;
        }
        catch (Exception error)
        {
            trouble = error.ToString();
        }
        if (said.Count == 0)
        {
            unnoticed++;
        }
        List<string> faults = [.. job.Faults(root, [id]).Where(
            fault => path != store.NotePath(id) || !fault.Contains("no note"))];
        return
        [
            .. faults.Select(fault => $"{what}: {fault}"),
            .. trouble is null ? (string[])[] : [$"{what}: {trouble}"],
        ];
    }
}
