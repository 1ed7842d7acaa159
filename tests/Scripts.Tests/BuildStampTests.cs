using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>When the scripts build the engine: a copy of build.fsx over a toy tree, whose project
/// only copies a file to where the assembly would be.</summary>
public sealed class BuildStampTests
{
    private const string Output = "reports/items/bin/Release/net10.0";
    private string folder = null!;

    private string Assembly => Path.Combine(folder, Output, "Repro.Engine.dll");

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        foreach (string made in (string[])["engine", Output, "scripts/shared"])
        {
            Directory.CreateDirectory(Path.Combine(folder, made));
        }
        foreach (string file in (string[])
            ["engine/a.cs", "Directory.Build.props", "Directory.Packages.props", "global.json"])
        {
            File.WriteAllText(Path.Combine(folder, file), Content(file));
        }
        File.Copy(
            Path.Combine(Command.Root, "scripts", "shared", "build.fsx"),
            Path.Combine(folder, "scripts", "shared", "build.fsx"));
        File.WriteAllText(
            Path.Combine(folder, "scripts", "item.fsx"),
            "#load \"shared/build.fsx\"\nprintfn \"loaded\"\n");
        // Like a compiler's, its build leaves an assembly that is there alone.
        File.WriteAllText(Path.Combine(folder, "reports", "items", "Repro.Items.fsproj"), """
            <Project DefaultTargets="Build">
              <PropertyGroup>
                <Made>$(MSBuildProjectDirectory)/bin/Release/net10.0/Repro.Engine.dll</Made>
              </PropertyGroup>
              <Target Name="Restore" />
              <Target Name="Clean">
                <Delete Files="$(Made)" />
              </Target>
              <Target Name="Build">
                <Copy SourceFiles="../../engine/a.cs" DestinationFiles="$(Made)"
                      Condition="!Exists('$(Made)')" />
              </Target>
              <Target Name="Rebuild" DependsOnTargets="Clean;Build" />
            </Project>
            """);
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

    private static string Content(string file) => Path.GetExtension(file) switch
    {
        ".json" => "{}",
        ".props" => "<Project />",
        _ => "first",
    };

    private bool Built()
    {
        ProcessStartInfo start = new("dotnet", ["fsi", "scripts/item.fsx"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Command.ForgetTheRunner(start);
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException("'dotnet' could not be started");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + errors.Result);
        return output.Contains("building the engine", StringComparison.Ordinal);
    }
}
