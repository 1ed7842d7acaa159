namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// A set of readings of what all variants share, judged by their distance from the paper's bars.
type PairStageName = {
    /// Its part of the plan.
    Part: string
    /// Where the protocol has its settings.
    Key: string
}

/// A reading of what all variants share, as a stage tries it.
type StageReading = {
    Of: Reading
    /// Whether the rule may choose it.
    IsEligible: bool
    /// What it changes in single variants besides; by their names.
    Variants: Setting
}

/// A reading with what is recorded of it.
type StageRow = {
    Tried: StageReading
    Recorded: int
    Wanted: int
    /// Score of each variant, NaN while a seed is missing.
    Means: (string * float) list
    /// Runs of each variant that diverged: the rule counts them as 0.
    Diverged: (string * int) list
    /// NaN while a variant's score is missing.
    Distance: float
}

/// What the rule gives once every reading is complete.
type StageOutcome = {
    /// The eligible reading of the smallest distance.
    Nearest: string
    Least: float
    /// The nearest one, where it is nearer than the printed one by the margin; None where the
    /// present reading stays.
    Chosen: string option
    /// Whether the smallest distance counts as a reproduction of the figure.
    IsNear: bool
}

/// Readings of what all seven variants of the addition figure share, judged by their distance
/// from the paper's bars on validation sequences.
module PairStage =
    /// Stage A, whose rule decides which reading the figures are judged by.
    let deciding = { Part = "stage-A"; Key = "stageA" }

    /// What multiplication's protocol states of stage D.
    let multiplication (context: Context) : Setting =
        (PairRuns.settings context).["stageD"].Only [ "text"; "rule"; "predictions" ]

    /// Stage E, set up while stage A ran: a rate that falls, which the paper does not print. It
    /// decides nothing.
    let falling = { Part = "stage-E"; Key = "stageE" }

    /// The item whose protocol states the stages; multiplication uses the outcome of stage A.
    [<Literal>]
    let item = "talathi-fig3"

    /// An item's context with protocol and targets of addition.
    let ofAddition (context: Context) = context.Of item

    /// The settings of a stage.
    let settings (stage: PairStageName) (context: Context) : Setting =
        (PairRuns.settings (ofAddition context)).[stage.Key].Only [
            "text"
            "predictions"
            "rule"
            "margin"
            "near"
            "within"
            "seeds"
            "keras"
            "readings"
            "smoke"
            "paper"
        ]

    let private budget (stage: Setting) (profile: Profile) : Setting =
        stage[profile.Name()].Only [ "lengths"; "margin"; "run" ]

    /// The readings, in the protocol's order.
    let readings (stage: PairStageName) (context: Context) : StageReading list =
        let stage = settings stage context

        [
            for reading in stage["readings"].List do
                reading.Only [ "name"; "text"; "eligible"; "variants"; "run" ] |> ignore

                {
                    Of = {
                        Name = reading["name"].Text
                        Text = reading["text"].Text
                        Changes =
                            if reading.Has "run" then
                                reading["run"]
                            else
                                Setting("no changes", JsonObject())
                    }
                    IsEligible = reading["eligible"].Flag
                    Variants =
                        if reading.Has "variants" then
                            RunSettings.named stage reading["variants"]
                        else
                            Setting("no variants", JsonObject())
                }
        ]

    /// The runs of the paper's scale, and a few of smoke's; quick has none.
    let plan (stage: PairStageName) (context: Context) (profile: Profile) : Planned list =
        let context = ofAddition context
        let settings = settings stage context

        if not (settings.Has(profile.Name())) then
            []
        else
            let budget = budget settings profile
            let series = (PairRuns.settings context).["series"].List
            let isSmoke = profile = Profile.Smoke
            let seeds = settings["seeds"].List |> List.map (fun s -> uint64 s.Whole)

            [
                for reading in readings stage context do
                    // Smoke asks whether each reading trains, of the one variant all differ in.
                    for name in (if isSmoke then List.truncate 1 series else series) do
                        for seed in (if isSmoke then List.truncate 1 seeds else seeds) do
                            for length in PairRuns.lengths budget ->
                                {
                                    Part = stage.Part
                                    Series = name.Text
                                    X = reading.Of.Name
                                    Seed = seed
                                    Run =
                                        PairRuns.runWith
                                            context
                                            budget
                                            reading.Of
                                            reading.Variants
                                            name
                                            length
                                            seed
                                }
            ]

    /// A run's mean validation score over its last five points, of 10,000; 0 if it diverged.
    let score (record: RunRecord) =
        if record.Result.Outcome = Outcomes.Diverged then
            0.0
        else
            match PairRuns.lastFive record with
            | Some(mean, _, _) -> mean
            | None -> nan

    /// The mean distance of means from bars; NaN while one is missing.
    let distance (bars: (string * float) list) (means: (string * float) list) =
        bars
        |> List.averageBy (fun (series, bar) ->
            match List.tryFind (fst >> (=) series) means with
            | Some(_, mean) -> abs (mean - bar)
            | None -> nan)

    /// What the rule gives of readings with their eligibility and distance, the printed one
    /// first; of equals the first listed is the nearest. None while a distance is missing.
    let choose (margin: float) (near: float) (distances: (string * bool * float) list) =
        if distances |> List.exists (fun (_, _, d) -> Double.IsNaN d) then
            None
        else
            let eligible = distances |> List.filter (fun (_, isEligible, _) -> isEligible)
            let name, _, least = eligible |> List.minBy (fun (_, _, d) -> d)
            let _, _, printed = List.head eligible

            Some {
                Nearest = name
                Least = least
                Chosen = if least <= printed - margin then Some name else None
                IsNear = least <= near
            }

    /// Sequence length whose bars the stages are compared with.
    let length (context: Context) =
        string (settings deciding context).["paper"].["lengths"].[0].Whole

    /// The paper's bars of the variants that a profile's plan trains.
    let bars (context: Context) (planned: Planned list) =
        let x = length context
        let series = planned |> List.map _.Series |> List.distinct

        [
            for target in (ofAddition context).Targets do
                if target.X = x && List.contains target.Series series then
                    target.Series, target.Value
        ]

    /// The readings with what is recorded of them at a profile; empty where it has no stage.
    let rows (stage: PairStageName) (context: Context) (profile: Profile) : StageRow list =
        let planned = plan stage context profile

        if planned.IsEmpty then
            []
        else
            let bars = bars context planned
            let found = [ for c in planned -> c, context.Find c.Run ]

            [
                for reading in readings stage context do
                    let mine = found |> List.filter (fun (c, _) -> c.X = reading.Of.Name)

                    let mean name =
                        let own = mine |> List.filter (fun (c, _) -> c.Series = name)
                        let records = own |> List.choose snd

                        if records.IsEmpty || records.Length < own.Length then
                            nan
                        else
                            List.averageBy score records

                    let means = [ for name, _ in bars -> name, mean name ]

                    let diverged name =
                        mine
                        |> List.filter (fun (c, record) ->
                            c.Series = name
                            && record
                               |> Option.exists (fun r -> r.Result.Outcome = Outcomes.Diverged))
                        |> List.length

                    {
                        Tried = reading
                        Recorded = mine |> List.choose snd |> List.length
                        Wanted = mine.Length
                        Means = means
                        Diverged = [ for name, _ in bars -> name, diverged name ]
                        Distance = distance bars means
                    }
            ]

    /// What the rule gives of stage A's rows at a profile; None while a run is missing.
    let outcomeOf (context: Context) (profile: Profile) (rows: StageRow list) =
        if rows.IsEmpty then
            None
        else
            let stage = settings deciding context
            let own = budget stage profile
            let margin = if own.Has "margin" then own["margin"] else stage["margin"]

            choose margin.Number stage["near"].Number [
                for r in rows -> r.Tried.Of.Name, r.Tried.IsEligible, r.Distance
            ]

    /// The reading that the rule chooses from the records; None while runs are missing, and where
    /// the present reading stays.
    let chosen (context: Context) (profile: Profile) : StageReading option =
        rows deciding context profile
        |> outcomeOf context profile
        |> Option.bind _.Chosen
        |> Option.map (fun name ->
            readings deciding context |> List.find (fun r -> r.Of.Name = name))
