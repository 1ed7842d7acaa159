namespace Repro.Reports

open Plotly.NET
open Plotly.NET.LayoutObjects

/// What this project's charts need often and Plotly.NET has no one word for.
[<AutoOpen>]
module ChartStyle =
    let private ink = Color.fromString "black"

    type Color with

        /// The colour of the page's text: black, which drawings and pages turn light in the dark.
        static member ink = ink

    /// The layout's axes of one letter, by number.
    let private axes (letter: string) (chart: GenericChart) = [
        for name in (GenericChart.getLayout chart).GetPropertyHelpers true |> Seq.map _.Name do
            if name.StartsWith(letter + "axis") then
                match name.Substring 5 with
                | "" -> 1
                | digits -> int digits
    ]

    let private lined (shape: Shape) (chart: GenericChart) = chart |> Chart.withShape shape

    let private label (text: string option) =
        text |> Option.map (fun text -> ShapeLabel.init (Text = text))

    type Chart with

        /// The values at the two ends of a heat map's colours.
        static member withZRange(low: float, high: float) =
            GenericChart.mapTrace (Trace2DStyle.Heatmap(ZMin = low, ZMax = high))

        /// A label in each cell of a heat map, row by row.
        static member withCellText(rows: seq<#seq<string>>) =
            GenericChart.mapTrace (fun trace ->
                trace.SetProperty("text", rows |> Seq.map Array.ofSeq |> Array.ofSeq)
                trace.SetProperty("texttemplate", "%{text}")
                trace)

        /// What a reader who cannot see the figure is told; stands in the layout's `meta`.
        static member withAltText(text: string) = Chart.withLayoutStyle (Meta = text)

        /// The chart's traces belong to a moment of learning, such as "3,000 updates". The still
        /// figure shows every stage; a page with a script has a control that goes through them in
        /// the order in which they are drawn.
        static member atStage(stage: string) =
            GenericChart.mapTrace (fun trace ->
                trace.SetProperty("meta", "stage: " + stage)
                trace)

        /// Shows or hides the legend; unset, it shows when two named series are drawn.
        static member withLegend(showlegend: bool) =
            Chart.withLayoutStyle (ShowLegend = showlegend)

        /// The places of the x axis's ticks and their texts.
        static member withXTicks(places: seq<float>, ?Texts: seq<string>) =
            Chart.withXAxis (LinearAxis.init (TickVals = places, ?TickText = Texts))

        /// The places of the y axis's ticks and their texts.
        static member withYTicks(places: seq<float>, ?Texts: seq<string>) =
            Chart.withYAxis (LinearAxis.init (TickVals = places, ?TickText = Texts))

        /// One unit is as long on y as on x, in every panel: circles stay circles.
        static member withEqualAspect() =
            fun (chart: GenericChart) ->
                (chart, List.distinct (1 :: axes "y" chart))
                ||> List.fold (fun chart number ->
                    chart
                    |> Chart.withYAxis (
                        LinearAxis.init (ScaleAnchor = StyleParam.ScaleAnchor.X number),
                        Id = StyleParam.SubPlotId.YAxis number
                    ))

        /// Draws no axes: no lines, ticks, grid and titles, in any panel.
        static member withoutAxes() =
            fun (chart: GenericChart) ->
                let hidden () = LinearAxis.init (Visible = false)

                let x chart number =
                    chart |> Chart.withXAxis (hidden (), Id = StyleParam.SubPlotId.XAxis number)

                let y chart number =
                    chart |> Chart.withYAxis (hidden (), Id = StyleParam.SubPlotId.YAxis number)

                let chart = (chart, List.distinct (1 :: axes "x" chart)) ||> List.fold x
                (chart, List.distinct (1 :: axes "y" chart)) ||> List.fold y

        /// A vertical line over the whole height, with a text at its top.
        static member withVerticalLine
            (x: float, ?Text: string, ?Color: Color, ?Dash: StyleParam.DrawingStyle, ?Width: float)
            =
            Shape.init (
                ShapeType = StyleParam.ShapeType.Line,
                X0 = x,
                X1 = x,
                Y0 = 0.0,
                Y1 = 1.0,
                Yref = "paper",
                Line = Line.init (Color = defaultArg Color ink, ?Width = Width, ?Dash = Dash),
                ?Label = label Text
            )
            |> lined

        /// A horizontal line over the whole width, with a text at its right end.
        static member withHorizontalLine
            (y: float, ?Text: string, ?Color: Color, ?Dash: StyleParam.DrawingStyle, ?Width: float)
            =
            Shape.init (
                ShapeType = StyleParam.ShapeType.Line,
                X0 = 0.0,
                X1 = 1.0,
                Y0 = y,
                Y1 = y,
                Xref = "paper",
                Line = Line.init (Color = defaultArg Color ink, ?Width = Width, ?Dash = Dash),
                ?Label = label Text
            )
            |> lined

/// Texts and arrows of the layout, at places in data units.
[<RequireQualifiedAccess>]
module Mark =
    /// An arrow between two places; its head grows with its width in pixels.
    let arrow (color: Color) (width: float) (fromX: float, fromY: float) (x: float, y: float) =
        let annotation =
            Annotation.init (
                X = x,
                Y = y,
                AX = fromX,
                AY = fromY,
                AXRef = "x",
                AYRef = "y",
                ShowArrow = true,
                ArrowColor = color
            )

        annotation.SetProperty("arrowwidth", width)
        annotation

    /// A text that stands at its place, its middle at that height.
    let text (size: float) (anchor: StyleParam.XAnchorPosition) (x: float) (y: float) words =
        Annotation.init (
            X = x,
            Y = y,
            Text = words,
            ShowArrow = false,
            XAnchor = anchor,
            YAnchor = StyleParam.YAnchorPosition.Middle,
            Font = Font.init (Size = size)
        )
