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
                ["--only", "addition-H100-B1-T300", "--rounds", "1", "--python", python, "--out",
                    folder]);
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
}
