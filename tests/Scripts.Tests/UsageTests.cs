using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>What the commands say of themselves and of wrong use.</summary>
public sealed class UsageTests
{
    [TestCase("--bogus", "there is no option '--bogus'", "--profile")]
    [TestCase("--profile nightly", "no profile 'nightly'", "smoke, quick or paper")]
    [TestCase("--profile", "--profile needs a value", "--help")]
    [TestCase("--workers -3", "--workers is '-3'", "a whole number from 1 to 1024")]
    [TestCase("--workers 0", "--workers is '0'", "a whole number from 1 to 1024")]
    [TestCase("--profile smoke --part nonsense", "no part 'nonsense'", "main")]
    [TestCase("--record", "--record needs --profile paper", "")]
    public void Wrong_use_of_a_script_ends_with_2_and_says_what_is_right(
        string arguments, string what, string remedy)
    {
        Ended ended = Command.Run(Command.Item, arguments.Split(' '));
        AssertUsageError(ended, what, remedy);
    }

    [TestCase("--bogus", "there is no option '--bogus'", "--help")]
    [TestCase("--data", "--data needs a value", "--help")]
    public void Wrong_use_of_the_converter_ends_with_2_and_says_what_is_right(
        string arguments, string what, string remedy) => AssertUsageError(
            Command.Run("scripts/convert-ucf101.fsx", arguments.Split(' ')), what, remedy);

    [Test]
    public void The_converter_without_raw_clips_ends_with_1_and_says_how_to_get_them()
    {
        string empty = Path.Combine(
            Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(empty);
        try
        {
            Ended ended = Command.Run("scripts/convert-ucf101.fsx", "--data", empty);
            Assert.That(ended.ExitCode, Is.EqualTo(1), ended.ToString());
            Assert.That(ended.Errors, Does.StartWith("error: ").And.Contain(empty));
            Assert.That(ended.Errors, Does.Not.Contain("   at "), "no stack trace");
            Assert.That(Directory.EnumerateFileSystemEntries(empty), Is.Empty);
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }

    [Test]
    public void An_unknown_item_ends_with_2_and_lists_the_known_ones() =>
        AssertUsageError(
            Command.Run(Command.Site, "--only", "talathi-fig3,talathi-fig99"),
            "there is no item 'talathi-fig99'", "talathi-fig4");

    [TestCase(Command.Item)]
    [TestCase(Command.Site)]
    public void Help_names_the_command_and_every_option_of_the_documents(string script)
    {
        // Without the "--" dotnet fsi prints its own help.
        Ended ended = Command.Run(script, "--", "--help");
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        Assert.That(ended.Output, Does.Contain($"dotnet fsi {script}"));
        string page = File.ReadAllText(Path.Combine(Command.Root, "docs", "commands.md"));
        IEnumerable<string> rows = page.Split('\n')
            .Where(l => l.StartsWith("| `--", StringComparison.Ordinal))
            .Select(l => l.Split('`')[1].Replace("\\|", "|"));
        Assert.That(rows, Is.EqualTo(ended.Output.Split('\n')
            .Where(l => l.StartsWith("  --", StringComparison.Ordinal))
            .Select(l => l.Trim().Split("  ")[0])));
    }

    [Test]
    public void The_list_has_a_line_for_each_item_of_the_documents_and_trains_nothing()
    {
        Ended ended = Command.Run(Command.Site, "--list");
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        string page = File.ReadAllText(Path.Combine(Command.Root, "docs", "status.md"));
        string[] listed = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ')[0])];
        Assert.That(listed, Has.Member("talathi-fig3").And.Unique);
        foreach (string item in listed)
        {
            Assert.That(page, Does.Contain($"| `{item}` |"));
        }
    }

    private static void AssertUsageError(Ended ended, string what, string remedy)
    {
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString());
        Assert.That(
            ended.Errors, Does.StartWith("error: ").And.Contain(what).And.Contain(remedy));
        Assert.That(ended.Errors, Does.Not.Contain("   at "), "no stack trace");
    }
}
