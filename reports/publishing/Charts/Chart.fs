namespace Repro.Reports

open System
open System.Globalization
open Repro.Reports.StyleParam

/// Figures in the vocabulary of Plotly.NET: a chart is made by `Chart.Line`, `Chart.Point`,
/// `Chart.Column` or `Chart.Heatmap`, styled by functions that end a pipeline, joined by
/// `Chart.combine` or `Chart.Grid`, and written by `Chart.toSvg` and `Chart.toJson`.
///
/// Values that are NaN, infinite or beyond ±1e300 are not drawn: they leave a gap.
/// Text is plain; nothing in it is read as HTML.
[<AbstractClass; Sealed>]
type Chart private () =

    static let toValues (values: seq<'a> when 'a :> IConvertible) =
        let all = Array.ofSeq values

        if
            all
            |> Array.exists (fun v -> (v :> IConvertible).GetTypeCode() = TypeCode.String)
        then
            Labels(all |> Array.map (fun v -> v.ToString CultureInfo.InvariantCulture))
        else
            Numbers(all |> Array.map (fun v -> v.ToDouble CultureInfo.InvariantCulture))

    static let toNumbers (values: seq<'a> when 'a :> IConvertible) =
        values
        |> Seq.map (fun v -> v.ToDouble CultureInfo.InvariantCulture)
        |> Array.ofSeq

    static let sameLength what (x: Values) (y: Values) =
        if x.Length <> y.Length then
            invalidArg
                what
                (sprintf
                    "A %s has %d x values but %d y values. Give one y for each x (NaN for none)."
                    what
                    x.Length
                    y.Length)

    static let scatter what kind (x: Values) (y: Values) =
        sameLength what x y
        Defaults.trace kind x y

    static let named name showLegend opacity text legendGroup offsetGroup (trace: Trace) = {
        trace with
            Name = name
            ShowLegend = showLegend
            Opacity = opacity
            Text = text |> Option.map Array.ofSeq |> Option.defaultValue [||]
            LegendGroup = legendGroup
            OffsetGroup = offsetGroup
    }

    /// Points joined by a line, in the order given.
    static member Line
        (
            x: seq<#IConvertible>,
            y: seq<#IConvertible>,
            ?ShowMarkers: bool,
            ?Name: string,
            ?ShowLegend: bool,
            ?Opacity: float,
            ?Text: seq<string>,
            ?MarkerColor: Color,
            ?MarkerSymbol: MarkerSymbol,
            ?LineColor: Color,
            ?LineWidth: float,
            ?LineDash: DrawingStyle,
            ?LegendGroup: string
        ) : GenericChart =
        scatter "line chart" (Scatter(true, defaultArg ShowMarkers false)) (toValues x) (toValues y)
        |> named Name ShowLegend Opacity Text LegendGroup None
        |> fun trace -> {
            trace with
                Marker = Marker.init (?Color = MarkerColor, ?Symbol = MarkerSymbol)
                Line = Line.init (?Color = LineColor, ?Width = LineWidth, ?Dash = LineDash)
        }
        |> Defaults.ofTrace

    /// Points joined by a line, as pairs.
    static member Line
        (
            xy: seq<#IConvertible * #IConvertible>,
            ?ShowMarkers: bool,
            ?Name: string,
            ?ShowLegend: bool,
            ?Opacity: float,
            ?LineColor: Color,
            ?LineWidth: float,
            ?LineDash: DrawingStyle
        ) : GenericChart =
        let x, y = xy |> Array.ofSeq |> Array.unzip

        Chart.Line(
            x,
            y,
            ?ShowMarkers = ShowMarkers,
            ?Name = Name,
            ?ShowLegend = ShowLegend,
            ?Opacity = Opacity,
            ?LineColor = LineColor,
            ?LineWidth = LineWidth,
            ?LineDash = LineDash
        )

    /// Points as markers. Points with an `OffsetGroup` stand at the bar of that group within
    /// their category, spread a little where several share a category.
    static member Point
        (
            x: seq<#IConvertible>,
            y: seq<#IConvertible>,
            ?Name: string,
            ?ShowLegend: bool,
            ?Opacity: float,
            ?Text: seq<string>,
            ?MarkerColor: Color,
            ?MarkerSymbol: MarkerSymbol,
            ?OffsetGroup: string,
            ?LegendGroup: string
        ) : GenericChart =
        scatter "point chart" (Scatter(false, true)) (toValues x) (toValues y)
        |> named Name ShowLegend Opacity Text LegendGroup OffsetGroup
        |> fun trace -> {
            trace with
                Marker = Marker.init (?Color = MarkerColor, ?Symbol = MarkerSymbol)
        }
        |> Defaults.ofTrace

    /// Points as markers, as pairs.
    static member Point
        (
            xy: seq<#IConvertible * #IConvertible>,
            ?Name: string,
            ?ShowLegend: bool,
            ?Opacity: float,
            ?MarkerColor: Color,
            ?MarkerSymbol: MarkerSymbol
        ) : GenericChart =
        let x, y = xy |> Array.ofSeq |> Array.unzip

        Chart.Point(
            x,
            y,
            ?Name = Name,
            ?ShowLegend = ShowLegend,
            ?Opacity = Opacity,
            ?MarkerColor = MarkerColor,
            ?MarkerSymbol = MarkerSymbol
        )

    /// A line with a band from `lower` to `upper` around it.
    static member Range
        (
            x: seq<#IConvertible>,
            y: seq<#IConvertible>,
            upper: seq<#IConvertible>,
            lower: seq<#IConvertible>,
            ?Name: string,
            ?ShowLegend: bool,
            ?LineColor: Color,
            ?RangeColor: Color
        ) : GenericChart =
        let xs = toValues x
        let group = Name |> Option.map (fun n -> "range " + n)

        let edge fill values = {
            scatter "range chart" (Scatter(true, false)) xs (toValues values) with
                ShowLegend = Some false
                LegendGroup = group
                Line = Line.init (?Color = LineColor, Width = 0.0)
                Fill = fill
                FillColor = RangeColor
        }

        let middle =
            scatter "range chart" (Scatter(true, false)) xs (toValues y)
            |> named Name ShowLegend None None group None

        {
            Traces = [
                edge None lower
                edge (Some Fill.ToNext_y) upper
                {
                    middle with
                        Line = Line.init (?Color = LineColor)
                }
            ]
            Layout = Defaults.layout
            Grid = None
        }

    /// Vertical bars. Combined column charts stand side by side within each key.
    /// Keys that are text make categories; keys that are numbers are places on a linear axis.
    static member Column
        (
            values: seq<#IConvertible>,
            ?Keys: seq<#IConvertible>,
            ?Name: string,
            ?ShowLegend: bool,
            ?Opacity: float,
            ?Text: seq<string>,
            ?MarkerColor: Color,
            ?OffsetGroup: string,
            ?LegendGroup: string
        ) : GenericChart =
        let y = Numbers(toNumbers values)

        let x =
            match Keys with
            | Some keys -> toValues keys
            | None -> Numbers(Array.init y.Length float)

        scatter "column chart" Bar x y
        |> named Name ShowLegend None Text LegendGroup OffsetGroup
        |> fun trace -> {
            trace with
                Marker = Marker.init (?Color = MarkerColor, ?Opacity = Opacity)
        }
        |> Defaults.ofTrace

    /// A heat map: `zData` holds rows from the bottom to the top (from the top with
    /// `ReverseYAxis`). `X` and `Y` name or place the columns and rows; numbers are centres
    /// of cells. `Text` puts a label in each cell.
    static member Heatmap
        (
            zData: seq<#seq<#IConvertible>>,
            ?X: seq<#IConvertible>,
            ?Y: seq<#IConvertible>,
            ?Name: string,
            ?Text: seq<#seq<string>>,
            ?ColorScale: Colorscale,
            ?ShowScale: bool,
            ?ReverseYAxis: bool,
            ?ZMin: float,
            ?ZMax: float,
            ?ColorBarTitle: string
        ) : GenericChart =
        let z = zData |> Seq.map toNumbers |> Array.ofSeq

        let columns =
            if z.Length = 0 then
                0
            else
                z |> Array.map _.Length |> Array.max

        let places values count =
            match values with
            | Some v -> v
            | None -> Numbers(Array.init count float)

        let x = places (X |> Option.map toValues) columns
        let y = places (Y |> Option.map toValues) z.Length

        if x.Length <> columns || y.Length <> z.Length then
            invalidArg
                "zData"
                (sprintf
                    "A heat map has %d rows of up to %d cells but %d y and %d x values. \
                     Give one y a row and one x a column."
                    z.Length
                    columns
                    y.Length
                    x.Length)

        let cells = {
            Z = z
            ColorScale = defaultArg ColorScale Colorscale.Viridis
            ZMin = ZMin
            ZMax = ZMax
            ShowScale = defaultArg ShowScale true
            ColorBarTitle = ColorBarTitle
            CellText =
                Text
                |> Option.map (Seq.map Array.ofSeq >> Array.ofSeq)
                |> Option.defaultValue [||]
        }

        let chart =
            {
                Defaults.trace (Heatmap cells) x y with
                    Name = Name
            }
            |> Defaults.ofTrace

        if defaultArg ReverseYAxis false then
            Restyle.layout (fun l -> { l with YAxis.Reversed = true }) chart
        else
            chart

    /// Charts drawn over one another in one pair of axes. Of the layouts' settings, the first
    /// chart that states one decides; shapes and annotations are joined.
    static member combine(charts: seq<GenericChart>) : GenericChart =
        let charts = List.ofSeq charts
        let layouts = charts |> List.map _.Layout
        let first pick = layouts |> List.tryPick pick

        let axis (pick: Layout -> AxisStyle) =
            let axes = layouts |> List.map pick
            let firstOf part = axes |> List.tryPick part

            {
                Title = firstOf _.Title
                AxisType =
                    axes
                    |> List.map _.AxisType
                    |> List.tryFind ((<>) AxisType.Auto)
                    |> Option.defaultValue AxisType.Auto
                Range = firstOf _.Range
                TickVals = firstOf _.TickVals
                TickText = firstOf _.TickText
                ShowGrid = axes |> List.forall _.ShowGrid
                ZeroLine = axes |> List.exists _.ZeroLine
                Reversed = axes |> List.exists _.Reversed
                Visible = axes |> List.forall _.Visible
            }

        {
            Traces = charts |> List.collect _.Traces
            Layout = {
                Title = first _.Title
                Description = first _.Description
                Width = first _.Width
                Height = first _.Height
                ShowLegend = first _.ShowLegend
                BarMode =
                    if layouts |> List.exists (fun l -> l.BarMode = BarMode.Overlay) then
                        BarMode.Overlay
                    else
                        BarMode.Group
                EqualAspect = layouts |> List.exists _.EqualAspect
                XAxis = axis _.XAxis
                YAxis = axis _.YAxis
                Shapes = layouts |> List.collect _.Shapes
                Annotations = layouts |> List.collect _.Annotations
            }
            Grid = None
        }

    /// Small multiples, row by row; series of one name share colour and legend entry.
    static member Grid(nRows: int, nCols: int, ?SubPlotTitles: seq<string>) =
        fun (charts: #seq<GenericChart>) ->
            let cells = List.ofSeq charts

            if nRows < 1 || nCols < 1 || cells.Length > nRows * nCols then
                invalidArg
                    "nRows"
                    (sprintf
                        "%d charts do not fit a grid of %d × %d. Give enough rows and columns."
                        cells.Length
                        nRows
                        nCols)

            {
                Traces = []
                Layout = Defaults.layout
                Grid =
                    Some {
                        Rows = nRows
                        Columns = nCols
                        Titles = SubPlotTitles |> Option.map List.ofSeq |> Option.defaultValue []
                        Cells = cells
                    }
            }

    /// The figure as an SVG document, byte for byte the same for the same figure.
    static member toSvg(chart: GenericChart) : string = Svg.render chart

    /// The figure as plotly's `{"data": …, "layout": …}`, safe inside a script element.
    static member toJson(chart: GenericChart) : string = PlotlyJson.figure chart |> Json.toText
