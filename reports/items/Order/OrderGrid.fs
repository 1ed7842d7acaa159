namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Plotly.NET
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

    let private budget (context: Context) (profile: Profile) : Setting =
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

    let private updates (context: Context) =
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

    let private successes runs =
        runs |> List.filter Runs.succeeded |> List.length

    let private named (place: Place) =
        let weight = if place.Weight = "0" then "none" else place.Weight
        $"rate {place.Rate}, µ = {place.Threshold}, α = {weight}"

    /// All settings, the quickest first; None while runs are missing.
    let complete (context: Context) (finished: Finished list) : Ended list option =
        let ranked = ranked context finished

        if ranked.Length = (places context Profile.Paper).Length then
            Some ranked
        else
            None

    /// The place of the authors' choice, in a sentence; none while runs are missing.
    let headline (context: Context) (finished: Finished list) =
        match complete context finished with
        | None -> ""
        | Some ranked ->
            let chosen = chosen context
            let length = (budget context Profile.Paper).["length"].Whole
            let _, _, own = ranked |> List.find (fun (place, _, _) -> place = chosen)
            let quicker = ranked |> List.filter (fun (_, _, mean) -> mean < own) |> List.length

            let rank =
                match quicker with
                | 0 -> "none is"
                | 1 -> "one is"
                | n -> $"{n} are"

            $"Of {ranked.Length} settings of rate, threshold and regulariser at T = {length}, \
               {rank} quicker than the one the authors chose."

    let private some (n: int) (all: int) =
        if n = all then $"all {all}" else $"{n} of {all}"

    /// What the search shows, in sentences; none while runs are missing.
    let outcome (context: Context) (finished: Finished list) : string list =
        match complete context finished with
        | None -> []
        | Some ranked ->
            let chosen = chosen context
            let best, bestRuns, bestMean = ranked.Head
            let _, runs, mean = ranked |> List.find (fun (place, _, _) -> place = chosen)
            let budget = Format.whole (updates context)

            let share (keep: Place -> bool) =
                let own = ranked |> List.filter (fun (place, _, _) -> keep place)
                let every (_, runs: Finished list, _) = successes runs = runs.Length
                let atLeastOne (_, runs, _) = successes runs > 0

                $"{own |> List.filter every |> List.length} of {own.Length} settings teach every \
                   seed and {own |> List.filter atLeastOne |> List.length} at least one"

            let rates = ranked |> List.map (fun (place, _, _) -> place.Rate) |> List.distinct

            let byRate =
                rates
                |> List.sortDescending
                |> List.map (fun rate ->
                    let keep place =
                        place.Rate = rate && place.Weight <> "0"

                    $"At the rate {rate}, with the regulariser, {share keep}.")

            let without = share (fun place -> place.Weight = "0")

            let ofChosen =
                $"The authors' choice ({named chosen}) teaches {some (successes runs) runs.Length} \
                   seeds in {Format.whole mean} updates on average, a seed that does not succeed \
                   counting with the whole {budget}."

            let ofBest =
                if bestMean = mean then
                    "No setting is quicker."
                else
                    $"The quickest is {named best}: {some (successes bestRuns) bestRuns.Length} \
                       seeds in {Format.whole bestMean}."

            [ String.Join(" ", byRate @ [ $"Without it {without}."; ofChosen; ofBest ]) ]

    /// What the page says of the search: what was searched and how, what was expected, and what
    /// came out. HTML.
    let account (context: Context) (finished: Finished list) =
        let node = settings context
        let paragraph (text: string) = $"<p>{Html.escape text}</p>"

        String.concat "\n" [
            "<h3>The authors' search for settings</h3>"
            for name in [ "text"; "rule"; "predictions" ] do
                let said: Setting = node[name]
                paragraph said.Text

            yield! outcome context finished |> List.map paragraph
        ]

    /// Mean updates over α and µ, one panel a rate, once a setting has ended.
    let figures (context: Context) (finished: Finished list) : Figure list = [
        let ended = ranked context finished

        if not ended.IsEmpty then
            let budget = budget context Profile.Paper

            let thresholds, weights =
                RunSettings.texts budget["thresholds"], RunSettings.texts budget["weights"]

            let rates = RunSettings.texts budget["rates"]

            let found rate threshold weight =
                ended
                |> List.tryFind (fun (place, _, _) ->
                    place = {
                                Rate = rate
                                Threshold = threshold
                                Weight = weight
                            })

            let weight text = if text = "0" then "none" else text

            let heat rate =
                let cells (value: Finished list -> float -> 'a) (absent: 'a) = [
                    for w in weights ->
                        [
                            for t in thresholds ->
                                match found rate t w with
                                | Some(_, runs, mean) -> value runs mean
                                | None -> absent
                        ]
                ]

                let said (runs: Finished list) mean =
                    $"{successes runs} of {runs.Length}: {Format.whole mean}"

                Chart.Heatmap(
                    cells (fun _ mean -> mean) nan,
                    X = thresholds,
                    Y = List.map weight weights,
                    ShowScale = false
                )
                |> Chart.withZRange (0.0, updates context)
                |> Chart.withCellText (cells said "")
                |> Chart.withXAxisStyle (TitleText = "clipping threshold µ")
                |> Chart.withYAxisStyle (TitleText = "weight α of the regulariser")

            {
                Id = "grid"
                Caption =
                    let length = budget["length"].Whole
                    let most = Format.whole (updates context)

                    $"The authors' search at T = {length}: seeds that succeed within {most} \
                      updates, and their mean number of updates, one that does not succeed \
                      counting with all of them."
                Chart =
                    rates
                    |> List.map heat
                    |> Panels.grid 1 rates.Length [ for rate in rates -> $"rate {rate}" ]
                    |> Chart.withSize (960.0, 420.0)
                Note =
                    "A search on a small budget, as the authors made it; nothing here is judged \
                     against a printed number."
            }
    ]

    let private ends (runs: Finished list) =
        String.Join(
            ", ",
            [
                for run in runs ->
                    if Runs.succeeded run then
                        Format.whole (Runs.updatesToSuccess run)
                    else
                        "–"
            ]
        )

    /// Every setting that has ended, the quickest first, and success by each value alone.
    let tables (context: Context) (finished: Finished list) : (string * Table) list = [
        let ended = ranked context finished

        if not ended.IsEmpty then
            let budget = budget context Profile.Paper
            let rates = RunSettings.texts budget["rates"]

            let share keep =
                match ended |> List.filter (fun (place, _, _) -> keep place) with
                | [] -> "–"
                | own ->
                    let runs = own |> List.collect (fun (_, runs, _) -> runs)
                    $"{successes runs} of {runs.Length}"

            let row name keep =
                name
                :: [ for rate in rates -> share (fun place -> place.Rate = rate && keep place) ]

            "The authors' search: seeds that succeed with each weight α over all thresholds, and "
            + "with each threshold µ over all weights of the regulariser",
            Table.ofStrings ("" :: [ for rate in rates -> $"rate {rate}" ]) [
                for weight in RunSettings.texts budget["weights"] do
                    let name = if weight = "0" then "no regulariser" else $"α = {weight}"
                    row name (fun place -> place.Weight = weight)

                for threshold in RunSettings.texts budget["thresholds"] do
                    row $"µ = {threshold}" (fun place ->
                        place.Threshold = threshold && place.Weight <> "0")
            ]

            "The authors' search: every setting, the quickest first; updates of each seed",
            Table.ofStrings [ "rate"; "µ"; "α"; "succeeded"; "mean updates"; "by seed" ] [
                for place, runs, mean in ended ->
                    [
                        place.Rate
                        place.Threshold
                        (if place.Weight = "0" then "none" else place.Weight)
                        $"{successes runs} of {runs.Length}"
                        Format.whole mean
                        ends runs
                    ]
            ]
    ]

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
