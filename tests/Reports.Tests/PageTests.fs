namespace Repro.Reports.Tests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open System.Xml.Linq
open NUnit.Framework
open Repro.Reports

[<TestFixture>]
module PageTests =
    let internal place: Shell.Place = {
        Root = "../"
        HasSpeed = true
        HasTrust = true
        HasApi = true
        BuiltFrom = Some Samples.commit
    }

    let private html page = Page.item place None None page

    let private headings (html: string) = [
        for m in Regex.Matches(html, "<h2 id=\"([a-z-]+)\">") -> m.Groups[1].Value
    ]

    let private written (test: string -> unit) =
        Samples.inFolder (fun folder ->
            let items = [
                Samples.page "talathi-fig3" "quick"
                Samples.page "pascanu-fig7" "paper"
            ]

            let items = items |> List.map (fun i -> { i with ValuesCsvHref = "" })
            File.WriteAllText(Path.Combine(folder, "ledger.csv"), "item")
            Site.writeMeasurements folder Samples.measurements |> ignore
            Site.write folder (Samples.site items) |> ignore
            test folder)

    [<Test>]
    let ``An item's page has every section once: finding and figure first, then verdict, numbers``
        ()
        =
        headings (html (Samples.page "talathi-fig3" "paper"))
        |> Samples.same [
            "figure"
            "verdict"
            "values"
            "claim"
            "figures"
            "tables"
            "settled"
            "deviations"
            "runs"
            "reproduce"
            "script"
            "terms"
        ]

    [<Test>]
    let ``The contents list each section that is there and no other`` () =
        let page = {
            Samples.page "talathi-fig3" "paper" with
                Deviations = []
                Runs = []
                LiterateHtml = ""
        }

        let html = html page

        let contents =
            Regex.Match(html, "<nav class=\"contents\".*?</nav>", RegexOptions.Singleline)

        let listed = [ for m in Regex.Matches(contents.Value, "#([a-z-]+)") -> m.Groups[1].Value ]
        Samples.same (headings html) listed
        Assert.That(listed, Has.None.AnyOf("deviations", "runs", "script").And.Contain "settled")

    [<Test>]
    let ``What is below the paper's scale is folded with a banner, open where there is no more``
        ()
        =
        let quick = html (Samples.page "talathi-fig3" "quick")
        Assert.That(quick, Does.Contain "<details class=\"quick\" open>")
        Assert.That(quick, Does.Contain "made at the")
        Assert.That(html (Samples.page "talathi-fig3" "paper"), Does.Not.Contain "made at the")

        let both = {
            Samples.page "talathi-fig3" "quick" with
                Profile = "paper"
        }

        Assert.That(html both, Does.Contain "<details class=\"quick\"><summary>")

    [<Test>]
    let ``Values not run stand behind one line with their count`` () =
        let html = html (Samples.page "talathi-fig3" "paper")
        Assert.That(html, Does.Contain "<summary>10 published values not run at the paper's scale")
        // Two series by seven lengths.
        Assert.That(
            Regex.Matches(html, "<span class=\"dot [^>]*role=\"img\""),
            Has.Count.EqualTo 14
        )

    [<Test>]
    let ``Text is escaped and the claim's HTML is kept`` () =
        let html = html (Samples.page "talathi-fig3" "quick")
        Assert.That(html, Does.Contain "<h1>Addition by &lt;length&gt;</h1>")
        Assert.That(html, Does.Contain "<p>The claim of the paper: <math>")

    [<Test>]
    let ``Many runs are folded away, and runs.json has their whole hashes`` () =
        written (fun folder ->
            let page = File.ReadAllText(Path.Combine(folder, "talathi-fig3", "index.html"))
            Assert.That(page, Does.Contain "<summary>All 20 runs</summary>")
            Assert.That(page, Does.Contain "<code>aaaaaaaaaa</code>")
            let json = File.ReadAllText(Path.Combine(folder, "talathi-fig3", "runs.json"))
            use runs = JsonDocument.Parse json
            let given = runs.RootElement.GetProperty "runs"
            Assert.That(given.GetArrayLength(), Is.EqualTo 20)
            Assert.That(given[0].GetProperty("id").GetString(), Is.EqualTo(String('a', 64)))
            // Specifications that differ in nothing but the seed stand there once.
            let specs = runs.RootElement.GetProperty "specs"
            Assert.That(specs.GetArrayLength(), Is.EqualTo 1)
            let spec = specs[given[19].GetProperty("spec").GetInt32()]
            Assert.That(spec.GetRawText(), Is.EqualTo """{"task":"addition"}"""))

    [<TestCase(300, false)>]
    [<TestCase(301, true)>]
    let ``More than 300 runs have a page of their own, and the item's links it``
        (count: int, hasOwn: bool)
        =
        Samples.inFolder (fun folder ->
            let page = Samples.page "talathi-fig3" "paper"
            let many = [ for i in 1..count -> { page.Runs.Head with Seed = 1000 + i } ]
            Site.writeItem folder None { page with Runs = many } |> ignore

            let read name =
                File.ReadAllText(Path.Combine(folder, "talathi-fig3", name))

            let isThere = File.Exists(Path.Combine(folder, "talathi-fig3", "runs.html"))
            Assert.That(isThere, Is.EqualTo hasOwn)
            let item = read "index.html"
            Assert.That(item.Contains "<td>1007", Is.Not.EqualTo hasOwn)

            if hasOwn then
                Assert.That(
                    item,
                    Does.Contain "<a href=\"runs.html\">All 301 runs, one by one</a>"
                )

                let own = read "runs.html"
                Assert.That(own, Does.Contain("<td>1301").And.Contain "href=\"index.html#runs\"")
                Assert.That(own, Does.Contain "<code>aaaaaaaaaa</code>"))

    [<Test>]
    let ``Runs have a column for the command that verifies them where one is recorded`` () =
        let page = Samples.page "talathi-fig3" "paper"
        Assert.That(html page, Does.Contain "<th scope=\"col\">Verify</th>")
        Assert.That(html page, Does.Contain "<code>dotnet fsi scripts/verify.fsx 0123456789ab<")

        let runs = page.Runs |> List.map (fun r -> { r with Verify = "" })

        Assert.That(html { page with Runs = runs }, Does.Not.Contain "Verify")

    [<Test>]
    let ``A page names the commit, and links paper and protocol as they were there`` () =
        let html = html (Samples.page "talathi-fig3" "paper")
        Assert.That(html, Does.Contain "Built from commit")
        Assert.That(html, Does.Contain "<code>0123456789</code></a> of 2026-11-25.")
        Assert.That(html, Does.Contain "href=\"https://arxiv.org/abs/1511.03771\"")
        Assert.That(html, Does.Contain "href=\"protocol.json\"")

        Assert.That(
            html,
            Does.Contain(
                "https://example.org/owner/name/blob/"
                + Samples.commit.Commit
                + "/paper-figures/talathi-fig3/protocol.json"
            )
        )

    [<Test>]
    let ``Sources that were changed since the commit are not said to be those of the commit`` () =
        let place = {
            place with
                BuiltFrom = Some { Samples.commit with IsClean = false }
        }

        let html = Page.item place None None (Samples.page "talathi-fig3" "paper")
        Assert.That(html, Does.Contain "with changes that are not committed")
        Assert.That(html, Does.Not.Contain "/blob/")

    [<Test>]
    let ``An item's page leads to the one before and the one after`` () =
        written (fun folder ->
            let page name =
                File.ReadAllText(Path.Combine(folder, name, "index.html"))

            Assert.That(page "talathi-fig3", Does.Contain "rel=\"next\" href=\"../pascanu-fig7/")
            Assert.That(page "talathi-fig3", Does.Not.Contain "rel=\"prev\"")
            Assert.That(page "pascanu-fig7", Does.Contain "rel=\"prev\" href=\"../talathi-fig3/")
            Assert.That(page "pascanu-fig7", Does.Not.Contain "rel=\"next\""))

    [<Test>]
    let ``No page asks for anything from outside, plotly neither`` () =
        let html = html (Samples.page "talathi-fig3" "quick")

        let hosts = [
            for m in Regex.Matches(html, "(?:src|data-plotly)=\"(https?://[^/\"]+)") ->
                m.Groups[1].Value
        ]

        Assert.That(hosts, Is.Empty)
        Assert.That(html, Does.Contain "data-plotly=\"../assets/plotly.min.js\"")
        Assert.That(html, Does.Contain "src=\"../assets/interactive.js\"")

        written (fun folder ->
            let script = File.ReadAllText(Path.Combine(folder, "assets", "interactive.js"))
            Assert.That(script, Does.Not.Contain "\"LIGHT\"")
            Assert.That(script, Does.Not.Contain "\"DARK\""))

    [<Test>]
    let ``The index has papers with their bars, findings, items and what was left out`` () =
        written (fun folder ->
            let index = File.ReadAllText(Path.Combine(folder, "index.html"))
            Assert.That(index, Does.Contain "First. Second. Third.")
            Assert.That(index, Does.Contain ": 4 within the margin, 10 not yet run\"")
            Assert.That(index, Does.Contain "style=\"flex-grow:10\"")
            Assert.That(index, Does.Contain "IRNN is ahead. <a href=\"talathi-fig3/index.html\"")
            Assert.That(index, Does.Contain "src=\"talathi-fig3/figure.svg\"")
            Assert.That(index, Does.Contain "href=\"ledger/index.html\"")
            Assert.That(index, Does.Contain "href=\"speed/index.html\"")
            Assert.That(index, Does.Contain "Ask the authors."))

    [<Test>]
    let ``A page that another command wrote first gets the others into its navigation`` () =
        let trust = {
            Samples.measurements with
                Id = "trust"
        }

        Samples.inFolder (fun folder ->
            let path = Path.Combine(folder, "speed", "index.html")
            Site.writeMeasurements folder Samples.measurements |> ignore
            let before = File.ReadAllText path

            let site = Samples.site [ Samples.page "talathi-fig3" "quick" ]

            let write () =
                Site.write folder { site with Measurements = [ trust ] }

            Assert.That(write (), Does.Contain path)

            let after = File.ReadAllText path
            let link = "<a href=\"../trust/index.html\">Trust</a>\n"
            Assert.That(before, Does.Not.Contain link)
            Assert.That(after.Replace(link, ""), Is.EqualTo before)
            Assert.That(write (), Does.Not.Contain path))

    [<Test>]
    let ``Every link between pages of a site leads to a file`` () =
        written (fun folder ->
            let pages = Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories)
            Assert.That(pages, Has.Length.EqualTo 5)

            for page in pages do
                let html = File.ReadAllText page

                for m in Regex.Matches(html, "(?:src|href|data-chart)=\"([^\"]+)\"") do
                    let target = m.Groups[1].Value
                    let isOutside = Regex.IsMatch(target, "^(data|https):")

                    if target.StartsWith '#' then
                        Assert.That(html, Does.Contain(sprintf "id=\"%s\"" (target.Substring 1)))
                    elif not isOutside then
                        let parent = Option.ofObj (Path.GetDirectoryName page)
                        let path = Path.Combine(Option.defaultValue "" parent, target)
                        Assert.That(File.Exists path, Is.True, target))

    [<Test>]
    let ``The ledger's picture has a bar a paper, as wide as the parts of its values`` () =
        written (fun folder ->
            let text = File.ReadAllText(Path.Combine(folder, "ledger.svg"))

            let given name (part: XElement) =
                match part.Attribute(XName.Get name) with
                | null -> ""
                | attribute -> attribute.Value

            let parts = [
                for part in Samples.named "rect" (Samples.parse text) ->
                    given "class" part, float (given "width" part)
            ]

            // 4 of 14 values, and 10: 760 wide, less a gap of 1.5 each.
            Assert.That(List.map fst parts, Is.EqualTo(box [ "good"; "none" ]))
            Assert.That(snd parts[0], Is.EqualTo(760.0 * 4.0 / 14.0 - 1.5).Within 0.01)
            Assert.That(snd parts[1], Is.EqualTo(760.0 * 10.0 / 14.0 - 1.5).Within 0.01)
            Assert.That(text, Does.Contain ">4 within the margin · 10 not yet run<")

            // Its colours are those of the index: a page has a style sheet, a file alone none.
            let colours text =
                [
                    for m in Regex.Matches(text, @"\.(\w+)\{fill:(#\w+)") ->
                        m.Groups[1].Value, m.Groups[2].Value
                ]
                |> List.distinct

            Assert.That(colours text, Has.Length.EqualTo 10)

            for name, colour in colours text do
                Assert.That(Assets.css.Value, Does.Contain $"--seg-{name}: {colour};"))

    [<Test>]
    let ``Ids within a page are unique`` () =
        let html = html (Samples.page "talathi-fig3" "quick")
        let ids = [ for m in Regex.Matches(html, " id=\"([^\"]+)\"") -> m.Groups[1].Value ]
        Assert.That(ids, Is.Unique)

    [<Test>]
    let ``Writing the same site again touches nothing`` () =
        Samples.inFolder (fun folder ->
            let items = [ Samples.page "talathi-fig3" "quick" ]
            let first = Site.write folder (Samples.site items)
            // Style, two scripts, plotly.js with its licence; a page, four figures in four files
            // each, runs and protocol; ledger, its JSON and picture, the crate and the index.
            Assert.That(first, Has.Length.EqualTo(5 + 19 + 5))
            let old = DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc)

            for file in first do
                File.SetLastWriteTimeUtc(file, old)

            Assert.That(Site.write folder (Samples.site items), Is.Empty)
            Assert.That(first |> List.map File.GetLastWriteTimeUtc, Is.All.EqualTo old)

            let changed = [
                {
                    items.Head with
                        Finding = "Another line."
                }
            ]

            let second =
                Site.write folder (Samples.site changed)
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
                Site.write folder (Samples.site [ item; item ])))
