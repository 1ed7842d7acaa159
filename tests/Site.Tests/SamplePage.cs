using Microsoft.Playwright;

namespace Repro.Site.Tests;

/// <summary>A page of the sample site in a context that records what went wrong.</summary>
internal sealed class SamplePage : IAsyncDisposable
{
    private readonly IBrowserContext context;

    private SamplePage(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Errors.Add(error);
        page.RequestFailed += (_, request) => Failed.Add(request.Url);
        page.Request += (_, request) => Requested.Add(request.Url);
    }

    public IPage Page { get; }

    public List<string> Errors { get; } = [];

    public List<string> Failed { get; } = [];

    public List<string> Requested { get; } = [];

    /// <summary>
    /// Opens a file at a width. Every request to the network is refused, as without one.
    /// </summary>
    public static async Task<SamplePage> Open(
        string path,
        int width,
        bool javaScript = true,
        ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await Browser.Instance.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                JavaScriptEnabled = javaScript,
                ColorScheme = scheme,
            });
        await context.RouteAsync("http**://**", route => route.AbortAsync());
        var sample = new SamplePage(context, await context.NewPageAsync());
        await sample.Page.GotoAsync(new Uri(path).AbsoluteUri);
        return sample;
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
