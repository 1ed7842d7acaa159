namespace Repro.Reports.Svg

open System
open System.Text.Json
open Repro.Reports

/// Reads a figure as Plotly.NET writes it: `{"data": […], "layout": {…}}`. What is not drawn here
/// is an error that names it; the configuration beside data and layout is not looked at.
[<RequireQualifiedAccess>]
module internal FigureJson =
    let private stroke (m: Members) : Stroke =
        let dash = defaultArg (m.String "dash") "solid"

        if
            not (
                List.contains dash [ "solid"; "dot"; "dash"; "longdash"; "dashdot"; "longdashdot" ]
            )
        then
            m.Refuse "dash" (sprintf "is '%s', a pattern that is not drawn" dash)

        let read = {
            Color = m.Color "color"
            Width = m.Float "width"
            Dash = dash
        }

        m.Done()
        read

    /// Symbols by plotly's number and name; 100 and more, or "-open", is an outline only.
    let symbols = [
        0, "circle"
        1, "square"
        2, "diamond"
        3, "cross"
        4, "x"
        5, "triangle-up"
        6, "triangle-down"
        17, "star"
        41, "line-ew"
    ]

    let private symbol (m: Members) =
        match m.String "symbol" with
        | None -> None, false
        | Some text ->
            let text, isOpen =
                match Int32.TryParse text with
                | true, number when number >= 100 && number < 200 -> string (number - 100), true
                | _ when text.EndsWith("-open", StringComparison.Ordinal) ->
                    text.Substring(0, text.Length - 5), true
                | _ -> text, false

            match symbols |> List.tryFind (fun (n, name) -> text = name || text = string n) with
            | Some(_, name) -> Some name, isOpen
            | None -> m.Refuse "symbol" (sprintf "is '%s', which is not drawn" text)

    let private marker (m: Members) : Marker =
        let name, isOpen = symbol m
        m.Ignore [ "pattern" ]

        let read = {
            Color = m.Color "color"
            Size = m.Float "size"
            Opacity = m.Float "opacity"
            Symbol = name
            Open = isOpen
            Outline =
                if m.Has "line" then
                    Some(stroke (m.Object "line"))
                else
                    None
        }

        m.Done()
        read

    let private errors (m: Members) : ErrorBars option =
        m.Only "type" [ "data" ]

        let read =
            m.Floats "array"
            |> Option.map (Array.map Number.carried)
            |> Option.map (fun plus -> {
                Plus = plus
                Minus =
                    if defaultArg (m.Bool "symmetric") (not (m.Has "arrayminus")) then
                        plus
                    else
                        m.Floats "arrayminus"
                        |> Option.map (Array.map Number.carried)
                        |> Option.defaultValue plus
                Color = m.Color "color"
                Thickness = m.Float "thickness"
                Width = m.Float "width"
            })

        m.Ignore [ "arrayminus"; "symmetric"; "array"; "visible"; "color"; "thickness"; "width" ]
        let shown = defaultArg (m.Bool "visible") true
        m.Done()
        if shown then read else None

    let private panelOf (m: Members) (axis: string) (text: string) =
        if text = axis then
            1
        else
            match Int32.TryParse(text.Substring 1) with
            | true, n when text.StartsWith axis && n > 1 -> n
            | _ -> m.Refuse "" (sprintf "belongs to the axis '%s', which is not drawn" text)

    let private colors (m: Members) : ColorScale =
        match m.TryGet "colorscale" with
        | None -> ColorScale.standard
        | Some value when value.ValueKind = JsonValueKind.String ->
            match ColorScale.named (string (value.GetString())) with
            | Some scale -> scale
            | None -> m.Refuse "colorscale" (sprintf "is '%O', which is not drawn" value)
        | Some value ->
            let stops = [
                for stop in value.EnumerateArray() ->
                    stop[0].GetDouble(), string (stop[1].GetString())
            ]

            let even (i: int) (at: float) =
                abs (at - float i / float (stops.Length - 1)) < 1e-6

            let hex (text: string) = text.Length = 7 && text[0] = '#'

            if
                stops.Length < 2
                || not (stops |> List.mapi (fun i (at, _) -> even i at) |> List.forall id)
                || not (stops |> List.forall (snd >> hex))
            then
                m.Refuse "colorscale" "has stops that are uneven or not written '#rrggbb'"

            stops
            |> List.map (fun (_, text) ->
                let part (from: int) =
                    Convert.ToInt32(text.Substring(from, 2), 16)

                part 1, part 3, part 5)
            |> Array.ofList

    let private heatmap (m: Members) : TraceKind =
        let bar = m.Object "colorbar"
        let title = (bar.Object "title").String "text"

        // Where a colour bar stands and what its ticks are follows from the cells.
        bar.Ignore [
            "title"
            "x"
            "y"
            "xref"
            "yref"
            "xanchor"
            "yanchor"
            "xpad"
            "ypad"
            "len"
            "lenmode"
            "thickness"
            "tickvals"
            "ticktext"
            "tickmode"
            "outlinewidth"
        ]

        bar.Done()
        m.Only "texttemplate" [ "%{text}" ]
        m.Ignore [ "hovertemplate"; "hoverinfo" ]

        Heatmap {
            Z = [|
                for row in m.Items "z" ->
                    [| for z in row.EnumerateArray() -> Number.carried (m.Number "z" z) |]
            |]
            Scale = colors m
            ZMin = m.Float "zmin"
            ZMax = m.Float "zmax"
            ShowScale = defaultArg (m.Bool "showscale") true
            ColorBarTitle = title
            CellText = [|
                for row in m.Items "text" ->
                    [| for cell in row.EnumerateArray() -> Members.Plain(cell.ToString()) |]
            |]
        }

    let private scatter (m: Members) : TraceKind =
        m.Only "orientation" [ "v" ]

        match defaultArg (m.String "mode") "lines+markers" with
        | "lines" -> Scatter(true, false)
        | "markers" -> Scatter(false, true)
        | "lines+markers" -> Scatter(true, true)
        | other -> m.Refuse "mode" (sprintf "is '%s', which is not drawn" other)

    let private count (values: Values option) =
        match values with
        | Some v -> Numbers(Array.init v.Length float)
        | None -> Numbers [||]

    let private carried (values: Values) =
        match values with
        | Numbers v -> Numbers(Array.map Number.carried v)
        | Labels _ -> values

    /// The `meta` before a stage's name.
    [<Literal>]
    let StagePrefix = "stage: "

    let private stage (m: Members) : string option =
        match m.String "meta" with
        | Some text when text.StartsWith(StagePrefix, StringComparison.Ordinal) ->
            Some(text.Substring StagePrefix.Length)
        | _ -> None

    let private unscored (m: Members) : Unscored option =
        match m.String "meta" with
        | None -> None
        | Some "diverged, at the foot" -> Some Foot
        | Some "diverged, at the top" -> Some Top
        | Some text when text.StartsWith(StagePrefix, StringComparison.Ordinal) -> None
        | Some other -> m.Refuse "meta" (sprintf "is '%s', which means nothing here" other)

    let private trace (m: Members) : Trace =
        let kind =
            match defaultArg (m.String "type") "scatter" with
            | "scatter" -> scatter m
            | "bar" ->
                m.Only "orientation" [ "v" ]
                Bar(m.Float "width", m.Float "offset")
            | "heatmap" -> heatmap m
            | other -> m.Refuse "type" (sprintf "is '%s'; scatter, bar and heatmap are drawn" other)

        let panel = panelOf m "x" (defaultArg (m.String "xaxis") "x")

        if panelOf m "y" (defaultArg (m.String "yaxis") "y") <> panel then
            m.Refuse "yaxis" "is not of the panel of its x axis"

        let x = m.Values "x" |> Option.map carried
        let y = m.Values "y" |> Option.map carried

        let places (values: Values option) (length: int) =
            values |> Option.defaultWith (fun () -> Numbers(Array.init length float))

        let x, y =
            match kind with
            | Heatmap cells ->
                let columns = cells.Z |> Array.map _.Length |> Array.fold max 0
                let x, y = places x columns, places y cells.Z.Length

                if x.Length <> columns || y.Length <> cells.Z.Length then
                    m.Refuse
                        "z"
                        (sprintf
                            "has %d rows of up to %d cells but %d y and %d x values; give one y \
                             a row and one x a column"
                            cells.Z.Length
                            columns
                            y.Length
                            x.Length)

                x, y
            | Scatter _
            | Bar _ ->
                let x = x |> Option.defaultWith (fun () -> count y)
                let y = y |> Option.defaultWith (fun () -> Numbers [||])

                if x.Length <> y.Length then
                    m.Refuse
                        ""
                        (sprintf
                            "has %d x values but %d y values; give one y for each x (NaN for none)"
                            x.Length
                            y.Length)

                x, y

        let fill =
            match defaultArg (m.String "fill") "none" with
            | "none" -> None
            | "tonexty" -> Some ToPrevious
            | "tozeroy" -> Some ToZero
            | other -> m.Refuse "fill" (sprintf "is '%s', which is not drawn" other)

        let read = {
            Kind = kind
            X = x
            Y = y
            Name = m.String "name"
            ShowLegend = m.Bool "showlegend"
            LegendGroup = m.String "legendgroup"
            Opacity = m.Float "opacity"
            Text =
                match kind with
                | Heatmap _ -> [||]
                | Scatter _
                | Bar _ ->
                    match m.TryGet "text" with
                    | Some value when value.ValueKind = JsonValueKind.String ->
                        Array.create x.Length (Members.Plain(value.GetString()))
                    | _ -> m.Strings "text" |> Option.defaultValue [||]
            Unscored = unscored m
            Stage = stage m
            Marker = marker (m.Object "marker")
            Line = stroke (m.Object "line")
            XError = errors (m.Object "error_x")
            YError = errors (m.Object "error_y")
            Fill = fill
            FillColor = m.Color "fillcolor"
            Panel = panel
        }

        m.Ignore [
            "hoverinfo"
            "hovertemplate"
            "textposition"
            "legendgrouptitle"
            "cliponaxis"
        ]

        m.Done()
        read

    let private axis (m: Members) : AxisStyle =
        let kind =
            match defaultArg (m.String "type") "-" with
            | "-" -> Auto
            | "linear" -> Linear
            | "log" -> Log
            | "category" -> Category
            | other -> m.Refuse "type" (sprintf "is '%s', which is not drawn" other)

        let range =
            match m.Floats "range" with
            | Some [| a; b |] -> Some(a, b)
            | Some _ -> m.Refuse "range" "has not two ends"
            | None -> None

        let reversed =
            m.TryGet "autorange" |> Option.exists (fun v -> v.ToString() = "reversed")

        let title = m.Object "title"
        let text = title.String "text"
        title.Ignore [ "standoff"; "font" ]
        title.Done()

        let read = {
            Title = text
            Kind = kind
            Range = range
            // Categories have their ticks at their names.
            TickVals =
                match m.Values "tickvals" with
                | Some(Numbers places) -> Some places
                | Some(Labels _)
                | None -> None
            TickText = m.Strings "ticktext"
            ShowGrid = defaultArg (m.Bool "showgrid") true
            ZeroLine = defaultArg (m.Bool "zeroline") false
            Reversed = reversed
            Visible = defaultArg (m.Bool "visible") true
            Equal = m.Has "scaleanchor"
        }

        m.Only "scaleratio" [ "1"; "1.0" ]
        m.Only "constrain" [ "range" ]
        // Where panels and their ticks stand follows from their number, their texts and the size.
        m.Ignore [
            "anchor"
            "automargin"
            "autorange"
            "domain"
            "tickmode"
            "tickangle"
            "tick0"
            "dtick"
            "ticks"
            "ticklen"
            "categoryarray"
            "categoryorder"
            "fixedrange"
        ]

        m.Done()
        read

    /// The panel that a reference belongs to, and what it counts from.
    let private reference (m: Members) (member': string) (axis: string) =
        match defaultArg (m.String member') axis with
        | "paper" -> None, Domain
        | text when text.EndsWith(" domain", StringComparison.Ordinal) ->
            Some(panelOf m axis (text.Substring(0, text.Length - 7))), Domain
        | text -> Some(panelOf m axis text), Data

    let private place (m: Members) =
        let px, x = reference m "xref" "x"
        let py, y = reference m "yref" "y"

        match px, py with
        | Some a, Some b when a <> b -> m.Refuse "" "belongs to two panels"
        | _ -> px |> Option.orElse py |> Option.defaultValue 1, x, y

    let private number (m: Members) name =
        match m.TryGet name with
        | Some value -> m.Number name value
        | None -> m.Refuse name "is missing"

    let private shape (m: Members) : Shape =
        let panel, x, y = place m
        let label = m.Object "label"

        let read = {
            Kind =
                match m.String "type" with
                | Some "line" -> LineShape
                | Some "rect" -> RectangleShape
                | Some "circle" -> CircleShape
                | other -> m.Refuse "type" (sprintf "is %A, which is not drawn" other)
            X0 = number m "x0"
            X1 = number m "x1"
            Y0 = number m "y0"
            Y1 = number m "y1"
            XRef = x
            YRef = y
            FillColor = m.Color "fillcolor"
            Opacity = m.Float "opacity"
            Line = stroke (m.Object "line")
            Label = label.String "text"
            Panel = panel
        }

        label.Only "textposition" [ "end" ]
        label.Ignore [ "textangle"; "xanchor"; "yanchor"; "font"; "padding" ]
        label.Done()
        m.Only "layer" [ "below"; "above" ]
        m.Done()
        read

    let private annotation (m: Members) : Annotation =
        let panel, x, y = place m

        let tail =
            let number name =
                m.TryGet name |> Option.map (m.Number name)

            match number "ax", number "ay" with
            | Some x, Some y ->
                if m.String "axref" |> Option.isNone || m.String "ayref" |> Option.isNone then
                    m.Refuse "axref" "is missing: an arrow's tail is drawn in data units only"

                Some(x, y)
            | None, None -> None
            | _ -> m.Refuse "ax" "or ay is missing: give both ends of an arrow, or neither"

        let font = m.Object "font"

        let read = {
            X = number m "x"
            Y = number m "y"
            Text = defaultArg (m.String "text") ""
            ShowArrow = defaultArg (m.Bool "showarrow") true
            XRef = x
            YRef = y
            Tail = tail
            ArrowColor = m.Color "arrowcolor"
            ArrowWidth = m.Float "arrowwidth"
            Anchor =
                match m.String "xanchor" with
                | Some "left" -> Some Start
                | Some "center" -> Some Middle
                | Some "right" -> Some End
                | Some "auto"
                | None -> None
                | Some other -> m.Refuse "xanchor" (sprintf "is '%s'" other)
            Color = font.Color "color"
            FontSize = font.Float "size"
            Panel = panel
        }

        font.Ignore [ "family"; "weight" ]
        font.Done()
        m.Only "yanchor" [ "middle"; "bottom"; "top"; "auto" ]
        m.Ignore [ "axref"; "ayref"; "arrowhead"; "xshift"; "yshift" ]
        m.Done()
        read

    /// Panels have their titles as texts at the middle of their upper edge.
    let private isTitle (a: Annotation) =
        a.XRef = Domain && a.YRef = Domain && a.X = 0.5 && a.Y = 1.0 && not a.ShowArrow

    let private categorical (values: Values list) =
        values
        |> List.exists (fun v ->
            match v with
            | Labels _ -> true
            | Numbers _ -> false)

    /// On an axis with names, numbers are names too, as plotly takes them.
    let private asLabels (names: bool) (values: Values) =
        match values with
        | Numbers v when names ->
            v
            |> Array.map (fun x -> if Double.IsFinite x then Some(Number.roundTrip x) else None)
            |> Labels
        | _ -> values

    let private plainAxis = Members("", JsonElement()) |> axis

    let private cell
        axes
        grouped
        (shapes: Shape list)
        (annotations: Annotation list)
        (traces: Trace list)
        number
        : Cell =

        let axis name =
            axes |> Map.tryFind (name, number) |> Option.defaultValue plainAxis

        let xAxis, yAxis = axis "x", axis "y"
        let own = traces |> List.filter (fun (t: Trace) -> t.Panel = number)
        let texts = annotations |> List.filter (fun (a: Annotation) -> a.Panel = number)
        let many = Map.count axes > 2
        let xNames = xAxis.Kind = Category || categorical (own |> List.map _.X)
        let yNames = yAxis.Kind = Category || categorical (own |> List.map _.Y)

        {
            Number = number
            Title =
                if many then
                    texts |> List.tryFind isTitle |> Option.map _.Text
                else
                    None
            Layout = {
                XAxis = xAxis
                YAxis = yAxis
                Shapes = shapes |> List.filter (fun (s: Shape) -> s.Panel = number)
                Annotations =
                    if many then
                        texts |> List.filter (isTitle >> not)
                    else
                        texts
                Grouped = grouped
                Hover = true
            }
            Traces =
                own
                |> List.map (fun t -> {
                    t with
                        X = asLabels xNames t.X
                        Y = asLabels yNames t.Y
                })
        }

    /// The figure that a text holds.
    let read (json: string) : Figure =
        use document = JsonDocument.Parse json
        let whole = Members("", document.RootElement)
        let traces = whole.Objects "data" |> List.map trace
        let m = whole.Object "layout"

        let axes =
            match document.RootElement.TryGetProperty "layout" with
            | true, layout ->
                [
                    for property in layout.EnumerateObject() do
                        let name = property.Name

                        if name.Length > 4 && name.Substring(1).StartsWith "axis" then
                            let number =
                                match name.Substring 5 with
                                | "" -> 1
                                | digits -> int digits

                            (name.Substring(0, 1), number), axis (m.Object name)
                ]
                |> Map.ofList
            | _ -> Map.empty

        let shapes = m.Objects "shapes" |> List.map shape
        let annotations = m.Objects "annotations" |> List.map annotation

        let grouped =
            match defaultArg (m.String "barmode") "group" with
            | "group" -> true
            | "overlay" -> false
            | other -> m.Refuse "barmode" (sprintf "is '%s', which is not drawn" other)

        let panels =
            [ for t in traces -> t.Panel ]
            @ [ for (_, n), _ in Map.toList axes -> n ]
            @ [ 1 ]
            |> List.max

        // In a figure of many panels the whole paper is not what a shape of one of them means.
        for kind in [ "shapes"; "annotations" ] do
            for item in m.Objects kind do
                for axis in [ "xref"; "yref" ] do
                    if panels > 1 && item.String axis = Some "paper" then
                        item.Refuse axis "is 'paper'; among panels only one as 'x2 domain' is drawn"

        let grid = m.Object "grid"
        let rows = grid.Float "rows" |> Option.map int |> Option.defaultValue 1
        let columns = grid.Float "columns" |> Option.map int |> Option.defaultValue panels
        grid.Only "roworder" [ "top to bottom" ]
        grid.Only "pattern" [ "independent" ]
        grid.Done()

        if rows * columns < panels then
            m.Refuse "grid" (sprintf "has %d × %d places for %d panels" rows columns panels)

        let title = m.Object "title"
        let text = title.String "text"
        title.Ignore [ "x"; "xanchor"; "xref"; "y"; "yanchor"; "yref"; "font"; "pad" ]
        title.Done()

        let figure = {
            Title = text
            Description = m.String "meta"
            Width = m.Float "width"
            Height = m.Float "height"
            ShowLegend = m.Bool "showlegend"
            Rows = rows
            Columns = columns
            Cells = [
                for number in 1..panels -> cell axes grouped shapes annotations traces number
            ]
        }

        // Margins, the legend's place and the hover's conduct change nothing of a drawing.
        m.Ignore [
            "margin"
            "legend"
            "hovermode"
            "autosize"
            "bargap"
            "bargroupgap"
            "uirevision"
        ]

        m.Done()
        figure
