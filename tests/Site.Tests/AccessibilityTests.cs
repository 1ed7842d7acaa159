using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.FSharp.Collections;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Reports.Tests;

namespace Repro.Site.Tests;

/// <summary>
/// axe-core finds nothing on any page, at any level, in light and dark, at three widths, with
/// every fold open. A folder named in REPRO_SITE is tested too, page by page: a whole site that
/// was written before.
/// </summary>
[TestFixture]
public sealed class AccessibilityTests
{
    private static readonly string[] Sample =
        ["index.html", "talathi-fig3", "ledger", "speed"];

    private string folder = "";

    [OneTimeSetUp]
    public void WriteTheSite()
    {
        folder = Directory.CreateTempSubdirectory("repro-site-").FullName;
        Reports.Site.writeMeasurements(folder, Samples.measurements);
        Reports.Site.write(folder, Samples.site(ListModule.OfSeq(
            [Samples.page("talathi-fig3", "quick")])));
    }

    [OneTimeTearDown]
    public void RemoveTheSite() => Directory.Delete(folder, true);

    [Test]
    public async Task Axe_finds_nothing(
        [ValueSource(nameof(Sample))] string page,
        [Values(1280, 768, 390)] int width,
        [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme) =>
        await Check(Path.Combine(folder, PathOf(page)), width, scheme);

    [Test]
    public async Task Axe_finds_nothing_on_a_whole_site()
    {
        if (Environment.GetEnvironmentVariable("REPRO_SITE") is not { Length: > 0 } site)
        {
            Assert.Ignore("REPRO_SITE names no site.");
            return;
        }

        string[] paths = Directory.GetFiles(site, "*.html", SearchOption.AllDirectories);
        List<string> found = [];
        await using SamplePage sample = await SamplePage.Open(paths[0], 1280);

        // Each page is opened once. Of what axe looks at only the contrast follows the scheme.
        // Of the reference, hundreds of pages of one form, every seventh is looked at.
        foreach ((int index, string path) in paths.Order(StringComparer.Ordinal).Index())
        {
            string name = Path.GetRelativePath(site, path);

            if (name.StartsWith("reference", StringComparison.Ordinal) && index % 7 != 0)
            {
                continue;
            }

            await sample.Page.GotoAsync(new Uri(Path.GetFullPath(path)).AbsoluteUri);

            foreach (int width in new[] { 1280, 390 })
            {
                await sample.Page.SetViewportSizeAsync(width, 900);

                foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await sample.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    string[] here =
                        await Violations(sample, contrastAlone: scheme == ColorScheme.Dark);
                    found.AddRange(here.Select(v => $"{name} at {width}, {scheme}: {v}"));
                }
            }

            // A whole site takes minutes, so that what is found is said as soon as it is.
            TestContext.Progress.WriteLine($"{name}: {found.Count} found so far");
        }

        Assert.That(found, Is.Empty);
    }

    private static string PathOf(string page) =>
        page.EndsWith(".html", StringComparison.Ordinal) ? page : Path.Combine(page, "index.html");

    internal static async Task Check(string path, int width, ColorScheme scheme)
    {
        await using SamplePage sample = await SamplePage.Open(path, width, scheme: scheme);
        string[] found = await Violations(sample, contrastAlone: false);
        Assert.That(found, Is.Empty, $"{path} at {width}, {scheme}");
    }

    // What axe finds on the page with every fold open.
    private static async Task<string[]> Violations(SamplePage sample, bool contrastAlone)
    {
        await sample.Page.EvaluateAsync(
            "document.querySelectorAll('details').forEach(d => d.open = true)");
        AxeRunOptions options = new();

        if (contrastAlone)
        {
            options.RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] };
        }

        AxeResult result = await sample.Page.RunAxe(options);
        Assert.That(result.Passes, Is.Not.Empty, "axe ran no rule");
        return
        [
            .. result.Violations.SelectMany(v => v.Nodes.Select(
                n => $"{v.Id} ({v.Impact}): {n.Html[..Math.Min(120, n.Html.Length)]}")),
        ];
    }
}
