using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Judging;

/// <summary>The published values are all there and as they were read from the papers: a row that
/// went missing would take its verdict with it and nothing else would say so.</summary>
public sealed class TargetsPinTests
{
    private static string[] Files() =>
        [.. Directory
            .GetDirectories(Path.Combine(Repository.Root, "paper-figures"))
            .Select(folder => Path.Combine(folder, "targets.csv"))
            .Where(File.Exists)];

    [Test]
    public void There_are_355_published_values_and_11_that_are_computed()
    {
        Target[] all = [.. Files().SelectMany(Targets.Load)];
        Assert.That(all.Count(t => t.Provenance != "computed"), Is.EqualTo(355));
        Assert.That(all.Count(t => t.Provenance == "computed"), Is.EqualTo(11));
    }

    [Test]
    public void Not_a_digit_of_them_has_changed()
    {
        string[] rows = [.. Files()
            .SelectMany(file => File.ReadAllLines(file).Skip(1))
            .Order(StringComparer.Ordinal)];
        string hash = CanonicalJson.Sha256Hex(
            System.Text.Encoding.UTF8.GetBytes(string.Join('\n', rows) + "\n"));
        Assert.That(
            hash, Is.EqualTo("f911d2415539c39d5d4f743e98ff003439bde45be8151d9e12fad91229447950"),
            "a published value was changed, added or lost. If that was meant, say in the change "
            + "log which and why, and pin the new hash");
    }
}
