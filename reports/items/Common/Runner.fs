namespace Repro.Reports.Items

open System
open System.IO
open System.Threading
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Numerics
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports

/// Plans, runs, judges and publishes items: what both commands do.
module Runner =
    /// What became of an item in one command.
    type private Made =
        | Analysed of Published
        | LeftOut of LeftOutItem * LedgerRow list

    /// An item's page and what the rest of the site takes from its analysis.
    and private Published = {
        Page: ItemPage
        Analysis: Analysis
        Ledger: LedgerRow list
        Headlines: HeadlineText list
    }

    /// An item whose inputs are at hand, with its plans.
    type private Ready = {
        Item: Item
        Context: Context
        Wanted: Planned list
        Recorded: Planned list
    }

    /// "main" names a part, "main/150" the cells of one abscissa within it.
    let private isOfPart (name: string) (cell: Planned) =
        name = cell.Part || name = $"{cell.Part}/{cell.X}"

    let private folderOf root (item: Item) =
        Path.Combine(root, "paper-figures", item.Id)

    let private choose (options: Options) (items: Item list) =
        let known = items |> List.map _.Id

        for name in options.Only do
            if not (List.contains name known) then
                let all = String.Join(", ", known)
                raise (UsageError $"there is no item '{name}'; there are {all}")

        if options.Only.IsEmpty then
            items
        else
            items |> List.filter (fun item -> List.contains item.Id options.Only)

    let private fetch (terminal: Terminal) (store: DataStore) (sets: DataSet list) =
        let mutable last = DateTime.MinValue

        let progress = {
            new IProgress<DownloadProgress> with
                member _.Report p =
                    if DateTime.UtcNow - last > TimeSpan.FromSeconds 5.0 then
                        last <- DateTime.UtcNow
                        terminal.Say $"  downloading {p.File.Key}: {p.Bytes} bytes"
        }

        for set in sets do
            store.Require(set, progress) |> ignore

    /// The record of a run, recorded or local.
    let private find (stores: TwoStores) (run: IRunnable) =
        let id = RunId.Of run

        match stores.ReadRecorded(id).RecordOrNull with
        | null -> Option.ofObj (stores.Local.Read(id).RecordOrNull)
        | record -> Some record

    let private absentParts (options: Options) (cells: Planned list) =
        options.Parts
        |> List.filter (fun part -> not (List.exists (isOfPart part) cells))

    let private noPart (item: Item) (cells: Planned list) (part: string) =
        let all = String.Join(", ", cells |> List.map _.Part |> List.distinct)
        $"{item.Id} has no part '{part}'; it has {all}, and PART/X for one abscissa"

    let private ready terminal (options: Options) root (data: DataStore) stores (item: Item) =
        let folder = folderOf root item
        fetch terminal data item.Needs

        let context = {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = data
            Find = find stores
        }

        let wanted = item.Plan context options.Profile

        let absent = absentParts options wanted

        // One of several may be a part that the others' runs decide on.
        if not absent.IsEmpty && absent.Length = options.Parts.Length then
            raise (UsageError(noPart item wanted absent.Head))

        {
            Item = item
            Context = context
            Wanted = wanted
            Recorded =
                if options.Profile = Profile.Paper then
                    []
                else
                    item.Plan context Profile.Paper
        }

    /// Cells that an item's plan has gained since it was made, its runs having ended.
    let private gained (options: Options) (ready: Ready) =
        let key (cell: Planned) =
            cell.Part, cell.Series, cell.X, cell.Seed, RunId.Of cell.Run

        let known = ready.Wanted |> List.map key |> Set.ofList

        ready.Item.Plan ready.Context options.Profile
        |> List.filter (fun cell -> not (known.Contains(key cell)))

    let private forget (stores: TwoStores) (cells: Planned list) =
        for cell in cells do
            let id = RunId.Of cell.Run

            for path in
                [
                    stores.Local.RecordPath id
                    stores.Local.NotePath id
                    stores.Local.CheckpointPath id
                ] do
                // Runs that keep no checkpoint leave no folder for them, which Delete minds.
                if File.Exists path then
                    File.Delete path

    let private finishedOf
        (stores: TwoStores)
        (profile: Profile)
        (outcomes: (Planned * PoolOutcome) list)
        = [
        for cell, outcome in outcomes do
            match outcome.Record with
            | null -> ()
            | record ->
                let note =
                    match stores.Local.ReadNote outcome.Id with
                    | null -> stores.ReadRecordedNote outcome.Id |> Option.ofObj
                    | note -> Some note

                {
                    Cell = cell
                    Id = outcome.Id
                    Record = record
                    Note = note
                    Source = outcome.Source
                    Matches = Option.ofNullable outcome.MatchesRecorded
                    Profile = profile
                }
    ]

    /// The runs of the paper's scale that are at hand, without making any.
    let private atHand (stores: TwoStores) (cells: Planned list) = [
        for cell in cells do
            let id = RunId.Of cell.Run

            let found (record: RunRecord) source note = {
                Cell = cell
                Id = id
                Record = record
                Note = note |> Option.ofObj
                Source = source
                Matches = None
                Profile = Profile.Paper
            }

            match stores.ReadRecorded(id).RecordOrNull with
            | null ->
                match stores.Local.Read(id).RecordOrNull with
                | null -> ()
                | record -> found record PoolSource.Stored (stores.Local.ReadNote id)
            | record -> found record PoolSource.Recorded (stores.ReadRecordedNote id)
    ]

    let private report (terminal: Terminal) (outcomes: PoolOutcome list) =
        for outcome in outcomes do
            match outcome.Error with
            | null -> ()
            | error -> terminal.Warn $"failed: {outcome.Run.Label}: {error}"

        for outcome in outcomes |> List.filter _.MatchesRecorded.HasValue do
            if outcome.MatchesRecorded.Value then
                terminal.Say $"  {outcome.Run.Label}: the same bytes as the recorded run"
            else
                terminal.Warn $"{outcome.Run.Label}: other bytes than the recorded run {outcome.Id}"

    /// Writes the item's values.csv.
    let private writeValues (options: Options) (item: Item) (rows: ValueRow seq) =
        let folder = Path.Combine(options.Out, item.Id)
        Directory.CreateDirectory folder |> ignore
        ValuesCsv.Write(Path.Combine(folder, "values.csv"), rows)

    /// An item of which nothing can be shown: its published values stand in the ledger as what
    /// they are.
    let private leaveOut root (options: Options) (item: Item) verdict reason remedy =
        let folder = folderOf root item
        let protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
        let targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))

        let rows = [
            for target in targets ->
                ValueRow.NotRun(target, options.Profile) |> Rows.withVerdict verdict
        ]

        writeValues options item rows

        LeftOut(
            Pages.leftOut item protocol verdict reason remedy,
            Pages.ledger protocol targets rows
        )

    let private analyse
        root
        (options: Options)
        (headlines: Headline list)
        (finished: Finished list)
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

        {
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
            Analysis = analysis
            Ledger = Pages.ledger ready.Context.Protocol targets analysis.Values
            Headlines = [
                for headline in headlines do
                    if headline.Item = ready.Item.Id then
                        match headline.Text ready.Context atScale analysis.Values with
                        | Some text -> { Item = headline.Item; Text = text }
                        | None -> ()
            ]
        }

    let private summary (terminal: Terminal) (made: Made list) =
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
            | _ -> ()

        terminal.Say ""

    let private explain (terminal: Terminal) (stores: TwoStores) (cells: (string * Planned) list) =
        for item, cell in cells do
            terminal.Say $"  {item}: {cell.Run.Label}: {Why.Explain(cell.Run, stores)}"

    /// Each planned run of each profile with the id that its settings give it, tab-separated:
    /// item, profile, part, series, x, seed, id, label.
    let private printPlans (readies: Ready list) =
        for r in readies do
            for profile in Enum.GetValues<Profile>() do
                for cell in r.Item.Plan r.Context profile do
                    Console.Out.WriteLine(
                        String.Join(
                            '\t',
                            r.Item.Id,
                            profile.Name(),
                            cell.Part,
                            cell.Series,
                            cell.X,
                            string cell.Seed,
                            RunId.Of cell.Run,
                            cell.Run.Label
                        )
                    )

    /// The paper's scale as committed files: the figure and the table of the item's folder.
    let private publish root (page: ItemPage) (options: Options) =
        let folder = Path.Combine(root, "paper-figures", page.Id)
        let values = Path.Combine(options.Out, page.Id, "values.csv")

        Site.writeFile (Path.Combine(folder, "table.csv")) (File.ReadAllText values)
        |> ignore

        match page.Figures with
        | figure :: _ ->
            Site.writeFile (Path.Combine(folder, "figure.svg")) (Chart.toSvg figure.Chart)
            |> ignore
        | [] -> ()

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
            Headlines = [
                for m in made do
                    match m with
                    | Analysed published -> yield! published.Headlines
                    | LeftOut _ -> ()
            ]
            Items = [
                for m in made do
                    match m with
                    | Analysed published -> published.Page
                    | LeftOut _ -> ()
            ]
            LeftOut = [
                for m in made do
                    match m with
                    | Analysed _ -> ()
                    | LeftOut(item, _) -> item
            ]
            Ledger = List.collect snd rows
            BuiltFrom = Commit.ofSources root
        }

    let private execute
        (root: string)
        (items: Item list)
        (headlines: Headline list)
        (isSite: bool)
        (options: Options)
        =
        let terminal = Terminal()
        let chosen = choose options items
        let byName = not isSite || not options.Only.IsEmpty
        let data = DataStore(DataFolder.Resolve(Option.toObj options.Data))

        let stores =
            TwoStores(
                Path.Combine(root, "paper-figures"),
                Path.Combine(options.Out, "store"),
                options.Profile,
                Action<string>(fun text -> terminal.Warn text),
                options.Record
            )

        let prepared = [
            for item in chosen ->
                try
                    Choice1Of2(ready terminal options root data stores item)
                with :? DataException as error when not byName ->
                    leaveOut root options item Verdict.NoData error.What error.Remedy |> Choice2Of2
        ]

        let readies =
            prepared
            |> List.choose (function
                | Choice1Of2 r -> Some r
                | _ -> None)

        let isAsked cell =
            not options.AtHand
            && (options.Parts.IsEmpty
                || options.Parts |> List.exists (fun part -> isOfPart part cell))

        let cells = [
            for r in readies do
                for cell in List.filter isAsked r.Wanted do
                    r.Item.Id, cell
        ]

        if options.Plan then
            printPlans readies
            0
        elif options.Why then
            explain terminal stores cells
            0
        else
            if options.Fresh then
                forget stores (List.map snd cells)

            use cancel = new CancellationTokenSource()

            let stop =
                ConsoleCancelEventHandler(fun _ e ->
                    e.Cancel <- true
                    terminal.Warn "stopping after a checkpoint; run the same command to go on"
                    cancel.Cancel())

            Console.CancelKeyPress.AddHandler stop
            let names = String.Join(", ", readies |> List.map _.Item.Id)

            terminal.Say
                $"{cells.Length} runs for {names}; profile {options.Profile.Name()}, \
              {options.Workers} at once, {InstructionSets.Best} kernels"

            let settings =
                PoolOptions(
                    Workers = options.Workers,
                    Machine = MachineFacts.Here(InstructionSets.Best.Word()),
                    Progress = Action<PoolProgress>(fun progress -> terminal.Progress progress),
                    Message = Action<string>(fun text -> terminal.Warn text)
                )

            let pool = Pool(stores, settings)

            // Runs may decide which others are wanted, such as more seeds of the best setting.
            let rec run (readies: Ready list) (cells: (string * Planned) list) =
                let wanted = [ for item, cell in cells -> PoolItem(item, cell.Run) ]
                let outcomes = pool.Execute(wanted, cancel.Token) |> List.ofSeq

                let more = [
                    if not cancel.IsCancellationRequested then
                        for r in readies -> r, List.filter isAsked (gained options r)
                ]

                let ended = List.zip (List.map snd cells) outcomes

                if List.forall (snd >> List.isEmpty) more then
                    ended, readies
                else
                    let grown = [ for r, added in more -> { r with Wanted = r.Wanted @ added } ]

                    let later, final =
                        run grown [
                            for r, added in more do
                                for cell in added -> r.Item.Id, cell
                        ]

                    ended @ later, final

            let ended, readies = run readies cells
            let outcomes = List.map snd ended

            for r in readies do
                for part in absentParts options r.Wanted do
                    terminal.Warn(noPart r.Item r.Wanted part)

            Console.CancelKeyPress.RemoveHandler stop
            report terminal outcomes

            if options.Record then
                for outcome in outcomes do
                    if not (isNull outcome.Record) && outcome.Source <> PoolSource.Recorded then
                        stores.Record(outcome.Item, outcome.Id)

            if cancel.IsCancellationRequested then
                terminal.Say "interrupted; pages are as they were"
                1
            else
                let finished =
                    finishedOf stores options.Profile ended
                    @ atHand stores [
                        for r in readies do
                            yield! r.Recorded

                            // A page of some parts still shows what is recorded of the others.
                            if options.Profile = Profile.Paper then
                                yield! r.Wanted |> List.filter (isAsked >> not)
                    ]

                // A page without a run to show says nothing.
                let isShown (ready: Ready) =
                    let wanted = ready.Wanted @ ready.Recorded

                    not options.AtHand
                    || finished |> List.exists (fun f -> List.contains f.Cell wanted)

                let made =
                    prepared
                    |> List.map (function
                        | Choice1Of2 ready when isShown ready ->
                            readies
                            |> List.find (fun last -> last.Item.Id = ready.Item.Id)
                            |> analyse root options headlines finished
                            |> Analysed
                        | Choice1Of2 ready ->
                            let reason = "Nothing of it is recorded at the paper's own scale."
                            leaveOut root options ready.Item Verdict.NotRun reason ""
                        | Choice2Of2 item -> item)

                let isWhole = isSite && options.Only.IsEmpty
                let site = siteOf root made

                if isWhole then
                    let values = [
                        for item in items -> Path.Combine(options.Out, item.Id, "values.csv")
                    ]

                    Ledger.Write(values, Path.Combine(options.Out, "ledger.csv"))
                    Site.write options.Out site |> ignore
                else
                    for page in site.Items do
                        Site.writeItem options.Out site.BuiltFrom page |> ignore

                if options.Record then
                    for page in site.Items do
                        publish root page options

                summary terminal made

                let first =
                    if isWhole then
                        Path.Combine(options.Out, "index.html")
                    else
                        Path.Combine(options.Out, (List.head chosen).Id, "index.html")

                terminal.Say $"done in {terminal.Elapsed}: {first}"

                if outcomes |> List.exists (fun o -> o.Source = PoolSource.Failed) then
                    1
                else
                    0

    let private command
        (script: string)
        (root: string)
        items
        headlines
        isSite
        (arguments: string list)
        =
        try
            let options = Options.parse root arguments

            if options.Help then
                Console.Out.WriteLine(Options.help script)
                0
            elif options.List then
                for item: Item in items do
                    let path = Path.Combine(folderOf root item, "protocol.json")
                    let protocol = Protocol.Load path
                    Console.Out.WriteLine $"{item.Id, -41}{protocol.Shows}: {protocol.Title}"

                0
            else
                execute root items headlines isSite options
        with
        | UsageError message ->
            Console.Error.WriteLine $"error: {message}"
            2
        | :? DataException
        | :? StoreException
        | :? SettingsException
        | :? FormatException
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            Console.Error.WriteLine $"error: {error.Message}"
            1

    /// Runs one item's script; the result is the exit code.
    let item (root: string) (item: Item) (arguments: string list) =
        command item.Script root [ item ] [] false arguments

    /// Runs all items and writes the site; the result is the exit code.
    let site (root: string) (items: Item list) (headlines: Headline list) (arguments: string list) =
        command "scripts/regenerate.fsx" root items headlines true arguments
