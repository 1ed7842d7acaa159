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

    private string Ledger => Path.Combine(folder, "ledger", "index.html");

    private string Speed => Path.Combine(folder, "speed", "index.html");

    private string[] Pages => [Index, Item, Ledger, Speed];

    [OneTimeSetUp]
    public void WriteTheSite()
    {
        folder = Directory.CreateTempSubdirectory("repro-site-").FullName;
        Reports.Site.writeMeasurements(folder, Samples.measurements);
        Reports.Site.write(
            folder,
            Samples.site(ListModule.OfSeq([Samples.page("talathi-fig3", "quick")])));
    }

    [OneTimeTearDown]
    public void RemoveTheSite() => Directory.Delete(folder, true);

    [TestCase(1280)]
    [TestCase(768)]
    [TestCase(390)]
    [TestCase(360)]
    public async Task Pages_do_not_scroll_sideways(int width)
    {
        foreach (string path in Pages)
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
        foreach (string path in Pages)
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
        ILocator figures = sample.Page.Locator(
            width > 640 ? "figure.chart svg" : "figure.chart img.narrow");
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
    public async Task On_a_narrow_screen_nothing_scrolls_sideways_in_a_box_of_its_own()
    {
        foreach (string path in Pages)
        {
            await using SamplePage sample = await SamplePage.Open(path, 390);
            await sample.Page.EvaluateAsync(
                "document.querySelectorAll('details').forEach(d => d.open = true)");
            string[] wide = await sample.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll("main .scroll, main figure")]
                  .filter(e => e.scrollWidth > e.clientWidth + 1 && !e.querySelector(".dots"))
                  .map(e => e.getAttribute("aria-label") || e.id)
                """);
            Assert.That(wide, Is.Empty, path);
        }
    }

    [Test]
    public async Task On_a_narrow_screen_a_row_is_a_card_with_the_headers_beside_its_cells()
    {
        await using SamplePage sample = await SamplePage.Open(Ledger, 390);
        ILocator row = sample.Page.Locator(".ledger tbody tr").First;
        string[] labels = await row.EvaluateAsync<string[]>(
            """
            r => [...r.cells].filter(c => getComputedStyle(c).display !== "none")
              .map(c => getComputedStyle(c, "::before").content.replaceAll('"', ""))
            """);
        string[] headers = await sample.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.ledger th')].map(h => h.textContent)");
        Assert.That(labels, Is.EqualTo(headers));

        await using SamplePage item = await SamplePage.Open(Item, 390);
        await item.Page.EvaluateAsync(
            "document.querySelectorAll('details').forEach(d => d.open = true)");
        string[] runs = await item.Page.Locator(".runs tbody tr").First.EvaluateAsync<string[]>(
            "r => [...r.cells].map(c => getComputedStyle(c, '::before').content"
            + ".replaceAll('\"', ''))");
        string[] heads = await item.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.runs th')].map(h => h.textContent)");
        Assert.That(runs, Is.EqualTo(heads));
    }

    [Test]
    public async Task On_a_narrow_screen_panels_stand_one_below_the_other()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 390);
        ILocator drawing = sample.Page.Locator("#fig-panels-quick .narrow, #fig-panels .narrow");
        await drawing.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(drawing).ToBeVisibleAsync();
        await sample.Page.WaitForFunctionAsync(
            "e => e.complete && e.naturalWidth > 0", await drawing.ElementHandleAsync());
        LocatorBoundingBoxResult? box = await drawing.BoundingBoxAsync();
        Assert.That(box?.Height, Is.GreaterThan(1.5 * (box?.Width ?? 0)));
        await Assertions.Expect(sample.Page.Locator("#fig-panels .still")).ToBeHiddenAsync();
    }

    [Test]
    public async Task The_index_filters_searches_and_sorts_its_cards()
    {
        await using SamplePage sample = await SamplePage.Open(Index, 1280);
        ILocator cards = sample.Page.Locator(".card:visible");
        ILocator status = sample.Page.GetByRole(AriaRole.Status);
        Assert.That(await cards.CountAsync(), Is.EqualTo(2));
        ILocator verdict = sample.Page.GetByLabel("Verdict", new() { Exact = true });
        await verdict.SelectOptionAsync("no data");
        Assert.That(await cards.CountAsync(), Is.EqualTo(1));
        await Assertions.Expect(cards).ToContainTextAsync("UCF-101");
        await Assertions.Expect(status).ToHaveTextAsync("1 of 2 results.");
        await sample.Page.GetByLabel("Verdict", new() { Exact = true }).SelectOptionAsync("");
        await sample.Page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("figure");
        await Assertions.Expect(cards).ToContainTextAsync("Addition");
        await sample.Page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("");
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("np-rnn LEADS");
        Assert.That(await cards.CountAsync(), Is.EqualTo(1));
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("no such words");
        Assert.That(await cards.CountAsync(), Is.Zero);
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync("");
        await sample.Page.GetByLabel("Sort", new() { Exact = true }).SelectOptionAsync("verdict");
        await Assertions.Expect(cards.First).ToContainTextAsync("no data");
    }

    [Test]
    public async Task The_ledger_filters_searches_and_sorts_by_the_keyboard_alone()
    {
        await using SamplePage sample = await SamplePage.Open(Ledger, 1280);
        ILocator rows = sample.Page.Locator(".ledger tbody tr:visible");
        Assert.That(await rows.CountAsync(), Is.EqualTo(14));
        await sample.Page.GetByLabel("Verdict", new() { Exact = true }).FocusAsync();
        await sample.Page.Keyboard.PressAsync("r");
        Assert.That(await rows.CountAsync(), Is.EqualTo(4));
        await sample.Page.GetByLabel("Verdict", new() { Exact = true }).SelectOptionAsync("");
        ILocator at = sample.Page.GetByRole(AriaRole.Button, new() { Name = "At" });
        await at.FocusAsync();
        await sample.Page.Keyboard.PressAsync("Enter");
        await sample.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(rows.First).ToContainTextAsync("700");
        Assert.That(
            await sample.Page.Locator("th[aria-sort=descending]").CountAsync(), Is.EqualTo(1));
        Assert.That(sample.Errors, Is.Empty);
    }

    [TestCase("9,117")]
    [TestCase("9117")]
    public async Task The_ledger_finds_a_number_with_its_thousands_apart_and_without(string typed)
    {
        await using SamplePage sample = await SamplePage.Open(Ledger, 1280);
        await sample.Page.GetByLabel("Search", new() { Exact = true }).FillAsync(typed);
        ILocator rows = sample.Page.Locator(".ledger tbody tr:visible");
        Assert.That(await rows.CountAsync(), Is.GreaterThan(0));
        await Assertions.Expect(rows.First).ToContainTextAsync("9,117");
    }

    [Test]
    public async Task Without_JavaScript_every_card_and_row_is_there_and_no_dead_control()
    {
        await using SamplePage index = await SamplePage.Open(Index, 1280, javaScript: false);
        Assert.That(await index.Page.Locator(".card:visible").CountAsync(), Is.EqualTo(2));
        await using SamplePage ledger = await SamplePage.Open(Ledger, 1280, javaScript: false);
        Assert.That(
            await ledger.Page.Locator("tbody tr:visible").CountAsync(), Is.EqualTo(14));
        Assert.That(
            await ledger.Page.Locator("button, input, select").CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_link_to_a_value_leads_to_its_row()
    {
        string anchor = LedgerRowModule.anchor(Samples.rows[13]);
        await using SamplePage sample = await SamplePage.Open(Ledger, 1280);
        await sample.Page.GotoAsync($"{new Uri(Ledger).AbsoluteUri}#{anchor}");
        await Assertions.Expect(sample.Page.Locator($"#{anchor}")).ToBeInViewportAsync();
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
