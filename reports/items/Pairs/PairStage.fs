namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// Readings of what all seven variants of the addition figure share, judged by their distance
/// from the paper's bars on validation sequences.
module PairStage =
    /// The part of the plan.
    [<Literal>]
    let part = "stage-A"

    let private node (context: Context) : Setting =
        (PairRuns.settings context).["stageA"].Only [
            "text"
            "predictions"
            "rule"
            "seeds"
            "keras"
            "readings"
            "smoke"
            "paper"
        ]

    /// The readings, whether the rule may choose them, and what each changes in single variants.
    let readings (context: Context) : (Reading * bool * Setting) list =
        let stage = node context

        [
            for reading in stage["readings"].List do
                reading.Only [ "name"; "text"; "eligible"; "variants"; "run" ] |> ignore

                let changes =
                    if reading.Has "run" then
                        reading["run"]
                    else
                        Setting("no changes", JsonObject())

                let variants =
                    if reading.Has "variants" then
                        RunSettings.named stage reading["variants"]
                    else
                        Setting("no variants", JsonObject())

                {
                    Name = reading["name"].Text
                    Text = reading["text"].Text
                    Changes = changes
                },
                reading["eligible"].Flag,
                variants
        ]

    /// The runs of the paper's scale, and a few of smoke's; quick has none.
    let plan (context: Context) (profile: Profile) : Planned list =
        let stage = node context

        if not (stage.Has(profile.Name())) then
            []
        else
            let budget = stage[profile.Name()].Only [ "lengths"; "run" ]
            let series = (PairRuns.settings context).["series"].List
            let isSmoke = profile = Profile.Smoke
            let seeds = stage["seeds"].List |> List.map (fun s -> uint64 s.Whole)

            [
                for reading, _, variants in readings context do
                    // Smoke asks whether each reading trains, of the one variant all differ in.
                    for name in (if isSmoke then List.truncate 1 series else series) do
                        for seed in (if isSmoke then List.truncate 1 seeds else seeds) do
                            for length in PairRuns.lengths budget ->
                                {
                                    Part = part
                                    Series = name.Text
                                    X = reading.Name
                                    Seed = seed
                                    Run =
                                        PairRuns.runWith
                                            context
                                            budget
                                            reading
                                            variants
                                            name
                                            length
                                            seed
                                }
            ]

    /// A run's mean validation score over its last five points, of 10,000; 0 if it diverged.
    let score (run: Finished) =
        if run.Record.Result.Outcome = Outcomes.Diverged then
            0.0
        else
            match PairRuns.lastFive run with
            | Some(mean, _, _) -> mean
            | None -> nan

    /// The mean distance of seven means from seven bars; NaN while one is missing.
    let distance (bars: (string * float) list) (means: (string * float) list) =
        bars
        |> List.averageBy (fun (series, bar) ->
            match List.tryFind (fst >> (=) series) means with
            | Some(_, mean) -> abs (mean - bar)
            | None -> nan)

    /// What the rule gives: the chosen reading's name, or None where the present one stays; and
    /// whether any reading reproduces the figure. None while a reading is incomplete.
    let choose (distances: (string * bool * float) list) =
        if distances |> List.exists (fun (_, _, d) -> Double.IsNaN d) then
            None
        else
            let eligible = distances |> List.filter (fun (_, isEligible, _) -> isEligible)
            let name, _, least = eligible |> List.minBy (fun (_, _, d) -> d)
            let _, _, printed = List.head eligible
            Some((if least <= printed - 1000.0 then Some name else None), least <= 2000.0)

    /// Each reading with its score by variant, its distance, and what the rule gives.
    let table (context: Context) (finished: Finished list) : (string * Table) list =
        let runs = Runs.ofPart Profile.Paper part finished
        let stage = node context

        if runs.IsEmpty then
            []
        else
            let x = string stage["paper"].["lengths"].[0].Whole

            let bars = [
                for target in context.Targets do
                    if target.X = x then
                        target.Series, target.Value
            ]

            let series = (PairRuns.settings context).["series"].List |> List.map _.Text
            let seeds = stage["seeds"].List.Length

            let mean name reading =
                let own = runs |> List.filter (fun f -> f.Cell.Series = name && f.Cell.X = reading)

                if own.Length < seeds then nan else List.averageBy score own

            let rows = [
                for reading, isEligible, _ in readings context do
                    let means = [ for name in series -> name, mean name reading.Name ]
                    reading, isEligible, means, distance bars means
            ]

            let outcome =
                match choose [ for r, isEligible, _, d in rows -> r.Name, isEligible, d ] with
                | None -> "not decided: runs are missing"
                | Some(chosen, isNear) ->
                    let who =
                        match chosen with
                        | Some name -> $"the rule chooses {name}"
                        | None -> "the rule keeps the present reading"

                    let near =
                        if isNear then
                            ""
                        else
                            "; no reading tried reproduces the figure, all being farther than 2,000"

                    who + near

            let shown v =
                if Double.IsNaN v then "–" else Format.whole v

            let bar name =
                match List.tryFind (fst >> (=) name) bars with
                | Some(_, value) -> shown value
                | None -> "–"

            let paper = [ "paper"; ""; "" ] @ List.map bar series @ [ "" ]

            [
                $"Readings of what all seven share, T = {x}, validation sequences right of 10,000: "
                + outcome,
                Table.ofStrings
                    ([ "reading"; "what it changes"; "may be chosen" ] @ series @ [ "distance" ])
                    (paper
                     :: [
                         for reading, isEligible, means, d in rows ->
                             [ reading.Name; reading.Text; (if isEligible then "yes" else "no") ]
                             @ [ for _, m in means -> shown m ]
                             @ [ shown d ]
                     ])
            ]
