using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>When the scripts build the engine: a copy of build.fsx over a toy tree, with a
/// stand-in for the command 'dotnet' that writes the assembly.</summary>
[Platform("Linux", Reason = "the stand-in is a shell script")]
public sealed class BuildStampTests
{
    private const string Output = "reports/items/bin/Release/net10.0";
    private string folder = null!;

    private string Assembly => Path.Combine(folder, Output, "Repro.Engine.dll");

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        foreach (string made in (string[])["engine", Output, "scripts/shared", "bin"])
        {
            Directory.CreateDirectory(Path.Combine(folder, made));
        }
        foreach (string file in (string[])
            ["engine/a.cs", "Directory.Build.props", "Directory.Packages.props", "global.json"])
        {
            File.WriteAllText(Path.Combine(folder, file), file == "global.json" ? "{}" : "first");
        }
        File.Copy(
            Path.Combine(Command.Root, "scripts", "shared", "build.fsx"),
            Path.Combine(folder, "scripts", "shared", "build.fsx"));
        File.WriteAllText(
            Path.Combine(folder, "scripts", "item.fsx"),
            "#load \"shared/build.fsx\"\nprintfn \"loaded\"\n");
        string standIn = Path.Combine(folder, "bin", "dotnet");
        // Like MSBuild, it leaves an assembly that is there unless told otherwise.
        File.WriteAllText(standIn, $"""
            #!/bin/sh
            out='{folder}/{Output}/Repro.Engine.dll'
            [ -e "$out" ] || cat '{folder}/engine/a.cs' > "$out"
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                standIn,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_engine_is_built_anew_for_other_sources_and_for_other_assemblies()
    {
        Assert.That(Built(), "there is none");
        Assert.That(Built(), Is.False, "nothing changed");

        File.WriteAllText(Assembly, "an engine built elsewhere");
        Assert.That(Built(), "the assembly is another");
        Assert.That(File.ReadAllText(Assembly), Is.EqualTo("first"));

        File.Delete(Assembly);
        Assert.That(Built(), "the assembly is gone");

        File.WriteAllText(Path.Combine(folder, "engine", "a.cs"), "second");
        Assert.That(Built(), "a source changed");
        Assert.That(Built(), Is.False, "nothing changed");
    }

    private bool Built()
    {
        string host = Environment.ProcessPath is { } path
            && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        ProcessStartInfo start = new(host, ["fsi", "scripts/item.fsx"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] =
            Path.Combine(folder, "bin") + ":" + start.Environment["PATH"];
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException("'dotnet' could not be started");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + errors.Result);
        return output.Contains("building the engine", StringComparison.Ordinal);
    }
}
