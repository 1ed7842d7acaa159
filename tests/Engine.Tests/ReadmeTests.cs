using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Repro.Engine.Tests;

/// <summary>The README's sample is the code that is compiled here, and it does what it says.
/// </summary>
[NonParallelizable]
public sealed partial class ReadmeTests
{
    [Test]
    public void The_sample_in_the_README_is_the_one_that_is_compiled()
    {
        string[] lines = File.ReadAllLines(
            Repository.In("tests", "Engine.Tests", "ReadmeSample.cs"));
        int first = Array.FindIndex(lines, l => l.Trim() == "// <readme>") + 1;
        int last = Array.FindIndex(lines, l => l.Trim() == "// </readme>");
        int indent = lines[first].Length - lines[first].TrimStart().Length;
        IEnumerable<string> sample = lines
            .TakeWhile(l => l.StartsWith("using ", StringComparison.Ordinal))
            .Append("")
            .Concat(lines[first..last].Select(l => l.Length > indent ? l[indent..] : l.Trim()));
        Assert.That(BlockOfReadme().TrimEnd().Split('\n'), Is.EqualTo(sample));
    }

    [Test]
    public void The_sample_has_fewer_than_twenty_lines_beside_its_usings() =>
        Assert.That(
            BlockOfReadme().Split('\n').Count(l =>
                l.Trim().Length > 0 && !l.StartsWith("using Repro", StringComparison.Ordinal)),
            Is.LessThan(20));

    [Test]
    public void The_sample_learns_addition_and_prints_its_score_and_weights()
    {
        TextWriter console = Console.Out;
        using StringWriter output = new(CultureInfo.InvariantCulture);
        Console.SetOut(output);
        try
        {
            ReadmeSample.Run();
        }
        finally
        {
            Console.SetOut(console);
        }
        Match match = Printed().Match(output.ToString());
        Assert.That(match.Success, Is.True, output.ToString());
        // A network that always says 1 scores 0.0784.
        Assert.That(
            double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            Is.GreaterThan(0.5), output.ToString());
        Assert.That(
            File.ReadAllText(Repository.In("README.md")),
            Does.Contain(match.Value.ReplaceLineEndings("\n")),
            "the README shows what the sample prints");
    }

    [GeneratedRegex(@"right: ([0-9.]+)\r?\nweights: [0-9a-f]{64}")]
    private static partial Regex Printed();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    private static string BlockOfReadme()
    {
        MatchCollection blocks = CSharpBlock().Matches(
            File.ReadAllText(Repository.In("README.md")).ReplaceLineEndings("\n"));
        Assert.That(blocks, Has.Count.EqualTo(1), "one C# block in README.md");
        return blocks[0].Groups[1].Value;
    }
}
