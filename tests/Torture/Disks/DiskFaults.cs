using Repro.Engine.Records;
using Repro.Engine.Runs;

namespace Repro.Torture.Disks;

/// <summary>What the failures of a disk came to.</summary>
/// <param name="Operations">Of a job that nothing disturbs: each was made to fail.</param>
/// <param name="Jobs">Jobs that were disturbed, each in a folder of its own.</param>
/// <param name="LostOrWrong">Results that were, and files left behind.</param>
/// <param name="Faults">The first of them in words.</param>
internal sealed record DiskFigures(
    int Operations, int Jobs, int LostOrWrong, IReadOnlyList<string> Faults);

/// <summary>
/// A job with a fault at its n-th operation of the disk, for every n: it fails once, it and all
/// after it fail, or the power is cut, with the three things that a cut can leave. Then the job is
/// started again on a sound disk. Wrong is a record that is said to be written and is not there,
/// not whole, without its note or with another result; a job that cannot be finished afterwards;
/// and a temporary file that stays.
/// </summary>
internal static class DiskFaults
{
    private const int Said = 20;

    /// <summary>Every fault.</summary>
    /// <param name="runs">Runs of the job.</param>
    /// <param name="updates">Updates of each.</param>
    /// <param name="every">Only every n-th operation; 1 is all.</param>
    /// <param name="forgotten">What is made as if the engine had not done it.</param>
    public static DiskFigures All(
        int runs, long updates, int every = 1, Forgotten forgotten = Forgotten.Nothing)
    {
        Job job = new(runs, updates);
        int operations = Count(job);
        int jobs = 0;
        List<string> faults = [];
        for (int n = 1; n <= operations; n += every)
        {
            foreach (bool forGood in (bool[])[false, true])
            {
                faults.AddRange(Failing(job, n, forGood));
                jobs++;
            }
            foreach (PowerCut cut in Enum.GetValues<PowerCut>())
            {
                faults.AddRange(Cut(job, n, cut, forgotten));
                jobs++;
            }
        }
        return new DiskFigures(operations, jobs, faults.Count, [.. faults.Take(Said)]);
    }

    private static int Count(Job job)
    {
        using Scratch scratch = new();
        SoundDisk disk = new();
        With(disk, () => job.Make(scratch.Root));
        return disk.Operations;
    }

    private static List<string> Failing(Job job, int n, bool forGood)
    {
        using Scratch scratch = new();
        List<string> announced = [];
        Disturbed(job, scratch.Root, new FailingDisk(n, forGood), announced);
        return After(job, scratch.Root, announced,
            $"operation {n} fails{(forGood ? " and all after it" : "")}");
    }

    private static List<string> Cut(Job job, int n, PowerCut cut, Forgotten forgotten)
    {
        using Scratch scratch = new();
        string folder = scratch.Root;
        List<string> announced = [];
        ForgetfulDisk disk = new(folder, n, cut, forgotten);
        Disturbed(job, folder, disk, announced);
        if (!disk.IsOff)
        {
            return [$"power cut at operation {n}: the job ended before it"];
        }
        disk.Restart();
        return After(job, folder, announced, $"power cut at operation {n}, {cut}");
    }

    private static void Disturbed(Job job, string folder, Disk disk, List<string> announced)
    {
        try
        {
            With(disk, () => job.Make(folder, announced.Add));
        }
        catch (StoreException)
        {
            // The folder was found unwritable before the first run.
        }
    }

    private static List<string> After(
        Job job, string folder, List<string> announced, string what)
    {
        List<string> faults = [.. job.Faults(folder, announced)];
        IReadOnlyList<PoolOutcome> outcomes = job.Make(folder);
        faults.AddRange(outcomes.Where(o => o.Error is not null).Select(o => $"lost: {o.Error}"));
        faults.AddRange(job.Faults(folder, job.Expected.Keys));
        faults.AddRange(Directory
            .EnumerateFiles(folder, "*.ckpt", SearchOption.AllDirectories)
            .Select(left => $"left behind: {left}"));
        return [.. faults.Distinct().Select(fault => $"{what}: {fault}")];
    }

    private static void With(Disk disk, Action act)
    {
        Disk before = Disk.Current;
        Disk.Current = disk;
        try
        {
            act();
        }
        finally
        {
            Disk.Current = before;
        }
    }
}
