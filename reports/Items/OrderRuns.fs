namespace Repro.Reports.Items

open Repro.Engine.Experiments

/// The plan of Figure 7: success against length, for each initialisation and method.
module OrderRuns =
    /// Initialisation and method of a series such as "smart-tanh/MSGD-C".
    let private partsOf (series: string) =
        match series.Split '/' with
        | [| initialisation; method |] -> initialisation.Replace('-', ' '), method
        | _ ->
            raise (
                ProtocolException(
                    $"the series '{series}' should be an initialisation and a method, such as \
                      smart-tanh/MSGD-C"
                )
            )

    /// The settings of one cell of a profile.
    let cell (settings: Setting) (budget: Setting) (series: string) (length: int64) =
        let initialisation, method = partsOf series

        (PathologicalRuns.cell settings [ budget ])
            .WithText("initialisation", initialisation)
            .WithText("method", method)
            .WithWholes("length", [ length; length ])

    /// One planned run.
    let planned (settings: Setting) (budget: Setting) part (series: string) length (seed: uint64) = {
        Part = part
        Series = series
        X = string<int64> length
        Seed = seed
        Run =
            PathologicalRuns.run
                (cell settings budget series length)
                $"{series} T={length} seed {seed}"
                seed
    }

    /// All runs of a profile; a part is an initialisation. Lengths listed as near the fall of
    /// their curve have twice the seeds.
    let plan (settings: Setting) (seeds: uint64) (profile: Profile) : Planned list =
        let node = settings["profiles"].[profile.Name()]

        [
            for curve in node["curves"].List do
                let series = curve["series"].Text
                let near = [ for length in curve["near"].List -> length.Whole ]

                for length in curve["lengths"].List do
                    let count =
                        if List.contains length.Whole near then
                            2UL * seeds
                        else
                            seeds

                    for seed in 1UL .. count ->
                        planned
                            settings
                            node["budget"]
                            (series.Split('/')[0])
                            series
                            length.Whole
                            seed
        ]
