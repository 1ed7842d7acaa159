namespace Repro.Reports.Items

open System
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

    /// How many runs there are, how many are made, and how long the others take.
    let private inAll
        (stores: TwoStores)
        (rates: RunRates)
        (workers: int)
        (time: float * float -> string)
        (cells: Planned list)
        =
        let runs = cells |> List.distinctBy (fun cell -> RunId.Of cell.Run)

        let isRecorded (cell: Planned) =
            stores.ReadRecorded(RunId.Of cell.Run) :? Lookup.Found

        let isLocal (cell: Planned) =
            stores.Local.Read(RunId.Of cell.Run) :? Lookup.Found

        let isMade (cell: Planned) =
            not (stores.Find(RunId.Of cell.Run).HasValue)

        let recorded, others = runs |> List.partition isRecorded
        let toRun = runs |> List.filter isMade |> List.map _.Run

        let takes =
            if toRun.IsEmpty then
                ""
            else
                match expect rates workers toRun with
                | Some expected -> ": " + time expected
                | None -> "; none like them was made here or recorded, so their time is unknown"

        let local = others |> List.filter isLocal |> List.length

        Runs.counted runs.Length "run",
        $"{recorded.Length} recorded, {local} more in the local store, {toRun.Length} to \
          run{takes}"

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

        for item, cell in cells do
            terminal.Say $"  {item}: {cell.Run.Label}: {why.Explain cell.Run}"

        match cells |> List.groupBy fst with
        | []
        | [ _ ] -> ()
        | items ->
            for item, own in items do
                let runs, rest = List.map snd own |> inAll stores rates workers (fst >> coreHours)

                terminal.Say $"{item}: {runs}: {rest}"

        let runs, rest = List.map snd cells |> inAll stores rates workers (sentence workers)

        terminal.Say $"in all {runs} of the profile {stores.Profile.Name()}: {rest}"
