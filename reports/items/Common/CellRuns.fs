namespace Repro.Reports.Items

open Repro.Engine.Judging

/// Plans that a protocol states cell by cell: each profile has a `budget` and a list of `cells`,
/// a cell being its part, series and x, and the settings that make it differ from the others.
module CellRuns =
    /// The settings of one cell.
    let settingsOf (settings: Setting) (profile: Setting) (cell: Setting) =
        PathologicalRuns.cell settings [ profile["budget"]; cell["set"] ]

    /// The runs of a profile: each cell once a seed, seeds from 1 on.
    let plan (context: Context) (profile: Profile) : Planned list =
        let settings = Setting.Of context.Protocol
        let node = settings["profiles"].[profile.Name()]

        [
            for cell in node["cells"].List do
                let series, x = cell["series"].Text, cell["x"].Text
                let set = settingsOf settings node cell

                let seeds =
                    if cell.Has "seeds" then
                        uint64 cell["seeds"].Whole
                    else
                        uint64 context.Protocol.Seeds[profile]

                for seed in 1UL .. seeds ->
                    {
                        Part = cell["part"].Text
                        Series = series
                        X = x
                        Seed = seed
                        Run = PathologicalRuns.run set $"{series} {x} seed {seed}" seed
                    }
        ]

    /// Abscissae of a series in the plan of the paper's scale.
    let abscissae (settings: Setting) (series: string) = [
        for cell in settings["profiles"].["paper"].["cells"].List do
            if cell["series"].Text = series then
                cell["x"].Text
    ]

    let private atLength = "test correct at "

    /// Lengths T at which a trained network was tested, rising.
    let testedAt (run: Finished) =
        run.Record.Result.Metrics.Keys
        |> Seq.filter (fun key -> key.StartsWith(atLength, System.StringComparison.Ordinal))
        |> Seq.map (fun key -> int (key.Substring atLength.Length))
        |> Seq.sort
        |> List.ofSeq

    /// Percent of the test sequences of length T that are wrong.
    let percentWrongAt (length: int) (run: Finished) =
        100.0 * (1.0 - run.Record.Metric $"{atLength}{length}")

    /// Percent of the test sequences that are wrong, of the lengths trained on.
    let percentWrong (run: Finished) =
        100.0 * (1.0 - run.Record.Metric "test correct")
