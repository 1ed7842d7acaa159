// What the paper's own scale costs: hours of one core, hours on several, energy. Each kind of run
// is begun and timed for some seconds, so that the times are this machine's and of one core that
// does nothing else; how much of their budgets runs of its kind use comes from those recorded.

module Cost

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Threading
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports
open Repro.Reports.Items

/// Cores that the tables answer for.
let cores = [ 2; 16; 256 ]

/// Watts of a busy core. Makers state 4 to 6 for server processors of 64 and more cores; memory,
/// supply and cooling are taken to double that.
let watts = 10.0

/// Price of an hour of one rented core, in US dollars.
let price = 0.05

/// A run is timed from its first sign of progress for so long.
let private seconds = 1.0

/// A run that has begun to train and gives no sign for so long is given up.
let private patience = 20.0

/// Stands in for the place where a run executes: times it and ends it.
type private Probe() =
    let ending = new CancellationTokenSource()
    let clock = Diagnostics.Stopwatch.StartNew()
    let mutable first: (float * float) option = None
    let mutable last = 0.0, 0.0
    let mutable asked: float option = None

    let endWhenDue (since: float) (limit: float) =
        if clock.Elapsed.TotalSeconds - since >= limit then
            ending.Cancel()

    /// Seconds for a whole budget; None where the run gave too few signs.
    member _.Whole =
        match first with
        | Some(began, at) when fst last > at && snd last > began ->
            Some((snd last - began) / (fst last - at))
        | _ -> None

    interface IRunContext with
        member _.Cancellation = ending.Token
        member _.LoadCheckpoint _ = null
        member _.SaveCheckpoint(_, _) = ()

        member _.CheckpointDue =
            match first with
            | Some(began, _) when snd last > began -> endWhenDue began seconds
            | _ -> ()

            match asked with
            | Some since -> endWhenDue since patience
            | None -> asked <- Some clock.Elapsed.TotalSeconds

            ending.IsCancellationRequested

        member _.Report(fraction, _) =
            let now = clock.Elapsed.TotalSeconds

            if first.IsNone then
                first <- Some(now, fraction)

            last <- fraction, now

    interface IDisposable with
        member _.Dispose() = ending.Dispose()

/// Seconds that one core needs for the whole budget of a run. One that ends before it can be timed
/// took what it took.
let private time (run: IRunnable) =
    use probe = new Probe()
    let clock = Diagnostics.Stopwatch.StartNew()

    try
        run.Execute probe |> ignore
        Some clock.Elapsed.TotalSeconds
    with :? OperationCanceledException ->
        probe.Whole

/// The runs of a paper, or of an item of neither, and what they cost.
type Cost = {
    Name: string
    Runs: int
    /// Of one core, for the shares of their budgets that runs like them use.
    Seconds: float
    /// Of one core, for whole budgets.
    MostSeconds: float
    /// Of the longest run: with any number of cores, it takes no less.
    Longest: float
    /// Cores, and seconds until the last run ends, the longest begun first.
    Walls: (int * float) list
    /// Runs of kinds that could not be timed; they are not in the sums.
    Untimed: int
}

/// Seconds until the last run ends when each core takes the longest that is left.
let wall (cores: int) (runs: float list) =
    let free = PriorityQueue<float, float>()

    for _ in 1..cores do
        free.Enqueue(0.0, 0.0)

    let ends = [
        for run in List.sortDescending runs do
            let finished = free.Dequeue() + run
            free.Enqueue(finished, finished)
            finished
    ]

    if ends.IsEmpty then 0.0 else List.max ends

let private planned (say: string -> unit) =
    let terminal = Terminal()
    let data = DataStore(DataFolder.Resolve null)

    let stores =
        TwoStores(
            Path.Combine(Prelude.root, "paper-figures"),
            Path.Combine(Prelude.root, "out", "store"),
            Profile.Paper,
            Action<string> say
        )

    let cells = [
        for item in Items.all do
            try
                let context = Plans.contextOf terminal Prelude.root data stores item

                let isOfPaper =
                    [ "pascanu-"; "talathi-" ]
                    |> List.exists (fun (prefix: string) -> item.Id.StartsWith prefix)

                let name = if isOfPaper then context.Protocol.Paper else item.Id

                for cell in item.Plan context Profile.Paper do
                    name, cell
            with :? DataException as error ->
                say $"without {item.Id}: {error.Message}"
    ]

    stores, cells

