using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.FSharp.Core;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Engine.Training;
using Repro.Reports;

namespace Repro.Site.Tests;

/// <summary>The API reference, written from the engine beside this test.</summary>
[TestFixture]
public sealed class ApiTests
{
    private string site = "";

    private string Folder => Path.Combine(site, "reference");

    private static string Engine =>
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Repro.Engine.dll");

    private string[] Pages => Directory.GetFiles(Folder, "*.html");

    [OneTimeSetUp]
    public void WriteTheReference()
    {
        site = Directory.CreateTempSubdirectory("repro-api-").FullName;
        ApiSite.write(site, FSharpOption<BuiltFrom>.None, Engine);
    }

    [OneTimeTearDown]
    public void RemoveTheReference() => Directory.Delete(site, true);

    [Test]
    public void Every_public_type_is_listed_and_has_a_page()
    {
        string index = File.ReadAllText(Path.Combine(Folder, "index.html"));
        (string File, string Name)[] links =
        [
            .. Regex.Matches(index, "<tr><td><a href=\"([^\"]+)\">([^<]+)</a>")
                .Select(m => (m.Groups[1].Value, m.Groups[2].Value)),
        ];
        string[] types =
        [
            .. typeof(Trainer<>).Assembly.GetExportedTypes().Select(t => t.Name.Split('`')[0]),
        ];
        Assert.That(types, Has.Length.GreaterThan(100));
        Assert.That(
            links.Select(l => l.Name.Split("&lt;")[0]), Is.SupersetOf(types.Distinct()));
        foreach ((string file, string name) in links)
        {
            string page = File.ReadAllText(Path.Combine(Folder, file));
            Assert.That(page, Does.Contain($"<h1>{name}</h1>"), file);
        }
    }

    [Test]
    public void Every_type_that_one_begins_with_shows_its_example()
    {
        string text = string.Join('\n', Pages.Select(File.ReadAllText));
        XElement[] examples =
        [
            .. XDocument.Load(Path.ChangeExtension(Engine, ".xml")).Descendants("member")
                .Where(m => ((string?)m.Attribute("name"))!.StartsWith("T:", StringComparison.Ordinal))
                .Descendants("example").Elements("code"),
        ];
        Assert.That(examples, Has.Length.GreaterThanOrEqualTo(9));
        string bare = System.Net.WebUtility.HtmlDecode(Regex.Replace(text, "<[^>]+>", ""));
        foreach (XElement example in examples)
        {
            foreach (string line in example.Value.Split('\n').Select(l => l.Trim()))
            {
                Assert.That(bare, Does.Contain(line));
            }
        }
    }

    [Test]
    public void A_comment_shows_summary_parameters_result_exceptions_and_remarks()
    {
        string text = string.Join('\n', Pages.Select(File.ReadAllText));
        foreach (string part in new[] { "Parameters", "Returns", "Exceptions", "Example" })
        {
            Assert.That(text, Does.Contain($"<h4>{part}</h4>"));
        }

        string trainer = Pages.Select(File.ReadAllText)
            .Single(page => page.Contains("<h1>Philox</h1>", StringComparison.Ordinal));
        Assert.That(trainer, Does.Contain("class=\"api-signature\""));
        Assert.That(trainer, Does.Contain("<h4>Example</h4>"));
    }

    [Test]
    public void The_reference_is_small_and_the_same_when_written_again()
    {
        Assert.That(Pages.Max(p => new FileInfo(p).Length), Is.LessThanOrEqualTo(300_000));
        Assert.That(Pages.Sum(p => new FileInfo(p).Length), Is.LessThanOrEqualTo(3_000_000));
        var before = Pages.ToDictionary(p => p, File.ReadAllText);
        File.WriteAllText(Path.Combine(Folder, "gone.html"), "A type that is no more.");
        ApiSite.write(site, FSharpOption<BuiltFrom>.None, Engine);
        Assert.That(Pages.ToDictionary(p => p, File.ReadAllText), Is.EqualTo(before));
    }

    [Test]
    public async Task Links_lead_somewhere_and_the_list_is_searched()
    {
        foreach (string page in Pages)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(page), "href=\"([^\"#:]+)[\"#]"))
            {
                string path = Path.Combine(Folder, link.Groups[1].Value);
                bool isOfTheWholeSite = Regex.IsMatch(link.Groups[1].Value, "^../(index|ledger)");
                Assert.That(isOfTheWholeSite || File.Exists(path), $"{page}: {link.Value}");
            }
        }

        await using SamplePage sample =
            await SamplePage.Open(Path.Combine(Folder, "index.html"), 1280);
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("Philox");
        ILocator rows = sample.Page.Locator("tbody tr:visible");
        Assert.That(await rows.CountAsync(), Is.InRange(1, 5));
        Assert.That(sample.Errors, Is.Empty);
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Axe_finds_nothing_on_the_list_and_on_a_type(int width)
    {
        string philox = Pages.Single(
            p => File.ReadAllText(p).Contains("<h1>Philox</h1>", StringComparison.Ordinal));
        foreach (string page in new[] { Path.Combine(Folder, "index.html"), philox })
        {
            await AccessibilityTests.Check(page, width, ColorScheme.Light);
            await AccessibilityTests.Check(page, width, ColorScheme.Dark);
        }
    }
}
