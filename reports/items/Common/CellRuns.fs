namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// Plans that a protocol states cell by cell. Its settings have the `run` that all cells share, in
/// the words of a run's spec; each profile has parts of it that differ and a list of `cells`, a
/// cell being its part, series and x, and what makes it differ from the others: a method and a
/// task by name, and a `set` of its own.
module CellRuns =
    /// One run of settings.
    let run (context: Context) (settings: Setting) (label: string) (seed: uint64) : IRunnable =
        TrainingRun.Read(label, settings, TaskSources context.Data, seed)

    // A misspelt member would leave the profile without a part of its settings. The average norm
    // is what a protocol's thresholds are multiples of; pages read it.
    let private own (profile: Setting) =
        if profile.Only([ "run"; "tasks"; "cells"; "averageNorm" ]).Has "run" then
            profile["run"]
        else
            raise (profile["run"].Expected "an object")

    /// The settings that all runs of a profile share.
    let shared (settings: Setting) (profile: Setting) =
        RunSettings.merged settings["run"] [ own profile ]

    /// The settings of one cell: those of all, of its method, of its profile, of its task and its
    /// own, a later one over those before it.
    let settingsOf (settings: Setting) (profile: Setting) (cell: Setting) =
        cell.Only [ "part"; "series"; "x"; "seeds"; "method"; "task"; "set" ] |> ignore

        RunSettings.merged settings["run"] [
            if cell.Has "method" then
                RunSettings.named settings["methods"] cell["method"]

            own profile

            if cell.Has "task" then
                RunSettings.named profile["tasks"] cell["task"]

            cell["set"]
        ]

    /// The runs of a profile: each cell once a seed, seeds from 1 on.
    let plan (context: Context) (profile: Profile) : Planned list =
        let settings = Setting.Of context.Protocol
        let node = settings["profiles"].[profile.Name()]

        [
            for cell in node["cells"].List do
                let series, x = cell["series"].Text, cell["x"].Text
                let set = settingsOf settings node cell

                let seeds =
                    if cell.Has "seeds" then
                        uint64 cell["seeds"].Whole
                    else
                        uint64 context.Protocol.Seeds[profile]

                for seed in 1UL .. seeds ->
                    {
                        Part = cell["part"].Text
                        Series = series
                        X = x
                        Seed = seed
                        Run = run context set $"{series} {x} seed {seed}" seed
                    }
        ]

    /// Abscissae of a series in the plan of the paper's scale.
    let abscissae (settings: Setting) (series: string) = [
        for cell in settings["profiles"].["paper"].["cells"].List do
            if cell["series"].Text = series then
                cell["x"].Text
    ]

    let private atLength = "test correct at "

    /// Lengths T at which a trained network was tested, rising.
    let testedAt (run: Finished) =
        run.Record.Result.Metrics.Keys
        |> Seq.filter (fun key -> key.StartsWith(atLength, System.StringComparison.Ordinal))
        |> Seq.map (fun key -> int (key.Substring atLength.Length))
        |> Seq.sort
        |> List.ofSeq

    /// Percent of the test sequences of length T that are wrong.
    let percentWrongAt (length: int) (run: Finished) =
        100.0 * (1.0 - run.Record.Metric $"{atLength}{length}")

    /// The largest percentage wrong at the lengths tested from low to high, both included.
    let mostWrongFrom (low: int64) (high: int64) (run: Finished) =
        testedAt run
        |> List.filter (fun t -> int64 t >= low && int64 t <= high)
        |> List.map (fun t -> percentWrongAt t run)
        |> List.max

    /// Percent of the test sequences that are wrong, of the lengths trained on.
    let percentWrong (run: Finished) =
        100.0 * (1.0 - run.Record.Metric "test correct")
