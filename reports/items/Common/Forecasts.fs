namespace Repro.Reports.Items

open System
open System.Collections.Generic
open Repro.Engine.Judging
open Repro.Engine.Numerics
open Repro.Engine.Records
open Repro.Engine.Runs

/// How long runs take on this machine, and what a command would do.
module Forecasts =
    /// The facts of this machine.
    let machine () =
        MachineFacts.Here(InstructionSets.Best.Word())

    /// Rates of each kind of run out of the notes of those that were made. The recorded ones of
    /// other machines serve for kinds that were never run on this one.
    let rates (stores: TwoStores) (machine: MachineFacts) (cells: Planned list) =
        let rates = RunRates()
        let timed = cells |> List.distinctBy (fun cell -> RunId.Of cell.Run)

        for cell in timed do
            match Found.tryTimed stores (RunId.Of cell.Run) with
            | Some(record, note) ->
                let isHere =
                    note.Machine.Cpu = machine.Cpu
                    && note.Machine.InstructionSet = machine.InstructionSet

                rates.Add(cell.Run, record, note.Seconds, isHere)
            | None -> ()

        rates

    /// Seconds of one core, and seconds until the last of some runs ends, the longest first;
    /// None where nothing is known of any rate.
    let expect (rates: RunRates) (workers: int) (runs: IRunnable list) =
        if rates.IsEmpty then
            None
        else
            let seconds (run: IRunnable) =
                match rates.Of run with
                | null -> 0.0
                | forecast -> forecast.Seconds

            let inOrder =
                runs
                |> List.distinctBy RunId.Of
                |> List.sortByDescending seconds
                |> List.map (fun run -> struct (RunId.Of run, run))

            let wall = WorkForecast(inOrder, rates, workers).SecondsLeft 0.0
            Some(List.sumBy seconds runs, wall.GetValueOrDefault())

    let private coreHours (seconds: float) =
        let hours =
            (seconds / 3600.0).ToString("0.0##", Globalization.CultureInfo.InvariantCulture)

        $"{hours} core-hours"

    /// "12.3 core-hours, about 6 h 10 min with 2 at once on this machine".
    let sentence (workers: int) (cores: float, wall: float) =
        $"{coreHours cores}, about {ProgressLine.Duration wall} with {workers} at once on this \
          machine"

    /// Where a run's record was found, and whether the profile may use it.
    type private Whereabouts = {
        IsRecorded: bool
        IsLocal: bool
        IsToRun: bool
    }

    /// Looks for each run once, however often it is asked about: records are many and long.
    let private whereabouts (stores: TwoStores) =
        let known = Dictionary<string, Whereabouts>()

        fun (run: IRunnable) ->
            let id = RunId.Of run

            match known.TryGetValue id with
            | true, place -> place
            | _ ->
                let isRecorded = stores.ReadRecorded id :? Lookup.Found
                let isLocal = not isRecorded && stores.Local.Read id :? Lookup.Found

                let place = {
                    IsRecorded = isRecorded
                    IsLocal = isLocal
                    IsToRun = not (stores.Find(id).HasValue)
                }

                known.Add(id, place)
                place

    /// How many runs there are, how many are made, and how long the others take.
    let private inAll
        (whereabouts: IRunnable -> Whereabouts)
        (rates: RunRates)
        (workers: int)
        (time: float * float -> string)
        (cells: Planned list)
        =
        let runs =
            cells
            |> List.map _.Run
            |> List.distinctBy RunId.Of
            |> List.map (fun r -> r, whereabouts r)

        let count isIt =
            runs |> List.filter (snd >> isIt) |> List.length

        let toRun = runs |> List.filter (snd >> _.IsToRun) |> List.map fst

        let takes =
            if toRun.IsEmpty then
                ""
            else
                match expect rates workers toRun with
                | Some expected -> ": " + time expected
                | None -> "; none like them was made here or recorded, so their time is unknown"

        Runs.counted runs.Length "run",
        $"{count _.IsRecorded} recorded, {count _.IsLocal} more in the local store, \
          {toRun.Length} to run{takes}"

    /// Says of each run whether and why it would be made, then of each item and of all together
    /// how many there are and how long they take.
    let explain
        (terminal: Terminal)
        (stores: TwoStores)
        (workers: int)
        (rates: RunRates)
        (cells: (string * Planned) list)
        =
        let why = Why stores
        let whereabouts = whereabouts stores

        for item, cell in cells do
            terminal.Say $"  {item}: {cell.Run.Label}: {why.Explain cell.Run}"

        match cells |> List.groupBy fst with
        | []
        | [ _ ] -> ()
        | items ->
            for item, own in items do
                let runs, rest =
                    List.map snd own |> inAll whereabouts rates workers (fst >> coreHours)

                terminal.Say $"{item}: {runs}: {rest}"

        let runs, rest =
            List.map snd cells |> inAll whereabouts rates workers (sentence workers)

        terminal.Say $"in all {runs} of the profile {stores.Profile.Name()}: {rest}"
