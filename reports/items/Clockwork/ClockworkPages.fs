namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports

/// Values, tests, figures and tables of the item `clockwork`.
module ClockworkPages =
    let private metric = "log10 normalised error, mean over waveforms"

    let private logError (run: Finished) = log10 (ClockworkRuns.error run)

    let private ofWave (run: Finished) = fst (ClockworkRuns.split run.Cell.X)

    let private ofBudget (run: Finished) = snd (ClockworkRuns.split run.Cell.X)

    /// One value a seed: the mean over its runs, which are of different waveforms, as many as
    /// there should be. None where a seed or a waveform is missing.
    let private bySeed (series: string) (x: string) profile waves seeds (runs: Finished list) = [
        let values = [
            for seed, mine in runs |> List.groupBy _.Cell.Seed |> List.sortBy fst do
                if mine.Length = waves then
                    seed, mine |> List.averageBy logError
        ]

        if values.Length = seeds then
            {
                Series = series
                X = x
                Profile = profile
                Values = values
            }
    ]

    /// The runs of each method at each rate, where rates are tried.
    let private atRates (context: Context) (profile: Profile) (finished: Finished list) = [
        let settings = Setting.Of context.Protocol
        let main = Runs.ofPart profile ClockworkRuns.Main finished
        let tried = Runs.ofPart profile ClockworkRuns.Rates finished

        for budget in settings["rates"].["budgets"].List |> List.map _.Text do
            for method in settings["rates"].["methods"].List |> List.map _.Text do
                let prefix = method + ClockworkRuns.ratedAs

                let others =
                    tried
                    |> List.filter (fun f ->
                        ofBudget f = budget
                        && f.Cell.Series.StartsWith(prefix, StringComparison.Ordinal))

                let seeds = others |> List.map _.Cell.Seed |> List.distinct

                let own =
                    main
                    |> List.filter (fun f ->
                        f.Cell.Series = method
                        && ofBudget f = budget
                        && List.contains f.Cell.Seed seeds)

                if not own.IsEmpty then
                    method,
                    budget,
                    (ClockworkRuns.rateOf context method, own)
                    :: [
                        for series, runs in others |> List.groupBy _.Cell.Series ->
                            float (series.Substring prefix.Length), runs
                    ]
    ]

    /// The rate with the smallest mean logarithm of the error.
    let private best (rates: (float * Finished list) list) =
        rates |> List.minBy (fun (_, runs) -> runs |> List.averageBy logError)

    /// Groups of one value a seed, of cells whose runs are all there: each method at each budget
    /// over all waveforms, at each waveform by itself, and at its own rate.
    let groups (context: Context) (finished: Finished list) : Group list = [
        for profile in finished |> List.map _.Profile |> List.distinct do
            let main = Runs.ofPart profile ClockworkRuns.Main finished
            let waves = (ClockworkRuns.waves context profile).Length
            let seeds = context.Protocol.Seeds[profile]

            let byBudget = main |> List.groupBy (fun f -> f.Cell.Series, ofBudget f)

            for (series, budget), runs in byBudget do
                yield! bySeed series budget profile waves seeds runs

            for (series, x), runs in main |> List.groupBy (fun f -> f.Cell.Series, f.Cell.X) do
                yield! bySeed series x profile 1 seeds runs

            for method, budget, rates in atRates context profile finished do
                let isWhole (_, runs: Finished list) =
                    runs.Length = waves * ClockworkRuns.rateSeeds context profile

                let count = (ClockworkRuns.otherRates context method).Length + 1

                if rates.Length = count && List.forall isWhole rates then
                    let _, runs = best rates
                    let seeds = ClockworkRuns.rateSeeds context profile
                    yield! bySeed $"{method}, own rate" budget profile waves seeds runs
    ]

    let rows (context: Context) (finished: Finished list) : ValueRow list =
        groups context finished
        |> List.filter (fun g -> not (g.X.Contains '/') && not g.Values.IsEmpty)
        |> Judging.rowsIn (fun _ -> "log10") context.Protocol [] metric

    /// The protocol's orderings, and what keeps the item from a verdict on the paper's numbers.
    let tests (context: Context) (finished: Finished list) =
        let runs = Runs.ofProfile Profile.Paper finished

        let data =
            if runs.IsEmpty then
                Judgement(
                    Verdict.NotRun,
                    Nullable(),
                    Nullable(),
                    0,
                    "No run was made at this scale."
                )
            else
                Judgement(
                    Verdict.SubstituteData,
                    Nullable(),
                    Nullable(),
                    runs.Length,
                    "The recordings are not public; six formulas stand in for them."
                )

        ("The paper's numbers, on five pieces of music", data)
        :: Judging.orderings context.Protocol (groups context finished)

    /// A method's colour, the same in every figure.
    let private paint (context: Context) (method: string) =
        let all = ClockworkRuns.methods context Profile.Paper
        let index = all |> List.tryFindIndex ((=) method) |> Option.defaultValue 0
        let look = (Palette.places all)[index]
        Color.fromString Palette.colors[look % Palette.colors.Length]

    let private inOrder (context: Context) (profile: Profile) (runs: Finished list) =
        ClockworkRuns.methods context profile
        |> List.filter (fun m -> runs |> List.exists (fun f -> f.Cell.Series = m))

    /// Targets and outputs of one seed, a panel a waveform.
    let private outputs context (profile: Profile) (runs: Finished list) : Figure list = [
        let drawn = [
            for run in runs do
                match Runs.tryCurve "outputs" run with
                | Some(x, y) when run.Cell.Seed = 1UL -> run, x, y
                | _ -> ()
        ]

        // The largest at which the most methods have outputs: those that diverged have none.
        let budget =
            ClockworkRuns.budgets context profile
            |> List.rev
            |> List.maxBy (fun budget ->
                drawn |> List.filter (fun (run, _, _) -> ofBudget run = budget) |> List.length)

        let kept = drawn |> List.filter (fun (run, _, _) -> ofBudget run = budget)

        let waves = kept |> List.map (fun (run, _, _) -> ofWave run) |> List.distinct
        let methods = kept |> List.map (fun (run, _, _) -> run) |> inOrder context profile

        // A method that diverged has a ✕ in its panel.
        let panel steps wave =
            let isFirst = wave = waves.Head

            Chart.overlay [
                Chart.Line(
                    [ for t in 0 .. steps - 1 -> float t ],
                    ClockworkRuns.samples wave steps,
                    Name = "target",
                    ShowLegend = isFirst,
                    LineColor = Color.fromString "#9A9A9A",
                    LineWidth = 4.0
                )
                |> Chart.withTraceInfo (LegendGroup = "target")
                for method in methods do
                    for run, x, y in kept do
                        if run.Cell.Series = method && ofWave run = wave then
                            Chart.Line(
                                x,
                                y,
                                Name = method,
                                ShowLegend = isFirst,
                                LineColor = paint context method,
                                LineWidth = 1.4
                            )
                            |> Chart.withTraceInfo (LegendGroup = method)
            ]
            |> Diverged.onto (
                runs
                |> List.filter (fun run ->
                    ofWave run = wave && ofBudget run = budget && run.Cell.Seed = 1UL)
                |> Runs.divergedAt (fun _ -> float steps / 2.0)
                |> Diverged.atFoot
            )
            |> Chart.withXAxisStyle (TitleText = "step")
            |> Chart.withYAxisStyle (MinMax = (-1.5, 1.5))

        if not kept.IsEmpty then
            let _, times, _ = kept.Head
            let columns = min 2 waves.Length
            let rows = (waves.Length + columns - 1) / columns

            {
                Id = $"outputs-{profile.Name()}"
                Caption =
                    $"What the networks of about {budget} parameters put out after training \
                      (seed 1, {Runs.scaleName profile}), over the waveform that they were to \
                      produce."
                Chart =
                    [ for wave in waves -> panel times.Length wave ]
                    |> Panels.grid rows columns waves
                    |> Chart.withSize (960.0, 60.0 + 230.0 * float rows)
                Note = "The scale is that of the targets, −1 to 1."
            }
    ]

    /// Errors of all runs by method and budget.
    let private errors context (profile: Profile) (runs: Finished list) : Figure list = [
        let methods = inOrder context profile runs
        let budgets = ClockworkRuns.budgets context profile
        let width = 0.16

        // Methods stand side by side around each budget.
        let place index budget =
            float (List.findIndex ((=) budget) budgets)
            + width * (float index - float (methods.Length - 1) / 2.0)

        let one index method =
            let mine = runs |> List.filter (fun f -> f.Cell.Series = method)
            let ended = mine |> List.filter (ClockworkRuns.diverged >> not)

            [
                Chart.Point(
                    [ for f in ended -> place index (ofBudget f) ],
                    [ for f in ended -> ClockworkRuns.error f ],
                    Name = method + ", a run",
                    ShowLegend = false,
                    Opacity = 0.45,
                    MarkerColor = paint context method
                )
                |> Chart.withTraceInfo (LegendGroup = method)
                Chart.Line(
                    [ for budget in budgets -> place index budget ],
                    [
                        for budget in budgets ->
                            match mine |> List.filter (fun f -> ofBudget f = budget) with
                            | [] -> nan
                            | cell -> 10.0 ** (cell |> List.averageBy logError)
                    ],
                    ShowMarkers = true,
                    Name = method,
                    LineColor = paint context method,
                    LineWidth = 2.0
                )
                |> Chart.withTraceInfo (LegendGroup = method)
            ]

        if not methods.IsEmpty then
            {
                Id = $"errors-{profile.Name()}"
                Caption =
                    $"Normalised error of every run (faint) and its geometric mean over waveforms \
                      and seeds, by method and number of parameters ({Runs.scaleName profile})."
                Chart =
                    methods
                    |> List.mapi one
                    |> List.concat
                    |> Chart.overlay
                    |> Diverged.onto (
                        [
                            for index, method in List.indexed methods do
                                yield!
                                    runs
                                    |> List.filter (fun f -> f.Cell.Series = method)
                                    |> Runs.divergedAt (fun f -> place index (ofBudget f))
                        ]
                        |> Diverged.atTop
                    )
                    |> Chart.withXAxisStyle (TitleText = "parameters")
                    |> Chart.withXTicks ([ for i in 0 .. budgets.Length - 1 -> float i ], budgets)
                    |> Chart.withYAxisStyle (
                        TitleText = "normalised error",
                        AxisType = StyleParam.AxisType.Log
                    )
                    |> Chart.withSize (960.0, 420.0)
                Note =
                    "The best constant has 1, and runs above it are drawn there. A run that \
                     diverged has no error: a ✕ at the top, and in the mean a 1, by the \
                     protocol's rule."
            }
    ]

    let figures (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            let runs = Runs.ofPart scale ClockworkRuns.Main finished
            yield! errors context scale runs
            yield! outputs context scale runs
    ]

    let private geometric (runs: Finished list) =
        if runs.IsEmpty then
            "–"
        else
            Format.number "G2" (10.0 ** (runs |> List.averageBy logError))

    /// Cells of a profile that have runs, in the order of the plan.
    let private cells (runs: Finished list) keys keyOf = [
        for key in keys do
            let mine = runs |> List.filter (fun f -> keyOf f = key)

            if not mine.IsEmpty then
                key, mine
    ]

    let private costTable (context: Context) (profile: Profile) (runs: Finished list) =
        let steps = 320

        let plain budget =
            float (snd (ClockworkRuns.cost context "SRN" budget steps))

        let keys = [
            for method in ClockworkRuns.methods context profile do
                for budget in ClockworkRuns.budgets context profile -> method, budget
        ]

        $"What was compared ({Runs.scaleName profile}), for {steps} steps",
        Table.ofStrings [
            "method"
            "budget"
            "units"
            "parameters"
            "recurrent products"
            "relative to the SRN's"
            "runs"
            "diverged"
        ] [
            for (method, budget), mine in cells runs keys (fun f -> f.Cell.Series, ofBudget f) do
                let parameters, products = ClockworkRuns.cost context method budget steps

                [
                    method
                    budget
                    string (ClockworkRuns.sizeOf context method budget)
                    string parameters
                    Format.whole (float products)
                    Format.number "0.00" (float products / plain budget)
                    string mine.Length
                    string (mine |> List.filter ClockworkRuns.diverged |> List.length)
                ]
        ]

    let private waveTable (context: Context) (profile: Profile) (runs: Finished list) =
        let methods = inOrder context profile runs

        let keys = [
            for wave in ClockworkRuns.waves context profile do
                for budget in ClockworkRuns.budgets context profile -> wave, budget
        ]

        $"Normalised error, geometric mean over seeds, by waveform ({Runs.scaleName profile})",
        Table.ofStrings ("waveform" :: "parameters" :: methods) [
            for (wave, budget), mine in cells runs keys (fun f -> ofWave f, ofBudget f) do
                wave
                :: budget
                :: [
                    for method in methods ->
                        mine |> List.filter (fun f -> f.Cell.Series = method) |> geometric
                ]
        ]

    let private rateTable (context: Context) (profile: Profile) (finished: Finished list) = [
        match
            atRates context profile finished
            |> List.filter (fun (_, _, rates) -> rates.Length > 1)
        with
        | [] -> ()
        | found ->
            let rates =
                found
                |> List.collect (fun (_, _, mine) -> List.map fst mine)
                |> List.distinct
                |> List.sort

            $"Normalised error by learning rate, geometric mean ({Runs.scaleName profile})",
            Table.ofStrings
                ([ "method"; "parameters" ]
                 @ [ for rate in rates -> Format.number "G2" rate ]
                 @ [ "own rate" ])
                [
                    for method, budget, mine in found ->
                        [ method; budget ]
                        @ [
                            for rate in rates ->
                                mine
                                |> List.tryFind (fun (tried, _) -> tried = rate)
                                |> Option.map (snd >> geometric)
                                |> Option.defaultValue "–"
                        ]
                        @ [ Format.number "G2" (fst (best mine)) ]
                ]
    ]

    let tables (context: Context) (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            let runs = Runs.ofPart scale ClockworkRuns.Main finished

            if not runs.IsEmpty then
                waveTable context scale runs
                costTable context scale runs
                yield! rateTable context scale finished
    ]

    /// One line for the index.
    let summary (context: Context) (profile: Profile) (finished: Finished list) =
        let runs = Runs.ofPart profile ClockworkRuns.Main finished

        match inOrder context profile runs with
        | [] -> Runs.noneAtHand
        | methods ->
            let budget = ClockworkRuns.budgets context profile |> List.last

            let errors =
                [
                    for method in methods ->
                        let mine =
                            runs
                            |> List.filter (fun f -> f.Cell.Series = method && ofBudget f = budget)

                        method, mine
                ]
                |> List.filter (fun (_, mine) -> not mine.IsEmpty)
                |> List.sortBy (fun (_, mine) -> mine |> List.averageBy logError)

            match errors with
            | [] -> Runs.noneAtHand
            | (best, mine) :: others ->
                let rest = [ for name, runs in others -> $"{name} {geometric runs}" ]
                let then' = if rest.IsEmpty then "" else $"; then {Runs.listed rest}"

                $"{Runs.atScale profile}With {budget} parameters {best} has the lowest \
                  normalised error, {geometric mine}{then'}."
