namespace Repro.Reports.Items

open System
open System.IO
open System.Collections.Concurrent
open System.Globalization
open System.Security.Cryptography
open System.Text
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// Makes recorded runs anew, from nothing, and compares.
module Verification =
    /// What verify.fsx was asked for.
    type private Asked = {
        /// One run by id or by name, or None for a sample.
        Run: string option
        Sample: int option
        Seed: int64
        /// Only runs that took less than so many seconds.
        Under: float
        Workers: int
        Data: string option
        Out: string
        Fresh: bool
        Help: bool
    }

    /// A recorded run.
    type private Recorded = {
        Id: string
        /// Items that record it.
        Items: string list
        Note: ProvenanceNote option
    }

    /// The help text.
    let help =
        "Usage: dotnet fsi scripts/verify.fsx RUN [options]
       dotnet fsi scripts/verify.fsx --sample N [options]

Makes a recorded run anew, from nothing, and compares it with its record: 'identical', or where
the two part. RUN is an id or the beginning of one, or ITEM/PART/SERIES/X/SEED.

  --sample N       N recorded runs chosen by the seed, instead of one by name
  --seed S         chooses the sample (default: 1)
  --under SECONDS  choose among the runs that took less
  --workers N      runs made at once (default: one a processor)
  --data DIR       where data sets lie (default: REPRO_DATA, then the user's cache)
  --out DIR        where unfinished work lies (default: out/verify in the repository)
  --fresh          forget the checkpoint of an interrupted check
  --help           this text (dotnet fsi takes a bare --help itself: write -- --help, or help)

Interrupt with Ctrl-C (or SIGTERM, or SIGHUP); the same command goes on where it stopped.
Exit codes: 0 identical, 1 a run differs, is damaged or failed, 2 wrong use, 130 interrupted."

    let private flags = [ "--fresh"; "--help"; "-h" ]

    let private valued = [ "--sample"; "--seed"; "--under"; "--workers"; "--data"; "--out" ]

    let private parse (root: string) (arguments: string list) =
        let given = Arguments.parse flags valued arguments
        let last name = Arguments.tryLast name given

        let whole name least most orElse =
            match last name with
            | Some text -> Arguments.whole name least most text
            | None -> orElse

        let isHelp =
            given.Flags.Contains "--help"
            || given.Flags.Contains "-h"
            || given.Words = [ "help" ]

        let run =
            match given.Words, last "--sample" with
            | _ when isHelp -> None
            | [ word ], None -> Some word
            | [], Some _ -> None
            | [], None ->
                raise (UsageError "say which run, or --sample N for a sample of them; see --help")
            | _, Some _ -> raise (UsageError "give a run or --sample, not both")
            | words, None ->
                let all = String.Join(", ", words)
                raise (UsageError $"one run is verified, or --sample N; given were {all}")

        {
            Run = run
            Sample =
                last "--sample"
                |> Option.map (fun text -> int (Arguments.whole "--sample" 1L 1000000L text))
            Seed = whole "--seed" 0L Int64.MaxValue 1L
            Under =
                (match last "--under" with
                 | Some text -> float (Arguments.whole "--under" 1L 1000000000L text)
                 | None -> infinity)
            Workers = int (whole "--workers" 1L 1024L (int64 Environment.ProcessorCount))
            Data = last "--data" |> Option.map Path.GetFullPath
            Out =
                match last "--out" with
                | Some folder -> Path.GetFullPath folder
                | None -> Path.Combine(root, "out", "verify")
            Fresh = given.Flags.Contains "--fresh"
            Help = isHelp
        }

    let private recorded (stores: TwoStores) (items: Item list) : Recorded list =
        [
            for item in items do
                for id in stores.RecordedOf(item.Id).Ids() -> id, item.Id
        ]
        |> List.groupBy fst
        |> List.map (fun (id, entries) -> {
            Id = id
            Items = List.map snd entries
            Note = stores.ReadRecordedNote id |> Option.ofObj
        })

    let private labelOf (run: Recorded) =
        match run.Note with
        | Some note -> $"{run.Items.Head}: {note.Label}"
        | None -> run.Items.Head

    let private isHexadecimal (text: string) =
        text.Length > 0 && Seq.forall Char.IsAsciiHexDigitLower text

    /// The recorded run whose id begins with the text.
    let private byId (all: Recorded list) (text: string) =
        match all |> List.filter _.Id.StartsWith(text, StringComparison.Ordinal) with
        | [ run ] -> run
        | [] -> raise (UsageError $"no recorded run has an id that begins with {text}")
        | several ->
            let some =
                several
                |> List.truncate 5
                |> List.map (fun run -> $"{run.Id.Substring(0, 16)} ({labelOf run})")

            let names = String.Join(", ", some)

            raise (
                UsageError
                    $"{several.Length} recorded runs have ids that begin with {text}: {names}; \
                      give more digits"
            )

    /// The recorded run of a planned cell, by its whole name.
    let private byName (items: Item list) plan (all: Recorded list) (text: string) =
        let slash = text.IndexOf '/'
        let itemId = if slash < 0 then text else text.Substring(0, slash)
        let known = items |> List.map _.Id

        let item =
            match items |> List.tryFind (fun item -> item.Id = itemId) with
            | Some item -> item
            | None ->
                let near =
                    match NearestWord.Of(itemId, known) with
                    | null -> ""
                    | near -> $" did you mean {near}?"

                raise (
                    UsageError
                        $"'{text}' is neither the beginning of an id nor ITEM/PART/SERIES/X/SEED: \
                          there is no item '{itemId}';{near} see --help"
                )

        let cells: Planned list = plan item
        let rest = if slash < 0 then "" else text.Substring(slash + 1)
        let named = cells |> List.filter (fun cell -> Plans.nameOf cell = rest)

        match named |> List.distinctBy (fun cell -> RunId.Of cell.Run) with
        | [ cell ] ->
            let id = RunId.Of cell.Run

            match all |> List.tryFind (fun run -> run.Id = id) with
            | Some run -> run
            | None ->
                raise (
                    UsageError
                        $"'{text}' is planned and not recorded yet; make it with dotnet fsi \
                          {item.Script} --profile paper --part {id.Substring(0, 12)}"
                )
        | _ ->
            let names = cells |> List.map Plans.nameOf |> List.distinct

            let some =
                names
                |> List.filter _.StartsWith(rest, StringComparison.Ordinal)
                |> List.truncate 5

            let near =
                match some, NearestWord.Of(rest, names) with
                | _ :: _, _ ->
                    let all = String.Join(", ", some |> List.map (fun n -> $"{itemId}/{n}"))
                    $"one of {all}, perhaps"
                | [], null -> $"see dotnet fsi {item.Script} --plan"
                | [], near -> $"did you mean {itemId}/{near}?"

            raise (UsageError $"no single run of {itemId} is named '{rest}'; {near}")

    /// So many of the runs, the same ones for the same seed: those whose hash with the seed comes
    /// first, so that a run recorded later changes the choice by one at most.
    let private choose (seed: int64) (count: int) (runs: Recorded list) =
        let rank (run: Recorded) =
            let text = seed.ToString CultureInfo.InvariantCulture + ":" + run.Id
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))

        runs |> List.sortBy rank |> List.truncate count

    /// A recorded run as something that can be made: as its item's plan has it, or by its own
    /// spec where no plan wants it.
    let private runnable plan (items: Item list) (data: DataStore) (stores: TwoStores) run =
        let planned =
            run.Items
            |> List.tryPick (fun id ->
                items
                |> List.find (fun item -> item.Id = id)
                |> plan
                |> List.tryFind (fun (cell: Planned) -> RunId.Of cell.Run = run.Id))

        match planned, stores.ReadRecorded(run.Id) with
        | Some cell, _ -> Ok cell.Run
        | None, (:? Lookup.Found as found) ->
            let spec = SettingsNode("spec", found.Record.Spec)

            if string found.Record.Spec["kind"] = "training" then
                let seed = uint64 spec["seed"].Whole
                Ok(TrainingRun.Read(labelOf run, spec, TaskSources data, seed) :> IRunnable)
            else
                Error "no plan wants it any more, so nothing says how to make it"
        | None, (:? Lookup.Damaged as damaged) -> Error damaged.Message
        | None, _ -> Error "its record has gone"

    /// What became of one recorded copy of a run.
    let private compare (stores: TwoStores) (made: RunRecord) (item: string) =
        match stores.RecordedOf(item).Read made.Id with
        | :? Lookup.Found as found -> List.ofSeq (RecordDifference.Describe(found.Record, made))
        | :? Lookup.Damaged as damaged -> [ damaged.Message ]
        | _ -> [ $"the record of {item} has gone" ]

    let private usual (run: Recorded) =
        match run.Note with
        | Some note -> ProgressLine.Duration note.Seconds
        | None -> "an unknown time"

    let private verify (root: string) (items: Item list) (asked: Asked) =
        let terminal = Terminal()
        let data = DataStore(DataFolder.Resolve(Option.toObj asked.Data))

        // At this profile a pool makes everything anew, whatever is recorded.
        let stores =
            TwoStores(
                Path.Combine(root, "paper-figures"),
                asked.Out,
                Profile.Quick,
                Action<string>(fun text -> terminal.Warn text)
            )

        let plans = ConcurrentDictionary<string, Planned list>()

        let plan (item: Item) =
            plans.GetOrAdd(
                item.Id,
                fun _ -> item.Plan (Plans.contextOf terminal root data stores item) Profile.Paper
            )

        let all = recorded stores items

        let chosen =
            match asked.Run, asked.Sample with
            | Some text, _ when isHexadecimal text -> [ byId all text ]
            | Some text, _ -> [ byName items plan all text ]
            | None, count ->
                let short =
                    all
                    |> List.filter (fun run ->
                        match run.Note with
                        | Some note -> note.Seconds < asked.Under
                        | None -> Double.IsPositiveInfinity asked.Under)

                choose asked.Seed (Option.defaultValue 1 count) short

        let mutable isWrong = false

        let wrong (run: Recorded) (reasons: string list) =
            isWrong <- true
            terminal.Say $"differs: {labelOf run} ({run.Id.Substring(0, 12)})"

            for reason in reasons do
                terminal.Say $"  {reason}"

        let runs = [
            for run in chosen do
                let made =
                    try
                        runnable plan items data stores run
                    with :? DataException as error ->
                        Error error.Message

                match made with
                | Ok runnable when RunId.Of runnable = run.Id -> run, runnable
                | Ok runnable ->
                    wrong run [
                        $"its spec makes the run {RunId.Of runnable} with this engine: a part's \
                          behaviour version was raised, or the record was altered"
                    ]
                | Error reason ->
                    isWrong <- true
                    terminal.Warn $"cannot be made: {labelOf run} ({run.Id}): {reason}"
        ]

        let ids = runs |> List.map (fun (run, _) -> run.Id)
        // A record that another check left would not be made from nothing.
        Found.forgetRecords stores ids

        if asked.Fresh then
            Found.forget stores ids

        let machine = Forecasts.machine ()

        let rates =
            Forecasts.rates stores machine [
                for cells in plans.Values do
                    yield! cells
            ]

        let expected =
            match Forecasts.expect rates asked.Workers (List.map snd runs) with
            | Some expected -> Forecasts.sentence asked.Workers expected
            | None -> "an unknown time"

        let took =
            runs
            |> List.sumBy (fun (run, _) ->
                run.Note |> Option.map _.Seconds |> Option.defaultValue 0.0)
            |> ProgressLine.Duration

        terminal.Say
            $"{runs.Length} recorded runs to make anew: {expected}; where they were recorded they \
              took {took} of one core"

        let byRun = runs |> List.map (fun (run, _) -> run.Id, run) |> Map.ofList
        let identical = ConcurrentBag<string>()

        let ended (outcome: PoolOutcome) =
            let run = byRun[outcome.Id]

            match outcome.Record with
            | null -> ()
            | made ->
                match run.Items |> List.collect (compare stores made) |> List.distinct with
                | [] ->
                    identical.Add outcome.Id

                    terminal.Say
                        $"identical: {labelOf run} ({run.Id.Substring(0, 12)}; recorded in \
                          {usual run})"
                | reasons -> wrong run reasons

        let settings =
            PoolOptions(
                Workers = asked.Workers,
                Machine = machine,
                Rates = rates,
                Progress = Action<PoolProgress>(fun progress -> terminal.Progress progress),
                Message = Action<string>(fun text -> terminal.Warn text),
                Ended = Action<PoolOutcome> ended
            )

        use interrupts = new Interrupts(terminal)
        let wanted = [ for run, runnable in runs -> PoolItem(run.Items.Head, runnable) ]

        let outcomes =
            terminal.Working(fun () ->
                Pool(stores, settings).Execute(wanted, interrupts.Token) |> List.ofSeq)

        Found.forgetRecords stores ids

        if interrupts.Token.IsCancellationRequested then
            terminal.Say "interrupted; the same command goes on where this one stopped"
            Interrupts.ExitCode
        else
            if chosen.Length > 1 then
                let rest = chosen.Length - identical.Count
                terminal.Say $"{identical.Count} of {chosen.Length} identical, {rest} not"

            if isWrong || outcomes |> List.exists (fun o -> isNull o.Record) then
                1
            else
                0

    /// Runs verify.fsx; the result is the exit code.
    let command (root: string) (items: Item list) (arguments: string list) =
        Runner.guarded (fun () ->
            let asked = parse root arguments

            if asked.Help then
                Console.Out.WriteLine help
                0
            else
                verify root items asked)
