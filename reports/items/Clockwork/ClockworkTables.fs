namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// Tables of the item `clockwork`: errors by waveform and by rate, and what was compared.
module ClockworkTables =
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
            for (method, budget), mine in
                cells runs keys (fun f -> f.Cell.Series, ClockworkErrors.ofBudget f) do
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
        let methods = ClockworkErrors.inOrder context profile runs

        let keys = [
            for wave in ClockworkRuns.waves context profile do
                for budget in ClockworkRuns.budgets context profile -> wave, budget
        ]

        $"Normalised error, geometric mean over seeds, by waveform ({Runs.scaleName profile})",
        Table.ofStrings ("waveform" :: "parameters" :: methods) [
            for (wave, budget), mine in
                cells runs keys (fun f -> ClockworkErrors.ofWave f, ClockworkErrors.ofBudget f) do
                wave
                :: budget
                :: [
                    for method in methods ->
                        mine
                        |> List.filter (fun f -> f.Cell.Series = method)
                        |> ClockworkErrors.geometric
                ]
        ]

    let private rateTable (context: Context) (profile: Profile) (finished: Finished list) = [
        match
            ClockworkErrors.atRates context profile finished
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
                                |> Option.map (snd >> ClockworkErrors.geometric)
                                |> Option.defaultValue "–"
                        ]
                        @ [ Format.number "G2" (fst (ClockworkErrors.best mine)) ]
                ]
    ]

    /// All of them, of the scales that a profile's page shows.
    let all (context: Context) (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            let runs = Runs.ofPart scale ClockworkRuns.Main finished

            if not runs.IsEmpty then
                waveTable context scale runs
                costTable context scale runs
                yield! rateTable context scale finished
    ]
