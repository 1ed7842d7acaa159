using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Repro.Package.Tests;

/// <summary>The samples of <c>docs/samples</c>, run as they stand beside an engine that was built
/// as they say.</summary>
public sealed class SampleTests
{
    private static string Samples => Path.Combine(Packed.Clone, "docs", "samples");

    [OneTimeSetUp]
    public void Build() => Command.Run(
        Packed.Clone, "dotnet", "build", "engine", "-c", "Release", "-v", "quiet",
        "-p:RunAnalyzersDuringBuild=false").Done();

    [Test]
    public void The_sample_in_CSharp_learns_saves_and_asks_and_Python_reads_what_it_saved()
    {
        string output = Command.Run(
            Packed.Clone, "dotnet",
            new Dictionary<string, string> { ["TMPDIR"] = Packed.Folder, ["TMP"] = Packed.Folder },
            "run", Path.Combine("docs", "samples", "own-data.cs")).Done();
        Assert.That(Number(output, @"right: ([0-9.]+)"), Is.GreaterThan(.9), output);
        string model = Path.Combine(Packed.Folder, "own-data.safetensors");
        Assert.That(File.Exists(model), Is.True, output);
        if (!Command.Exists("python3"))
        {
            Assert.Ignore("there is no python3 to read the model with");
        }
        string read = Command.Run(
            Samples, "python3", "read_model.py", model).Done();
        Assert.That(read, Does.Contain("rnn.weight_hh_l0 [36, 12]"));
        Assert.That(read, Does.Contain("readout.weight [2, 12]"));
        byte[] damaged = File.ReadAllBytes(model);
        damaged[^1] ^= 1;
        File.WriteAllBytes(model, damaged);
        Ended refused = Command.Run(Samples, "python3", "read_model.py", model);
        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Output, Does.Contain("checksum"));
    }

    [Test]
    public void The_sample_in_FSharp_learns_a_running_mean()
    {
        string output = Command.Run(Samples, "dotnet", "fsi", "own-data.fsx").Done();
        // The variance of the targets is about 0.03.
        Assert.That(Number(output, @"of a step: ([0-9.]+)"), Is.LessThan(.01), output);
        Assert.That(Number(output, @"says ([0-9.]+);"), Is.EqualTo(.7).Within(.1), output);
    }

    [Test]
    public void The_notebooks_cells_print_what_stands_below_them()
    {
        using JsonDocument notebook = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Samples, "vanishing-gradient.ipynb")));
        JsonElement[] cells =
        [
            .. notebook.RootElement.GetProperty("cells").EnumerateArray()
                .Where(cell => cell.GetProperty("cell_type").GetString() == "code"),
        ];
        const string Mark = "@@ next cell";
        File.WriteAllText(
            Path.Combine(Samples, "cells.fsx"),
            string.Concat(cells.Select(
                cell => $"{Text(cell.GetProperty("source"))}\nprintfn \"{Mark}\"\n")));
        string[] printed = Command.Run(Samples, "dotnet", "fsi", "cells.fsx").Done()
            .ReplaceLineEndings("\n").Split(Mark + "\n");
        Assert.That(printed, Has.Length.EqualTo(cells.Length + 1));
        Assert.That(
            cells.Select(cell => string.Concat(cell.GetProperty("outputs").EnumerateArray()
                .Select(output => Text(output.GetProperty("text"))))),
            Is.EqualTo(printed[..^1]));
        Assert.That(printed.Count(text => text.Length > 0), Is.GreaterThanOrEqualTo(2));
    }

    private static double Number(string output, string pattern)
    {
        Match match = Regex.Match(output, pattern);
        Assert.That(match.Success, Is.True, output);
        return double.Parse(
            match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Text(JsonElement lines) =>
        string.Concat(lines.EnumerateArray().Select(line => line.GetString()));
}
