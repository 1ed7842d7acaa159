namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.RegularExpressions
open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module PageTests =
    let private place: Page.Place = { Root = "../" }

    let private headings (html: string) = [
        for m in Regex.Matches(html, "<h2 id=\"([a-z-]+)\">") -> m.Groups[1].Value
    ]

    [<Test>]
    let ``An item's page has every section once and in order`` () =
        let html = Page.item place (Samples.page "talathi-fig3" "quick")

        headings html
        |> Samples.same [
            "claim"
            "verdicts"
            "figures"
            "tables"
            "settled"
            "deviations"
            "runs"
            "reproduce"
            "script"
        ]

    [<Test>]
    let ``A section with nothing to show is left out`` () =
        let page = {
            Samples.page "talathi-fig3" "paper" with
                Deviations = []
                Runs = []
                LiterateHtml = ""
        }

        Assert.That(
            headings (Page.item place page),
            Has.None.AnyOf("deviations", "runs", "script").And.Contain "settled"
        )

    [<Test>]
    let ``Only numbers below the paper's scale carry the banner`` () =
        let banner profile =
            (Page.item place (Samples.page "talathi-fig3" profile)).Contains "made at the"

        List.map banner [ "smoke"; "quick"; "paper" ]
        |> Samples.same [ true; true; false ]

    [<Test>]
    let ``Text is escaped and the claim's HTML is kept`` () =
        let html = Page.item place (Samples.page "talathi-fig3" "quick")
        Assert.That(html, Does.Contain "<h1>Addition by &lt;length&gt;</h1>")
        Assert.That(html, Does.Contain "<p>The claim of the paper.</p>")

    [<Test>]
    let ``Many runs are folded away, their hashes shortened but kept whole in the title`` () =
        let html = Page.item place (Samples.page "talathi-fig3" "quick")
        Assert.That(html, Does.Contain "<summary>All 20 runs</summary>")
        let hash = sprintf "<code title=\"%s\">aaaaaaaaaa…</code>" (String('a', 64))
        Assert.That(html, Does.Contain hash)

    [<Test>]
    let ``No page asks for anything from outside, plotly neither`` () =
        let html = Page.item place (Samples.page "talathi-fig3" "quick")

        let hosts = [
            for m in Regex.Matches(html, "(?:src|href|data-plotly)=\"(https?://[^/\"]+)") ->
                m.Groups[1].Value
        ]

        Assert.That(hosts, Is.Empty)
        Assert.That(html, Does.Contain "data-plotly=\"../assets/plotly.min.js\"")

    [<Test>]
    let ``The index lists items with their counts and what was left out`` () =
        let index =
            Page.index { Root = "" } {
                Title = "Results"
                Intro = ""
                Items = [ Samples.page "talathi-fig3" "quick" ]
                LeftOut = [ Samples.leftOut ]
                LedgerHref = "ledger.csv"
            }

        Assert.That(index, Does.Contain "1 reproduced, 1 not reproduced")
        Assert.That(index, Does.Contain "href=\"talathi-fig3/index.html\"")
        Assert.That(index, Does.Contain "href=\"ledger.csv\"")
        Assert.That(index, Does.Contain "Ask the authors.")

    [<Test>]
    let ``Every link between pages of a site leads to a file`` () =
        Samples.inFolder (fun folder ->
            let items = [
                Samples.page "talathi-fig3" "quick"
                Samples.page "pascanu-fig7" "paper"
            ]

            let items = items |> List.map (fun i -> { i with ValuesCsvHref = "" })
            Site.write folder items [ Samples.leftOut ] |> ignore
            let pages = Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories)
            Assert.That(pages, Has.Length.EqualTo 3)

            for page in pages do
                let html = File.ReadAllText page

                for m in Regex.Matches(html, "(?:src|href)=\"([^\"]+)\"") do
                    let target = m.Groups[1].Value

                    if target.StartsWith '#' then
                        Assert.That(html, Does.Contain(sprintf "id=\"%s\"" (target.Substring 1)))
                    elif not (target.StartsWith("data:", StringComparison.Ordinal)) then
                        let parent = Option.ofObj (Path.GetDirectoryName page)
                        let path = Path.Combine(Option.defaultValue "" parent, target)
                        Assert.That(File.Exists path, Is.True, target))

    [<Test>]
    let ``Ids within a page are unique`` () =
        let html = Page.item place (Samples.page "talathi-fig3" "quick")
        let ids = [ for m in Regex.Matches(html, " id=\"([^\"]+)\"") -> m.Groups[1].Value ]
        Assert.That(ids, Is.Unique)

    [<Test>]
    let ``Writing the same site again touches nothing`` () =
        Samples.inFolder (fun folder ->
            let items = [ Samples.page "talathi-fig3" "quick" ]
            let first = Site.write folder items []
            Assert.That(first, Has.Length.EqualTo 13)
            let old = DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc)

            for file in first do
                File.SetLastWriteTimeUtc(file, old)

            Assert.That(Site.write folder items [], Is.Empty)
            Assert.That(first |> List.map File.GetLastWriteTimeUtc, Is.All.EqualTo old)

            let changed = [
                {
                    items.Head with
                        Summary = "Another line."
                }
            ]

            let second =
                Site.write folder changed []
                |> List.map (fun f -> Path.GetRelativePath(folder, f))

            let expected = [ Path.Combine("talathi-fig3", "index.html"); "index.html" ]
            Assert.That(second, Is.EquivalentTo expected)

            let left = Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories)
            Assert.That(left, Is.Empty))

    [<Test>]
    let ``Two items of one name are refused`` () =
        Samples.inFolder (fun folder ->
            let item = Samples.page "talathi-fig3" "quick"

            Samples.refuses "2 items are named 'talathi-fig3'" (fun () ->
                Site.write folder [ item; item ] []))
