namespace Repro.Reports

open System
open System.IO
open System.Text
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

    let private place root : Page.Place = { Root = root }

    let private writeAll (files: (string * string) list) =
        files |> List.filter (fun (path, text) -> writeFile path text) |> List.map fst

    let private shared outDir = [
        Path.Combine(outDir, "assets", "site.css"), Assets.css.Value
        Path.Combine(outDir, Assets.plotlyPath), Assets.plotly.Value
        Path.Combine(outDir, Assets.plotlyPath + ".LICENSE.txt"), Assets.plotlyLicence.Value
    ]

    let private pageFiles outDir (id: string) (html: string) (figures: Figure list) =
        let folder = Path.Combine(outDir, Html.slug id)

        (Path.Combine(folder, "index.html"), html)
        :: (figures
            |> List.mapi (fun i figure -> [
                Path.Combine(folder, Sections.figureFile "svg" i), Chart.toSvg figure.Chart
                Path.Combine(folder, Sections.figureFile "csv" i), Chart.toCsv figure.Chart
            ])
            |> List.concat)

    let private itemFiles outDir (item: ItemPage) =
        pageFiles outDir item.Id (Page.item (place "../") item) item.Figures

    /// Writes one item's page, its figures and what all pages use. Returns the files it changed.
    let writeItem (outDir: string) (item: ItemPage) : string list =
        writeAll (shared outDir @ itemFiles outDir item)

    /// Writes a page of measurements, its figures and what all pages use. Returns the files it
    /// changed.
    let writeMeasurements (outDir: string) (page: MeasurementPage) : string list =
        let html = Page.measurements (place "../") page
        writeAll (shared outDir @ pageFiles outDir page.Id html page.Figures)

    /// Writes the index and what all pages use. Returns the files it changed.
    let writeIndex (outDir: string) (index: IndexPage) : string list =
        writeAll (
            shared outDir
            @ [ Path.Combine(outDir, "index.html"), Page.index (place "") index ]
        )

    /// Writes the whole site with the standard index, which links `ledger.csv` beside it when
    /// that file is there. Returns the files it changed; items must have different ids.
    let write (outDir: string) (items: ItemPage list) (leftOut: LeftOutItem list) : string list =
        match
            items
            |> List.countBy (fun i -> Html.slug i.Id)
            |> List.tryFind (fun (_, n) -> n > 1)
        with
        | Some(id, n) ->
            invalidArg
                (nameof items)
                (sprintf "%d items are named '%s'. Give each item its own id." n id)
        | None -> ()

        let ledger =
            if File.Exists(Path.Combine(outDir, "ledger.csv")) then
                "ledger.csv"
            else
                ""

        let index = {
            Title = "Training recurrent networks: two papers regenerated"
            Intro = ""
            Items = items
            LeftOut = leftOut
            LedgerHref = ledger
        }

        (items |> List.collect (itemFiles outDir) |> writeAll) @ writeIndex outDir index
