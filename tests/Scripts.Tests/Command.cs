using System.Diagnostics;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>What a command came to.</summary>
/// <param name="ExitCode">0 done, 1 something failed, 2 wrong use.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}

/// <summary>Runs the scripts as a user does: <c>dotnet fsi</c> in a process of its own, with no
/// network and no data folder but the one given.</summary>
internal static class Command
{
    public const string Item = "scripts/talathi-fig3.fsx";
    public const string Site = "scripts/regenerate.fsx";

    // A test that hangs would otherwise never say which one it was.
    private const int Patience = 5 * 60 * 1000;

    public static string Root { get; } = FindRoot();

    public static Ended Run(string script, params string[] arguments)
    {
        using Process process = Start(script, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'dotnet fsi {script} {string.Join(' ', arguments)}' did not end");
        }
        return new Ended(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Starts a script whose end and output are the caller's.</summary>
    public static Process Start(string script, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["fsi", script, .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ForgetTheRunner(start);
        start.Environment.Remove("REPRO_DATA");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // A dead end: packages are restored already, and no test may download.
        start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9";
        start.Environment["https_proxy"] = "http://127.0.0.1:9";
        return Process.Start(start)
            ?? throw new InvalidOperationException("'dotnet' could not be started");
    }

    /// <summary>The test runner's own settings would reach a build inside.</summary>
    public static void ForgetTheRunner(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(IsOfTheRunner).ToArray())
        {
            start.Environment.Remove(name);
        }
    }

    private static bool IsOfTheRunner(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);

    private static string FindRoot()
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
