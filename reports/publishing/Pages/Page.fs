namespace Repro.Reports

/// Pages as HTML. The same values give the same bytes: nothing depends on time or machine.
[<RequireQualifiedAccess>]
module Page =
    let private e = Html.escape

    /// How a page finds what lies at the site's root.
    type Place = {
        /// "" on the index, "../" on an item's page.
        Root: string
    }

    let private script (place: Place) =
        sprintf
            "<script data-plotly=\"%s%s\">\n%s</script>\n"
            place.Root
            Assets.plotlyPath
            Assets.script.Value

    let private shell (place: Place) title description navigation body scripts =
        sprintf
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>%s</title>\n<meta name=\"description\" content=\"%s\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <link rel=\"stylesheet\" href=\"%sassets/site.css\">\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to content</a>\n\
             <header class=\"site-head\">%s</header>\n<main id=\"content\">\n%s</main>\n\
             <footer class=\"site-foot\">Numbers, figures and verdicts on this site are written \
             by a program from recorded runs.</footer>\n%s</body>\n</html>\n"
            (e title)
            (e description)
            place.Root
            navigation
            body
            scripts

    let private reproduce (command: string) (costText: string) (valuesHref: string) =
        let command =
            if command = "" then
                ""
            else
                sprintf "<pre tabindex=\"0\"><code>%s</code></pre>\n" (e command)

        let cost =
            if costText = "" then
                ""
            else
                sprintf "<p>%s</p>\n" (e costText)

        let values =
            if valuesHref = "" then
                ""
            else
                sprintf "<p><a href=\"%s\">All values as CSV</a></p>\n" (e valuesHref)

        command + cost + values

    let private backToIndex (place: Place) =
        sprintf
            "<nav aria-label=\"Site\"><a href=\"%sindex.html\">← All results</a></nav>"
            place.Root

    /// The page of one item.
    let item (place: Place) (page: ItemPage) : string =
        let head =
            sprintf
                "<h1>%s</h1>\n<p class=\"lead\">%s</p>\n<p class=\"meta\">%s · <code>%s</code> · \
                 profile <code>%s</code> · %s</p>\n"
                (e page.Title)
                (e page.Shows)
                (e page.Paper)
                (e page.Id)
                (e page.Profile)
                (Sections.chip page.Verdict)

        let summary =
            if page.Summary = "" then
                ""
            else
                sprintf "<p>%s</p>\n" (e page.Summary)

        let tables = page.Tables |> List.map (fun (caption, t) -> Table.toHtml caption t)

        let script' =
            if page.LiterateHtml = "" then
                ""
            else
                sprintf "<div class=\"literate\">\n%s</div>\n" page.LiterateHtml

        let body =
            [
                head
                Sections.banner page.Profile
                summary
                Sections.section "claim" "What the paper claims" page.Claim
                Sections.section "verdicts" "Verdicts" (Sections.verdicts page.Verdicts)
                Sections.section
                    "figures"
                    (if page.Figures.Length = 1 then "Figure" else "Figures")
                    (page.Figures |> List.mapi Sections.figure |> String.concat "")
                Sections.section
                    "tables"
                    (if tables.Length = 1 then "Table" else "Tables")
                    (String.concat "" tables)
                Sections.section
                    "settled"
                    "What the paper leaves open, and how it is settled here"
                    (Sections.choices "Question" "Settled questions" page.Settled)
                Sections.section
                    "deviations"
                    "Deviations from the paper"
                    (Sections.choices "Aspect" "Deviations" page.Deviations)
                Sections.section "runs" "Runs" (Sections.runs page.Runs)
                Sections.section
                    "reproduce"
                    "Do it yourself"
                    (reproduce page.Command page.CostText page.ValuesCsvHref)
                Sections.section "script" "The script" script'
            ]
            |> String.concat ""

        let scripts = if page.Figures.IsEmpty then "" else script place
        shell place (page.Title + " – " + page.Id) page.Shows (backToIndex place) body scripts

    /// A page of measurements.
    let measurements (place: Place) (page: MeasurementPage) : string =
        let environment =
            page.Environment
            |> List.map (fun (name, value) -> [ name; value ])
            |> Table.ofStrings [ "What"; "Value" ]
            |> fun table -> {
                table with
                    Alignments = [ Left; Left ]
            }
            |> Table.toHtml "Environment"

        let tables = page.Tables |> List.map (fun (caption, t) -> Table.toHtml caption t)

        let body =
            [
                sprintf "<h1>%s</h1>\n<p class=\"lead\">%s</p>\n" (e page.Title) (e page.Shows)
                Sections.section "environment" "Measured on" environment
                Sections.section "method" "How" page.Method
                Sections.section "tables" "Measurements" (String.concat "" tables)
                Sections.section
                    "figures"
                    (if page.Figures.Length = 1 then "Figure" else "Figures")
                    (page.Figures |> List.mapi Sections.figure |> String.concat "")
                Sections.section "findings" "What the numbers say" page.Findings
                Sections.section
                    "reproduce"
                    "Do it yourself"
                    (reproduce page.Command "" page.ValuesCsvHref)
            ]
            |> String.concat ""

        let scripts = if page.Figures.IsEmpty then "" else script place
        shell place page.Title page.Shows (backToIndex place) body scripts

    let private standardIntro =
        "<p>Every table, figure and in-text result of two papers on training recurrent networks, \
         made again from nothing and set beside what was printed: Pascanu, Mikolov and Bengio \
         (2013), <em>On the difficulty of training recurrent neural networks</em>, and Talathi \
         and Vartak (2016), <em>Improving performance of recurrent neural network with relu \
         nonlinearity</em>.</p>\n\
         <p>How a verdict is decided stood in each item's protocol before its runs: the measure, \
         the number of seeds, the margin and the rule. The seed is the unit. Success rates carry \
         Wilson intervals, means carry t intervals, and orderings such as “np-RNN beats IRNN” \
         are tests of their own. <em>Not reproduced</em> is a result like any other, published \
         with what was tried. A number made at the <code>quick</code> or <code>smoke</code> \
         profile shows trends at a smaller scale than the paper's and is marked so.</p>\n"

    /// The first page of the site.
    let index (place: Place) (page: IndexPage) : string =
        let row (item: ItemPage) = [
            sprintf
                "<a href=\"%s/index.html\">%s</a><br><code>%s</code>"
                (Html.slug item.Id)
                (e item.Title)
                (e item.Id)
            Sections.chip item.Verdict
            e item.Shows
            sprintf "<code>%s</code>" (e item.Profile)
            e (Sections.counts item.Verdicts)
            e item.Summary
        ]

        let left (item: LeftOutItem) = [
            sprintf "%s<br><code>%s</code>" (e item.Title) (e item.Id)
            Sections.chip item.Verdict
            e item.Reason
            e item.HowToGet
        ]

        let ledger =
            if page.LedgerHref = "" then
                ""
            else
                sprintf
                    "<p><a href=\"%s\">The ledger</a>: every published value beside ours, \
                     as CSV.</p>\n"
                    (e page.LedgerHref)

        let items =
            page.Items
            |> List.map row
            |> Sections.rawTable "wide" "Results" [
                "Item"
                "Verdict"
                "Shows"
                "Profile"
                "Claims"
                "In a line"
            ]

        let body =
            [
                sprintf "<h1>%s</h1>\n" (e page.Title)
                (if page.Intro = "" then standardIntro else page.Intro)
                ledger
                Sections.section "results" "Results" items
                Sections.section
                    "left-out"
                    "Left out"
                    (page.LeftOut
                     |> List.map left
                     |> Sections.rawTable "wide" "Items left out" [
                         "Item"
                         "Verdict"
                         "Why"
                         "How to get it"
                     ])
            ]
            |> String.concat ""

        shell place page.Title "Published results, regenerated and compared." "" body ""
