namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs

/// Hands the runs of a command to Slurm instead of making them.
module Handing =
    /// Hands on what is left, over and over where the command waits, until nothing is: None when
    /// there is nothing left to make, else the exit code.
    let onward
        (terminal: Terminal)
        (stores: TwoStores)
        (readies: Ready list)
        ({ Options = options; Slurm = slurm } as command: SlurmCommand)
        =
        use interrupts = new Interrupts(terminal)

        // Runs that ended may decide which others are wanted.
        let left () =
            [
                for r in readies do
                    let planned = r.Item.Plan r.Context options.Profile

                    for cell in List.filter (Plans.isAsked options planned) planned do
                        if not (stores.Find(RunId.Of cell.Run).HasValue) then
                            cell.Run
            ]
            |> List.distinctBy RunId.Of
            |> List.sortBy RunId.Of

        let rec go before =
            match left () with
            | [] -> None
            | runs ->
                let ids = List.map RunId.Of runs
                let atOnce = slurm.Tasks * options.Workers

                let rates =
                    Forecasts.rates stores (Forecasts.machine ()) [
                        for r in readies do
                            yield! r.Wanted @ r.Recorded
                    ]

                match Forecasts.expect rates atOnce runs with
                | Some expected ->
                    terminal.Say
                        $"{runs.Length} runs to make: \
                          {Forecasts.sentence atOnce expected}, once the tasks are at work"
                | None -> terminal.Say $"{runs.Length} runs to make"

                let job = Slurm.hand terminal stores command before ids

                if not slurm.Waits then
                    Some 0
                elif Slurm.wait job interrupts.Token then
                    go ids
                else
                    terminal.Say $"the tasks go on; end them with scancel {job}"
                    Some Interrupts.ExitCode

        go []
