using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The script that times an update.</summary>
public sealed class SpeedTests
{
    [Test]
    public void A_comparator_whose_process_ends_is_named_with_its_last_words()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("the interpreter of this test is a shell script");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("speed-test-").FullName;
        try
        {
            string python = Path.Combine(folder, "python");
            File.WriteAllText(
                python,
                """
                #!/bin/sh
                echo '{"torch":"9.9","blas":[],"matmulGflops":1.0,"flushDenormal":true}'
                read line
                echo "Illegal instruction" >&2
                exit 3
                """);
            File.SetUnixFileMode(
                python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Ended ended = Command.Run(
                "scripts/speed.fsx",
                ["--only", "addition-H100-B1-T300", "--rounds", "1", "--python", python,
                    "--no-native", "--out", folder]);
            Assert.Multiple(() =>
            {
                Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
                Assert.That(
                    ended.Errors,
                    Does.Contain("ended with exit code 3 while it timed addition-H100-B1-T300")
                        .And.Contain("it said: Illegal instruction")
                        .And.Contain("--no-pytorch"));
                Assert.That(File.Exists(Path.Combine(folder, "speed", "speed.csv")), Is.False);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_native_peer_whose_gradient_is_wrong_ends_the_script_before_any_time_is_taken()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("the peer of this test is a shell script");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("speed-test-").FullName;
        try
        {
            string peer = Path.Combine(folder, "peer");
            // 10,000 recurrent weights, 100 biases, 200 input weights, 101 of the readout.
            File.WriteAllText(
                peer,
                """
                #!/bin/sh
                echo '{"peer":"Nothing","version":"1","kernel":"none"}'
                read verb id problem gradient
                head -c 41604 /dev/zero > "$gradient"
                echo '{"loss":0,"plan":"nothing"}'
                read line
                echo '{"milliseconds":[1]}'
                """);
            File.SetUnixFileMode(
                peer, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Ended ended = Command.Run(
                "scripts/speed.fsx",
                ["--only", "addition-H100-B1-T300", "--rounds", "1", "--no-pytorch",
                    "--peer", peer, "--out", folder]);
            Assert.Multiple(() =>
            {
                Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
                Assert.That(
                    ended.Errors,
                    Does.Contain("Nothing's gradient of addition-H100-B1-T300 is wrong")
                        .And.Contain("by 1 of the largest")
                        .And.Contain("no time is taken"));
                Assert.That(File.Exists(Path.Combine(folder, "speed", "speed.csv")), Is.False);
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
