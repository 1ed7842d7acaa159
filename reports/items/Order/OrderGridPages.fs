namespace Repro.Reports.Items

open System
open Plotly.NET
open Repro.Engine.Judging
open Repro.Reports

/// What the page of the authors' search for settings says, draws and lists.
module OrderGridPages =
    /// The place of the authors' choice, in a sentence; none while runs are missing.
    let headline (context: Context) (finished: Finished list) =
        match OrderGrid.complete context finished with
        | None -> ""
        | Some ranked ->
            let chosen = OrderGrid.chosen context
            let length = (OrderGrid.budget context Profile.Paper).["length"].Whole
            let quicker = OrderGrid.quicker chosen ranked

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
        match OrderGrid.complete context finished with
        | None -> []
        | Some ranked ->
            let chosen = OrderGrid.chosen context
            let best, bestRuns, bestMean = ranked.Head
            let _, runs, mean = ranked |> List.find (fun (place, _, _) -> place = chosen)
            let budget = Format.whole (OrderGrid.updates context)

            let share (keep: OrderGrid.Place -> bool) =
                let own = ranked |> List.filter (fun (place, _, _) -> keep place)
                let every (_, runs: Finished list, _) = OrderGrid.successes runs = runs.Length
                let atLeastOne (_, runs, _) = OrderGrid.successes runs > 0

                $"{own |> List.filter every |> List.length} of {own.Length} settings teach every \
                   seed and {own |> List.filter atLeastOne |> List.length} at least one"

            let rates = ranked |> List.map (fun (place, _, _) -> place.Rate) |> List.distinct

            let byRate =
                rates
                |> List.sortDescending
                |> List.map (fun rate ->
                    let keep (place: OrderGrid.Place) =
                        place.Rate = rate && place.Weight <> "0"

                    $"At the rate {rate}, with the regulariser, {share keep}.")

            let without = share (fun place -> place.Weight = "0")

            let ofChosen =
                let taught = some (OrderGrid.successes runs) runs.Length

                $"The authors' choice ({OrderGrid.named chosen}) teaches {taught} \
                   seeds in {Format.whole mean} updates on average, a seed that does not succeed \
                   counting with the whole {budget}."

            let ofBest =
                if bestMean = mean then
                    "No setting is quicker."
                else
                    let taught = some (OrderGrid.successes bestRuns) bestRuns.Length

                    $"The quickest is {OrderGrid.named best}: {taught} \
                       seeds in {Format.whole bestMean}."

            [ String.Join(" ", byRate @ [ $"Without it {without}."; ofChosen; ofBest ]) ]

    /// What the page says of the search: what was searched and how, what was expected, and what
    /// came out. HTML.
    let account (context: Context) (finished: Finished list) =
        let node = OrderGrid.settings context
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
        let ended = OrderGrid.ranked context finished

        if not ended.IsEmpty then
            let budget = OrderGrid.budget context Profile.Paper

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
                    $"{OrderGrid.successes runs} of {runs.Length}: {Format.whole mean}"

                Chart.Heatmap(
                    cells (fun _ mean -> mean) nan,
                    X = thresholds,
                    Y = List.map weight weights,
                    ShowScale = false
                )
                |> Chart.withZRange (0.0, OrderGrid.updates context)
                |> Chart.withCellText (cells said "")
                |> Chart.withXAxisStyle (TitleText = "clipping threshold µ")
                |> Chart.withYAxisStyle (TitleText = "weight α of the regulariser")

            {
                Id = "grid"
                Caption =
                    let length = budget["length"].Whole
                    let most = Format.whole (OrderGrid.updates context)

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
        let ended = OrderGrid.ranked context finished

        if not ended.IsEmpty then
            let budget = OrderGrid.budget context Profile.Paper
            let rates = RunSettings.texts budget["rates"]

            let share keep =
                match ended |> List.filter (fun (place, _, _) -> keep place) with
                | [] -> "–"
                | own ->
                    let runs = own |> List.collect (fun (_, runs, _) -> runs)
                    $"{OrderGrid.successes runs} of {runs.Length}"

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
                        $"{OrderGrid.successes runs} of {runs.Length}"
                        Format.whole mean
                        ends runs
                    ]
            ]
    ]
