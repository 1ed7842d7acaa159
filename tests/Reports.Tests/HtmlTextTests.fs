namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module HtmlTextTests =
    let private nbsp = "\u00A0"

    [<Test>]
    let ``A letter and the number that it equals stay on one line`` () =
        let html = "<p>At T = 100 (<b>α = .5</b>, x = −1) and k = 3.</p>"
        let kept (equality: string) = equality.Replace(" ", nbsp)

        Assert.That(
            HtmlText.unbroken html,
            Is.EqualTo(
                sprintf
                    "<p>At %s (<b>%s</b>, %s) and %s.</p>"
                    (kept "T = 100")
                    (kept "α = .5")
                    (kept "x = −1")
                    (kept "k = 3")
            )
        )

    [<Test>]
    let ``A number and its sign of percent stay on one line`` () =
        Assert.That(
            HtmlText.unbroken "<p>At 92 % and <b>3.5 %</b>, 10 of 20, a % b.</p>",
            Is.EqualTo $"<p>At 92{nbsp}%% and <b>3.5{nbsp}%%</b>, 10 of 20, a %% b.</p>"
        )

    [<TestCase "<pre><code>let T = 100 % 7</code></pre>">]
    [<TestCase "<p>Run <code>T = 100</code>.</p>">]
    [<TestCase "<svg><text>T = 100</text></svg>">]
    [<TestCase "<script>var T = 100;</script>">]
    [<TestCase "<img alt=\"T = 100\">">]
    [<TestCase "<p>rate = 100, T = the length, 5 = 5</p>">]
    let ``Code, drawings, attributes and longer words keep their spaces`` (html: string) =
        Assert.That(HtmlText.unbroken html, Is.EqualTo html)
