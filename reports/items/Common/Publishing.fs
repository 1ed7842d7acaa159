namespace Repro.Reports.Items

open System.IO
open Repro.Engine.Judging
open Repro.Engine.Records
open Plotly.NET
open Repro.Reports

/// Judges finished runs and writes values, figures and pages.
module Publishing =
    /// An item's page and what the rest of the site takes from its analysis.
    type Published = {
        Page: ItemPage
        Analysis: Analysis
        Ledger: LedgerRow list
        Headlines: HeadlineText list
    }

    /// What became of an item in one command.
    type Made =
        | Analysed of Published
        | LeftOut of LeftOutItem * LedgerRow list

    let private writeValues (options: Options) (item: Item) (rows: ValueRow seq) =
        let folder = Path.Combine(options.Out, item.Id)
        Directory.CreateDirectory folder |> ignore
        ValuesCsv.Write(Path.Combine(folder, "values.csv"), rows)

    /// An item of which nothing can be shown: its published values stand in its values.csv and in
    /// the ledger as what they are.
    let leaveOut root (options: Options) (item: Item) (verdict: Verdict) reason remedy =
        let folder = Plans.folderOf root item
        let protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
        let targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))

        let rows = [
            for target in targets -> ValueRow.NotRun(target, options.Profile).Given verdict
        ]

        writeValues options item rows
        LeftOut(Pages.leftOut item protocol verdict reason remedy, Pages.ledger targets rows)

    /// Judges an item's runs and writes its values.
    let analyse
        root
        (options: Options)
        (headlines: Headline list)
        (finished: Finished list)
        (damaged: Damaged list)
        (ready: Ready)
        =
        let mine =
            finished
            |> List.filter (fun f -> List.contains f.Cell (ready.Wanted @ ready.Recorded))

        let analysis = ready.Item.Analyse ready.Context options.Profile mine
        writeValues options ready.Item analysis.Values
        let atScale = mine |> List.filter (fun f -> f.Profile = Profile.Paper)

        let analyses: Pages.Analyses = {
            All = analysis
            Paper =
                if atScale.IsEmpty then
                    None
                elif options.Profile = Profile.Paper then
                    Some analysis
                else
                    Some(ready.Item.Analyse ready.Context Profile.Paper atScale)
        }

        let targets = ready.Context.Targets

        Analysed {
            Page =
                Pages.page
                    root
                    ready.Item
                    ready.Context.Protocol
                    targets
                    options.Profile
                    analyses
                    (ready.Recorded |> List.map (fun cell -> RunId.Of cell.Run) |> Set.ofList)
                    mine
                    damaged
            Analysis = analysis
            Ledger = Pages.ledger targets analysis.Values
            Headlines = [
                for headline in headlines do
                    if headline.Item = ready.Item.Id then
                        match headline.Text ready.Context atScale analysis.Values with
                        | Some text -> { Item = headline.Item; Text = text }
                        | None -> ()
            ]
        }

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

    let private published (made: Made list) =
        made
        |> List.choose (function
            | Analysed published -> Some published
            | LeftOut _ -> None)

    /// The whole site of what was made.
    let private siteOf root (made: Made list) : SitePages =
        let rows = [
            for m in made do
                match m with
                | Analysed published -> published.Page.Paper.Name, published.Ledger
                | LeftOut(item, ledger) -> item.Paper, ledger
        ]

        let rowsOf (paper: Papers.Paper) =
            rows |> List.filter (fun (name, _) -> name = paper.Name) |> List.collect snd

        {
            Title = "Training recurrent networks: two papers regenerated"
            Intro = ""
            Papers = [ for paper in Papers.all -> Papers.summary paper (rowsOf paper) ]
            Headlines = published made |> List.collect _.Headlines
            Items = published made |> List.map _.Page
            LeftOut =
                made
                |> List.choose (function
                    | Analysed _ -> None
                    | LeftOut(item, _) -> Some item)
            Ledger = List.collect snd rows
            Measurements = []
            Reference = None
            BuiltFrom = Commit.ofSources root
        }

    /// Writes the pages of what was made: the whole site, or those of the items alone.
    let write root (options: Options) (items: Item list) (isWhole: bool) (made: Made list) =
        let site = siteOf root made

        if isWhole then
            let values =
                items
                |> List.map (fun item -> Path.Combine(options.Out, item.Id, "values.csv"))
                |> List.filter File.Exists

            Ledger.Write(values, Path.Combine(options.Out, "ledger.csv"))


            Site.write options.Out {
                site with
                    Measurements = [ Trust.page root (items |> List.map _.Id) ]
                    Reference = Reference.ofEngine ()
            }
            |> ignore
        else
            for page in site.Items do
                Site.writeItem options.Out site.BuiltFrom page |> ignore

        if options.Record then
            for page in site.Items do
                record root page options

    /// Verdicts and counts on the terminal.
    let summary (terminal: Terminal) (made: Made list) =
        terminal.Say ""

        let row made =
            match made with
            | Analysed published -> [
                published.Page.Id
                published.Page.Verdict.Name
                Pages.counts published.Analysis
                published.Analysis.Summary
              ]
            | LeftOut(item, _) -> [ item.Id; item.Verdict.Name; ""; item.Reason ]

        terminal.Columns([ "item"; "verdict"; "published values"; "" ] :: List.map row made)

        for m in made do
            match m with
            | LeftOut(item, _) when item.HowToGet <> "" ->
                terminal.Say $"  {item.Id}: {item.Reason} {item.HowToGet}"
            | LeftOut _
            | Analysed _ -> ()

        terminal.Say ""
