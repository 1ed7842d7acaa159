using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Package.Tests;

/// <summary>What a command came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Standard output and errors.</param>
internal sealed record Ended(int ExitCode, string Output)
{
    /// <summary>The output of a command that has to succeed.</summary>
    public string Done()
    {
        Assert.That(ExitCode, Is.Zero, Output);
        return Output;
    }
}

/// <summary>Commands in processes of their own, as a user gives them.</summary>
internal static class Command
{
    // A command that hangs would otherwise never say which one it was.
    private const int Patience = 9 * 60 * 1000;

    public static Ended Run(string folder, string program, params string[] arguments) =>
        Run(folder, program, new Dictionary<string, string>(), arguments);

    public static Ended Run(
        string folder, string program, IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test runner's own settings would reach the build inside, and CI's locked restore
        // programs that have no lock file.
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray())
        {
            start.Environment.Remove(name);
        }
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"'{program}' could not be started");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', arguments)}' did not end");
        }
        return new Ended(process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>Whether a program is on the path.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program))
                || File.Exists(Path.Combine(folder, program + ".exe")));

    private static bool IsForeign(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name is "CI" or "GITHUB_ACTIONS";
}
