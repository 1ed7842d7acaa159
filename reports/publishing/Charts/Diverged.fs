namespace Repro.Reports

open Plotly.NET
open Repro.Reports.Svg

/// Marks of runs that diverged: a ✕ with a text that says at which update. Such a run has no
/// value, so its mark stands at an end of the y axis or where the run's curve ends, and no number
/// is made up for it: in a figure's CSV its value is empty and its note says why.
[<RequireQualifiedAccess>]
module Diverged =
    /// The name of the marks in a legend.
    [<Literal>]
    let name = "diverged"

    /// What a mark says, as "diverged at update 392,127".
    let note (update: int64) =
        sprintf "diverged at update %s" (Ticks.dressed (string update))

    let private styled (meta: string) (chart: GenericChart) =
        chart
        |> Chart.withTraceInfo (LegendGroup = name)
        |> Chart.withMarkerStyle (Color = Color.ink, Size = 9, Symbol = StyleParam.MarkerSymbol.X)
        |> GenericChart.mapTrace (fun trace ->
            trace.SetProperty("meta", meta)
            trace)

    let private points meta (places: (float * float * string) list) : GenericChart list =
        if places.IsEmpty then
            []
        else
            [
                Chart.Point(
                    [ for x, _, _ in places -> x ],
                    [ for _, y, _ in places -> y ],
                    Name = name,
                    MultiText = [ for _, _, text in places -> text ]
                )
                |> styled meta
            ]

    let private unplaced (places: (float * string) list) = [ for x, text in places -> x, nan, text ]

    /// Marks at the foot of the y axis, for values of which more is better; of each the place
    /// along x and the text.
    let atFoot (places: (float * string) list) : GenericChart list =
        unplaced places |> points "diverged, at the foot"

    /// Marks at the top of the y axis, for values of which less is better.
    let atTop (places: (float * string) list) : GenericChart list =
        unplaced places |> points "diverged, at the top"

    /// Marks where curves end: the last measured point and the text.
    let atEnds (places: (float * float * string) list) : GenericChart list =
        points "diverged, at the top" places

    /// Marks in the empty cells of a heat map: names along x and y, and the text.
    let atCells (places: (string * string * string) list) : GenericChart list =
        if places.IsEmpty then
            []
        else
            [
                Chart.Point(
                    [ for x, _, _ in places -> x ],
                    [ for _, y, _ in places -> y ],
                    Name = name,
                    MultiText = [ for _, _, text in places -> text ]
                )
                |> styled "diverged, at the foot"
            ]

    /// The chart with such marks on it.
    let onto (marks: GenericChart list) (chart: GenericChart) : GenericChart =
        if marks.IsEmpty then
            chart
        else
            Chart.combine (chart :: marks)
