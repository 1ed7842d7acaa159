using Microsoft.FSharp.Collections;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Reports;
using Repro.Reports.Items;
using Repro.Reports.Tests;

namespace Repro.Site.Tests;

/// <summary>The reference of the engine's types in a browser.</summary>
[TestFixture]
public sealed class ApiTests
{
    private string folder = "";

    private string List => Path.Combine(folder, "reference", "index.html");

    private string Philox =>
        Path.Combine(folder, "reference", "repro-engine-numerics-philox.html");

    [OneTimeSetUp]
    public void WriteTheSite()
    {
        folder = Directory.CreateTempSubdirectory("repro-api-").FullName;
        SitePages site = Samples.site(ListModule.OfSeq([Samples.page("talathi-fig3", "quick")]));
        Reports.Site.write(
            folder,
            new SitePages(
                site.Title,
                site.Intro,
                site.Papers,
                site.Headlines,
                site.Items,
                site.LeftOut,
                site.Ledger,
                site.Measurements,
                Reference.ofEngine(),
                site.BuiltFrom));
    }

    [OneTimeTearDown]
    public void RemoveTheSite() => Directory.Delete(folder, true);

    [Test]
    public async Task The_list_is_searched_and_filtered_and_its_links_open()
    {
        await using SamplePage sample = await SamplePage.Open(List, 1280);
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("philox");
        ILocator rows = sample.Page.Locator("tbody tr:visible");
        Assert.That(await rows.CountAsync(), Is.InRange(1, 5));
        await sample.Page.GetByLabel("Kind", new() { Exact = true })
            .SelectOptionAsync("interface");
        Assert.That(await rows.CountAsync(), Is.Zero);
        await sample.Page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("");
        await sample.Page.GetByRole(AriaRole.Link, new() { Name = "Philox", Exact = true })
            .ClickAsync();
        await Assertions.Expect(sample.Page.Locator("h1")).ToHaveTextAsync("Philox");
        Assert.That(sample.Errors, Is.Empty);
    }

    [Test]
    public async Task Without_JavaScript_every_type_is_listed_and_no_control_is_dead()
    {
        await using SamplePage sample = await SamplePage.Open(List, 1280, javaScript: false);
        Assert.That(
            await sample.Page.Locator("tbody tr:visible").CountAsync(), Is.GreaterThan(200));
        Assert.That(
            await sample.Page.Locator("button, input, select").CountAsync(), Is.Zero);
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Axe_finds_nothing_on_the_list_and_on_a_type(int width)
    {
        foreach (string page in new[] { List, Philox })
        {
            await AccessibilityTests.Check(page, width, ColorScheme.Light);
            await AccessibilityTests.Check(page, width, ColorScheme.Dark);
        }
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Pages_do_not_scroll_sideways(int width)
    {
        foreach (string path in new[] { List, Philox })
        {
            await using SamplePage sample = await SamplePage.Open(path, width);
            int reach = await sample.Page.EvaluateAsync<int>(
                "document.documentElement.scrollWidth");
            Assert.That(reach, Is.LessThanOrEqualTo(width), path);
        }
    }
}
