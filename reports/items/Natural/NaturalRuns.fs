namespace Repro.Reports.Items

open System.Text.Json.Nodes
open Repro.Engine.Judging

/// Runs on music and text. A run's settings are those of all, of its initialisation, of its data
/// set and of its method, then those of the method on this data set and of the profile.
module NaturalRuns =
    let private step (update: int64) (factor: float) : JsonNode | null =
        JsonArray(JsonValue.Create update, JsonValue.Create factor)

    /// α divided by max(1, t − from) in epoch t = 1, 2, …, as steps of the regulariser. An epoch
    /// lasts from one evaluation to the next.
    let private overEpochs (from: int64) (run: Setting) =
        let training = run["training"]
        let epoch = training["evaluateEvery"].Whole
        let regularizer = JsonObject()

        regularizer["steps"] <-
            JsonArray [|
                for t in from + 2L .. training["updates"].Whole / epoch ->
                    step ((t - 1L) * epoch) (1.0 / float (t - from))
            |]

        run.With(RunSettings.change "training" [ "regularizer", regularizer ])

    let private settingsOf (settings: Setting) (set: Setting) (onSet: Setting) (own: Setting) =
        let run =
            RunSettings.merged settings["run"] [
                RunSettings.named settings["initialisations"] set["initialisation"]
                set["run"]
                RunSettings.named settings["methods"] onSet["method"]
                onSet["run"]
                own["run"]

                if own.Has "methods" then
                    RunSettings.named own["methods"] onSet["method"]
            ]

        if onSet.Has "alphaByEpoch" then
            run |> overEpochs (onSet["alphaByEpoch"].Only([ "from" ]).["from"].Whole)
        else
            run

    /// Part, series and settings of each data set that a profile names, with every method.
    let private cells (settings: Setting) (profile: Profile) = [
        let sets = settings["sets"].List

        let budget =
            settings["profiles"].[profile.Name()].Only [ for set in sets -> set["part"].Text ]

        for set in sets |> List.filter (fun set -> budget.Has(set["part"].Text)) do
            let part = set["part"].Text
            let own = budget[part].Only [ "run"; "methods" ]
            set.Only [ "part"; "series"; "initialisation"; "run"; "methods" ] |> ignore

            for onSet in set["methods"].List do
                onSet.Only [ "method"; "run"; "alphaByEpoch" ] |> ignore
                let series = set["series"].Text + "/" + onSet["method"].Text
                part, series, settingsOf settings set onSet own
    ]

    /// Every data set of a profile with every method and seed; the abscissa of a cell is its
    /// seed, so that seeds can be run one by one.
    let plan (context: Context) (profile: Profile) : Planned list = [
        // All cells first: a misspelt word is told before data is loaded.
        for part, series, run in cells (Setting.Of context.Protocol) profile do
            for seed in 1UL .. uint64 context.Protocol.Seeds[profile] ->
                {
                    Part = part
                    Series = series
                    X = string seed
                    Seed = seed
                    Run = CellRuns.run context run $"{series} seed {seed}" seed
                }
    ]

    /// The epochs of a curve, from its updates: evaluations are an epoch apart.
    let epochs (finished: Finished) (updates: float[]) =
        match finished.Cell.Run.Spec["training"] with
        | null -> updates
        | training ->
            match training["evaluateEvery"] with
            | null -> updates
            | every -> updates |> Array.map (fun u -> u / float (every.GetValue<int64>()))
