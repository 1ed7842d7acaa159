namespace Repro.Reports.Items

open System
open System.Collections.Concurrent
open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs

/// Makes recorded runs anew, from nothing, and compares.
module Verification =
    /// What became of one recorded copy of a run.
    let private compare (stores: TwoStores) (made: RunRecord) (item: string) =
        match stores.RecordedOf(item).Read made.Id with
        | :? Lookup.Found as found -> List.ofSeq (RecordDifference.Describe(found.Record, made))
        | :? Lookup.Damaged as damaged -> [ damaged.Message ]
        | _ -> [ $"the record of {item} has gone" ]

    let private usual (run: RecordedRun) =
        match run.Note with
        | Some note -> ProgressLine.Duration note.Seconds
        | None -> "an unknown time"

    /// Where attestations lie.
    let attestationsOf (root: string) =
        Path.Combine(root, "paper-figures", "attestations")

    /// Adds what a sample came to to this machine's attestation.
    let private attest root (asked: VerifyOptions) (commit: string) machine equal different =
        let under =
            if Double.IsPositiveInfinity asked.Under then
                ""
            else
                $" --under {asked.Under}"

        let chosen =
            match asked.Sample with
            | Some count -> $"--sample {count}{under} --seed {asked.Seed}"
            | None -> $"--all{under}"

        let command = $"dotnet fsi scripts/verify.fsx {chosen} --attest"

        let check =
            AttestedCheck(
                commit,
                DateOnly.FromDateTime DateTime.UtcNow,
                command,
                List.toArray (List.sortWith (fun a b -> String.CompareOrdinal(a, b)) equal),
                List.toArray (List.sortWith (fun a b -> String.CompareOrdinal(a, b)) different)
            )

        Attestation.Append(attestationsOf root, machine, check)

    /// Says of each recorded run whether its protocol was committed before it.
    let private protocols (root: string) (items: Item list) =
        let terminal = Terminal()

        let stores =
            TwoStores(
                Path.Combine(root, "paper-figures"),
                Path.Combine(root, "out", "verify"),
                Profile.Quick,
                Action<string>(fun text -> terminal.Warn text)
            )

        let runs = ProtocolOrder.all root stores (items |> List.map _.Id)

        for line in ProtocolOrder.lines runs do
            terminal.Say line

        if ProtocolOrder.hasExceptions runs then 1 else 0

    let private verify (root: string) (items: Item list) (asked: VerifyOptions) =
        let terminal = Terminal()
        let here = if asked.Attest then Checkout.read root else None

        if asked.Attest then
            Checkout.requireCleanFor "--attest" "attestation" here

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

        let all = RecordedRuns.all stores items

        let chosen =
            match asked.Run, asked.Sample with
            | Some text, _ -> [ RecordedRuns.called items plan all text ]
            | None, count ->
                let short =
                    all
                    |> List.filter (fun run ->
                        match run.Note with
                        | Some note -> note.Seconds < asked.Under
                        | None -> Double.IsPositiveInfinity asked.Under)

                let count = count |> Option.defaultValue short.Length
                RecordedRuns.choose asked.Seed count short

        let mutable isWrong = false
        // Of a sample, those whose data cannot be had.
        let mutable leftOut = 0

        let wrong (run: RecordedRun) (reasons: string list) =
            isWrong <- true
            terminal.Say $"differs: {RecordedRuns.labelOf run} ({run.Id.Substring(0, 12)})"

            for reason in reasons do
                terminal.Say $"  {reason}"

        let runs = [
            for run in chosen do
                match RecordedRuns.makeable plan items data stores run with
                | Makeable made -> run, made
                | WithoutData reason when asked.Run.IsNone ->
                    leftOut <- leftOut + 1
                    terminal.Warn $"left out: {RecordedRuns.labelOf run}: {reason}"
                | WithoutData reason
                | Unmakeable reason ->
                    isWrong <- true
                    terminal.Warn $"cannot be made: {RecordedRuns.labelOf run} ({run.Id}): {reason}"
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

                    let id = run.Id.Substring(0, 12)

                    terminal.Say
                        $"identical: {RecordedRuns.labelOf run} ({id}; recorded in {usual run})"
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
            match here with
            | Some checkout ->
                let equal = List.ofSeq identical

                let different =
                    [
                        for outcome in outcomes do
                            if not (isNull outcome.Record) then
                                outcome.Id
                    ]
                    |> List.except equal

                if outcomes.Length > 0 then
                    let path = attest root asked checkout.Commit machine equal different
                    terminal.Say $"attested: {Path.GetRelativePath(root, path)}"
            | None -> ()

            if chosen.Length > 1 then
                let tried = chosen.Length - leftOut
                let rest = tried - identical.Count
                terminal.Say $"{identical.Count} of {tried} identical, {rest} not"

            if isWrong || runs.IsEmpty || outcomes |> List.exists (fun o -> isNull o.Record) then
                1
            else
                0

    /// Runs verify.fsx; the result is the exit code.
    let command (root: string) (items: Item list) (arguments: string list) =
        Runner.guarded (fun () ->
            let asked = VerifyOptions.parse root arguments

            if asked.Help then
                Console.Out.WriteLine VerifyOptions.help
                0
            elif asked.Protocols then
                protocols root items
            else
                verify root items asked)
