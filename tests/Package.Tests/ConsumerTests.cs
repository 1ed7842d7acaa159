using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Repro.Package.Tests;

/// <summary>Programs of somebody else, which have the package and nothing of the repository.
/// </summary>
public sealed partial class ConsumerTests
{
    [Test]
    public void The_packages_own_sample_runs_with_the_package_alone_and_without_a_network()
    {
        string readme = File.ReadAllText(
            Path.Combine(Packed.Repository, "engine", "Package", "README.md"));
        string folder = Program("own-sample", SampleOf(readme), "");
        Restore(folder, offline: true).Done();
        string output = Command.Run(
            folder, "dotnet", "run", "--no-restore", "-c", "Release").Done();
        Match match = Right().Match(output);
        Assert.That(match.Success, Is.True, output);
        // Half of the sums are positive.
        Assert.That(int.Parse(match.Groups[1].Value), Is.GreaterThan(70), output);
        Assert.That(File.Exists(Path.Combine(folder, "model.safetensors")), Is.True);
    }

    [Test]
    public void A_Native_AOT_program_gets_the_hash_of_the_README()
    {
        if (!Command.Exists("clang") && !Command.Exists("gcc"))
        {
            Assert.Ignore("neither clang nor gcc is there to link with");
        }
        string readme = File.ReadAllText(Path.Combine(Packed.Repository, "README.md"));
        string folder = Program(
            "aot", SampleOf(readme),
            "<PublishAot>true</PublishAot><TreatWarningsAsErrors>true</TreatWarningsAsErrors>");
        Ended restored = Restore(folder, offline: false);
        if (restored.Output.Contains("NU1101", StringComparison.Ordinal)
            || restored.Output.Contains("NU1301", StringComparison.Ordinal))
        {
            Assert.Ignore($"the compiler's package cannot be had here: {restored.Output}");
        }
        restored.Done();
        string published = Path.Combine(folder, "published");
        Command.Run(
            folder, "dotnet", "publish", "--no-restore", "-c", "Release", "-o", published).Done();
        string output = Command.Run(folder, Path.Combine(published, "consumer")).Done();
        Match expected = Hash().Match(readme);
        Assert.That(expected.Success, Is.True, "the README shows a hash");
        Assert.That(output, Does.Contain(expected.Value));
    }

    /// <summary>A program beside the feed, with packages of its own, so that no other version of
    /// the package is taken from the user's.</summary>
    private static string Program(string name, string code, string properties)
    {
        string folder = Path.Combine(Packed.Folder, "programs", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), code);
        File.WriteAllText(
            Path.Combine(folder, "consumer.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{Packed.Folder}/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{UsersPackages()}</RestoreFallbackFolders>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Repro.Engine" Version="[{Packed.Version}]" />
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    private static Ended Restore(string folder, bool offline)
    {
        List<string> arguments = ["restore"];
        if (offline)
        {
            // What else the package needs is among the user's packages: this repository was
            // restored before.
            string config = Path.Combine(folder, "nuget.config");
            File.WriteAllText(
                config,
                "<configuration><packageSources><clear />"
                + $"<add key=\"feed\" value=\"{Packed.Feed}\" /></packageSources></configuration>");
        }
        else
        {
            arguments.Add($"-p:RestoreAdditionalProjectSources={Packed.Feed}");
        }
        return Command.Run(
            folder, "dotnet",
            offline
                ? new Dictionary<string, string>
                {
                    ["HTTPS_PROXY"] = "http://127.0.0.1:9",
                    ["https_proxy"] = "http://127.0.0.1:9",
                }
                : [],
            [.. arguments]);
    }

    private static string UsersPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget",
            "packages");

    private static string SampleOf(string page) => CSharpBlock().Match(page).Groups[1].Value;

    [GeneratedRegex("```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"right: (\d+)\s*%")]
    private static partial Regex Right();

    [GeneratedRegex("weights: [0-9a-f]{64}")]
    private static partial Regex Hash();
}
