namespace Repro.Reports

open Repro.Reports.StyleParam

/// A figure in plotly's own schema (data and layout), for plotly.js 3 and later.
[<RequireQualifiedAccess>]
module internal PlotlyJson =
    let dash style =
        match style with
        | DrawingStyle.Solid -> "solid"
        | DrawingStyle.Dot -> "dot"
        | DrawingStyle.Dash -> "dash"
        | DrawingStyle.LongDash -> "longdash"
        | DrawingStyle.DashDot -> "dashdot"
        | DrawingStyle.LongDashDot -> "longdashdot"

    let rec symbol shape =
        match shape with
        | MarkerSymbol.Circle -> "circle"
        | MarkerSymbol.Square -> "square"
        | MarkerSymbol.Diamond -> "diamond"
        | MarkerSymbol.Cross -> "cross"
        | MarkerSymbol.X -> "x"
        | MarkerSymbol.TriangleUp -> "triangle-up"
        | MarkerSymbol.TriangleDown -> "triangle-down"
        | MarkerSymbol.Star -> "star"
        | MarkerSymbol.LineEW -> "line-ew"
        | MarkerSymbol.Modified(inner, SymbolStyle.Open) -> symbol inner + "-open"

    /// plotly reads a small HTML dialect in its texts: ours are plain, so its marks are escaped.
    let private plain (text: string) =
        Text(text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"))

    let private values v =
        match v with
        | Numbers n -> List [ for x in n -> Number x ]
        | Labels l -> List [ for x in l -> plain x ]

    let private some name make value =
        value |> Option.map (fun v -> name, make v) |> Option.toList

    let private color (c: Color) = Text c.Text

    let private errors (e: ErrorBars) (fallback: string) =
        Object(
            [
                "type", Text "data"
                "symmetric", Flag false
                "array", List [ for v in e.Plus -> Number v ]
                "arrayminus", List [ for v in e.Minus -> Number v ]
                "color", Text(e.Color |> Option.map _.Text |> Option.defaultValue fallback)
            ]
            @ some "thickness" Number e.Thickness
            @ some "width" Number e.Width
        )

    let private marker (styled: Palette.Styled) isBar =
        let m = styled.Trace.Marker

        let outline =
            match m.Outline with
            | Some line -> [
                "line", Object(some "color" color line.Color @ some "width" Number line.Width)
              ]
            | None when styled.Symbol = MarkerSymbol.LineEW -> [
                "line", Object [ "color", Text styled.MarkerColor; "width", Number 2.0 ]
              ]
            | None -> []

        Object(
            [ "color", Text styled.MarkerColor ]
            @ (if isBar then
                   []
               else
                   [ "symbol", Text(symbol styled.Symbol) ])
            @ (if isBar then
                   []
               else
                   [ "size", Number(defaultArg m.Size 7.0) ])
            @ some "opacity" Number m.Opacity
            @ outline
        )

    let private line (styled: Palette.Styled) =
        let l = styled.Trace.Line

        Object(
            [ "color", Text styled.LineColor; "width", Number(defaultArg l.Width 2.0) ]
            @ some "dash" (fun d -> Text(dash d)) l.Dash
        )

    let private common (t: Trace) suffix =
        [ "xaxis", Text("x" + suffix); "yaxis", Text("y" + suffix) ]
        @ some "name" plain t.Name
        @ some "showlegend" Flag t.ShowLegend
        @ some "legendgroup" plain t.LegendGroup
        @ some "opacity" Number t.Opacity

    let private hover (t: Trace) =
        if t.Text.Length = 0 then
            []
        else
            [ "text", List [ for x in t.Text -> plain x ] ]

    let private heatmap (t: Trace) (cells: HeatmapCells) =
        let scale = [
            for at, c in Palette.plotlyScale cells.ColorScale -> List [ Number at; Text c ]
        ]

        let labels =
            if cells.CellText.Length = 0 then
                []
            else
                [
                    "text", List [ for row in cells.CellText -> List [ for c in row -> plain c ] ]
                    "texttemplate", Text "%{text}"
                ]

        [
            "type", Text "heatmap"
            "z", List [ for row in cells.Z -> List [ for z in row -> Number z ] ]
            "x", values t.X
            "y", values t.Y
            "colorscale", List scale
            "showscale", Flag cells.ShowScale
        ]
        @ some "zmin" Number cells.ZMin
        @ some "zmax" Number cells.ZMax
        @ some
            "colorbar"
            (fun title -> Object [ "title", Object [ "text", plain title ] ])
            cells.ColorBarTitle
        @ labels

    let private trace suffix (styled: Palette.Styled) =
        let t = styled.Trace

        let own =
            match t.Kind with
            | Heatmap cells -> heatmap t cells
            | Bar ->
                [
                    "type", Text "bar"
                    "x", values t.X
                    "y", values t.Y
                    "marker", marker styled true
                ]
                @ hover t
            | Scatter(lines, markers) ->
                let mode =
                    match lines, markers with
                    | true, true -> "lines+markers"
                    | true, false -> "lines"
                    | false, _ -> "markers"

                [ "type", Text "scatter"; "mode", Text mode; "x", values t.X; "y", values t.Y ]
                @ (if lines then [ "line", line styled ] else [])
                @ (if markers then [ "marker", marker styled false ] else [])
                @ some
                    "fill"
                    (fun f -> Text(if f = Fill.ToNext_y then "tonexty" else "tozeroy"))
                    t.Fill
                @ some "fillcolor" color t.FillColor
                @ hover t

        Object(
            own
            @ common t suffix
            @ some "offsetgroup" plain t.OffsetGroup
            @ some "error_x" (fun e -> errors e styled.LineColor) t.XError
            @ some "error_y" (fun e -> errors e "currentColor") t.YError
        )

    let private axis (style: AxisStyle) categorical other equalTo domain =
        let kind =
            match style.AxisType with
            | _ when categorical -> "category"
            | AxisType.Log -> "log"
            | AxisType.Category -> "category"
            | AxisType.Auto
            | AxisType.Linear -> "linear"

        let range =
            match style.Range, style.Reversed with
            | Some(a, b), false -> [ "range", List [ Number a; Number b ] ]
            | Some(a, b), true -> [ "range", List [ Number b; Number a ] ]
            | None, true -> [ "autorange", Text "reversed" ]
            | None, false -> []

        Object(
            [ "type", Text kind; "anchor", Text other ]
            @ some "title" (fun t -> Object [ "text", plain t ]) style.Title
            @ range
            @ some "tickvals" (fun v -> List [ for x in v -> Number x ]) style.TickVals
            @ some "ticktext" (fun v -> List [ for x in v -> plain x ]) style.TickText
            @ [
                "showgrid", Flag style.ShowGrid
                "zeroline", Flag style.ZeroLine
                "automargin", Flag true
            ]
            @ (if style.Visible then [] else [ "visible", Flag false ])
            @ some "scaleanchor" Text equalTo
            @ some "domain" (fun (a: float, b: float) -> List [ Number a; Number b ]) domain
        )

    let private reference (name: string) suffix =
        Text(if name = "paper" then "paper" else name + suffix)

    let private paperReference (name: string) suffix =
        // Inside a grid "paper" means the cell, which plotly calls the axis's domain.
        if name = "paper" && suffix <> "" then
            fun axis -> Text(axis + suffix + " domain")
        else
            fun _ -> reference name suffix

    let private shape suffix (s: Shape) =
        let kind =
            match s.ShapeType with
            | ShapeType.Line -> "line"
            | ShapeType.Rectangle -> "rect"
            | ShapeType.Circle -> "circle"

        Object(
            [
                "type", Text kind
                "layer", Text "below"
                "x0", Number s.X0
                "x1", Number s.X1
                "y0", Number s.Y0
                "y1", Number s.Y1
                "xref", paperReference s.Xref suffix "x"
                "yref", paperReference s.Yref suffix "y"
                "line",
                Object(
                    [
                        "color", (defaultArg s.Line.Color Color.ink) |> color
                        "width", Number(defaultArg s.Line.Width 1.0)
                    ]
                    @ some "dash" (fun d -> Text(dash d)) s.Line.Dash
                )
            ]
            @ some "fillcolor" color s.FillColor
            @ some "opacity" Number s.Opacity
        )

    let private annotation (layout: Layout) suffix (a: Annotation) =
        // plotly wants the log10 of an annotation's place on a logarithmic axis.
        let at (style: AxisStyle) reference v =
            if style.AxisType = AxisType.Log && reference <> "paper" && v > 0.0 then
                Number.log10 v
            else
                v

        let anchor =
            match a.XAnchor, a.Tail with
            | Some XAnchorPosition.Left, _ -> "left"
            | Some XAnchorPosition.Right, _ -> "right"
            | Some XAnchorPosition.Center, _
            | None, Some _ -> "center"
            | None, None -> "left"

        Object(
            [
                "x", Number(at layout.XAxis a.XRef a.X)
                "y", Number(at layout.YAxis a.YRef a.Y)
                "text", plain a.Text
                "showarrow", Flag a.ShowArrow
                "xanchor", Text anchor
                "xref", paperReference a.XRef suffix "x"
                "yref", paperReference a.YRef suffix "y"
            ]
            @ (match a.Tail with
               | Some(x, y) -> [
                   "ax", Number(at layout.XAxis "x" x)
                   "ay", Number(at layout.YAxis "y" y)
                   "axref", Text("x" + suffix)
                   "ayref", Text("y" + suffix)
                   "arrowhead", Number 2.0
                 ]
               | None when a.XAnchor.IsSome -> [ "yanchor", Text "middle" ]
               | None -> [])
            @ some "arrowcolor" color a.ArrowColor
            @ some "arrowwidth" Number a.ArrowWidth
            @ some "font" (fun size -> Object [ "size", Number size ]) a.FontSize
        )

    let private categorical (values: Values list) =
        values
        |> List.exists (fun v ->
            match v with
            | Labels _ -> true
            | Numbers _ -> false)

    type private Cell = {
        Chart: GenericChart
        Suffix: string
        Domains: ((float * float) * (float * float)) option
    }

    let private cells (chart: GenericChart) =
        match chart.Grid with
        | None -> [
            {
                Chart = chart
                Suffix = ""
                Domains = None
            }
          ]
        | Some grid ->
            grid.Cells
            |> List.mapi (fun i cell ->
                let column, row = i % grid.Columns, i / grid.Columns
                let width, height = 1.0 / float grid.Columns, 1.0 / float grid.Rows
                let left = float column * width
                let bottom = 1.0 - float (row + 1) * height

                {
                    Chart = cell
                    Suffix = (if i = 0 then "" else string (i + 1))
                    Domains =
                        Some(
                            (left + 0.06 * width, left + 0.96 * width),
                            (bottom + 0.1 * height, bottom + 0.86 * height)
                        )
                })

    let private gridTitles (chart: GenericChart) (cells: Cell list) =
        match chart.Grid with
        | None -> []
        | Some grid ->
            List.zip
                (List.truncate cells.Length grid.Titles)
                (List.truncate grid.Titles.Length cells)
            |> List.choose (fun (title, cell) ->
                cell.Domains
                |> Option.map (fun ((x0, x1), (_, y1)) ->
                    Object [
                        "text", plain title
                        "x", Number((x0 + x1) / 2.0)
                        "y", Number y1
                        "xref", Text "paper"
                        "yref", Text "paper"
                        "yanchor", Text "bottom"
                        "showarrow", Flag false
                    ]))

    /// The figure as `{"data": […], "layout": {…}}`. The word currentColor stands for the
    /// page's text colour and is replaced by the page's loader.
    let figure (chart: GenericChart) =
        let cells = cells chart
        let all = cells |> List.collect _.Chart.Traces
        let styled = Palette.style all
        let starts = cells |> List.scan (fun at c -> at + c.Chart.Traces.Length) 0

        let data =
            List.zip cells (List.truncate cells.Length starts)
            |> List.collect (fun (cell, start) ->
                styled
                |> List.skip start
                |> List.truncate cell.Chart.Traces.Length
                |> List.map (trace cell.Suffix))

        let axes =
            cells
            |> List.collect (fun cell ->
                let layout, traces = cell.Chart.Layout, cell.Chart.Traces
                let equal = if layout.EqualAspect then Some("x" + cell.Suffix) else None

                [
                    "xaxis" + cell.Suffix,
                    axis
                        layout.XAxis
                        (categorical (traces |> List.map _.X))
                        ("y" + cell.Suffix)
                        None
                        (Option.map fst cell.Domains)
                    "yaxis" + cell.Suffix,
                    axis
                        layout.YAxis
                        (categorical (traces |> List.map _.Y))
                        ("x" + cell.Suffix)
                        equal
                        (Option.map snd cell.Domains)
                ])

        let each pick make =
            cells
            |> List.collect (fun cell ->
                let items: 'a list = pick cell.Chart.Layout
                items |> List.map (make cell.Chart.Layout cell.Suffix))

        let layout =
            some "title" (fun t -> Object [ "text", plain t ]) chart.Layout.Title
            @ some "height" Number chart.Layout.Height
            @ [
                "showlegend", Flag(Defaults.hasLegend chart.Layout all)
                "barmode",
                Text(
                    if chart.Layout.BarMode = BarMode.Group then
                        "group"
                    else
                        "overlay"
                )
                "shapes", List(each _.Shapes (fun _ -> shape))
                "annotations", List(gridTitles chart cells @ each _.Annotations annotation)
            ]
            @ (if all |> List.exists (fun t -> t.OffsetGroup.IsSome) then
                   [ "scattermode", Text "group" ]
               else
                   [])
            @ axes

        Object [ "data", List data; "layout", Object layout ]
