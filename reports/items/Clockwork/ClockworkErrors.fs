namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// Errors of the runs of the item `clockwork`: one value a seed, judged, and in a line.
module ClockworkErrors =
    let private metric = "log10 normalised error, mean over waveforms"

    /// log10 of a run's normalised error.
    let logError (run: Finished) = log10 (ClockworkRuns.error run)

    /// A run's waveform.
    let ofWave (run: Finished) = fst (ClockworkRuns.split run.Cell.X)

    /// A run's number of parameters, as planned.
    let ofBudget (run: Finished) = snd (ClockworkRuns.split run.Cell.X)

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
    let atRates (context: Context) (profile: Profile) (finished: Finished list) = [
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
    let best (rates: (float * Finished list) list) =
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

    /// The methods that have runs, in the protocol's order.
    let inOrder (context: Context) (profile: Profile) (runs: Finished list) =
        ClockworkRuns.methods context profile
        |> List.filter (fun m -> runs |> List.exists (fun f -> f.Cell.Series = m))

    /// Geometric mean of the errors, in words; a dash for no runs.
    let geometric (runs: Finished list) =
        if runs.IsEmpty then
            "–"
        else
            Format.number "G2" (10.0 ** (runs |> List.averageBy logError))

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
