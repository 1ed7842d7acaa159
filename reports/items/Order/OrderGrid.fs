namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Reports

/// The authors' search for the settings of Figure 7: temporal order at one length over learning
/// rate, clipping threshold µ and weight α of the regulariser, and the same without a regulariser.
///
/// Source: Pascanu et al., supplement, section 2.1 (the values searched and the ones chosen).
module OrderGrid =
    /// The part of the plan.
    [<Literal>]
    let part = "grid"

    /// A setting of the search, as the protocol spells it; weight 0 is no regulariser.
    type Place = {
        Rate: string
        Threshold: string
        Weight: string
    }

    /// A setting whose runs have ended, with them and their mean updates.
    type Ended = Place * Finished list * float

    /// The series of a setting: its curve in α.
    let series (place: Place) =
        $"threshold {place.Threshold} rate {place.Rate}"

    /// What the protocol states of the search.
    let settings (context: Context) : Setting =
        (Setting.Of context.Protocol).["grid"].Only [
            "text"
            "predictions"
            "rule"
            "initialisation"
            "chosen"
            "claims"
            "smoke"
            "paper"
        ]

    /// What a profile searches.
    let budget (context: Context) (profile: Profile) : Setting =
        (settings context).[profile.Name()].Only [
            "length"
            "rates"
            "thresholds"
            "weights"
            "seeds"
            "run"
        ]

    let private placeOf (node: Setting) =
        node.Only [ "rate"; "threshold"; "weight" ] |> ignore

        {
            Rate = node["rate"].Text
            Threshold = node["threshold"].Text
            Weight = node["weight"].Text
        }

    /// The setting that the authors chose.
    let chosen (context: Context) = placeOf (settings context).["chosen"]

    /// Every setting of a profile, in the order of the plan.
    let places (context: Context) (profile: Profile) = [
        let budget = budget context profile

        for rate in RunSettings.texts budget["rates"] do
            for threshold in RunSettings.texts budget["thresholds"] do
                for weight in RunSettings.texts budget["weights"] ->
                    {
                        Rate = rate
                        Threshold = threshold
                        Weight = weight
                    }
    ]

    // Without a regulariser it is another method of the figure, not a weight of zero: the sweep
    // that computes the regulariser is left out, and the words of the spec with it.
    let private changesOf (settings: Setting) (initialisation: string) (place: Place) = [
        let plain = place.Weight = "0"
        let name = if plain then "MSGD-C" else "MSGD-CR"
        yield! OrderRuns.changesOf settings $"{initialisation}/{name}"

        RunSettings.change "training" [
            "learningRate", RunSettings.number place.Rate
            "threshold", RunSettings.number place.Threshold
            if not plain then
                let regularizer = JsonObject()
                regularizer["alpha"] <- RunSettings.number place.Weight
                "regularizer", regularizer
        ]
    ]

    /// The whole search at the paper's scale, and a corner of it at smoke; quick has none.
    let plan (context: Context) (profile: Profile) : Planned list =
        if not ((settings context).Has(profile.Name())) then
            []
        else
            let all = Setting.Of context.Protocol
            let budget = budget context profile
            let initialisation = (settings context).["initialisation"].Text
            let length = budget["length"].Whole

            [
                for place in places context profile do
                    let run =
                        RunSettings.merged
                            all["run"]
                            (changesOf all initialisation place
                             @ [ budget["run"]; OrderRuns.ofLength length ])

                    for seed in 1UL .. uint64 budget["seeds"].Whole ->
                        {
                            Part = part
                            Series = series place
                            X = place.Weight
                            Seed = seed
                            Run =
                                CellRuns.run
                                    context
                                    run
                                    $"{series place} α {place.Weight} seed {seed}"
                                    seed
                        }
            ]

    /// Most updates of a run.
    let updates (context: Context) =
        float (budget context Profile.Paper).["run"].["training"].["updates"].Whole

    let private of' (place: Place) (runs: Finished list) =
        runs
        |> List.filter (fun f -> f.Cell.Series = series place && f.Cell.X = place.Weight)
        |> List.sortBy _.Cell.Seed

    /// The runs of a setting once all its seeds have ended: those that succeed end first.
    let private whole (context: Context) (place: Place) (finished: Finished list) =
        let seeds = int (budget context Profile.Paper).["seeds"].Whole
        let own = Runs.ofPart Profile.Paper part finished |> of' place
        if own.Length = seeds then Some own else None

    /// Mean updates of some runs, one that does not succeed counting with the whole budget.
    let meanWithin (budget: float) (runs: Finished list) =
        runs
        |> List.averageBy (fun run ->
            if Runs.succeeded run then
                Runs.updatesToSuccess run
            else
                budget)

    /// The settings that have ended, with their runs and mean updates, the quickest first.
    let ranked (context: Context) (finished: Finished list) : Ended list =
        places context Profile.Paper
        |> List.choose (fun place ->
            whole context place finished
            |> Option.map (fun runs -> place, runs, meanWithin (updates context) runs))
        |> List.sortBy (fun (_, _, mean) -> mean)

    /// How many settings are quicker than one of them.
    let quicker (place: Place) (ranked: Ended list) =
        let _, _, own = ranked |> List.find (fun (p, _, _) -> p = place)
        ranked |> List.filter (fun (_, _, mean) -> mean < own) |> List.length

    /// How many of some runs succeeded.
    let successes runs =
        runs |> List.filter Runs.succeeded |> List.length

    /// A setting in words.
    let named (place: Place) =
        let weight = if place.Weight = "0" then "none" else place.Weight
        $"rate {place.Rate}, µ = {place.Threshold}, α = {weight}"

    /// All settings, the quickest first; None while runs are missing.
    let complete (context: Context) (finished: Finished list) : Ended list option =
        let ranked = ranked context finished

        if ranked.Length = (places context Profile.Paper).Length then
            Some ranked
        else
            None

    /// The claims that one setting is quicker than another; a seed that does not succeed counts
    /// with the whole budget.
    let claims (context: Context) (finished: Finished list) : (string * Judgement) list = [
        for claim in (settings context).["claims"].List do
            claim.Only [ "better"; "worse"; "confidence"; "text" ] |> ignore
            let better, worse = placeOf claim["better"], placeOf claim["worse"]

            let values place =
                whole context place finished
                |> Option.defaultValue []
                |> List.map (fun run -> meanWithin (updates context) [ run ])
                |> Array.ofList

            let rule =
                OrderingRule(
                    "grid",
                    named better,
                    named worse,
                    "the search",
                    "updates within the budget",
                    false,
                    claim["confidence"].Number,
                    claim["text"].Text
                )

            rule.Text, rule.Judge(values better, values worse, context.Protocol.Rule.MinSeeds)
    ]
