namespace Repro.Reports.Svg

open System
open System.Text.Json
open Repro.Reports

/// Reads what a figure draws: an element of Plotly.NET's `data`.
[<RequireQualifiedAccess>]
module internal TraceJson =
    let stroke (m: Members) : Stroke =
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
    let private symbols = [
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

    let panelOf (m: Members) (axis: string) (text: string) =
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
    let private StagePrefix = "stage: "

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

    let trace (m: Members) : Trace =
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
            "customdata"
            "textposition"
            "legendgrouptitle"
            "cliponaxis"
        ]

        m.Done()
        read
