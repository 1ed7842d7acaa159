namespace Repro.Reports

/// The pages of items and of measurements as HTML. The same values give the same bytes: nothing
/// depends on time or machine.
[<RequireQualifiedAccess>]
module Page =
    let private e = Html.escape

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

    /// The files beside the page, each with where it stands in the repository and what it holds.
    let private attached (place: Shell.Place) (page: ItemPage) =
        let row (name, path, text) =
            let here = sprintf "<a href=\"%s\">%s</a>" (e name) (e path)

            let there =
                match place.BuiltFrom |> Option.bind (BuiltFrom.fileAt path) with
                | Some address -> sprintf " (<a href=\"%s\">at the commit</a>)" (e address)
                | None -> ""

            sprintf
                "<li>%s%s<br>\n<code class=\"digest\">%s</code></li>\n"
                here
                there
                (Digest.ofText text)

        match page.Attached with
        | [] -> ""
        | files ->
            sprintf
                "<h3>What this page was made from</h3>\n<p>The files as they were, each with its \
                 SHA-256:</p>\n<ul class=\"files\">\n%s</ul>\n"
                (files |> List.map row |> String.concat "")

    let private paperLine (page: ItemPage) =
        let links =
            page.Paper.Links
            |> List.map (fun (name, href) -> sprintf "<a href=\"%s\">%s</a>" (e href) (e name))
            |> String.concat ", "

        let paper = sprintf "%s, %s" page.Paper.Name page.Paper.Shows

        if links = "" then
            e paper
        else
            sprintf "%s (%s)" (e paper) links

    let private head (page: ItemPage) =
        let facts = [
            paperLine page
            sprintf "<code>%s</code>" (e page.Id)
            if page.Seeds > 0 then
                sprintf "%d %s" page.Seeds (if page.Seeds = 1 then "seed" else "seeds")
            if System.Double.IsFinite page.Seconds && page.Seconds > 0.0 then
                Duration.inWords page.Seconds + " of one core"
            if page.Date <> "" then
                sprintf "last run on <time>%s</time>" (e page.Date)
        ]

        sprintf
            "<h1>%s</h1>\n<p class=\"lead\">%s</p>\n<p class=\"meta\">%s %s</p>\n"
            (e page.Title)
            (e page.Finding)
            (Sections.chip page.Verdict)
            (String.concat " · " facts)

    let private tables (items: (string * Table) list) =
        items
        |> List.map (fun (caption, t) -> Table.toHtml caption t)
        |> String.concat ""

    let private quick (page: ItemPage) =
        match page.Quick with
        | None -> ""
        | Some quick ->
            let start = page.Figures.Length

            let body =
                Sections.banner quick.Profile
                + (if quick.Summary = "" then
                       ""
                   else
                       sprintf "<p>%s</p>\n" (e quick.Summary))
                + (quick.Figures
                   |> List.mapi (fun i f -> Sections.figure (start + i) f)
                   |> String.concat "")
                + ValueTables.table "Values of the quick check" quick.Values
                + tables quick.Tables

            // Where nothing was run at the paper's scale, this is all that there is to see.
            let isOpen = if page.Profile = "paper" then "" else " open"

            sprintf
                "<details class=\"quick\"%s><summary>Quick check: what a smaller scale \
                 shows</summary>\n%s</details>\n"
                isOpen
                body

    /// Sections with their ids and headings, in the page's order; those with nothing are left out.
    let private sections (place: Shell.Place) (page: ItemPage) =
        let first, others =
            match page.Figures with
            | [] -> "", ""
            | first :: others ->
                Sections.figure 0 first,
                others |> List.mapi (fun i f -> Sections.figure (i + 1) f) |> String.concat ""

        let script =
            if page.LiterateHtml = "" then
                ""
            else
                sprintf
                    "<details><summary>The script, with its prose</summary>\n\
                     <div class=\"literate\">\n%s</div>\n</details>\n"
                    page.LiterateHtml

        let reason =
            if page.Reason = "" then
                ""
            else
                sprintf "<p>%s %s</p>\n" (Sections.chip page.Verdict) (e page.Reason)

        [
            "figure", "Figure", first
            "verdict", "Verdict", reason + Sections.verdicts page.Verdicts
            "values", "The paper's numbers and ours", ValueTables.ofItem page.Values
            "claim",
            (if page.Paper.Kind = "own" then
                 "What the runs say"
             else
                 "What the paper claims"),
            MathMl.inHtml page.Claim
            "figures", "More figures", others
            "tables", (if page.Tables.Length = 1 then "Table" else "Tables"), tables page.Tables
            "quick", "Quick check", quick page
            "settled",
            "What the paper leaves open, and how it is settled here",
            Sections.choices "Question" "Settled questions" page.Settled
            "deviations",
            "Deviations from the paper",
            Sections.choices "Aspect" "Deviations" page.Deviations
            "runs", "Runs", Sections.runs page.Runs
            "reproduce",
            "Do it yourself",
            reproduce page.Command page.CostText page.ValuesCsvHref + attached place page
            "script", "The script", script
        ]
        |> List.filter (fun (_, _, body) -> body <> "")

    let private neighbours (previous: ItemPage option) (next: ItemPage option) =
        let link relation (sign: string -> string) (page: ItemPage) =
            sprintf
                "<a rel=\"%s\" href=\"../%s/index.html\">%s</a>\n"
                relation
                (Html.slug page.Id)
                (sign (e (page.Paper.Shows + ": " + page.Title)))

        match previous, next with
        | None, None -> ""
        | _ ->
            let before = previous |> Option.map (link "prev" (fun t -> "← " + t))
            let after = next |> Option.map (link "next" (fun t -> t + " →"))

            sprintf
                "<nav class=\"neighbours\" aria-label=\"Previous and next\">\n%s%s</nav>\n"
                (defaultArg before "")
                (defaultArg after "")

    /// The page of one item, with links to those before and after it.
    let item
        (place: Shell.Place)
        (previous: ItemPage option)
        (next: ItemPage option)
        (page: ItemPage)
        : string =
        let sections = sections place page
        let listed = sections |> List.map (fun (id, title, _) -> id, title)

        let body =
            sections
            |> List.map (fun (id, title, body) -> Sections.section id title body)
            |> String.concat ""

        let head, body, used =
            let marker = "\n<!-- contents -->\n"
            let html, used = Glossary.mark page.Paper.Terms (head page + marker + body)
            let at = html.IndexOf(marker, System.StringComparison.Ordinal)
            html.Substring(0, at), html.Substring(at + marker.Length), used

        let terms =
            Sections.section "terms" "Terms used on this page" (Glossary.define used)

        let contents =
            Sections.contents (
                if used.IsEmpty then
                    listed
                else
                    listed @ [ "terms", "Terms used on this page" ]
            )

        let hasFigures =
            not page.Figures.IsEmpty
            || page.Quick |> Option.exists (fun q -> not q.Figures.IsEmpty)

        Shell.page
            place
            ""
            (page.Title + " – " + page.Id)
            page.Finding
            ""
            (head + "\n" + contents + body + terms + neighbours previous next)
            (if hasFigures then Shell.chartScript place else "")

    /// The page of an item's runs, for an item that has too many for its own page.
    let runs (place: Shell.Place) (page: ItemPage) : string =
        let title = "Runs: " + page.Title

        let body =
            sprintf
                "<h1>%s</h1>\n<p class=\"lead\">All %d runs of <a href=\"index.html#runs\">%s</a>\
                 .</p>\n"
                (e title)
                page.Runs.Length
                (e page.Id)
            + Sections.runsNote
            + Sections.runTable page.Runs

        Shell.page
            place
            ""
            (title + " – " + page.Id)
            (sprintf "All %d runs of %s." page.Runs.Length page.Id)
            ""
            body
            ""

    /// A page of measurements.
    let measurements (place: Shell.Place) (page: MeasurementPage) : string =
        let environment =
            page.Environment
            |> List.map (fun (name, value) -> [ name; value ])
            |> Table.ofStrings [ "What"; "Value" ]
            |> fun table -> {
                table with
                    Alignments = [ Left; Left ]
            }
            |> Table.toHtml "Environment"

        let sections =
            [
                "tables", "Measurements", tables page.Tables
                "findings", "What the numbers say", page.Findings
                "figures",
                (if page.Figures.Length = 1 then "Figure" else "Figures"),
                page.Figures |> List.mapi Sections.figure |> String.concat ""
                "environment", "Measured on", environment
                "method", "How", page.Method
                "reproduce", "Do it yourself", reproduce page.Command "" page.ValuesCsvHref
            ]
            |> List.filter (fun (_, _, body) -> body <> "")

        let body =
            sprintf "<h1>%s</h1>\n<p class=\"lead\">%s</p>\n" (e page.Title) (e page.Shows)
            + Sections.contents (sections |> List.map (fun (id, title, _) -> id, title))
            + (sections
               |> List.map (fun (id, title, body) -> Sections.section id title body)
               |> String.concat "")

        let scripts = if page.Figures.IsEmpty then "" else Shell.chartScript place
        let isTrust = page.Id = "trust"

        let here = {
            place with
                HasSpeed = place.HasSpeed || not isTrust
                HasTrust = place.HasTrust || isTrust
        }

        let current = if isTrust then "Trust" else "Speed"
        Shell.page here current page.Title page.Shows "" body scripts
