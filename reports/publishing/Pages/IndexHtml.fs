namespace Repro.Reports

open System

/// The first page of the site: per paper what became of its values, then findings, then items.
[<RequireQualifiedAccess>]
module internal IndexHtml =
    let private e = Html.escape

    let private standardIntro =
        "<p>Every table, figure and in-text result of two papers on training recurrent networks, \
         made again from nothing and set beside what was printed.</p>\n"

    let private method =
        "<p>How a verdict is decided stood in each item's protocol before its runs: the measure, \
         the number of seeds, the margin and the rule. The seed is the unit. Success rates carry \
         Wilson intervals, means carry t intervals, and orderings such as “np-RNN beats IRNN” \
         are tests of their own. <em>Not reproduced</em> is a result like any other, published \
         with what was tried. Verdicts rest on runs at the paper's own scale alone.</p>\n"

    /// Shares of a whole as a bar and, since colour alone says nothing, as a list.
    let bar (label: string) (shares: Share list) =
        let shares = shares |> List.filter (fun s -> s.Count > 0)
        let all = shares |> List.sumBy _.Count

        if all = 0 then
            ""
        else
            let segment (s: Share) =
                sprintf "<span class=\"seg %s\" style=\"flex-grow:%d\"></span>" s.Class s.Count

            let entry (s: Share) =
                sprintf
                    "<li><span class=\"key %s\"></span>%s <strong>%d</strong></li>\n"
                    s.Class
                    (e s.Name)
                    s.Count

            let words =
                shares
                |> List.map (fun s -> sprintf "%d %s" s.Count s.Name)
                |> String.concat ", "

            sprintf
                "<div class=\"bar\" role=\"img\" aria-label=\"%s: %s\">%s</div>\n\
                 <ul class=\"legend\">\n%s</ul>\n"
                (e label)
                (e words)
                (shares |> List.map segment |> String.concat "")
                (shares |> List.map entry |> String.concat "")

    let private paper (summary: PaperSummary) =
        let links =
            summary.Links
            |> List.map (fun (name, href) -> sprintf "<a href=\"%s\">%s</a>" (e href) (e name))
            |> String.concat " · "

        sprintf
            "<section class=\"paper\" aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n\
             <p class=\"meta\">%s%s</p>\n<p>%s</p>\n%s</section>\n"
            (Html.slug ("paper " + summary.Name))
            (Html.slug ("paper " + summary.Name))
            (e summary.Title)
            (e summary.Citation)
            (if links = "" then "" else " · " + links)
            (summary.Sentences |> List.map e |> String.concat " ")
            (bar (sprintf "Published values of %s" summary.Name) summary.Shares)

    let private headlines (items: HeadlineText list) =
        items
        |> List.map (fun h ->
            sprintf
                "<li>%s <a href=\"%s/index.html\" aria-label=\"Evidence: %s\">Evidence</a></li>\n"
                (e h.Text)
                (Html.slug h.Item)
                (e h.Item))
        |> String.concat ""
        |> fun list ->
            if list = "" then
                ""
            else
                sprintf "<ul class=\"headlines\">\n%s</ul>\n" list

    /// What the script filters and sorts by. Absent numbers sort last.
    let private data (paper: string) (kind: string) (verdict: Badge) seconds seeds date =
        sprintf
            "data-paper=\"%s\" data-kind=\"%s\" data-verdict=\"%s\" data-cost=\"%s\" \
             data-seeds=\"%d\" data-date=\"%s\""
            (e paper)
            (e kind)
            (e verdict.Name)
            (if Double.IsFinite seconds then
                 Number.fixedPoint 0 seconds
             else
                 "")
            seeds
            (e date)

    let private card (item: ItemPage) =
        let picture =
            match item.Figures, item.Quick with
            | _ :: _, _
            | [], Some { Figures = _ :: _ } ->
                sprintf
                    "<img class=\"thumb\" src=\"%s/figure.svg\" alt=\"\" loading=\"lazy\">\n"
                    (Html.slug item.Id)
            | _ -> ""

        let facts = [
            item.Paper.Shows
            if item.Seeds > 0 then
                sprintf "%d %s" item.Seeds (if item.Seeds = 1 then "seed" else "seeds")
            if Double.IsFinite item.Seconds && item.Seconds > 0.0 then
                Duration.inWords item.Seconds + " of one core"
            if item.Date <> "" then
                item.Date
        ]

        sprintf
            "<li class=\"card%s\" %s>\n%s<div>\n\
             <h4><a href=\"%s/index.html\">%s</a></h4>\n<p>%s</p>\n\
             <p class=\"meta\">%s %s</p>\n</div>\n</li>\n"
            (if picture = "" then " bare" else "")
            (data item.Paper.Name item.Paper.Kind item.Verdict item.Seconds item.Seeds item.Date)
            picture
            (Html.slug item.Id)
            (e item.Title)
            (e item.Finding)
            (Sections.chip item.Verdict)
            (facts |> List.map e |> String.concat " · ")

    let private kindOf (shows: string) =
        if shows.Contains "Fig" then "figure"
        elif shows.Contains "Table" then "table"
        else "text"

    let private leftCard (item: LeftOutItem) =
        sprintf
            "<li class=\"card bare\" id=\"%s\" %s>\n<div>\n<h4>%s</h4>\n\
             <p>%s %s</p>\n<p class=\"meta\">%s %s</p>\n</div>\n</li>\n"
            (e item.Id)
            (data item.Paper (kindOf item.Shows) item.Verdict nan 0 "")
            (e item.Title)
            (e item.Reason)
            (e item.HowToGet)
            (Sections.chip item.Verdict)
            (e item.Shows)

    let private group (site: SitePages) (name: string) =
        let items = site.Items |> List.filter (fun i -> i.Paper.Name = name)
        let left = site.LeftOut |> List.filter (fun i -> i.Paper = name)

        if items.IsEmpty && left.IsEmpty then
            ""
        else
            sprintf
                "<div class=\"group\">\n<h3>%s</h3>\n<ul class=\"card-list\">\n%s%s</ul>\n</div>\n"
                (e name)
                (items |> List.map card |> String.concat "")
                (left |> List.map leftCard |> String.concat "")

    let private contents (site: SitePages) =
        [
            for paper in site.Papers do
                Html.slug ("paper " + paper.Name), paper.Name

            if not site.Headlines.IsEmpty then
                "findings", "What was found"
            "results", "Results, one by one"
            "method", "How verdicts are decided"
        ]
        |> Sections.contents

    /// The page.
    let render (place: Shell.Place) (metadata: string) (site: SitePages) : string =
        let names =
            (site.Papers |> List.map _.Name)
            @ (site.Items |> List.map _.Paper.Name)
            @ (site.LeftOut |> List.map _.Paper)
            |> List.distinct

        let ledger =
            sprintf
                "<p><a href=\"ledger/index.html\">The ledger</a> has all %d values in one \
                 table.%s</p>\n"
                site.Ledger.Length
                (if place.HasSpeed then
                     " <a href=\"speed/index.html\">How fast a training step is</a> has a page \
                      of its own."
                 else
                     "")
            + (if place.HasTrust then
                   "<p><a href=\"trust/index.html\">Why these numbers may be believed</a>: \
                    runs made anew, and what was done to lose or falsify a result.</p>\n"
               else
                   "")
            + (if place.HasApi then
                   "<p>The library that trains the networks has \
                    <a href=\"reference/index.html\">an API reference</a>.</p>\n"
               else
                   "")

        let body =
            [
                sprintf "<h1>%s</h1>\n" (e site.Title)
                (if site.Intro = "" then standardIntro else site.Intro)
                contents site
                site.Papers |> List.map paper |> String.concat ""
                Sections.section "findings" "What was found" (headlines site.Headlines)
                Sections.section
                    "results"
                    "Results, one by one"
                    ("<div data-filter=\"cards\">\n"
                     + (names |> List.map (group site) |> String.concat "")
                     + "</div>\n")
                Sections.section "method" "How verdicts are decided" (method + ledger)
            ]
            |> String.concat ""

        let script = sprintf "<script type=\"application/ld+json\">%s</script>\n" metadata

        Shell.page
            place
            "All results"
            site.Title
            "Published results on training recurrent networks, regenerated and compared."
            script
            body
            (Shell.listScript place)
