using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>Work shared by machines, and a plan handed to Slurm, whose daemons run here as they
/// would on a cluster.</summary>
[Platform("Linux", Reason = "Slurm runs there")]
[SupportedOSPlatform("linux")]
public sealed class SlurmTests
{
    private const string Item = "scripts/talathi-fig4.fsx";
    private const int Patience = 240_000;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_plan_on_Slurm_whose_node_crashes_in_mid_run_ends_with_the_bytes_of_one_machine()
    {
        if (!VirtualCluster.IsPossible)
        {
            Assert.Ignore("Slurm and munge are not installed, or not for this user");
        }
        // Two runs of many seconds: their nodes are long at work when one goes.
        string[] plan = ["--profile", "quick", "--part", "main/np-RNN/10/1,main/np-RNN/10/2"];
        Ended local = Command.Run(Item, [.. plan, "--out", Path.Combine(folder, "local")]);
        Assert.That(local.ExitCode, Is.Zero, local.ToString());

        using VirtualCluster cluster = new(Path.Combine(folder, "cluster"), 4);
        string output = Path.Combine(folder, "out");
        using Process command = Start(
            cluster, [.. plan, "--out", output, "--on", "slurm", "--tasks", "4", "--wait"]);
        Task<string> said = command.StandardOutput.ReadToEndAsync();
        Task<string> errors = command.StandardError.ReadToEndAsync();
        string node = "";
        Assert.That(
            () => node = Claimer(output, cluster), Is.Not.Empty.After(Patience, 20),
            "a node at work");
        cluster.Crash(node);
        Assert.That(command.WaitForExit(Patience), $"{said.Status}: the command did not end");
        Ended ended = new(command.ExitCode, said.Result, errors.Result);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Contain("runs to make").And.Contain("job "));
        Assert.That(
            Hashes(output), Is.EqualTo(Hashes(Path.Combine(folder, "local"))), ended.ToString());
        Assert.That(
            Directory.GetFiles(Path.Combine(output, "store", "claims")), Is.Empty);
        Assert.That(
            File.ReadAllBytes(Path.Combine(output, "talathi-fig4", "values.csv")),
            Is.EqualTo(File.ReadAllBytes(
                Path.Combine(folder, "local", "talathi-fig4", "values.csv"))));
    }

    [Test]
    public void Two_workers_on_one_folder_make_each_run_once_and_write_no_page()
    {
        string output = Path.Combine(folder, "out");
        string[] work = ["--profile", "smoke", "--work", "--workers", "1", "--out", output];
        Ended[] both = new Ended[2];
        Parallel.For(0, 2, n => both[n] = Command.Run(Item, work));
        Assert.That(both.Select(e => e.ExitCode), Is.All.Zero, string.Join('\n', both.ToList()));
        int runs = Directory.GetFiles(Path.Combine(output, "store"), "*.note.json").Length;
        int made = both.Sum(e => int.Parse(
            Regex.Match(e.Output, "([0-9]+) runs made here").Groups[1].Value,
            CultureInfo.InvariantCulture));
        Assert.That(made, Is.EqualTo(runs), string.Join('\n', both.ToList()));
        Assert.That(Directory.Exists(Path.Combine(output, "talathi-fig4")), Is.False);
    }

    [TestCase("--on", "nomad", "runs can be handed to slurm")]
    [TestCase("--tasks", "4", "--tasks needs --on slurm")]
    [TestCase("--wait", "--why", "--wait needs --on slurm")]
    [TestCase("--work", "--fresh", "--fresh would forget runs that others have made")]
    public void Options_that_do_not_go_together_are_wrong_use(
        string first, string second, string reason)
    {
        Ended ended = Command.Run(Item, first, second, "--out", folder);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString());
        Assert.That(ended.Errors, Does.Contain(reason));
    }

    // The node of a job that has claimed a run.
    private static string Claimer(string output, VirtualCluster cluster)
    {
        string claims = Path.Combine(output, "store", "claims");
        if (!Directory.Exists(claims))
        {
            return "";
        }
        foreach (string path in Directory.GetFiles(claims))
        {
            try
            {
                // One task of an array has the number of the whole array, so `--jobs` of it
                // would list all.
                string job = File.ReadAllText(path).Trim().Split(' ')[^1];
                string all = cluster.Run("squeue", "--noheader", "--array", "--format=%A %N");
                return all.Split('\n').Select(line => line.Split(' '))
                    .FirstOrDefault(words => words[0] == job)?[^1].Trim() ?? "";
            }
            catch (IOException)
            {
                // Its run has just ended.
            }
        }
        return "";
    }

    private static Process Start(VirtualCluster cluster, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["fsi", Item, .. arguments])
        {
            WorkingDirectory = Command.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Command.ForgetTheRunner(start);
        start.Environment.Remove("REPRO_DATA");
        start.Environment["SLURM_CONF"] = cluster.Configuration;
        return Process.Start(start)!;
    }

    private static Dictionary<string, string> Hashes(string output) =>
        Directory.GetFiles(Path.Combine(output, "store"), "*.json")
            .Where(path => !path.EndsWith(".note.json", StringComparison.Ordinal))
            .ToDictionary(
                path => Path.GetFileName(path),
                path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
}
