namespace Repro.Reports

open System.IO
open System.Reflection
open Plotly.NET

/// The files that every page uses. Nothing is asked for from outside the site.
[<RequireQualifiedAccess>]
module Assets =
    let private read (assembly: Assembly) (name: string) =
        use stream =
            match assembly.GetManifestResourceStream name with
            | null ->
                failwithf "The resource '%s' is missing from %s." name (string assembly.Location)
            | stream -> stream

        use reader = new StreamReader(stream)
        reader.ReadToEnd().Replace("\r\n", "\n")

    let private resource (name: string) = read typeof<Html.Marker>.Assembly name

    /// plotly.js and its licence as Plotly.NET brings them, by their names in the package.
    let private packed (ending: string) =
        let assembly = typeof<GenericChart>.Assembly

        assembly.GetManifestResourceNames()
        |> Array.tryFind (fun name -> name.Contains ".plotly-" && name.EndsWith ending)
        |> function
            | Some name -> read assembly name
            | None -> failwithf "Plotly.NET %O holds no plotly.js." (assembly.GetName().Version)

    /// plotly.js's place in the site. A page asks for it only when a reader asks for an interactive
    /// figure.
    let plotlyPath = "assets/plotly.min.js"

    /// plotly.js itself.
    let plotly = lazy (packed ".min.js")

    /// The licence that goes with it.
    let plotlyLicence = lazy (packed ".LICENSE.txt")

    /// The site's style sheet.
    let css = lazy (resource "site.css")

    /// The script that filters, searches and sorts the index and the ledger.
    let site = lazy (resource "site.js")

    /// The place of the script that turns a figure into an interactive one.
    let scriptPath = "assets/interactive.js"

    /// That script, with the two templates.
    let script =
        lazy
            (let template (theme: Template) =
                Newtonsoft.Json.JsonConvert.SerializeObject(theme, Globals.JSON_CONFIG)

             (resource "interactive.js")
                 .Replace("\"LIGHT\"", template Theme.light)
                 .Replace("\"DARK\"", template Theme.dark))
