using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The first script builds the engine; the tests then find it built. That build may
/// restore packages, hence it alone has the network.</summary>
[SetUpFixture]
public sealed class BuildOnce
{
    [OneTimeSetUp]
    public void Build()
    {
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", ["fsi", Command.Item, "--list"])
            {
                WorkingDirectory = Command.Root,
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("'dotnet' could not be started");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
    }
}
