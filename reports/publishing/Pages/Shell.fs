namespace Repro.Reports

open System

/// What surrounds every page's content.
[<RequireQualifiedAccess>]
module Shell =
    let private e = Html.escape

    /// How a page finds what lies at the site's root, and what it says of its making.
    type Place = {
        /// "" on the index, "../" on an item's page.
        Root: string
        /// Whether the site has a page of measurements called speed.
        HasSpeed: bool
        /// Whether it has one called trust.
        HasTrust: bool
        /// Whether it has the reference of the library's types.
        HasApi: bool
        BuiltFrom: BuiltFrom option
    }

    /// The script that makes figures interactive.
    let chartScript (place: Place) =
        sprintf
            "<script src=\"%s%s\" data-plotly=\"%s%s\"></script>\n"
            place.Root
            Assets.scriptPath
            place.Root
            Assets.plotlyPath

    /// The script that filters, searches and sorts.
    let listScript (place: Place) =
        sprintf "<script src=\"%sassets/site.js\"></script>\n" place.Root

    let private navigation (place: Place) (current: string) =
        let link href text =
            if text = current then
                sprintf "<a href=\"%s%s\" aria-current=\"page\">%s</a>" place.Root href text
            else
                sprintf "<a href=\"%s%s\">%s</a>" place.Root href text

        [
            link "index.html" "All results"
            link "ledger/index.html" "Ledger"
            if place.HasSpeed then
                link "speed/index.html" "Speed"
            if place.HasTrust then
                link "trust/index.html" "Trust"
            if place.HasApi then
                link "reference/index.html" "API"
        ]
        |> String.concat "\n"
        |> sprintf "<nav aria-label=\"Site\">\n%s\n</nav>"

    let private opening, private closing = "<header class=\"site-head\">", "</header>"

    let private header (place: Place) (current: string) =
        opening + navigation place current + closing

    /// A page that another command wrote, with the navigation of now.
    let withNavigation (place: Place) (current: string) (html: string) : string =
        let start = html.IndexOf(opening, StringComparison.Ordinal)

        match html.IndexOf(closing, max start 0, StringComparison.Ordinal) with
        | finish when start >= 0 && finish >= 0 ->
            html[.. start - 1] + header place current + html[finish + closing.Length ..]
        | _ -> html

    /// A whole page. `current` is the text of the navigation's own entry, or "".
    let page (place: Place) current title description extraHead body scripts =
        let built =
            place.BuiltFrom
            |> Option.map (fun b -> " " + BuiltFrom.sentence b)
            |> Option.defaultValue ""

        sprintf
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>%s</title>\n<meta name=\"description\" content=\"%s\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <link rel=\"stylesheet\" href=\"%sassets/site.css\">\n%s</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to content</a>\n\
             %s\n<main id=\"content\">\n%s</main>\n\
             <footer class=\"site-foot\">Numbers, figures and verdicts on this site are written \
             by a program from recorded runs.%s</footer>\n%s</body>\n</html>\n"
            (e title)
            (e description)
            place.Root
            extraHead
            (header place current)
            (HtmlText.unbroken body)
            built
            scripts
