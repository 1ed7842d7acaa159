namespace Repro.Reports

/// A figure: traces in a layout, or a grid of such figures.
type GenericChart = {
    Traces: Trace list
    Layout: Layout
    Grid: ChartGrid option
}

/// Small multiples, row by row.
and ChartGrid = {
    Rows: int
    Columns: int
    Titles: string list
    Cells: GenericChart list
}

[<RequireQualifiedAccess>]
module internal Defaults =
    let axis: AxisStyle = {
        Title = None
        AxisType = StyleParam.AxisType.Auto
        Range = None
        TickVals = None
        TickText = None
        ShowGrid = true
        ZeroLine = false
        Reversed = false
        Visible = true
    }

    let layout: Layout = {
        Title = None
        Description = None
        Width = None
        Height = None
        ShowLegend = None
        BarMode = StyleParam.BarMode.Group
        EqualAspect = false
        XAxis = axis
        YAxis = axis
        Shapes = []
        Annotations = []
    }

    let trace kind x y : Trace = {
        Kind = kind
        X = x
        Y = y
        Name = None
        ShowLegend = None
        LegendGroup = None
        Opacity = None
        Text = [||]
        Marker = Marker.init ()
        Line = Line.init ()
        XError = None
        YError = None
        OffsetGroup = None
        Fill = None
        FillColor = None
    }

    let ofTrace trace = {
        Traces = [ trace ]
        Layout = layout
        Grid = None
    }

    /// A legend is drawn when asked for, or when two named series have to be told apart.
    let hasLegend (layout: Layout) (traces: Trace list) =
        match layout.ShowLegend with
        | Some shown -> shown
        | None ->
            traces
            |> List.filter (fun t ->
                t.Name.IsSome
                && t.ShowLegend <> Some false
                && (match t.Kind with
                    | Heatmap _ -> false
                    | _ -> true))
            |> List.distinctBy _.Name
            |> List.length
                >
                1
