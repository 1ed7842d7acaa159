using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>A real process that is told to stop in the middle of a run.</summary>
[Platform("Linux", Reason = "signals are sent with kill, and children found in /proc")]
public sealed class InterruptTests
{
    private const int InterruptionsAt = 56;
    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void SIGINT_SIGTERM_and_SIGHUP_save_a_checkpoint_from_which_the_same_command_goes_on()
    {
        long interruptions = 0;
        foreach (string signal in (string[])["INT", "TERM", "HUP"])
        {
            Ended ended = StopWith(signal);
            Assert.That(ended.ExitCode, Is.EqualTo(130), $"{signal}: {ended}");
            Assert.That(ended.Output, Does.Contain("interrupted; the same command goes on"));
            Assert.That(ended.Errors, Does.Contain("stopping after a checkpoint"));
            string checkpoint = Directory.GetFiles(
                Path.Combine(folder, "store", "checkpoints"), "*.ckpt").Single();
            Assert.That(
                BinaryPrimitives.ReadInt64LittleEndian(
                    File.ReadAllBytes(checkpoint).AsSpan(InterruptionsAt)),
                Is.EqualTo(interruptions++), "each sitting but the first went on from one");
            Assert.That(
                Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories), Is.Empty);
        }
    }

    // One run of many seconds, stopped as soon as it is at work: it is long before its end.
    private Ended StopWith(string signal)
    {
        using Process process = Command.Start(
            "scripts/pascanu-fig7.fsx", "--profile", "quick", "--part",
            "basic-tanh/basic-tanh/MSGD-C/50/1", "--workers", "1", "--out", folder);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string> lines = [];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains("% of the work", StringComparison.Ordinal))
            {
                break;
            }
        }
        using Process kill = Process.Start("kill", [$"-{signal}", $"{Script(process.Id)}"]);
        kill.WaitForExit();
        lines.Add(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return new Ended(process.ExitCode, string.Join('\n', lines), errors.Result);
    }

    // `dotnet fsi` runs the script in a child and hands on its exit code.
    private static int Script(int parent)
    {
        string children = File.ReadAllText($"/proc/{parent}/task/{parent}/children").Trim();
        return children.Length == 0
            ? parent
            : Script(int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
