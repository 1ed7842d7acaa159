using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>Slurm's own daemons on this machine: a controller and some nodes that are processes.
/// Everything lies in one folder and ends with it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class VirtualCluster : IDisposable
{
    private const int Patience = 60_000;
    private readonly string folder;

    /// <summary>Starts the daemons and waits until every node is ready.</summary>
    public VirtualCluster(string folder, int nodes)
    {
        this.folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "state"));
        Directory.CreateDirectory(Path.Combine(folder, "spool"));
        Nodes = [.. Enumerable.Range(1, nodes).Select(n => $"n{n}")];
        string key = Path.Combine(folder, "munge.key");
        byte[] secret = new byte[1024];
        Random.Shared.NextBytes(secret);
        File.WriteAllBytes(key, secret);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Configuration = Path.Combine(folder, "slurm.conf");
        File.WriteAllText(Configuration, Configure(nodes));
        Run("munged", "--force", $"--key-file={key}", $"--socket={Socket}",
            $"--pid-file={folder}/munge.pid", $"--log-file={folder}/munge.log",
            $"--seed-file={folder}/munge.seed");
        Run("slurmctld");
        foreach (string node in Nodes)
        {
            Run("slurmd", "-N", node);
        }
        Assert.That(
            () => Run("sinfo", "--noheader", "--states=idle", "--format=%D").Trim(),
            Is.EqualTo($"{nodes}").After(Patience, 200), "nodes that are ready");
    }

    /// <summary>Whether the daemons are installed and may be started.</summary>
    public static bool IsPossible =>
        Environment.UserName == "root"
        && new[] { "slurmctld", "slurmd", "munged", "sbatch" }.All(IsInstalled);

    public IReadOnlyList<string> Nodes { get; }

    /// <summary>What SLURM_CONF is to be.</summary>
    public string Configuration { get; }

    private string Socket => Path.Combine(folder, "munge.sock");

    /// <summary>Runs one of Slurm's commands; returns its output.</summary>
    public string Run(string command, params string[] arguments)
    {
        ProcessStartInfo start = new(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        Command.ForgetTheRunner(start);
        start.Environment["SLURM_CONF"] = Configuration;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        // A daemon keeps what it inherited; its parent's end is what counts.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.That(process.WaitForExit(Patience), $"{command} did not end");
        Assert.That(
            process.ExitCode, Is.Zero,
            $"{command} {string.Join(' ', arguments)}: {(errors.Wait(100) ? errors.Result : "")}");
        return output.Wait(1_000) ? output.Result : "";
    }

    /// <summary>Ends a node as a power cut does: its daemon, then whatever runs on it.</summary>
    public void Crash(string node)
    {
        // The daemons first, so that nothing tells the controller how its job ended.
        Kill(p => IsOf(p, node) && p.ProcessName.StartsWith("slurm", StringComparison.Ordinal));
        Kill(p => IsOf(p, node));
        Run("scontrol", "update", $"nodename={node}", "state=down", "reason=crashed");
    }

    public void Dispose()
    {
        string here = Path.GetFullPath(folder);
        Kill(p => CommandLine(p).Contains(here, StringComparison.Ordinal)
            || Environ(p).Contains($"SLURM_CONF={Configuration}", StringComparison.Ordinal));
    }

    private string Configure(int nodes)
    {
        string host = Environment.MachineName;
        int[] ports = FreePorts(nodes + 1);
        List<string> lines =
        [
            "ClusterName=repro",
            $"SlurmctldHost={host}(127.0.0.1)",
            $"SlurmctldPort={ports[nodes]}",
            "SlurmUser=root",
            "SlurmdUser=root",
            "AuthType=auth/munge",
            $"AuthInfo=socket={Socket}",
            "CredType=cred/munge",
            $"StateSaveLocation={folder}/state",
            $"SlurmdSpoolDir={folder}/spool/%n",
            $"SlurmctldPidFile={folder}/slurmctld.pid",
            $"SlurmdPidFile={folder}/slurmd-%n.pid",
            $"SlurmctldLogFile={folder}/slurmctld.log",
            $"SlurmdLogFile={folder}/slurmd-%n.log",
            "ProctrackType=proctrack/pgid",
            "TaskPlugin=task/none",
            "SelectType=select/cons_tres",
            "SelectTypeParameters=CR_Core",
            "SchedulerParameters=bf_interval=1,sched_interval=1",
            "ReturnToService=2",
            "KillWait=5",
            "MpiDefault=none",
            "AccountingStorageType=accounting_storage/none",
            "JobAcctGatherType=jobacct_gather/none",
            "SwitchType=switch/none",
            .. Nodes.Select((node, n) => $"NodeName={node} NodeAddr=127.0.0.1 "
                + $"NodeHostname={host} Port={ports[n]} CPUs=1 RealMemory=100"),
            "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners =
            [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
        {
            listener.Start();
        }
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
        {
            listener.Stop();
        }
        return ports;
    }

    private static bool IsInstalled(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Any(path => path.Length > 0 && File.Exists(Path.Combine(path, command)));

    private bool IsOf(Process process, string node)
    {
        string words = CommandLine(process);
        string environment = Environ(process);
        return environment.Contains($"SLURM_CONF={Configuration}", StringComparison.Ordinal)
            && (words == $"slurmd -N {node} "
                || environment.Contains($"SLURMD_NODENAME={node} ", StringComparison.Ordinal));
    }

    private static void Kill(Func<Process, bool> isMeant)
    {
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                if (process.Id != Environment.ProcessId && isMeant(process))
                {
                    process.Kill();
                }
            }
        }
    }

    private static string CommandLine(Process process) => Proc(process, "cmdline");

    private static string Environ(Process process) => Proc(process, "environ");

    private static string Proc(Process process, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/{name}").Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
