using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The items of Pascanu, Mikolov and Bengio's supplement at the profile smoke.</summary>
public sealed class SupplementTests
{
    private static readonly string[] Items =
    [
        "pascanu-supp-table1-addition", "pascanu-supp-table2-multiplication",
        "pascanu-supp-table3-temporal-order-3bit", "pascanu-supp-table4-random-permutation",
        "pascanu-supp-table5-memorisation", "pascanu-supp-fig1", "pascanu-algorithm1",
    ];

    [Test]
    public void Every_item_of_the_supplement_trains_and_lists_the_paper_s_values_run_or_not()
    {
        string output = Path.Combine(
            Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        try
        {
            Ended ended = Command.Run(
                Command.Site, "--only", string.Join(',', Items), "--profile", "smoke",
                "--out", output);
            Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
            foreach (string item in Items)
            {
                string folder = Path.Combine(output, item);
                Assert.That(Path.Combine(folder, "index.html"), Does.Exist);
                string[] values = File.ReadAllLines(Path.Combine(folder, "values.csv"));
                string[] published = [.. File.ReadAllLines(Path.Combine(
                    Command.Root, "paper-figures", item, "targets.csv")).Skip(1)];
                // What is recorded grows; what it must never be is a shortened run's verdict.
                string[][] rows =
                [
                    .. values.Skip(1).Select(v => v.Split(',')).Where(r => r[^11].Length > 0),
                ];
                Assert.That(rows, Has.Length.EqualTo(published.Length), item);
                Assert.That(rows.Select(r => r[^2]), Is.All.EqualTo("paper"), item);
                Assert.That(
                    rows.Select(r => r[^1] == "not run"),
                    Is.EqualTo(rows.Select(r => r[^3] == "0")),
                    item);
                Assert.That(
                    values.Any(v => v.EndsWith(",smoke,", StringComparison.Ordinal)), item);
            }
        }
        finally
        {
            if (Directory.Exists(output))
            {
                Directory.Delete(output, recursive: true);
            }
        }
    }
}
