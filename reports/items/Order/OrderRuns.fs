namespace Repro.Reports.Items

open Repro.Engine.Judging


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
    let planned (settings: Setting) (budget: Setting) part series length (seed: uint64) = {
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

    /// Curves and lengths of a profile with the number of runs of each: lengths listed as near the
    /// fall of their curve have twice the seeds.
    let counts (settings: Setting) (seeds: int) (profile: Profile) = [
        for curve in settings["profiles"].[profile.Name()].["curves"].List do
            let near = [ for length in curve["near"].List -> length.Whole ]

            for length in curve["lengths"].List ->
                {|
                    Series = curve["series"].Text
                    Length = length.Whole
                    Runs = (if List.contains length.Whole near then 2 * seeds else seeds)
                |}
    ]

    /// All runs of a profile; a part is an initialisation.
    let plan (settings: Setting) (seeds: int) (profile: Profile) : Planned list =
        let budget = settings["profiles"].[profile.Name()].["budget"]

        [
            for cell in counts settings seeds profile do
                for seed in 1UL .. uint64 cell.Runs ->
                    planned settings budget (cell.Series.Split('/')[0]) cell.Series cell.Length seed
        ]
