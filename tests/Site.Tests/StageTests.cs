using Microsoft.FSharp.Collections;
using Microsoft.Playwright;
using NUnit.Framework;
using Repro.Reports.Tests;

namespace Repro.Site.Tests;

/// <summary>A reader goes through the stages of a figure.</summary>
[TestFixture]
public sealed class StageTests
{
    private string folder = "";

    private string Item => Path.Combine(folder, "pascanu-jacobians", "index.html");

    [OneTimeSetUp]
    public void WriteTheSite()
    {
        folder = Directory.CreateTempSubdirectory("repro-stages-").FullName;
        Reports.Site.write(
            folder, Samples.site(ListModule.OfSeq([Samples.stagedPage()])));
    }

    [OneTimeTearDown]
    public void RemoveTheSite() => Directory.Delete(folder, true);

    // How much is seen of each stage, in the drawing that a screen of this width shows.
    private static Task<double[]> Seen(SamplePage sample, string drawing) =>
        sample.Page.EvaluateAsync<double[]>(
            "d => [...document.querySelectorAll(d + ' [data-stage]')]"
            + ".map(g => +getComputedStyle(g).opacity)",
            drawing);

    [TestCase(1280, ".still")]
    [TestCase(390, ".narrow")]
    public async Task Keys_go_through_the_stages_and_the_last_stop_shows_all(
        int width, string drawing)
    {
        await using SamplePage sample = await SamplePage.Open(Item, width);
        ILocator control = sample.Page.GetByRole(AriaRole.Slider, new() { Name = "Stage" });
        await Assertions.Expect(control).ToHaveAttributeAsync("aria-valuetext", "all");
        Assert.That(await Seen(sample, drawing), Is.EqualTo(new[] { 1.0, 1, 1 }));
        await control.FocusAsync();
        await sample.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(control).ToHaveAttributeAsync("aria-valuetext", "0 updates");
        Assert.That(await Seen(sample, drawing), Is.EqualTo(new[] { 1.0, 0, 0 }));
        await sample.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(control)
            .ToHaveAttributeAsync("aria-valuetext", "1,000 updates");
        Assert.That(
            await Seen(sample, drawing), Is.EqualTo(new[] { .3, 1, 0 }).Within(.001));
        await sample.Page.Keyboard.PressAsync("End");
        Assert.That(await Seen(sample, drawing), Is.EqualTo(new[] { 1.0, 1, 1 }));
        Assert.That(sample.Errors, Is.Empty);
    }

    [Test]
    public async Task Every_stop_of_the_control_has_its_label_below_it()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280);
        string[] steps = await sample.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.stages .steps span')].map(s => s.textContent)");
        Assert.That(
            steps, Is.EqualTo(new[] { "0 updates", "1,000 updates", "8,000 updates", "all" }));
    }

    [Test]
    public async Task The_interactive_figure_follows_the_control()
    {
        await using SamplePage sample = await SamplePage.Open(Item, 1280);
        ILocator figure = sample.Page.Locator("figure.chart").First;
        ILocator control = sample.Page.GetByRole(AriaRole.Slider, new() { Name = "Stage" });
        await control.FocusAsync();
        await sample.Page.Keyboard.PressAsync("Home");
        await figure.GetByRole(AriaRole.Button, new() { Name = "Interactive" }).ClickAsync();
        await Assertions.Expect(figure.Locator(".live .scatterlayer").First).ToBeVisibleAsync();
        const string Opacities =
            "() => document.querySelector('.live').data.map(t => t.opacity ?? 1)";
        await sample.Page.WaitForFunctionAsync(
            "() => document.querySelector('.live').data[3].opacity === 0");
        Assert.That(
            await sample.Page.EvaluateAsync<double[]>(Opacities),
            Is.EqualTo(new[] { 1.0, 1, 0, 0 }));
        await control.FocusAsync();
        await sample.Page.Keyboard.PressAsync("End");
        await sample.Page.WaitForFunctionAsync(
            "() => document.querySelector('.live').data[3].opacity === 1");
        Assert.That(
            await sample.Page.EvaluateAsync<double[]>(Opacities),
            Is.EqualTo(new[] { 1.0, 1, 1, 1 }));
        Assert.That(sample.Errors, Is.Empty);
    }

    [TestCase(1280, ".still")]
    [TestCase(390, ".narrow")]
    public async Task Without_JavaScript_all_stages_are_drawn_and_no_control_is_dead(
        int width, string drawing)
    {
        await using SamplePage sample = await SamplePage.Open(Item, width, javaScript: false);
        ILocator lines = sample.Page.Locator($"{drawing} path.l");
        Assert.That(await lines.CountAsync(), Is.EqualTo(4));
        // A level line has no height, which Playwright takes for hidden; its drawing has one.
        await Assertions.Expect(sample.Page.Locator(drawing)).ToBeVisibleAsync();
        Assert.That(await sample.Page.Locator("input").CountAsync(), Is.Zero);
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Axe_finds_nothing(int width)
    {
        await AccessibilityTests.Check(Item, width, ColorScheme.Light);
        await AccessibilityTests.Check(Item, width, ColorScheme.Dark);
    }
}
