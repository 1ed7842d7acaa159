using NUnit.Framework;
using Repro.Engine.Records;

namespace Repro.Engine.Tests.Records;

/// <summary>What somebody who mistyped a word may have meant.</summary>
public sealed class NearestWordTests
{
    private static readonly string[] Known = ["main", "readings", "fading", "--profile"];

    [TestCase("mian", "main")]
    [TestCase("Main", "main")]
    [TestCase("mains", "main")]
    [TestCase("readngs", "readings")]
    [TestCase("faidng", "fading")]
    [TestCase("--porfile", "--profile")]
    [TestCase("minus", null)]
    [TestCase("x", null)]
    [TestCase("", null)]
    public void A_letter_more_less_other_or_exchanged_is_forgiven(string word, string? meant) =>
        Assert.That(NearestWord.Of(word, Known), Is.EqualTo(meant));
}
