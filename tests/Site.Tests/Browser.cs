using Microsoft.Playwright;
using NUnit.Framework;

namespace Repro.Site.Tests;

/// <summary>
/// One headless Chromium for all tests, the system's own: nothing is downloaded. The tests are
/// ignored where there is none.
/// </summary>
[SetUpFixture]
public sealed class Browser
{
    // A page is waited for until it is ready; only one that never will be takes this long.
    private const float Patience = 60_000;
    private static IPlaywright? playwright;
    private static IBrowser? browser;

    private static string Executable =>
        Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    /// <summary>The running browser.</summary>
    public static IBrowser Instance => browser
        ?? throw new InvalidOperationException("The browser was not started.");

    [OneTimeSetUp]
    public async Task Start()
    {
        if (!File.Exists(Executable))
        {
            Assert.Ignore(
                $"No browser at '{Executable}'. Install chromium, or name one in CHROMIUM.");
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (browser is not null)
        {
            await browser.CloseAsync();
        }

        playwright?.Dispose();
    }
}
