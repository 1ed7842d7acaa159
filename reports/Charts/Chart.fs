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

        if all |> Array.exists (fun v -> (v :> IConvertible).GetTypeCode() = TypeCode.String) then
            Labels(all |> Array.map (fun v -> v.ToString CultureInfo.InvariantCulture))
        else
            Numbers(all |> Array.map (fun v -> v.ToDouble CultureInfo.InvariantCulture))

    static let toNumbers (values: seq<'a> when 'a :> IConvertible) =
        values |> Seq.map (fun v -> v.ToDouble CultureInfo.InvariantCulture) |> Array.ofSeq

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

    static let named name showLegend opacity text legendGroup offsetGroup (trace: Trace) =
        { trace with
            Name = name
            ShowLegend = showLegend
            Opacity = opacity
            Text = text |> Option.map Array.ofSeq |> Option.defaultValue [||]
            LegendGroup = legendGroup
            OffsetGroup = offsetGroup }

    static let mapTraces change (chart: GenericChart) =
        { chart with
            Traces = List.map change chart.Traces }

    static let mapLayout change (chart: GenericChart) =
        { chart with
            Layout = change chart.Layout }

    static let rec mapAxes change (chart: GenericChart) =
        let chart = mapLayout change chart

        match chart.Grid with
        | None -> chart
        | Some grid ->
            { chart with
                Grid =
                    Some
                        { grid with
                            Cells = List.map (mapAxes change) grid.Cells } }

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
        scatter
            "line chart"
            (Scatter(true, defaultArg ShowMarkers false))
            (toValues x)
            (toValues y)
        |> named Name ShowLegend Opacity Text LegendGroup None
        |> fun trace ->
            { trace with
                Marker = Marker.init (?Color = MarkerColor, ?Symbol = MarkerSymbol)
                Line = Line.init (?Color = LineColor, ?Width = LineWidth, ?Dash = LineDash) }
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
        |> fun trace ->
            { trace with
                Marker = Marker.init (?Color = MarkerColor, ?Symbol = MarkerSymbol) }
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

        let edge fill values =
            { scatter "range chart" (Scatter(true, false)) xs (toValues values) with
                ShowLegend = Some false
                LegendGroup = group
                Line = Line.init (?Color = LineColor, Width = 0.0)
                Fill = fill
                FillColor = RangeColor }

        let middle =
            scatter "range chart" (Scatter(true, false)) xs (toValues y)
            |> named Name ShowLegend None None group None

        { Traces =
            [ edge None lower
              edge (Some Fill.ToNext_y) upper
              { middle with
                  Line = Line.init (?Color = LineColor) } ]
          Layout = Defaults.layout
          Grid = None }

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
        |> fun trace ->
            { trace with
                Marker = Marker.init (?Color = MarkerColor, ?Opacity = Opacity) }
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
        let columns = if z.Length = 0 then 0 else z |> Array.map _.Length |> Array.max

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

        let cells =
            { Z = z
              ColorScale = defaultArg ColorScale Colorscale.Viridis
              ZMin = ZMin
              ZMax = ZMax
              ShowScale = defaultArg ShowScale true
              ColorBarTitle = ColorBarTitle
              CellText =
                Text
                |> Option.map (Seq.map Array.ofSeq >> Array.ofSeq)
                |> Option.defaultValue [||] }

        let chart =
            { Defaults.trace (Heatmap cells) x y with
                Name = Name }
            |> Defaults.ofTrace

        if defaultArg ReverseYAxis false then
            mapLayout (fun l -> { l with YAxis.Reversed = true }) chart
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

            { Title = firstOf _.Title
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
              Reversed = axes |> List.exists _.Reversed }

        { Traces = charts |> List.collect _.Traces
          Layout =
            { Title = first _.Title
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
              Annotations = layouts |> List.collect _.Annotations }
          Grid = None }

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

            { Traces = []
              Layout = Defaults.layout
              Grid =
                Some
                    { Rows = nRows
                      Columns = nCols
                      Titles = SubPlotTitles |> Option.map List.ofSeq |> Option.defaultValue []
                      Cells = cells } }

    /// The title above the figure.
    static member withTitle(title: string) =
        mapLayout (fun layout -> { layout with Title = Some title })

    /// What a reader who cannot see the figure is told (not part of Plotly.NET).
    static member withAltText(text: string) =
        mapLayout (fun layout -> { layout with Description = Some text })

    /// The size of the drawing's own coordinates; on a page it scales to its container.
    static member withSize(width: float, height: float) =
        mapLayout (fun layout ->
            { layout with
                Width = Some width
                Height = Some height })

    /// Shows or hides the legend; unset, it shows when two named series are drawn.
    static member withLegend(showlegend: bool) =
        mapLayout (fun layout ->
            { layout with
                ShowLegend = Some showlegend })

    /// How bars of one key stand: beside each other or over one another.
    static member withBarMode(mode: BarMode) =
        mapLayout (fun layout -> { layout with BarMode = mode })

    /// One unit is as long on y as on x: circles stay circles (not part of Plotly.NET).
    static member withEqualAspect() =
        mapAxes (fun layout -> { layout with EqualAspect = true })

    static member private axisStyle
        (
            current: AxisStyle,
            title: string option,
            axisType: AxisType option,
            minMax: (float * float) option,
            tickVals: seq<float> option,
            tickText: seq<string> option,
            showGrid: bool option,
            zeroLine: bool option
        ) =
        { current with
            Title = title |> Option.orElse current.Title
            AxisType = defaultArg axisType current.AxisType
            Range = minMax |> Option.orElse current.Range
            TickVals = tickVals |> Option.map Array.ofSeq |> Option.orElse current.TickVals
            TickText = tickText |> Option.map Array.ofSeq |> Option.orElse current.TickText
            ShowGrid = defaultArg showGrid current.ShowGrid
            ZeroLine = defaultArg zeroLine current.ZeroLine }

    /// Title, kind, ends and ticks of the x axis, of every cell in a grid. On a logarithmic
    /// axis `MinMax` are log10 of the ends, as in plotly; `TickVals` are plain values.
    static member withXAxisStyle
        (
            ?TitleText: string,
            ?AxisType: AxisType,
            ?MinMax: float * float,
            ?TickVals: seq<float>,
            ?TickText: seq<string>,
            ?ShowGrid: bool,
            ?ZeroLine: bool
        ) =
        mapAxes (fun layout ->
            { layout with
                XAxis =
                    Chart.axisStyle (
                        layout.XAxis,
                        TitleText,
                        AxisType,
                        MinMax,
                        TickVals,
                        TickText,
                        ShowGrid,
                        ZeroLine
                    ) })

    /// Title, kind, ends and ticks of the y axis; see `withXAxisStyle`.
    static member withYAxisStyle
        (
            ?TitleText: string,
            ?AxisType: AxisType,
            ?MinMax: float * float,
            ?TickVals: seq<float>,
            ?TickText: seq<string>,
            ?ShowGrid: bool,
            ?ZeroLine: bool
        ) =
        mapAxes (fun layout ->
            { layout with
                YAxis =
                    Chart.axisStyle (
                        layout.YAxis,
                        TitleText,
                        AxisType,
                        MinMax,
                        TickVals,
                        TickText,
                        ShowGrid,
                        ZeroLine
                    ) })

    /// Name and legend entry of every trace of the chart.
    static member withTraceInfo(?Name: string, ?ShowLegend: bool, ?LegendGroup: string) =
        mapTraces (fun trace ->
            { trace with
                Name = Name |> Option.orElse trace.Name
                ShowLegend = ShowLegend |> Option.orElse trace.ShowLegend
                LegendGroup = LegendGroup |> Option.orElse trace.LegendGroup })

    /// Markers and bars of every trace of the chart.
    static member withMarkerStyle
        (?Color: Color, ?Size: float, ?Opacity: float, ?Symbol: MarkerSymbol, ?Outline: Line)
        =
        mapTraces (fun trace ->
            { trace with
                Marker =
                    { Color = Color |> Option.orElse trace.Marker.Color
                      Size = Size |> Option.orElse trace.Marker.Size
                      Opacity = Opacity |> Option.orElse trace.Marker.Opacity
                      Symbol = Symbol |> Option.orElse trace.Marker.Symbol
                      Outline = Outline |> Option.orElse trace.Marker.Outline } })

    /// Lines of every trace of the chart; width in pixels.
    static member withLineStyle(?Width: float, ?Color: Color, ?Dash: DrawingStyle) =
        mapTraces (fun trace ->
            { trace with
                Line =
                    { Color = Color |> Option.orElse trace.Line.Color
                      Width = Width |> Option.orElse trace.Line.Width
                      Dash = Dash |> Option.orElse trace.Line.Dash } })

    static member private errors(array, arrayminus, color, thickness, width) : ErrorBars =
        let plus = Array.ofSeq array

        { Plus = plus
          Minus = arrayminus |> Option.map Array.ofSeq |> Option.defaultValue plus
          Color = color
          Thickness = thickness
          Width = width }

    /// Error bars along y: lengths above (`Array`) and below (`Arrayminus`, by default the
    /// same) each point, in data units; NaN draws none.
    static member withYErrorStyle
        (
            Array: seq<float>,
            ?Arrayminus: seq<float>,
            ?Color: Color,
            ?Thickness: float,
            ?Width: float
        ) =
        let errors = Chart.errors (Array, Arrayminus, Color, Thickness, Width)
        mapTraces (fun trace -> { trace with YError = Some errors })

    /// Error bars along x; see `withYErrorStyle`.
    static member withXErrorStyle
        (
            Array: seq<float>,
            ?Arrayminus: seq<float>,
            ?Color: Color,
            ?Thickness: float,
            ?Width: float
        ) =
        let errors = Chart.errors (Array, Arrayminus, Color, Thickness, Width)
        mapTraces (fun trace -> { trace with XError = Some errors })

    /// Adds a line, rectangle or circle to the layout.
    static member withShape(shape: Shape) =
        mapLayout (fun layout ->
            { layout with
                Shapes = layout.Shapes @ [ shape ] })

    /// Adds shapes to the layout.
    static member withShapes(shapes: seq<Shape>) =
        mapLayout (fun layout ->
            { layout with
                Shapes = layout.Shapes @ List.ofSeq shapes })

    /// Adds a text to the plot.
    static member withAnnotation(annotation: Annotation) =
        mapLayout (fun layout ->
            { layout with
                Annotations = layout.Annotations @ [ annotation ] })

    /// A vertical line over the whole height, with a text at its top (not part of Plotly.NET,
    /// where it is a shape whose Yref is "paper").
    static member withVerticalLine
        (x: float, ?Text: string, ?Color: Color, ?Dash: DrawingStyle, ?Width: float)
        =
        fun (chart: GenericChart) ->
            let line = Line.init (?Color = Color, ?Width = Width, ?Dash = Dash)
            let shape = Shape.init (X0 = x, X1 = x, Yref = "paper", Line = line)

            match Text with
            | None -> chart |> Chart.withShape shape
            | Some text ->
                chart
                |> Chart.withShape shape
                |> Chart.withAnnotation (
                    Annotation.init (X = x, Y = 1.0, Text = text, YRef = "paper")
                )

    /// A horizontal line over the whole width, with a text at its right end.
    static member withHorizontalLine
        (y: float, ?Text: string, ?Color: Color, ?Dash: DrawingStyle, ?Width: float)
        =
        fun (chart: GenericChart) ->
            let line = Line.init (?Color = Color, ?Width = Width, ?Dash = Dash)
            let shape = Shape.init (Y0 = y, Y1 = y, Xref = "paper", Line = line)

            match Text with
            | None -> chart |> Chart.withShape shape
            | Some text ->
                chart
                |> Chart.withShape shape
                |> Chart.withAnnotation (
                    Annotation.init (X = 1.0, Y = y, Text = text, XRef = "paper")
                )

    /// The figure as an SVG document, byte for byte the same for the same figure.
    static member toSvg(chart: GenericChart) : string = Svg.render chart

    /// The figure as plotly's `{"data": …, "layout": …}`, safe inside a script element.
    static member toJson(chart: GenericChart) : string =
        PlotlyJson.figure chart |> Json.toText
