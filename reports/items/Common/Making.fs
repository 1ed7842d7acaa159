namespace Repro.Reports.Items

open System
open System.Collections.Concurrent
open System.Threading
open Repro.Engine.Judging
open Repro.Engine.Numerics
open Repro.Engine.Records
open Repro.Engine.Runs

/// Makes the runs that the stores lack.
module Making =
    /// What was made of the runs asked for.
    type Made = {
        /// Each cell with its outcome.
        Ended: (Planned * PoolOutcome) list
        /// The items with the cells that their plans gained.
        Readies: Ready list
        /// Whether some run could not be recorded.
        IsUnrecorded: bool
    }

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

    let private shared (options: Options) : SharedWork | null =
        if options.Work then
            SharedWork(Slurm.owner (), SharedWork.UsualAge, WaitsForOthers = false)
        else
            null

    /// Makes the runs asked for, and those that an item's plan gains when they have ended. Each
    /// is recorded as it ends, where the options say so: an interrupt loses none.
    let execute
        (terminal: Terminal)
        (options: Options)
        (stores: TwoStores)
        (checkout: Checkout option)
        (cancellation: CancellationToken)
        (readies: Ready list)
        (cells: (string * Planned) list)
        =
        let unrecorded = ConcurrentBag<string>()

        let record (outcome: PoolOutcome) =
            if outcome.Source <> PoolSource.Recorded then
                try
                    stores.Record(outcome.Item, outcome.Id)
                with :? StoreException as error ->
                    unrecorded.Add outcome.Id
                    terminal.Warn $"not recorded: {outcome.Run.Label}: {error.Message}"

        let machine = Forecasts.machine ()

        let settings =
            PoolOptions(
                Workers = options.Workers,
                MostThreads = options.Threads,
                Machine = machine,
                Commit = (checkout |> Option.map _.Commit |> Option.toObj),
                Dirty =
                    (checkout |> Option.map (fun c -> not c.Changed.IsEmpty) |> Option.toNullable),
                Rates =
                    Forecasts.rates stores machine [
                        for r in readies do
                            yield! r.Wanted @ r.Recorded
                    ],
                Progress = Action<PoolProgress>(fun progress -> terminal.Progress progress),
                Message = Action<string>(fun text -> terminal.Warn text),
                Shared = shared options,
                Ended = (if options.Record then Action<PoolOutcome> record else null)
            )

        let pool = Pool(stores, settings)

        // Runs may decide which others are wanted, such as more seeds of the best setting.
        let rec run (readies: Ready list) (cells: (string * Planned) list) =
            let wanted = [ for item, cell in cells -> PoolItem(item, cell.Run) ]
            let outcomes = pool.Execute(wanted, cancellation) |> List.ofSeq
            let ended = List.zip (List.map snd cells) outcomes

            let more = [
                if not cancellation.IsCancellationRequested then
                    for r in readies ->
                        let added = Plans.gained options r
                        r, added, List.filter (Plans.isAsked options (r.Wanted @ added)) added
            ]

            if more |> List.forall (fun (_, _, asked) -> asked.IsEmpty) then
                ended, readies
            else
                let grown = [ for r, _, asked in more -> { r with Wanted = r.Wanted @ asked } ]

                let later, final =
                    run grown [
                        for r, _, asked in more do
                            for cell in asked -> r.Item.Id, cell
                    ]

                ended @ later, final

        let ended, readies = terminal.Working(fun () -> run readies cells)
        report terminal (List.map snd ended)

        for r in readies do
            for part in Plans.absentParts options r.Wanted do
                terminal.Warn(Plans.noPart r.Item r.Wanted part)

        {
            Ended = ended
            Readies = readies
            IsUnrecorded = not unrecorded.IsEmpty
        }
