namespace Repro.Reports.Items

open Plotly.NET
open Repro.Reports
open Plotly.NET.StyleParam

/// A measure along training, a line a run.
module SeedLines =
    /// Lines of the named curve in the colour of their series; runs that lack it have none, and
    /// those that diverged end in a ✕.
    let chart (curve: string) (finished: Finished list) : GenericChart =
        let groups = finished |> List.groupBy _.Cell.Series
        let looks = Palette.places (List.map fst groups)

        Chart.overlay [
            for look, (series, runs) in List.zip looks groups do
                let color = Palette.colors[look % Palette.colors.Length] |> Color.fromString

                for k, run in List.indexed runs do
                    let x, y = Runs.curve curve run

                    Chart.Line(
                        x,
                        y,
                        Name = (if k = 0 then series else $"{series}, seed {run.Cell.Seed}"),
                        ShowLegend = (k = 0),
                        Opacity = 0.7,
                        LineColor = color,
                        LineWidth = 1.4
                    )
                    |> Chart.withTraceInfo (LegendGroup = series)

            yield! finished |> Runs.divergedEnds (Runs.curve curve) |> Diverged.atEnds
        ]
