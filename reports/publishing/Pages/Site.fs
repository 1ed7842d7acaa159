namespace Repro.Reports

open System
open System.IO
open System.Text
open System.Text.Json.Nodes
open Plotly.NET
open Repro.Reports

/// Writes the site. A file whose bytes would not change is not touched, and none is ever left
/// half-written: each goes to a temporary file beside it, to the disk, and then to its name.
[<RequireQualifiedAccess>]
module Site =
    /// Writes one text file (UTF-8, no mark); true when its bytes changed.
    let writeFile (path: string) (text: string) : bool =
        let bytes = UTF8Encoding(false).GetBytes text
        let same = File.Exists path && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)

        if same then
            false
        else
            let folder =
                match Path.GetDirectoryName(Path.GetFullPath path) with
                | null -> invalidArg (nameof path) (sprintf "'%s' is not a file's path." path)
                | folder -> folder

            Directory.CreateDirectory folder |> ignore
            let temporary = path + "." + string Environment.ProcessId + ".tmp"

            try
                (use stream = new FileStream(temporary, FileMode.Create, FileAccess.Write)
                 stream.Write bytes
                 stream.Flush true)

                File.Move(temporary, path, true)
            finally
                File.Delete temporary

            true

    let private place outDir root built : Shell.Place = {
        Root = root
        HasSpeed = File.Exists(Path.Combine(outDir, "speed", "index.html"))
        HasTrust = File.Exists(Path.Combine(outDir, "trust", "index.html"))
        HasApi = File.Exists(Path.Combine(outDir, ApiHtml.Folder, "index.html"))
        BuiltFrom = built
    }

    let private writeAll (files: (string * string) list) =
        files |> List.filter (fun (path, text) -> writeFile path text) |> List.map fst

    let private assets outDir = [
        Path.Combine(outDir, "assets", "site.css"), Assets.css.Value
        Path.Combine(outDir, "assets", "site.js"), Assets.site.Value
        Path.Combine(outDir, Assets.scriptPath), Assets.script.Value
        Path.Combine(outDir, Assets.plotlyPath), Assets.plotly.Value
        Path.Combine(outDir, Assets.plotlyPath + ".LICENSE.txt"), Assets.plotlyLicence.Value
    ]

    /// A figure's data as a script: a page opened from a disk may load scripts and nothing else.
    let private figureData (name: string) (chart: GenericChart) =
        sprintf "reproFigure(\"%s\", %s);\n" name (Chart.toJson chart)

    let private pageFiles outDir (id: string) (html: string) (figures: Figure list) = [
        let folder = Path.Combine(outDir, Html.slug id)
        Path.Combine(folder, "index.html"), html

        for i, figure in List.indexed figures do
            let file name = Path.Combine(folder, name)
            file (Sections.figureFile "svg" i), Chart.toSvg figure.Chart
            file (Sections.figureFile "csv" i), Chart.toCsv figure.Chart
            file (Sections.narrowFile i), Chart.toNarrowSvg figure.Chart
            file (Sections.dataFile i), figureData (Sections.dataFile i) figure.Chart
    ]

    /// The specification of a run without its seed, so that all seeds share one.
    let private seedless (spec: string) =
        match JsonNode.Parse spec with
        | :? JsonObject as members ->
            members.Remove "seed" |> ignore
            members.ToJsonString()
        | _ -> spec

    /// Runs with the number of their specification, and the specifications, each once.
    let private runsJson (runs: RunRow list) =
        let specOf (r: RunRow) =
            if r.Spec = "" then "null" else seedless r.Spec

        let specs = runs |> List.map specOf |> List.distinct
        let places = specs |> List.mapi (fun i spec -> spec, i) |> Map.ofList

        let row (r: RunRow) =
            Json.object' [
                "id", Json.text r.Id
                "label", Json.text r.Label
                "seed", Json.number (float r.Seed)
                "outcome", Json.text r.Outcome
                "result", Json.text r.Metric
                "weights", Json.text r.Weights
                "source", Json.text r.Source
                "seconds", Json.number r.Seconds
                "spec", Json.number (float places[specOf r])
            ]
            |> Json.write

        sprintf
            "{\"specs\":[\n%s\n],\n\"runs\":[\n%s\n]}\n"
            (String.concat ",\n" specs)
            (runs |> List.map row |> String.concat ",\n")

    let private itemFiles outDir place previous next (item: ItemPage) = [
        let folder = Path.Combine(outDir, Html.slug item.Id)
        let quick = item.Quick |> Option.map _.Figures |> Option.defaultValue []
        let html = Page.item place previous next item
        yield! pageFiles outDir item.Id html (item.Figures @ quick)

        if not item.Runs.IsEmpty then
            Path.Combine(folder, "runs.json"), runsJson item.Runs

        if Sections.haveOwnPage item.Runs then
            Path.Combine(folder, Sections.RunsFile), Page.runs place item

        for name, _, text in item.Attached do
            Path.Combine(folder, name), text
    ]

    /// Writes one item's page, its figures, what lies beside it, and the style sheet. Returns the
    /// files it changed.
    let writeItem (outDir: string) (built: BuiltFrom option) (item: ItemPage) : string list =
        writeAll (assets outDir @ itemFiles outDir (place outDir "../" built) None None item)

    /// Writes a page of measurements, its figures and what all pages use. Returns the files it
    /// changed.
    let writeMeasurements (outDir: string) (page: MeasurementPage) : string list =
        let html = Page.measurements (place outDir "../" None) page
        writeAll (assets outDir @ pageFiles outDir page.Id html page.Figures)

    /// The pages of the library's types. Those of types that are no more are deleted.
    let private referenceFiles outDir place (reference: ApiReference) =
        let folder = Path.Combine(outDir, ApiHtml.Folder)
        let pages = ApiHtml.pages place reference
        let kept = pages |> List.map fst |> Set.ofList

        if Directory.Exists folder then
            for path in Directory.GetFiles(folder, "*.html") do
                if not (kept.Contains(string (Path.GetFileName path))) then
                    File.Delete path

        pages |> List.map (fun (name, html) -> Path.Combine(folder, name), html)

    /// Writes the whole site: index, ledger, pages, figures, reference and metadata. Returns the
    /// files it changed; items must have different ids. The ledger's CSV is written by others, as
    /// `ledger.csv` at the site's root.
    let write (outDir: string) (site: SitePages) : string list =
        match
            site.Items
            |> List.countBy (fun i -> Html.slug i.Id)
            |> List.tryFind (fun (_, n) -> n > 1)
        with
        | Some(id, n) ->
            invalidArg
                (nameof site)
                (sprintf "%d items are named '%s'. Give each item its own id." n id)
        | None -> ()

        let items = Array.ofList site.Items
        let paged = items |> Array.map _.Id |> Set.ofArray

        let measures id =
            site.Measurements |> List.exists (fun page -> page.Id = id)

        // Every page links the same others, also those that this command is the first to write.
        let placeAt folder =
            let there = place outDir folder site.BuiltFrom

            {
                there with
                    HasSpeed = there.HasSpeed || measures "speed"
                    HasTrust = there.HasTrust || measures "trust"
                    HasApi = there.HasApi || site.Reference.IsSome
            }

        let root = placeAt ""
        let below = placeAt "../"

        writeAll [
            yield! assets outDir

            for i, item in Array.indexed items do
                let next = Array.tryItem (i + 1) items
                yield! itemFiles outDir below (Array.tryItem (i - 1) items) next item

            for page in site.Measurements do
                yield! pageFiles outDir page.Id (Page.measurements below page) page.Figures

            // Another command wrote it, perhaps before there were the others.
            let speed = Path.Combine(outDir, "speed", "index.html")

            if File.Exists speed && not (measures "speed") then
                speed, Shell.withNavigation below "Speed" (File.ReadAllText speed)

            match site.Reference with
            | Some reference -> yield! referenceFiles outDir below reference
            | None -> ()

            Path.Combine(outDir, "ledger", "index.html"), LedgerHtml.render below paged site.Ledger

            Path.Combine(outDir, "ledger.json"), LedgerHtml.json site.Ledger

            match LedgerPicture.render site.Papers with
            | Some picture -> Path.Combine(outDir, LedgerPicture.FileName), picture
            | None -> ()

            Path.Combine(outDir, "ro-crate-metadata.json"), Metadata.crate site

            Path.Combine(outDir, "index.html"), IndexHtml.render root (Metadata.jsonLd site) site
        ]
