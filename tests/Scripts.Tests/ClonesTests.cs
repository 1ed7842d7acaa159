using System.Diagnostics;
using System.Security.Cryptography;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>
/// Whether an assembly says where it was built: the stamp of <c>build.fsx</c> holds the hashes of
/// assemblies, and a clone in another folder has to get the same ones. A C# and an F# library with
/// the repository's own build files, which ask for the paths of their sources, are built in two
/// folders, one of them with git. The engine itself is compared by the package's tests.
/// </summary>
public sealed class ClonesTests
{
    private const string CSharp = """
        using System.Runtime.CompilerServices;

        namespace Toy;

        /// <summary>Knows its own file.</summary>
        public static class Here
        {
            /// <summary>The file.</summary>
            public static string File { get; } = Of();

            private static string Of([CallerFilePath] string path = "") => path;
        }
        """;

    private const string FSharp = """
        module Toy.There

        let file = System.IO.Path.Combine(__SOURCE_DIRECTORY__, __SOURCE_FILE__)

        let inline checkedOf (x: int option) = Option.get x
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <RestoreLockedMode>false</RestoreLockedMode>
            <DisableImplicitFSharpCoreReference>true</DisableImplicitFSharpCoreReference>
          </PropertyGroup>
          <ItemGroup>ITEMS</ItemGroup>
        </Project>
        """;

    private static readonly string[] BuildFiles =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "global.json", ".editorconfig",
    ];

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("repro-clones-").FullName;

    [TearDown]
    public void TearDown()
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Git's objects are read-only, which Windows will not remove.
            File.SetAttributes(path, FileAttributes.Normal);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Assemblies_are_the_same_wherever_the_clone_lies()
    {
        string here = Clone("here");
        string there = Clone("in another place");
        foreach (string[] words in (string[][])
            [
                ["init", "--quiet"],
                ["remote", "add", "origin", "https://github.com/example/repro.git"],
                ["add", "--all"],
                [
                    "-c", "user.name=Test", "-c", "user.email=test@example.org",
                    "commit", "--quiet", "--message", "A copy",
                ],
            ])
        {
            Run(there, "git", words);
        }
        foreach (string language in (string[])["cs", "fs"])
        {
            string one = Built(here, language);
            string other = Built(there, language);
            Assert.That(Hash(other), Is.EqualTo(Hash(one)), language);
            Assert.That(
                Convert.ToHexString(File.ReadAllBytes(one)),
                Does.Contain(Convert.ToHexString(System.Text.Encoding.Unicode.GetBytes("/_/lib"))),
                $"{language}: the path of a source is asked for and is no path of a machine");
        }
    }

    private static string Hash(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Built(string clone, string language)
    {
        Run(
            clone, "dotnet", "build", $"lib-{language}", "-c", "Release", "--nologo", "-v", "quiet",
            "-p:RunAnalyzersDuringBuild=false", "-p:NuGetAudit=false");
        return Path.Combine(
            clone, $"lib-{language}", "bin", "Release", "net10.0", $"lib-{language}.dll");
    }

    private static void Run(string where, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = where,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Command.ForgetTheRunner(start);
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"'{program}' could not be started");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + errors.Result);
    }

    private string Clone(string name)
    {
        string clone = Path.Combine(folder, name);
        foreach (string file in BuildFiles)
        {
            Directory.CreateDirectory(clone);
            File.Copy(Path.Combine(Command.Root, file), Path.Combine(clone, file));
        }
        Write(clone, "cs", CSharp, "");
        Write(
            clone, "fs", FSharp,
            "<Compile Include=\"source.fs\" /><PackageReference Include=\"FSharp.Core\" />");
        return clone;
    }

    private static void Write(string clone, string language, string source, string items)
    {
        string project = Path.Combine(clone, $"lib-{language}");
        Directory.CreateDirectory(project);
        File.WriteAllText(Path.Combine(project, $"source.{language}"), source);
        File.WriteAllText(
            Path.Combine(project, $"lib-{language}.{language}proj"),
            Project.Replace("ITEMS", items, StringComparison.Ordinal));
    }
}
