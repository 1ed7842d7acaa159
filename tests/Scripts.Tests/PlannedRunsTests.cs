using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>
/// The ids of all planned runs against a committed list: recorded runs are found by their ids,
/// so a change of structure must leave every one as it is. A change that is meant rewrites the
/// list with `dotnet fsi scripts/regenerate.fsx --plan | cut -f1-7 | sort`.
/// </summary>
[TestFixture]
public sealed class PlannedRunsTests
{
    private static readonly string List =
        Path.Combine(Command.Root, "tests", "Scripts.Tests", "planned-runs.tsv");

    private string[] planned = [];

    [OneTimeSetUp]
    public void Plan()
    {
        string data = Environment.GetEnvironmentVariable("REPRO_DATA")
            ?? Path.Combine(Path.GetTempPath(), "repro-no-data");
        Ended ended = Command.Run(Command.Site, "--plan", "--data", data);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        planned =
        [
            .. ended.Output.Split('\n').Select(line => line.Split('\t'))
                .Where(cells => cells.Length == 8).Select(cells => string.Join('\t', cells[..7])),
        ];
    }

    [Test]
    public void Every_planned_run_has_the_id_it_always_had()
    {
        HashSet<string> items = [.. planned.Select(line => line.Split('\t')[0])];
        Assert.That(items, Has.Count.GreaterThan(15), "items that need no data");
        string[] changed =
        [
            .. File.ReadAllLines(List).Where(line => items.Contains(line.Split('\t')[0]))
                .Except(planned),
        ];
        Assert.That(changed, Is.Empty, "planned before, and no longer under that id");
    }

    [Test]
    public void The_list_lacks_no_planned_run() => Assert.That(
        planned.Except(File.ReadAllLines(List)), Is.Empty,
        "planned, and not in the list, which may have been written without the data sets");

    [Test]
    public void Every_recorded_run_is_wanted_by_the_plan_of_its_item()
    {
        ILookup<string, string> ids = planned.Select(line => line.Split('\t'))
            .Where(cells => cells[1] == "paper").ToLookup(cells => cells[0], cells => cells[6]);
        List<string> strays = [];
        foreach (string runs in Directory.EnumerateDirectories(
            Path.Combine(Command.Root, "paper-figures"), "runs", SearchOption.AllDirectories))
        {
            string item = Path.GetFileName(Path.GetDirectoryName(runs)!);
            if (!ids.Contains(item))
            {
                continue;
            }
            HashSet<string> wanted = [.. ids[item]];
            strays.AddRange(
                Directory.EnumerateFiles(runs, "*.json").Select(Path.GetFileName)
                    .Where(name => !name!.EndsWith(".note.json", StringComparison.Ordinal))
                    .Select(name => Path.GetFileNameWithoutExtension(name)!)
                    .Where(id => !wanted.Contains(id)).Select(id => $"{item}/{id}"));
        }
        Assert.That(strays, Is.Empty, "recorded, and no plan of the profile 'paper' wants them");
    }
}
