using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>
/// What docs/status.md says of each item at the paper's scale, against the runs that are planned
/// and the runs that are recorded. The page is written by hand, and was wrong before this test.
/// </summary>
[TestFixture]
public sealed class StatusTests
{
    private const string CanBeRun = "can be run";
    private const string Recorded = "`paper` recorded";

    private static readonly string Tests = Path.Combine(Command.Root, "tests", "Scripts.Tests");

    private static HashSet<string> RecordedIds() =>
    [
        .. Directory.EnumerateDirectories(
                Path.Combine(Command.Root, "paper-figures"), "runs", SearchOption.AllDirectories)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"))
            .Select(file => Path.GetFileNameWithoutExtension(file)!),
    ];

    private static Dictionary<string, string[]> RowsByItem() =>
        File.ReadAllLines(Path.Combine(Command.Root, "docs", "status.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => cells);

    private static string[] Items() =>
    [
        .. File.ReadAllLines(Path.Combine(Tests, "planned-runs.tsv"))
            .Select(line => line.Split('\t')[0]).Distinct(),
    ];

    [TestCaseSource(nameof(Items))]
    public void The_state_of_an_item_at_the_papers_scale_is_that_of_its_runs(string item)
    {
        HashSet<string> recorded = RecordedIds();
        string[] planned =
        [
            .. File.ReadAllLines(Path.Combine(Tests, "planned-runs.tsv"))
                .Select(line => line.Split('\t'))
                .Where(cells => cells[0] == item && cells[1] == "paper")
                .Select(cells => cells[6]),
        ];
        int have = planned.Count(recorded.Contains);
        string state = RowsByItem()[item][3];
        string counts = $"{have} of {planned.Length} planned runs are recorded";

        Assert.That(planned, Is.Not.Empty);
        if (have == 0)
        {
            Assert.That(state, Does.Contain($"`paper` {CanBeRun}"), counts);
            Assert.That(state, Does.Not.Contain(Recorded), counts);
        }
        else if (have < planned.Length)
        {
            Assert.That(state, Does.Contain(Recorded), counts);
            Assert.That(
                state,
                Does.Contain(CanBeRun).Or.Contain("in part").Or.Contain("but for"), counts);
        }
        else
        {
            Assert.That(state, Does.Contain(Recorded).Or.EqualTo("regenerated"), counts);
            Assert.That(
                state,
                Does.Not.Contain(CanBeRun).And.Not.Contain("in part").And.Not.Contain("but for"),
                counts);
        }
    }

    [Test]
    public void The_table_of_optimisers_counts_the_recorded_seeds_of_rivals()
    {
        HashSet<string> recorded = RecordedIds();
        Dictionary<(string Series, string X), int> seeds =
            File.ReadAllLines(Path.Combine(Tests, "planned-runs.tsv"))
                .Select(line => line.Split('\t'))
                .Where(cells => cells[0] == "rivals" && cells[1] == "paper")
                .GroupBy(cells => (cells[3], cells[4]))
                .ToDictionary(
                    cell => cell.Key,
                    // A run may stand in more than one part.
                    cell => cell.Select(c => c[6]).Distinct().Count(recorded.Contains));

        string Counts(string series, string task) => string.Join(
            ", ",
            new[] { 50, 100, 200 }.Select(
                steps => seeds.TryGetValue((series, $"{task}/{steps}"), out int n) ? $"{n}" : "–"));

        string[] expected =
        [
            .. seeds.Keys
                .Where(cell => cell.X.StartsWith("temporal order", StringComparison.Ordinal))
                .Select(cell => cell.Series).Distinct()
                .Select(s => $"| {s} | {Counts(s, "temporal order")} | {Counts(s, "addition")} |"),
        ];
        IEnumerable<string> rows =
            File.ReadAllLines(Path.Combine(Command.Root, "docs", "status.md"))
                .SkipWhile(line => !line.StartsWith("| optimiser |", StringComparison.Ordinal))
                .Skip(2).TakeWhile(line => line.Length > 0);
        Assert.That(expected, Has.Length.GreaterThan(5));
        Assert.That(rows, Is.EquivalentTo(expected));
    }
}
