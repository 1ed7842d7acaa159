namespace Repro.Reports.Items

open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Plotly.NET
open Repro.Reports

/// Judges finished runs and writes values, figures and pages.
module Publishing =
    /// What became of an item in one command.
    type Made =
        | Analysed of ItemPage * Analysis
        | LeftOut of LeftOutItem

    /// The ledger's rows of an item whose data cannot be had.
    let writeWithoutData root (options: Options) (item: Item) =
        let targets = Targets.Load(Path.Combine(Plans.folderOf root item, "targets.csv"))
        let folder = Path.Combine(options.Out, item.Id)
        Directory.CreateDirectory folder |> ignore

        let row target =
            ValueRow.NotRun(target, options.Profile).Given(Verdict.NoData)

        ValuesCsv.Write(Path.Combine(folder, "values.csv"), Seq.map row targets)

    /// An item whose data cannot be had, for the index.
    let leftOut (item: Item) (error: DataException) : LeftOutItem = {
        Id = item.Id
        Title = item.Id
        Verdict = Badges.ofVerdict Verdict.NoData
        Reason = error.What
        HowToGet = error.Remedy
    }

    /// Judges an item's runs and writes its values.
    let analyse
        root
        (options: Options)
        (finished: Finished list)
        (damaged: Damaged list)
        (ready: Ready)
        =
        let mine =
            finished
            |> List.filter (fun f -> List.contains f.Cell (ready.Wanted @ ready.Recorded))

        let analysis = ready.Item.Analyse ready.Context options.Profile mine
        let folder = Path.Combine(options.Out, ready.Item.Id)
        Directory.CreateDirectory folder |> ignore
        ValuesCsv.Write(Path.Combine(folder, "values.csv"), analysis.Values)

        let page =
            Pages.page
                root
                ready.Item
                ready.Context.Protocol
                options.Profile
                analysis
                (ready.Recorded |> List.map (fun cell -> RunId.Of cell.Run) |> Set.ofList)
                mine
                damaged

        Analysed(page, analysis)

    /// The paper's scale as committed files: the figure and the table of the item's folder.
    let private record root (page: ItemPage) (options: Options) =
        let folder = Path.Combine(root, "paper-figures", page.Id)
        let values = Path.Combine(options.Out, page.Id, "values.csv")

        Site.writeFile (Path.Combine(folder, "table.csv")) (File.ReadAllText values)
        |> ignore

        match page.Figures with
        | figure :: _ ->
            Site.writeFile (Path.Combine(folder, "figure.svg")) (Chart.toSvg figure.Chart)
            |> ignore
        | [] -> ()

    /// Writes the pages of what was made: the whole site, or those of the items alone.
    let write root (options: Options) (items: Item list) (isWhole: bool) (made: Made list) =
        let pages =
            made
            |> List.choose (function
                | Analysed(page, _) -> Some page
                | LeftOut _ -> None)

        let left =
            made
            |> List.choose (function
                | Analysed _ -> None
                | LeftOut item -> Some item)

        if isWhole then
            let values =
                items
                |> List.map (fun item -> Path.Combine(options.Out, item.Id, "values.csv"))
                |> List.filter File.Exists

            Ledger.Write(values, Path.Combine(options.Out, "ledger.csv"))
            Site.write options.Out pages left |> ignore
        else
            for page in pages do
                Site.writeItem options.Out page |> ignore

        if options.Record then
            for page in pages do
                record root page options

    /// Verdicts and counts on the terminal.
    let summary (terminal: Terminal) (made: Made list) =
        terminal.Say ""

        let row made =
            match made with
            | Analysed(page, analysis) -> [
                page.Id
                page.Verdict.Name
                Pages.counts analysis
                analysis.Summary
              ]
            | LeftOut item -> [ item.Id; item.Verdict.Name; ""; item.Reason ]

        terminal.Columns([ "item"; "verdict"; "published values"; "" ] :: List.map row made)

        for m in made do
            match m with
            | LeftOut item -> terminal.Say $"  {item.Id}: {item.Reason} {item.HowToGet}"
            | Analysed _ -> ()

        terminal.Say ""
