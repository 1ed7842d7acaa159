using System.Diagnostics;
using System.Globalization;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Torture.Disks;

namespace Repro.Torture;

/// <summary>What killed processes left.</summary>
/// <param name="Kills">SIGKILLs.</param>
/// <param name="Jobs">Jobs that were finished in between.</param>
/// <param name="CutWrites">Temporary files that kills left: they struck within a write.</param>
/// <param name="Records">Records looked at after the kills, each once.</param>
/// <param name="LostOrWrong">Results that were.</param>
/// <param name="Faults">The first of them in words.</param>
internal sealed record KillFigures(
    int Kills, int Jobs, int CutWrites, int Records, int LostOrWrong,
    IReadOnlyList<string> Faults);

/// <summary>
/// A process makes one job after another, each in a folder of its own, and is killed (SIGKILL) at
/// a random instant: some milliseconds after a random number of operations of the disk, so that a
/// busy machine does not move all kills into the start. The next process goes on where it was.
/// After each kill every record that was announced must be there, and every record that is there
/// whole and right.
/// </summary>
internal static class Kills
{
    private const int Runs = 3;
    private const long Updates = 200;
    private const int Said = 20;
    private const string Operation = "operation";
    private const uint MostOperations = 200;
    private const uint LongestWait = 20;
    private const uint Purpose = 9001;

    /// <summary>Kills so many processes.</summary>
    /// <param name="kills">How many.</param>
    /// <param name="seed">Of the instants.</param>
    /// <param name="minutes">Stop after so many minutes; what was done until then counts.</param>
    public static KillFigures Of(int kills, ulong seed, double minutes = double.PositiveInfinity)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Job job = new(Runs, Updates);
        Philox random = new(seed, Purpose);
        using Scratch scratch = new();
        List<string> faults = [];
        int records = 0;
        int jobs = 0;
        HashSet<string> cutWrites = [];
        int kill = 0;
        for (; kill < kills && clock.Elapsed.TotalMinutes < minutes; kill++)
        {
            ulong draw = 2 * (ulong)kill;
            Dictionary<string, List<string>> announced = KillOne(
                scratch.Root, (int)random.Below(draw, MostOperations),
                (int)random.Below(draw + 1, LongestWait));
            foreach (string folder in Directory.GetDirectories(scratch.Root).Order())
            {
                string name = Path.GetFileName(folder);
                cutWrites.UnionWith(
                    Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories));
                faults.AddRange(job
                    .Faults(folder, announced.GetValueOrDefault(name, []))
                    .Select(fault => $"kill {kill}, job {name}: {fault}"));
                // A job whose end was announced is looked at once more and given up.
                if (File.Exists(Path.Combine(scratch.Root, name + ".ended")))
                {
                    faults.AddRange(job
                        .Faults(folder, job.Expected.Keys)
                        .Select(fault => $"kill {kill}, ended job {name}: {fault}"));
                    records += job.Expected.Count;
                    jobs++;
                    Directory.Delete(folder, recursive: true);
                }
            }
        }
        return new KillFigures(
            kill, jobs, cutWrites.Count, records, faults.Count, [.. faults.Take(Said)]);
    }

    /// <summary>What the killed process does: never ends by itself.</summary>
    public static void Work(string root)
    {
        Job job = new(Runs, Updates);
        Disk.Current = new TalkingDisk();
        for (int number = 0; ; number++)
        {
            string folder = Path.Combine(root, number.ToString("D6", CultureInfo.InvariantCulture));
            if (File.Exists(folder + ".ended"))
            {
                continue;
            }
            job.Make(folder, id => Say($"{Path.GetFileName(folder)} {id}"), workers: 2);
            AtomicFile.Write(folder + ".ended", []);
        }
    }

    private static void Say(string line)
    {
        lock (Operation)
        {
            Console.WriteLine(line);
            Console.Out.Flush();
        }
    }

    private static Dictionary<string, List<string>> KillOne(
        string root, int operations, int wait)
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath ?? "dotnet",
            [typeof(Kills).Assembly.Location, "work", "--folder", root])
        {
            RedirectStandardOutput = true,
        };
        // Where another host runs the test, the engine still needs the command 'dotnet'.
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
        {
            start.FileName = "dotnet";
        }
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException("'dotnet' could not be started");
        List<string> lines = [];
        int seen = 0;
        while (seen <= operations && process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            seen += line == Operation ? 1 : 0;
        }
        Task<string> rest = process.StandardOutput.ReadToEndAsync();
        Thread.Sleep(wait);
        process.Kill();
        process.WaitForExit();
        // A line that the kill cut in two announces nothing.
        string text = rest.Result;
        lines.AddRange(text[..(text.LastIndexOf('\n') + 1)]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return lines
            .Select(line => line.Split(' '))
            .Where(words => words[0] != Operation)
            .GroupBy(words => words[0], words => words[1])
            .ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>Tells of each operation before it is made.</summary>
    private sealed class TalkingDisk : CountingDisk
    {
        protected override bool Fails(int n)
        {
            Say(Operation);
            return false;
        }
    }
}
