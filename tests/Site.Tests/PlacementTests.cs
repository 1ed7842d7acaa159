using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Reports;
using Repro.Reports.Svg;
using Repro.Reports.Tests;

namespace Repro.Site.Tests;

/// <summary>
/// The static drawing and plotly.js, given the same figure, put every mark, whisker and tick at
/// the same place: a page shows one or the other. Checked on a chart of each kind, and on every
/// figure of a site that SITE names (a folder that <c>scripts/regenerate.fsx</c> wrote), bars of no
/// height and intervals of no length among them. Where plotly.js draws nothing the drawing has
/// nothing: a line of one point or of no width, a bar without a value.
/// </summary>
[TestFixture]
public sealed partial class PlacementTests
{
    /// <summary>How far apart the two may put a mark, in pixels.</summary>
    private const double Within = 1;

    private string script = "";
    private string texts = "";
    private string library = "";

    [GeneratedRegex("""^reproFigure\("[^"]+", (.*)\);$""")]
    private static partial Regex FigureData();

    private static IEnumerable<TestCaseData> Figures()
    {
        foreach (Figure figure in Samples.page("sample", "paper").Figures)
        {
            yield return Case($"sample {figure.Id}", FigureText.json(figure.Chart));
        }

        foreach ((string name, Plotly.NET.GenericChart chart) in Samples.edges())
        {
            yield return Case($"sample {name}", FigureText.json(chart));
        }

        if (Environment.GetEnvironmentVariable("SITE") is not { Length: > 0 } site)
        {
            yield break;
        }

        foreach (
            string file in Directory.GetFiles(site, "figure-*.js", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(site, file);
            string text = File.ReadAllText(file).Trim();
            yield return Case(name, FigureData().Match(text).Groups[1].Value);
        }

        static TestCaseData Case(string name, string json) =>
            new TestCaseData(json).SetArgDisplayNames(name);
    }

    [OneTimeSetUp]
    public void ReadTheScripts()
    {
        script = File.ReadAllText(
            Path.Combine(TestContext.CurrentContext.TestDirectory, "Places.js"));
        texts = File.ReadAllText(
            Path.Combine(TestContext.CurrentContext.TestDirectory, "Texts.js"));
        library = Assets.plotly.Value;
    }

    [TestCaseSource(nameof(Figures))]
    public void A_method_has_its_own_colour_in_every_figure(string json)
    {
        foreach (JsonElement trace in
            JsonDocument.Parse(json).RootElement.GetProperty("data").EnumerateArray())
        {
            if (trace.TryGetProperty("name", out JsonElement name)
                && Palette.ofMethod(name.GetString()!) is { Value: int place }
                && (trace.TryGetProperty("marker", out JsonElement style)
                    || trace.TryGetProperty("line", out style)))
            {
                Assert.That(
                    style.GetProperty("color").GetString(),
                    Is.EqualTo(Palette.colors[place]),
                    name.GetString());
            }
        }
    }

    [TestCaseSource(nameof(Figures))]
    public async Task Drawing_and_plotly_put_marks_whiskers_and_ticks_at_the_same_place(string json)
    {
        string text = await InAPage(json, script, new object[] { json, Within });
        JsonElement result = JsonDocument.Parse(text).RootElement;
        string[] problems = [.. result.GetProperty("problems").EnumerateArray()
            .Select(p => p.GetString()!)];
        Assert.That(problems, Is.Empty);
        int compared = result.GetProperty("counts").EnumerateObject()
            .Sum(kind => kind.Value.GetInt32());
        Assert.That(compared, Is.Positive);
    }

    [TestCaseSource(nameof(Figures))]
    public async Task No_text_is_cut_and_no_tick_lacks_the_zero_before_its_point(string json)
    {
        string text = await InAPage(json, texts, new object[] { json });
        string[] problems = JsonSerializer.Deserialize<string[]>(text)!;
        Assert.That(problems, Is.Empty);
    }

    // What a script returns that looks at the figure's drawings and at plotly.js's chart of it.
    private async Task<string> InAPage(string json, string looking, object[] arguments)
    {
        JsonElement layout = JsonDocument.Parse(json).RootElement.GetProperty("layout");
        int width = (int)layout.GetProperty("width").GetDouble();
        IBrowserContext context = await Browser.Instance.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width + 40, Height = 900 },
            });

        try
        {
            IPage page = await context.NewPageAsync();
            await page.SetContentAsync(
                "<!doctype html><body style=\"margin:0\">"
                + $"<div id=\"still\" style=\"width:{width}px\">"
                + $"{Drawing.svg(json)}</div><div id=\"narrow\" style=\"width:358px\">"
                + $"{Drawing.narrow(json)}</div><div id=\"live\"></div>");
            await page.AddScriptTagAsync(new PageAddScriptTagOptions { Content = library });
            return await page.EvaluateAsync<string>(looking, arguments);
        }
        finally
        {
            await context.CloseAsync();
        }
    }
}
