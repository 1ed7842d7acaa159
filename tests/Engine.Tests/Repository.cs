using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Engine.Tests;

/// <summary>Where the sources are, and how to start the SDK from a test.</summary>
internal static class Repository
{
    /// <summary>The folder of Repro.sln, above the test's own.</summary>
    public static string Root
    {
        get
        {
            DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Repro.sln")))
            {
                folder = folder.Parent;
            }
            return folder?.FullName ?? throw new DirectoryNotFoundException(
                $"no Repro.sln above {TestContext.CurrentContext.TestDirectory}; run the tests "
                + "from a build inside the repository");
        }
    }

    /// <summary>A path below <see cref="Root"/>. The path of a source file at the time of its build
    /// is no way to the sources: a deterministic build leaves it out.</summary>
    public static string In(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>`dotnet` with arguments, without this process's processor switches and without
    /// the variables by which `dotnet test` would steer a build below it.</summary>
    public static ProcessStartInfo Dotnet(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = false,
        };
        foreach (string name in start.Environment.Keys.ToArray())
        {
            if (name.StartsWith("DOTNET_Enable", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase))
            {
                start.Environment.Remove(name);
            }
        }
        return start;
    }

    /// <summary>Runs to the end; returns what was written, or fails with it.</summary>
    public static string Run(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} did not start");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(
            process.ExitCode, Is.Zero,
            $"{start.FileName} {string.Join(' ', start.ArgumentList)}:\n{output}");
        return output;
    }
}
