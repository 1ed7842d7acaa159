namespace Repro.Reports

open System
open Plotly.NET
open Repro.Reports

/// The parts of a page, each a piece of HTML that is empty when there is nothing to show.
[<RequireQualifiedAccess>]
module internal Sections =
    let private e = Html.escape

    let chip (badge: Badge) =
        sprintf "<span class=\"%s\">%s</span>" badge.Class badge.Name

    /// A link to where it stands, for a reader who wants to point others to it.
    let permalink (id: string) (what: string) =
        sprintf
            "<a class=\"permalink\" href=\"#%s\" aria-label=\"Link to %s\">#</a>"
            (e id)
            (e what)

    let section (id: string) (title: string) (body: string) =
        if body = "" then
            ""
        else
            sprintf
                "<section aria-labelledby=\"%s\">\n<div class=\"head\">\
                 <h2 id=\"%s\">%s</h2>%s</div>\n\
                 %s</section>\n"
                id
                id
                (e title)
                (permalink id title)
                body

    /// A list of links to the page's own sections: id and title of each.
    let contents (entries: (string * string) list) =
        entries
        |> List.map (fun (id, title) -> sprintf "<li><a href=\"#%s\">%s</a></li>\n" id (e title))
        |> String.concat ""
        |> sprintf "<nav class=\"contents\" aria-label=\"On this page\">\n<ul>\n%s</ul>\n</nav>\n"

    /// A table whose cells are HTML, in its own scrolling container. On a narrow screen each row
    /// becomes a card with the headers beside its cells.
    let rawTable (style: string) (label: string) (headers: string list) (rows: string list list) =
        if rows.IsEmpty then
            ""
        else
            let head = headers |> List.map (fun h -> sprintf "<th scope=\"col\">%s</th>" (e h))

            let cell header content =
                let absent =
                    if content = "" || content = "–" then
                        " class=\"absent\""
                    else
                        ""

                sprintf "<td data-label=\"%s\"%s>%s</td>" (e header) absent content

            let row cells =
                List.map2 cell headers cells |> String.concat "" |> sprintf "<tr>%s</tr>\n"

            sprintf
                "<div class=\"%s\" role=\"region\" aria-label=\"%s, table\" tabindex=\"0\">\n\
                 <table class=\"cards\">\n\
                 <thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody>\n</table>\n</div>\n"
                (("scroll " + style).Trim())
                (e label)
                (String.concat "" head)
                (rows |> List.map row |> String.concat "")

    let banner (profile: string) =
        match profile with
        | "paper" -> ""
        | _ ->
            sprintf
                "<p class=\"banner\" role=\"note\">Our numbers in this part were made at the \
                 <code>%s</code> profile, on a smaller scale than the paper's. They show trends, \
                 not the paper's result, and carry no verdict.</p>\n"
                (e profile)

    let verdicts (rows: VerdictRow list) =
        rows
        |> List.map (fun r -> [
            e (SeriesText.inSentence r.What)
            chip r.Verdict
            e (SeriesText.inSentence r.Reason)
        ])
        |> rawTable "wide" "Claims and verdicts" [ "Claim"; "Verdict"; "Reason" ]

    /// The file of the i-th figure of a page, counted from 0, in a format.
    let figureFile (format: string) i =
        if i = 0 then
            "figure." + format
        else
            sprintf "figure-%d.%s" (i + 1) format

    /// The same figure drawn for a telephone's screen.
    let narrowFile i = sprintf "figure-%d-narrow.svg" (i + 1)

    /// The i-th figure's data for plotly.js, as a script that a page loads when it is asked for.
    let dataFile i = sprintf "figure-%d.js" (i + 1)

    /// A drawing above this many characters stands in its file and not in the page as well.
    let private longest = 40000

    let figure i (figure: Figure) =
        let note =
            if figure.Note = "" then
                ""
            else
                sprintf " <span class=\"note\">%s</span>" (e figure.Note)

        let id = "fig-" + Html.slug figure.Id
        let svg = Chart.toSvg figure.Chart
        let isStaged = svg.Contains "data-stage="

        let wide =
            if svg.Length <= longest || isStaged then
                svg
            else
                sprintf
                    "<img src=\"%s\" alt=\"%s\" loading=\"lazy\">\n"
                    (figureFile "svg" i)
                    (e figure.Caption)

        // The page's script reaches into a drawing only where the page holds it.
        let narrow =
            if isStaged then
                sprintf "<div class=\"narrow\">\n%s</div>\n" (Chart.toNarrowSvg figure.Chart)
            else
                sprintf
                    "<img class=\"narrow\" src=\"%s\" alt=\"%s\" loading=\"lazy\">\n"
                    (narrowFile i)
                    (e figure.Caption)

        sprintf
            "<figure class=\"chart\" id=\"%s\" data-chart=\"%s\">\n\
             <div class=\"still\">\n%s</div>\n%s\
             <figcaption><strong>Figure %d.</strong> %s%s %s</figcaption>\n\
             <div class=\"tools\"><a href=\"%s\" download>SVG</a> \
             <a href=\"%s\" download>CSV</a></div>\n</figure>\n"
            id
            (dataFile i)
            wide
            narrow
            (i + 1)
            (e figure.Caption)
            note
            (permalink id (sprintf "figure %d" (i + 1)))
            (figureFile "svg" i)
            (figureFile "csv" i)

    let choices first label rows =
        rows
        |> List.map (fun (a, b, c, d) -> [ e a; e b; e c; e d ])
        |> rawTable "wide" label [ first; "Paper"; "Ours"; "Why" ]

    /// The page of an item's runs, beside the item's own.
    [<Literal>]
    let RunsFile = "runs.html"

    /// Runs from which on they have a page of their own: an item's page is to load quickly.
    let private most = 300

    /// Whether an item's runs have a page of their own.
    let haveOwnPage (rows: RunRow list) = rows.Length > most

    /// What the cut hashes are, and where whole ones stand.
    let runsNote =
        "<p>Ids and hashes of weights are cut to ten characters here. Whole ones stand in \
         <a href=\"runs.json\">runs.json</a>, with the specifications: a run's has the \
         number that the run names, and the run's seed.</p>\n"

    /// Runs as a table whose headers on a narrow screen come from the style sheet: hundreds of
    /// rows would be half as long again with a label at each cell.
    let runTable (rows: RunRow list) =
        let hasVerify = rows |> List.exists (fun r -> r.Verify <> "")

        let cut (hash: string) =
            e (hash.Substring(0, min 10 hash.Length))

        let row (r: RunRow) =
            [
                e (SeriesText.name r.Label)
                string r.Seed
                e r.Outcome
                e r.Metric
                sprintf "<code>%s</code>" (cut r.Id)
                sprintf "<code>%s</code>" (cut r.Weights)
                e r.Source
                Duration.inWords r.Seconds
                if hasVerify then
                    (if r.Verify = "" then
                         "–"
                     else
                         sprintf "<code>%s</code>" (e r.Verify))
            ]
            |> List.map (fun c -> "<td>" + c)
            |> String.concat ""
            |> sprintf "<tr>%s\n"

        let head =
            [
                "Run"
                "Seed"
                "Outcome"
                "Result"
                "Id"
                "Weights"
                "Source"
                "Time"
                if hasVerify then
                    "Verify"
            ]
            |> List.map (sprintf "<th scope=\"col\">%s</th>")
            |> String.concat ""

        sprintf
            "<div class=\"scroll\" role=\"region\" aria-label=\"Runs, table\" \
             tabindex=\"0\">\n\
             <table class=\"cards runs\">\n<thead><tr>%s</tr></thead>\n<tbody>\n%s\
             </tbody>\n</table>\n</div>\n"
            head
            (rows |> List.map row |> String.concat "")

    /// An item's runs: shown, folded away, or on a page of their own.
    let runs (rows: RunRow list) =
        if rows.IsEmpty then
            ""
        elif haveOwnPage rows then
            sprintf
                "<p><a href=\"%s\">All %d runs, one by one</a>: outcome, result, id, hash of the \
                 weights, time, and the command that makes a recorded one anew. As data they \
                 stand in <a href=\"runs.json\">runs.json</a>.</p>\n"
                RunsFile
                rows.Length
        elif rows.Length <= 12 then
            runsNote + runTable rows
        else
            sprintf
                "%s<details><summary>All %d runs</summary>\n%s</details>\n"
                runsNote
                rows.Length
                (runTable rows)

    /// Verdicts with their numbers, in the order in which they first occur.
    let tally (badges: Badge list) = badges |> List.countBy id

    /// The same in words, such as "3 reproduced, 32 not run".
    let counts (badges: Badge list) =
        tally badges
        |> List.map (fun (badge, n) -> sprintf "%d %s" n badge.Name)
        |> String.concat ", "
