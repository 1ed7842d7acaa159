namespace Repro.Reports.Items

open System
open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Numerics
open Repro.Engine.Records
open Repro.Engine.Runs

/// The commands: an item's script and all of them.
module Runner =
    /// An item at hand, or the reason why it is left out.
    type private Prepared =
        | AtHand of Ready
        | Without of Item * DataException

    // One item asked for by name is an error without its data; beside others it is left out, and
    // the others' work goes on.
    let private prepare terminal (options: Options) root data stores (chosen: Item list) =
        let isAlone = chosen.Length = 1

        let prepared = [
            for item in chosen ->
                try
                    AtHand(Plans.ready terminal options root data stores item)
                with :? DataException as error when not isAlone ->
                    Without(item, error)
        ]

        match
            prepared
            |> List.tryPick (function
                | AtHand r -> Some r
                | Without _ -> None)
        with
        | Some _ -> prepared
        | None ->
            match List.head prepared with
            | Without(_, error) -> raise error
            | AtHand _ -> prepared

    /// Every recorded run of the items that cannot be trusted, by item. A page that said nothing
    /// of one would show fewer runs than were made.
    let private damagedOf (stores: TwoStores) (readies: Ready list) =
        [
            for r in readies -> r.Item.Id, Found.damaged stores (r.Wanted @ r.Recorded) r.Item
        ]
        |> Map.ofList

    let private idsOf (cells: Planned list) =
        cells |> List.map (fun cell -> RunId.Of cell.Run) |> Set.ofList

    // A shortened plan may have runs that the paper's has too. What such a plan has just made is a
    // few of the paper's runs and not its scale, unless the plan is the paper's whole one.
    let private atScale stores (r: Ready) =
        let own = idsOf r.Wanted
        let isWhole = Set.isSubset (idsOf r.Recorded) own

        Found.atHand stores r.Recorded
        |> List.filter (fun f ->
            isWhole || f.Source = PoolSource.Recorded || not (own.Contains f.Id))

    let private finishedOf stores (options: Options) (made: Making.Made) =
        Found.ofOutcomes stores options.Profile made.Ended
        @ List.collect (atScale stores) made.Readies
        @ Found.atHand stores [
            for r in made.Readies do
                // A page of some parts still shows what is recorded of the others.
                if options.Profile = Profile.Paper then
                    yield! r.Wanted |> List.filter (Plans.isAsked options r.Wanted >> not)
        ]

    let private publish
        (terminal: Terminal)
        root
        (options: Options)
        stores
        (items: Item list)
        (headlines: Headline list)
        (isWhole: bool)
        (prepared: Prepared list)
        (made: Making.Made)
        =
        let finished = finishedOf stores options made
        let damaged = damagedOf stores made.Readies

        // A page without a run to show says nothing.
        let isShown (r: Ready) =
            let wanted = r.Wanted @ r.Recorded

            not options.AtHand
            || finished |> List.exists (fun f -> List.contains f.Cell wanted)
            || not damaged[r.Item.Id].IsEmpty

        let leaveOut = Publishing.leaveOut root options

        let pages =
            prepared
            |> List.map (function
                | AtHand r when isShown r ->
                    made.Readies
                    |> List.find (fun last -> last.Item.Id = r.Item.Id)
                    |> Publishing.analyse root options headlines finished damaged[r.Item.Id]
                | AtHand r ->
                    let reason = "Nothing of it is recorded at the paper's own scale."
                    leaveOut r.Item Verdict.NotRun reason ""
                | Without(item, error) -> leaveOut item Verdict.NoData error.What error.Remedy)

        Publishing.write root options items isWhole pages
        Publishing.summary terminal pages
        damaged |> Map.toList |> List.collect snd

    /// What a worker says at its end: its exit code. Others make what it left.
    let private endWork (terminal: Terminal) (made: Making.Made) isInterrupted =
        let count isOne =
            made.Ended |> List.filter (fun (_, o) -> isOne o.Source) |> List.length

        let isMade source =
            source = PoolSource.Trained || source = PoolSource.Resumed

        let failed = count ((=) PoolSource.Failed)

        terminal.Say
            $"{count isMade} runs made here in {terminal.Elapsed}, \
              {count (fun s -> s = PoolSource.Stored || s = PoolSource.Recorded)} were there, \
              {count ((=) PoolSource.Interrupted)} left to others or unfinished, {failed} failed"

        if isInterrupted then Interrupts.ExitCode
        elif failed > 0 || made.IsUnrecorded then 1
        else 0

    let private execute
        (script: string)
        (root: string)
        (items: Item list)
        (headlines: Headline list)
        (isSite: bool)
        (options: Options)
        =
        let terminal = Terminal()
        let chosen = Plans.choose options items
        let byName = not isSite || not options.Only.IsEmpty
        let data = DataStore(DataFolder.Resolve(Option.toObj options.Data))
        let checkout = lazy (Checkout.read root)

        if options.Record && not options.Why && not options.Plan then
            Checkout.requireClean (checkout.Force())

        let stores =
            TwoStores(
                Path.Combine(root, "paper-figures"),
                Path.Combine(options.Out, "store"),
                options.Profile,
                Action<string>(fun text -> terminal.Warn text),
                options.Record
            )

        let prepared = prepare terminal options root data stores chosen

        let readies =
            prepared
            |> List.choose (function
                | AtHand r -> Some r
                | Without _ -> None)

        let left =
            prepared
            |> List.choose (function
                | AtHand _ -> None
                | Without(item, error) -> Some(item, error))

        if byName then
            for item, error in left do
                terminal.Warn $"left out: {item.Id}: {error.Message}"

        let cells = [
            for r in readies do
                for cell in List.filter (Plans.isAsked options r.Wanted) r.Wanted do
                    r.Item.Id, cell
        ]

        let makeAndPublish () =
            if options.Fresh then
                Found.forget stores [ for _, cell in cells -> RunId.Of cell.Run ]

            let names = String.Join(", ", readies |> List.map _.Item.Id)

            terminal.Say
                $"{cells.Length} runs for {names}; profile {options.Profile.Name()}, \
                  {options.Workers} at once, {InstructionSets.Best} kernels"

            let make () =
                use interrupts = new Interrupts(terminal)
                let token = interrupts.Token
                let here = checkout.Force()
                let made = Making.execute terminal options stores here token readies cells
                made, token.IsCancellationRequested

            let made, isInterrupted = make ()

            if options.Work then
                endWork terminal made isInterrupted
            elif isInterrupted then
                terminal.Say
                    "interrupted; the same command goes on where this one stopped, and the \
                     pages are as they were"

                Interrupts.ExitCode
            else
                let isWhole = isSite && options.Only.IsEmpty

                let damaged =
                    publish terminal root options stores items headlines isWhole prepared made

                let first =
                    if isWhole then
                        Path.Combine(options.Out, "index.html")
                    else
                        Path.Combine(options.Out, readies.Head.Item.Id, "index.html")

                terminal.Say $"done in {terminal.Elapsed}: {first}"

                if not damaged.IsEmpty then
                    terminal.Warn
                        $"{damaged.Length} recorded runs are damaged and missing from the \
                          pages' numbers; restore their files from the repository's history, \
                          or make them again with --profile paper --record"

                let isFailed =
                    made.Ended |> List.exists (fun (_, o) -> o.Source = PoolSource.Failed)

                if
                    isFailed
                    || made.IsUnrecorded
                    || not damaged.IsEmpty
                    || (byName && not left.IsEmpty)
                then
                    1
                else
                    0

        if options.Plan then
            Plans.print readies
            0
        elif options.Why then
            let known = [
                for r in readies do
                    yield! r.Wanted @ r.Recorded
            ]

            let rates = Forecasts.rates stores (Forecasts.machine ()) known
            Forecasts.explain terminal stores options.Workers rates cells
            if byName && not left.IsEmpty then 1 else 0
        else
            options.Slurm
            |> Option.bind (fun slurm ->
                Handing.onward terminal stores readies {
                    Root = root
                    Script = script
                    Options = options
                    Slurm = slurm
                })
            |> Option.defaultWith makeAndPublish

    /// Runs a command: wrong use ends with 2, a failure that a user can mend with 1, each with a
    /// sentence and no stack trace.
    let internal guarded (command: unit -> int) =
        try
            command ()
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

    let private command
        (script: string)
        (root: string)
        items
        headlines
        isSite
        (arguments: string list)
        =
        guarded (fun () ->
            let options = Options.parse root arguments

            if options.Help then
                Console.Out.WriteLine(Options.help script)
                0
            elif options.List then
                for item: Item in items do
                    let path = Path.Combine(Plans.folderOf root item, "protocol.json")
                    let protocol = Protocol.Load path
                    Console.Out.WriteLine $"{item.Id, -41}{protocol.Shows}: {protocol.Title}"

                0
            else
                execute script root items headlines isSite options)

    /// Runs one item's script; the result is the exit code.
    let item (root: string) (item: Item) (arguments: string list) =
        command item.Script root [ item ] [] false arguments

    /// Runs all items and writes the site; the result is the exit code.
    let site (root: string) (items: Item list) (headlines: Headline list) (arguments: string list) =
        command "scripts/regenerate.fsx" root items headlines true arguments