/// Times each kind of run and adds up.
let measure (say: string -> unit) =
    let stores, cells = planned say
    let rates = Forecasts.rates stores (Forecasts.machine ()) (List.map snd cells)

    // A run that several items plan is made once, for the first.
    let runs =
        cells
        |> List.distinctBy (fun (_, cell) -> RunId.Of cell.Run)
        |> List.map (fun (name, cell) -> name, cell.Run)

    let shareOf (run: IRunnable) =
        match rates.Of run with
        | null -> 1.0
        | forecast -> forecast.ShareAfter 0.0

    let kinds = runs |> List.groupBy (snd >> RunRates.KindOf)

    let rateOf =
        kinds
        |> List.mapi (fun i (kind, those) ->
            let run =
                those
                |> List.map snd
                |> List.sortBy _.EstimatedCost
                |> fun sorted -> sorted[sorted.Length / 2]

            let rate = time run |> Option.map (fun whole -> whole / run.EstimatedCost)

            if (i + 1) % 10 = 0 then
                say $"{i + 1} of {kinds.Length} kinds of runs timed"

            if rate.IsNone then
                say $"runs like {run.Label} were too slow to be timed"

            kind, rate)
        |> dict

    let wholeOf (run: IRunnable) =
        rateOf[RunRates.KindOf run] |> Option.map (fun rate -> rate * run.EstimatedCost)

    [
        for name, those in runs |> List.groupBy fst do
            let timed =
                those
                |> List.choose (fun (_, run) -> wholeOf run |> Option.map (fun w -> w, run))

            let own = timed |> List.map (fun (whole, run) -> whole * shareOf run)

            {
                Name = name
                Runs = those.Length
                Seconds = List.sum own
                MostSeconds = timed |> List.sumBy fst
                Longest = if own.IsEmpty then 0.0 else List.max own
                Walls = [ for n in cores -> n, wall n own ]
                Untimed = those.Length - timed.Length
            }
    ]

let private small (digits: int) (value: float) =
    if value < 0.01 then
        "< 0.01"
    else
        Number.significant digits value

let private hours (seconds: float) = small 3 (seconds / 3600.0)

let private kilowattHours (cost: Cost) = cost.Seconds / 3600.0 * watts / 1000.0

let table (costs: Cost list) =
    let row cost = [
        Cell.text cost.Name
        Cell.text (string cost.Runs)
        Cell.text (hours cost.Seconds)
        Cell.text (hours cost.MostSeconds)
        Cell.text (hours cost.Longest)
        for _, wall in cost.Walls do
            Cell.text (hours wall)
        Cell.text (small 2 (kilowattHours cost))
        Cell.text (small 3 (cost.Seconds / 3600.0 * price))
    ]

    let header = [
        "Runs of"
        "Runs"
        "Core-hours"
        "At most"
        "Longest, h"
        for n in cores do
            $"{n} cores, h"
        "kWh"
        "US $"
    ]

    Table.create header (costs |> List.map row)

let csv (costs: Cost list) =
    let invariant (value: float) =
        value.ToString("F3", CultureInfo.InvariantCulture)

    let walls = String.Join(",", [ for n in cores -> $"hours_{n}_cores" ])

    let lines = [
        $"runs_of,runs,untimed,core_hours,most_core_hours,longest_hours,{walls},kwh,us_dollars"
        for cost in costs do
            let name = cost.Name.Replace("\"", "\"\"")

            let numbers =
                [
                    cost.Seconds / 3600.0
                    cost.MostSeconds / 3600.0
                    cost.Longest / 3600.0
                    for _, wall in cost.Walls do
                        wall / 3600.0
                    kilowattHours cost
                    cost.Seconds / 3600.0 * price
                ]
                |> List.map invariant

            let all = String.Join(",", numbers)
            $"\"{name}\",{cost.Runs},{cost.Untimed},{all}"
    ]

    String.Join("\n", lines) + "\n"

let method (costs: Cost list) =
    let untimed = costs |> List.sumBy _.Untimed

    let left =
        if untimed = 0 then
            ""
        else
            $" {untimed} runs of kinds too slow to be timed are left out."

    $"<p><em>What the paper’s own scale costs</em>: each kind of run (task, cell, hidden units, \
     batch, optimiser) is begun, timed for a second on one core, and its time carried over to the \
     others of its kind in proportion to their operations. <em>Core-hours</em> counts the share \
     of their budgets that recorded runs of the kind used; <em>at most</em> counts whole \
     budgets. On several cores the longest runs begin first, one core each, so that no number of \
     cores is faster than the longest run. A core is taken to draw {watts:F0} W with its share \
     of memory, supply and cooling, and to cost {price:F2} US dollars an hour: both are \
     assumptions, and the columns are in proportion to them.{left}</p>\n"
