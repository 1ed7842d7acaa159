namespace Repro.Reports

open System.IO

/// The files and outside addresses that every page uses.
[<RequireQualifiedAccess>]
module Assets =
    /// plotly.js without 3-D, maps and finance: the one script a page may ask for, and only
    /// when a reader asks for an interactive figure.
    let plotlyVersion = "4.1.1"

    /// Where it is served from.
    let plotlyUrl =
        "https://cdn.jsdelivr.net/npm/plotly.js-cartesian-dist-min@"
        + plotlyVersion
        + "/plotly-cartesian.min.js"

    /// SHA-384 of the npm package's plotly-cartesian.min.js; a browser refuses anything else.
    let plotlyIntegrity =
        "sha384-zc4SwKObGL/W0M3RUI09UPWjlgIZHfbwMgcZO6713mRh78tfUmIQKhzCyE2LIiUg"

    /// A copy at this place of the site is used in place of the outside address.
    let localPlotly = "assets/plotly-cartesian.min.js"

    let private resource (name: string) =
        use stream =
            match typeof<Html.Marker>.Assembly.GetManifestResourceStream name with
            | null -> failwithf "The resource '%s' is missing from Repro.Publishing.dll." name
            | stream -> stream

        use reader = new StreamReader(stream)
        reader.ReadToEnd().Replace("\r\n", "\n")

    /// The site's style sheet.
    let css = lazy (resource "site.css")

    /// The script that turns a figure into an interactive one.
    let script = lazy (resource "interactive.js")

    /// The script that filters, searches and sorts the index and the ledger.
    let site = lazy (resource "site.js")
