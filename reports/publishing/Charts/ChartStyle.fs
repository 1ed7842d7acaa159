namespace Repro.Reports

open Repro.Reports.StyleParam

/// The part of `Chart` that ends a pipeline: titles, axes, styles, shapes and texts.
[<AutoOpen>]
module ChartStyle =
    type Chart with

        /// The title above the figure.
        static member withTitle(title: string) =
            Restyle.layout (fun layout -> { layout with Title = Some title })

        /// What a reader who cannot see the figure is told (not part of Plotly.NET).
        static member withAltText(text: string) =
            Restyle.layout (fun layout -> { layout with Description = Some text })

        /// The size of the drawing's own coordinates; on a page it scales to its container.
        static member withSize(width: float, height: float) =
            Restyle.layout (fun layout -> {
                layout with
                    Width = Some width
                    Height = Some height
            })

        /// Shows or hides the legend; unset, it shows when two named series are drawn.
        static member withLegend(showlegend: bool) =
            Restyle.layout (fun layout -> {
                layout with
                    ShowLegend = Some showlegend
            })

        /// How bars of one key stand: beside each other or over one another.
        static member withBarMode(mode: BarMode) =
            Restyle.layout (fun layout -> { layout with BarMode = mode })

        /// One unit is as long on y as on x: circles stay circles (not part of Plotly.NET).
        static member withEqualAspect() =
            Restyle.layouts (fun layout -> { layout with EqualAspect = true })

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
            Restyle.layouts (fun layout -> {
                layout with
                    XAxis =
                        Restyle.axis
                            layout.XAxis
                            TitleText
                            AxisType
                            MinMax
                            TickVals
                            TickText
                            ShowGrid
                            ZeroLine
            })

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
            Restyle.layouts (fun layout -> {
                layout with
                    YAxis =
                        Restyle.axis
                            layout.YAxis
                            TitleText
                            AxisType
                            MinMax
                            TickVals
                            TickText
                            ShowGrid
                            ZeroLine
            })

        /// Draws no axes: no lines, ticks, grid and titles, in any cell of a grid.
        static member withoutAxes() =
            Restyle.layouts (fun layout -> {
                layout with
                    XAxis.Visible = false
                    YAxis.Visible = false
            })

        /// Name and legend entry of every trace of the chart.
        static member withTraceInfo(?Name: string, ?ShowLegend: bool, ?LegendGroup: string) =
            Restyle.traces (fun trace -> {
                trace with
                    Name = Name |> Option.orElse trace.Name
                    ShowLegend = ShowLegend |> Option.orElse trace.ShowLegend
                    LegendGroup = LegendGroup |> Option.orElse trace.LegendGroup
            })

        /// Markers and bars of every trace of the chart.
        static member withMarkerStyle
            (?Color: Color, ?Size: float, ?Opacity: float, ?Symbol: MarkerSymbol, ?Outline: Line)
            =
            Restyle.traces (fun trace -> {
                trace with
                    Marker = {
                        Color = Color |> Option.orElse trace.Marker.Color
                        Size = Size |> Option.orElse trace.Marker.Size
                        Opacity = Opacity |> Option.orElse trace.Marker.Opacity
                        Symbol = Symbol |> Option.orElse trace.Marker.Symbol
                        Outline = Outline |> Option.orElse trace.Marker.Outline
                    }
            })

        /// Lines of every trace of the chart; width in pixels.
        static member withLineStyle(?Width: float, ?Color: Color, ?Dash: DrawingStyle) =
            Restyle.traces (fun trace -> {
                trace with
                    Line = {
                        Color = Color |> Option.orElse trace.Line.Color
                        Width = Width |> Option.orElse trace.Line.Width
                        Dash = Dash |> Option.orElse trace.Line.Dash
                    }
            })

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
            let errors = Restyle.errors Array Arrayminus Color Thickness Width
            Restyle.traces (fun trace -> { trace with YError = Some errors })

        /// Error bars along x; see `withYErrorStyle`.
        static member withXErrorStyle
            (
                Array: seq<float>,
                ?Arrayminus: seq<float>,
                ?Color: Color,
                ?Thickness: float,
                ?Width: float
            ) =
            let errors = Restyle.errors Array Arrayminus Color Thickness Width
            Restyle.traces (fun trace -> { trace with XError = Some errors })

        /// Adds a line, rectangle or circle to the layout.
        static member withShape(shape: Shape) =
            Restyle.layout (fun layout -> {
                layout with
                    Shapes = layout.Shapes @ [ shape ]
            })

        /// Adds shapes to the layout.
        static member withShapes(shapes: seq<Shape>) =
            Restyle.layout (fun layout -> {
                layout with
                    Shapes = layout.Shapes @ List.ofSeq shapes
            })

        /// Adds a text to the plot.
        static member withAnnotation(annotation: Annotation) =
            Restyle.layout (fun layout -> {
                layout with
                    Annotations = layout.Annotations @ [ annotation ]
            })

        /// Adds texts and arrows to the plot.
        static member withAnnotations(annotations: seq<Annotation>) =
            Restyle.layout (fun layout -> {
                layout with
                    Annotations = layout.Annotations @ List.ofSeq annotations
            })

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
