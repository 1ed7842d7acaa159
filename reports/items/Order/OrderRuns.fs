namespace Repro.Reports.Items

open System.Text.Json.Nodes
open Repro.Engine.Judging

/// The plan of Figure 7: success against length, for each initialisation and method.
module OrderRuns =
    /// What the initialisation and the method of a series such as "smart-tanh/MSGD-C" change.
    let changesOf (settings: Setting) (series: string) =
        let named (table: string) (kind: string) (name: string) =
            Setting($"the {kind} of the series '{series}'", JsonValue.Create name)
            |> RunSettings.named settings[table]

        match series.Split '/' with
        | [| initialisation; method |] -> [
            named "initialisations" "initialisation" initialisation
            named "methods" "method" method
          ]
        | _ ->
            raise (
                ProtocolException(
                    $"the series '{series}' should be an initialisation and a method, such as \
                      smart-tanh/MSGD-C"
                )
            )

    /// Sequences of one length T.
    let ofLength (length: int64) =
        RunSettings.change "task" [
            "shortest", JsonValue.Create length
            "longest", JsonValue.Create length
        ]

    /// Curves and lengths of a profile with the number of runs of each: lengths listed as near the
    /// fall of their curve have twice the seeds.
    let counts (settings: Setting) (seeds: int) (profile: Profile) = [
        let node = settings["profiles"].[profile.Name()].Only [ "run"; "curves" ]

        for curve in node["curves"].List do
            curve.Only [ "series"; "lengths"; "near" ] |> ignore
            let near = [ for length in curve["near"].List -> length.Whole ]

            for length in curve["lengths"].List ->
                {|
                    Series = curve["series"].Text
                    Length = length.Whole
                    Runs = (if List.contains length.Whole near then 2 * seeds else seeds)
                |}
    ]

    /// All runs of a profile; a part is an initialisation.
    let plan (context: Context) (profile: Profile) : Planned list =
        let settings = Setting.Of context.Protocol
        let own = settings["profiles"].[profile.Name()].["run"]

        [
            for cell in counts settings context.Protocol.Seeds[profile] profile do
                let run =
                    RunSettings.merged
                        settings["run"]
                        (changesOf settings cell.Series @ [ own; ofLength cell.Length ])

                for seed in 1UL .. uint64 cell.Runs ->
                    {
                        Part = (cell.Series.Split '/')[0]
                        Series = cell.Series
                        X = string<int64> cell.Length
                        Seed = seed
                        Run =
                            CellRuns.run
                                context
                                run
                                $"{cell.Series} T={cell.Length} seed {seed}"
                                seed
                    }
        ]
