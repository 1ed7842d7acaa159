using System.Text;
using NUnit.Framework;

namespace Repro.Scripts.Tests;

/// <summary>The site of what is recorded, written by the command that people use.</summary>
public sealed class WholeSiteTests
{
    private const long LargestPage = 300_000;
    private const long LargestSite = 8_000_000;

    // A run's ids and result in a list of runs, with its share of the specifications.
    private const long LargestRun = 700;
    private const long LargestReference = 3_000_000;

    private string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Path.Combine(Path.GetTempPath(), "repro-tests", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
    }

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_same_records_give_the_same_bytes_and_a_site_that_loads_quickly()
    {
        Dictionary<string, byte[]> first = Publish("first");
        Dictionary<string, byte[]> second = Publish("second");
        Assert.That(second.Keys, Is.EquivalentTo(first.Keys));

        foreach ((string name, byte[] bytes) in first)
        {
            Assert.That(second[name].AsSpan().SequenceEqual(bytes), Is.True, name);
        }

        Assert.That(first.Keys, Does.Contain("index.html").And.Contain("ledger.csv")
            .And.Contain("ledger.json").And.Contain("ro-crate-metadata.json")
            .And.Contain("ledger/index.html").And.Contain("pascanu-fig7/index.html")
            .And.Contain("reference/index.html").And.Contain("trust/index.html"));
        string[] large =
        [
            .. first.Where(f => f.Key.EndsWith(".html", StringComparison.Ordinal)
                && f.Value.Length > LargestPage).Select(f => $"{f.Key}: {f.Value.Length}"),
        ];
        Assert.That(large, Is.Empty);
        // Lists of runs are as long as the records are many, and are no part of a page.
        bool IsList(string path) => path.EndsWith("/runs.json", StringComparison.Ordinal);
        byte[][] lists = [.. first.Where(f => IsList(f.Key)).Select(f => f.Value)];
        long runs = lists.Sum(list => Encoding.UTF8.GetString(list).Split("\"id\":").Length - 1L);
        Assert.That(runs, Is.GreaterThan(1_000));
        Assert.That(lists.Sum(list => list.LongLength), Is.LessThanOrEqualTo(LargestRun * runs));

        ILookup<bool, long> sizes = first
            .Where(f => !f.Key.Contains("plotly", StringComparison.Ordinal) && !IsList(f.Key))
            .ToLookup(
                f => f.Key.StartsWith("reference/", StringComparison.Ordinal),
                f => (long)f.Value.Length);
        Assert.That(sizes[false].Sum(), Is.LessThanOrEqualTo(LargestSite));
        Assert.That(sizes[true].Sum(), Is.LessThanOrEqualTo(LargestReference));
    }

    /// <summary>The site's files by their paths; local records are no part of it.</summary>
    private Dictionary<string, byte[]> Publish(string name)
    {
        string output = Path.Combine(folder, name);
        Ended ended = Command.Run(
            Command.Site, "--profile", "paper", "--at-hand", "--out", output);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString());
        return Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(output, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("store/", StringComparison.Ordinal))
            .ToDictionary(path => path, path => File.ReadAllBytes(Path.Combine(output, path)));
    }
}
