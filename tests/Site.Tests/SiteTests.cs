using Microsoft.FSharp.Collections;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Reports;
using Repro.Reports.Tests;

namespace Repro.Site.Tests;

[TestFixture]
public sealed class SiteTests
{
    private string folder = "";

    private string Index => Path.Combine(folder, "index.html");

    private string Item => Path.Combine(folder, "talathi-fig3", "index.html");

    [OneTimeSetUp]
    public void WriteTheSite()
    {
        folder = Directory.CreateTempSubdirectory("repro-site-").FullName;
        Reports.Site.write(
            folder,
            ListModule.OfSeq([Samples.page("talathi-fig3", "quick")]),
            ListModule.OfSeq([Samples.leftOut]));
    }

    [OneTimeTearDown]
    public void RemoveTheSite() => Directory.Delete(folder, true);

    [TestCase(1280)]
    [TestCase(390)]
    [TestCase(360)]
    public async Task Pages_do_not_scroll_sideways(int width)
    {
        foreach (string path in new[] { Index, Item })
        {
            await using SamplePage sample = await SamplePage.Open(path, width);
            await sample.Page.EvaluateAsync(
                "document.querySelectorAll('details').forEach(d => d.open = true)");
            int reach = await sample.Page.EvaluateAsync<int>(
                "document.documentElement.scrollWidth");
            Assert.That(reach, Is.LessThanOrEqualTo(width), path);
        }
    }

    [Test]
    public async Task Pages_open_without_errors_and_ask_for_nothing_outside()
    {
        foreach (string path in new[] { Index, Item })
        {
            await using SamplePage sample = await SamplePage.Open(path, 1280);
            await sample.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            Assert.That(sample.Errors, Is.Empty, path);
            Assert.That(sample.Failed, Is.Empty, path);
            Assert.That(sample.Requested, Has.All.StartsWith("file:").Or.StartsWith("data:"));
        }
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Figures_are_drawn_with_JavaScript_off(int width)
    {
        await using SamplePage sample = await SamplePage.Open(Item, width, javaScript: false);
        ILocator figures = sample.Page.Locator("figure.chart svg");
        Assert.That(await figures.CountAsync(), Is.EqualTo(4));

        for (int i = 0; i < 4; i++)
        {
            LocatorBoundingBoxResult? box = await figures.Nth(i).BoundingBoxAsync();
            Assert.That(box?.Width, Is.GreaterThan(300));
            Assert.That(box?.Height, Is.GreaterThan(200));
        }

        Assert.That(await sample.Page.Locator("button").CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Without_plotly_the_drawing_stays_and_the_button_says_so()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280);
        await sample.Page.RouteAsync("**/plotly.min.js", route => route.AbortAsync());
        ILocator figure = sample.Page.Locator("figure.chart").First;
        ILocator button = figure.GetByRole(AriaRole.Button).First;
        await button.ClickAsync();
        await Assertions.Expect(button).ToContainTextAsync("could not be loaded");
        await Assertions.Expect(button).ToBeEnabledAsync();
        await Assertions.Expect(figure.Locator("svg")).ToBeVisibleAsync();
        Assert.That(sample.Failed, Has.Exactly(1).EndsWith("/assets/plotly.min.js"));
    }

    [Test]
    public async Task With_plotly_a_figure_becomes_interactive_and_goes_back()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280);
        ILocator figure = sample.Page.Locator("figure.chart").First;
        ILocator button = figure.GetByRole(AriaRole.Button).First;
        await button.ClickAsync();
        await Assertions.Expect(figure.Locator(".live .barlayer .point").First)
            .ToBeVisibleAsync();
        await Assertions.Expect(figure.Locator(".still")).ToBeHiddenAsync();
        Assert.That(
            await sample.Page.EvaluateAsync<int>("document.querySelector('.live').data.length"),
            Is.EqualTo(6));
        Assert.That(
            await sample.Page.EvaluateAsync<string>(
                "document.querySelector('.live')._fullLayout.font.color"),
            Is.EqualTo("#1d2329"));
        Assert.That(sample.Errors, Is.Empty);
        Assert.That(sample.Requested, Has.All.StartsWith("file:").Or.StartsWith("data:"));
        await button.ClickAsync();
        await Assertions.Expect(figure.Locator(".still")).ToBeVisibleAsync();
        Assert.That(await figure.Locator(".live").CountAsync(), Is.Zero);
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Text_of_page_and_figures_stands_out_from_the_background(ColorScheme scheme)
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280, scheme: scheme);
        double[] ratios = await sample.Page.EvaluateAsync<double[]>(
            """
            () => {
              const light = c => {
                const [r, g, b] = c.match(/[\d.]+/g).slice(0, 3).map(v => v / 255)
                  .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * r + .7152 * g + .0722 * b;
              };
              const ratio = (a, b) => {
                const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
                return (x + .05) / (y + .05);
              };
              const style = (s, part) => getComputedStyle(document.querySelector(s))[part];
              const back = style("body", "backgroundColor");
              return [
                ratio(style("body", "color"), back),
                ratio(style("svg text.t", "fill"), back),
                ratio(style("figcaption .note", "color"), back),
                ratio(style("main a", "color"), back),
                ratio(style(".chip.not-reproduced", "color"),
                  style(".chip.not-reproduced", "backgroundColor")),
                ratio(style(".banner", "color"), style(".banner", "backgroundColor"))
              ];
            }
            """);
        Assert.That(ratios, Has.Length.EqualTo(6));
        Assert.That(ratios, Is.All.GreaterThanOrEqualTo(4.5));
    }

    [Test]
    public async Task A_reader_walks_from_the_index_to_an_item_and_back()
    {
        await using SamplePage sample = await SamplePage.Open(Index, 390);
        await sample.Page.GetByRole(AriaRole.Link, new() { Name = "Addition by <length>" })
            .ClickAsync();
        await Assertions.Expect(sample.Page.Locator("h1")).ToHaveTextAsync("Addition by <length>");
        await sample.Page.GetByRole(AriaRole.Link, new() { Name = "All results" }).ClickAsync();
        await Assertions.Expect(sample.Page.Locator("#results")).ToBeVisibleAsync();
        Assert.That(sample.Errors, Is.Empty);
    }

    [Test]
    public async Task The_skip_link_comes_first_for_the_keyboard()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280);
        await sample.Page.Keyboard.PressAsync("Tab");
        string target = await sample.Page.EvaluateAsync<string>(
            "document.activeElement.getAttribute('href')");
        Assert.That(target, Is.EqualTo("#content"));
        await Assertions.Expect(sample.Page.Locator(".skip")).ToBeInViewportAsync();
    }

    [Test]
    public async Task Each_figure_file_shows_on_its_own()
    {
        foreach (string name in new[] { "figure.svg", "figure-2.svg", "figure-3.svg" })
        {
            string path = Path.Combine(folder, "talathi-fig3", name);
            await using SamplePage sample = await SamplePage.Open(path, 800);
            Assert.That(
                await sample.Page.EvaluateAsync<string>("document.documentElement.tagName"),
                Is.EqualTo("svg"));
            Assert.That(sample.Errors, Is.Empty);
        }
    }
}
