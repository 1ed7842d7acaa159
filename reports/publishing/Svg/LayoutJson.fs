namespace Repro.Reports.Svg

open System

/// Reads what stands around and over a figure's traces: axes, shapes and annotations of
/// Plotly.NET's `layout`.
[<RequireQualifiedAccess>]
module internal LayoutJson =
    let axis (m: Members) : AxisStyle =
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
            Some(TraceJson.panelOf m axis (text.Substring(0, text.Length - 7))), Domain
        | text -> Some(TraceJson.panelOf m axis text), Data

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

    let shape (m: Members) : Shape =
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
            Line = TraceJson.stroke (m.Object "line")
            Label = label.String "text"
            Panel = panel
        }

        label.Only "textposition" [ "end" ]
        label.Ignore [ "textangle"; "xanchor"; "yanchor"; "font"; "padding" ]
        label.Done()
        m.Only "layer" [ "below"; "above" ]
        m.Done()
        read

    let annotation (m: Members) : Annotation =
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
