using NUnit.Framework;

namespace Repro.Package.Tests;

/// <summary>
/// The package, packed once for all tests from a copy of the repository in a folder of its own,
/// with a remote on GitHub and, in the folder above, a file that would break the build if it were
/// run. A second copy lies elsewhere, to be built again.
/// </summary>
[SetUpFixture]
public sealed class Packed
{
    /// <summary>Where the remote says the repository is.</summary>
    public const string Remote = "https://github.com/example/repro";

    private static readonly string[] Wanted =
    [
        "engine", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "docs/samples", "global.json", ".editorconfig", ".gitignore", ".gitattributes", "LICENSE",
    ];

    /// <summary>A temporary folder, removed at the end.</summary>
    public static string Folder { get; private set; } = "";

    /// <summary>The repository that the tests are in.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The copy that was packed.</summary>
    public static string Clone => Path.Combine(Folder, "here", "repro");

    /// <summary>The other copy, as yet not built.</summary>
    public static string OtherClone => Path.Combine(Folder, "in another place", "clone");

    /// <summary>The folder that holds the package, a feed.</summary>
    public static string Feed => Path.Combine(Folder, "feed");

    /// <summary>Version of the package.</summary>
    public static string Version { get; private set; } = "";

    /// <summary>The commit that was packed.</summary>
    public static string Commit { get; private set; } = "";

    [OneTimeSetUp]
    public void Pack()
    {
        Folder = Directory.CreateTempSubdirectory("repro-package-").FullName;
        foreach (string name in Wanted)
        {
            Copy(Path.Combine(Repository, name), Path.Combine(Clone, name));
        }
        foreach (string hostile in new[] { "Directory.Build.targets", "Directory.Build.props" })
        {
            File.WriteAllText(
                Path.Combine(Folder, "here", hostile),
                "<Project><Target Name=\"Hostile\" BeforeTargets=\"Restore;CoreCompile\">"
                + "<Error Text=\"a file of the folder above was run\" /></Target></Project>");
        }
        Git("init", "--quiet");
        Git("remote", "add", "origin", Remote + ".git");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "A copy");
        Commit = Git("rev-parse", "HEAD").Trim();
        Copy(Clone, OtherClone);
        Command.Run(
            Clone, "dotnet", "pack", "engine", "-c", "Release", "-o", Feed, "-v", "quiet",
            "-p:RunAnalyzersDuringBuild=false").Done();
        string package = Directory.GetFiles(Feed, "Repro.Engine.*.nupkg").Single();
        Version = Path.GetFileNameWithoutExtension(package)["Repro.Engine.".Length..];
    }

    [OneTimeTearDown]
    public void Remove()
    {
        foreach (string path in Directory.EnumerateFiles(
            Folder, "*", SearchOption.AllDirectories))
        {
            // Git's objects are read-only, which Windows will not remove.
            File.SetAttributes(path, FileAttributes.Normal);
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static string Git(params string[] arguments)
    {
        const string Then = "2026-01-02T03:04:05Z";
        return Command.Run(
            Clone, "git",
            new Dictionary<string, string>
            {
                ["GIT_AUTHOR_DATE"] = Then,
                ["GIT_COMMITTER_DATE"] = Then,
                ["GIT_CONFIG_GLOBAL"] = Path.Combine(Folder, "no-config"),
                ["GIT_CONFIG_NOSYSTEM"] = "1",
            },
            ["-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments]).Done();
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }
        Directory.CreateDirectory(to);
        foreach (string path in Directory.GetFileSystemEntries(from))
        {
            string name = Path.GetFileName(path);
            if (name is not ("bin" or "obj"))
            {
                Copy(path, Path.Combine(to, name));
            }
        }
    }

    private static string FindRepository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Repro.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("no Repro.sln above the tests");
        }
        return folder;
    }
}
