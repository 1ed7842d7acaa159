namespace Repro.Reports.Svg

open System.Text.Json.Nodes
open Repro.Reports

/// Writes into a figure's JSON where the static drawing puts everything: sizes, margins, the
/// ends and ticks of axes, bars, colours and symbols. plotly.js then draws the same picture, and
/// the drawing of the result is the drawing of what went in.
[<RequireQualifiedAccess>]
module Placement =
    let private number = Json.number
    let private text = Json.text
    let private numbers (v: float[]) = v |> Seq.map Json.number |> Json.list
    let private flag = Json.flag
    let private list = Json.list

    /// plotly reads a small HTML dialect in its texts; ours are plain.
    let private plain (words: string) =
        text (words.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"))

    /// The object at a member, made where there is none.
    let private inner (node: JsonObject) (name: string) : JsonObject =
        match node[name] with
        | :? JsonObject as found -> found
        | _ ->
            let made = JsonObject()
            node[name] <- made
            made

    /// Empty objects say nothing; black is the page's text colour.
    let rec private tidy (node: JsonObject) =
        for name in [ for pair in node -> pair.Key ] do
            match node[name] with
            | :? JsonObject as child ->
                tidy child

                if child.Count = 0 then
                    node.Remove name |> ignore
            | :? JsonArray as items ->
                for item in items do
                    match item with
                    | :? JsonObject as child -> tidy child
                    | _ -> ()
            | :? JsonValue as value when name.EndsWith "color" ->
                node[name] <- text (Members.Css(string value))
            | _ -> ()

    let private axis (node: JsonObject) (scale: Scale) (style: AxisStyle) share other turned =
        let low, high = share

        let kind =
            if scale.Categories.Length > 0 then "category"
            elif scale.Log then "log"
            else "linear"

        node.Remove "autorange" |> ignore
        node["type"] <- text kind
        node["anchor"] <- text other
        node["domain"] <- list [ number low; number high ]
        node["automargin"] <- flag false
        node["zeroline"] <- flag style.ZeroLine
        node["showgrid"] <- flag (style.ShowGrid && scale.Categories.Length = 0)

        node["range"] <-
            if scale.Reversed then
                list [ number scale.Hi; number scale.Lo ]
            else
                list [ number scale.Lo; number scale.Hi ]

        if scale.Categories.Length > 0 then
            node["categoryorder"] <- text "array"
            node["categoryarray"] <- list (scale.Categories |> Seq.map plain)

        let place (at: float) =
            if scale.Log then Number.exp10 at else at

        if style.Visible then
            let shown =
                match style.TickVals with
                // What a figure states is kept to the digit.
                | Some stated when stated.Length = scale.Ticks.Length -> stated
                | _ -> scale.Ticks |> Array.map (fst >> place)

            node["tickmode"] <- text "array"

            node["tickvals"] <-
                if scale.Categories.Length > 0 then
                    list (scale.Categories |> Seq.map plain)
                else
                    list (shown |> Seq.map number)

            node["ticktext"] <- list (scale.Ticks |> Seq.map (snd >> plain))
            node["ticks"] <- text "outside"
            node["ticklen"] <- number 4.0

        if turned then
            node["tickangle"] <- number -38.0

        match style.Title with
        | Some title -> (inner node "title")["text"] <- plain title
        | None -> ()

    let private marker (node: JsonObject) (styled: Styled) isBar =
        let own = styled.Trace.Marker
        node.Remove "pattern" |> ignore
        node["color"] <- text styled.MarkerColor

        if isBar then
            node["opacity"] <- number (defaultArg own.Opacity 0.85)
        else
            node["symbol"] <- text (styled.Symbol + (if own.Open then "-open" else ""))
            node["size"] <- number (defaultArg own.Size 7.0)

        let line color width =
            let line = inner node "line"
            line["color"] <- text color
            line["width"] <- number width

        match own.Outline with
        | Some outline ->
            line (defaultArg outline.Color "currentColor") (defaultArg outline.Width 1.0)
        | None when own.Open -> line styled.MarkerColor 1.5
        | None when styled.Symbol = "line-ew" -> line styled.MarkerColor 2.5
        | None -> ()

    let private errors (node: JsonObject) (styled: Styled) (stated: ErrorBars option) name =
        match stated with
        | None -> ()
        | Some bars ->
            let error = inner node name
            error["array"] <- numbers bars.Plus

            if error.ContainsKey "arrayminus" then
                error["arrayminus"] <- numbers bars.Minus

            let own =
                if styled.Trace.IsBar then
                    "currentColor"
                else
                    styled.LineColor

            error["color"] <- text (defaultArg bars.Color own)
            error["thickness"] <- number (defaultArg bars.Thickness 1.3)
            error["width"] <- number (defaultArg bars.Width 3.5)

    let private trace (node: JsonObject) (panel: Panel) (area: PlotArea) index styled first =
        let own: Trace = styled.Trace

        match own.Name with
        | Some name ->
            node["name"] <- plain name
            // Series of one name have one entry, which shows and hides them all.
            node["showlegend"] <- flag (first && Styled.named own)

            if own.LegendGroup.IsNone then
                node["legendgroup"] <- plain name
        | None -> node["showlegend"] <- flag false

        // Marks without a value stand at the end of the axis that the drawing has them at.
        if own.Unscored.IsSome then
            node["cliponaxis"] <- flag false

        // Names are written as the axis lists them, or plotly.js would not find them there.
        for name, values in [ "x", own.X; "y", Panel.standing panel own ] do
            match values with
            | Numbers v ->
                if v.Length > 0 || node.ContainsKey name then
                    node[name] <- numbers v
            | Labels names ->
                node[name] <-
                    list (
                        names
                        |> Seq.map (fun label ->
                            match label with
                            | Some label -> plain label
                            | None -> null)
                    )

        match own.Kind with
        | Scatter(lines, markers) ->
            if lines then
                let line = inner node "line"
                line["color"] <- text styled.LineColor
                line["width"] <- number (defaultArg own.Line.Width 2.0)

            if markers then
                marker (inner node "marker") styled false
        | Bar _ ->
            let offset, width = Panel.bar panel index own
            node["offset"] <- number offset
            node["width"] <- number width
            // A bar's text is what a pointer shows, not written on it.
            node["textposition"] <- text "none"
            marker (inner node "marker") styled true
            let edge = inner (inner node "marker") "line"
            edge["color"] <- text styled.MarkerColor
            edge["width"] <- number SvgMarks.barEdge
        | Heatmap cells ->
            let low, high = SvgHeatmap.limits cells
            node["z"] <- list (cells.Z |> Seq.map numbers)
            node["zmin"] <- number low
            node["zmax"] <- number high
            node["showscale"] <- flag cells.ShowScale

            node["colorscale"] <-
                list (
                    cells.Scale
                    |> Seq.mapi (fun i rgb ->
                        list [
                            number (float i / float (cells.Scale.Length - 1))
                            text (ColorScale.hex rgb)
                        ])
                )

            if cells.ShowScale then
                let bar = inner node "colorbar"
                let ticks = Ticks.linear low high (int (area.Height / 45.0))
                bar["thickness"] <- number 14.0
                bar["outlinewidth"] <- number 0.0
                bar["tickvals"] <- list (ticks |> Seq.map (fst >> number))
                bar["ticktext"] <- list (ticks |> Seq.map (snd >> plain))

        if own.Text.Length > 0 then
            node["text"] <- list (own.Text |> Seq.map plain)
        else
            match own.X, TickNames.ofAxis panel.Layout.XAxis with
            | Numbers v, names when names.Length > 0 && v.Length > 0 ->
                // What a pointer shows is the name, not the place.
                let name x =
                    TickNames.nearest names x |> Option.defaultValue "–"

                node["customdata"] <- list (v |> Seq.map (name >> plain))
                node["hovertemplate"] <- text "%{customdata}, %{y}"
            | _ -> ()

        errors node styled own.YError "error_y"
        errors node styled own.XError "error_x"

    let private objects (node: JsonObject) (name: string) : JsonObject list =
        match node[name] with
        | :? JsonArray as items -> [
            for item in items do
                match item with
                | :? JsonObject as item -> item
                | _ -> ()
          ]
        | _ -> []

    /// A member's value where the figure states none.
    let private otherwise (node: JsonObject) (name: string) (value: JsonNode | null) =
        if not (node.ContainsKey name) then
            node[name] <- value

    let private shape (node: JsonObject) =
        let line = inner node "line"
        otherwise node "opacity" (number (if line.ContainsKey "color" then 1.0 else 0.7))
        otherwise line "color" (text "currentColor")
        otherwise line "width" (number 1.0)
        node["layer"] <- text "below"

        if node.ContainsKey "label" then
            let label = inner node "label"
            label["textangle"] <- number 0.0
            label["textposition"] <- text "end"

    let private annotation (node: JsonObject) =
        match node["text"] with
        | null -> ()
        | words -> node["text"] <- plain (Members.Plain(string words))

        otherwise (inner node "font") "size" (number 12.0)

        if node.ContainsKey "ax" then
            node["arrowhead"] <- number 2.0
            otherwise node "arrowcolor" (text "currentColor")
            otherwise node "arrowwidth" (number 1.5)
        elif node.ContainsKey "xanchor" then
            otherwise node "yanchor" (text "middle")

    /// The figure with everything placed, safe inside a script element.
    let place (json: string) : string =
        let plan = FigureJson.read json |> Plan.make

        let root =
            match JsonNode.Parse json with
            | :? JsonObject as root -> root
            | _ -> invalidArg (nameof json) "A figure's JSON is not an object."

        root.Remove "config" |> ignore
        let layout = inner root "layout"
        let areas = plan.Panels |> List.map snd
        let left = areas |> List.map _.Left |> List.min
        let top = areas |> List.map _.Top |> List.min
        let right = areas |> List.map _.Right |> List.max
        let bottom = areas |> List.map _.Bottom |> List.max
        layout["width"] <- number plan.Width
        layout["height"] <- number plan.Height
        layout["showlegend"] <- flag (not plan.Legend.IsEmpty)

        layout["margin"] <-
            Json.object' [
                "l", number left
                "t", number top
                "r", number (plan.Width - right)
                "b", number (plan.Height - bottom)
                "pad", number 0.0
                "autoexpand", flag false
            ]

        layout["legend"] <-
            Json.object' [
                "orientation", text "h"
                "xref", text "container"
                "yref", text "container"
                "x", number 0.0
                "y", number (1.0 - plan.TitleHeight / plan.Height)
                "yanchor", text "top"
            ]

        match plan.Figure.Title with
        | Some title ->
            let node = inner layout "title"
            node["text"] <- plain title
            node["x"] <- number (10.0 / plan.Width)
            node["xanchor"] <- text "left"
        | None -> ()

        let data = objects root "data"
        let seen = System.Collections.Generic.HashSet<string>()

        let numberOf (trace: JsonObject) =
            match trace["xaxis"] with
            | null -> 1
            | axis ->
                (match string axis with
                 | "x" -> 1
                 | name -> int (name.Substring 1))

        plan.Panels
        |> List.iteri (fun i (panel, area) ->
            let suffix = if i = 0 then "" else string (i + 1)
            let width, height = right - left, bottom - top
            let shareX = (area.Left - left) / width, (area.Right - left) / width
            let shareY = (bottom - area.Bottom) / height, (bottom - area.Top) / height
            let turned = SvgAxes.turned panel area.Width
            let x, y = inner layout ("xaxis" + suffix), inner layout ("yaxis" + suffix)
            axis x panel.X panel.Layout.XAxis shareX ("y" + suffix) turned
            axis y panel.Y panel.Layout.YAxis shareY ("x" + suffix) false

            let own = [
                for node in data do
                    if numberOf node = i + 1 then
                        node
            ]

            List.zip own panel.Traces
            |> List.iteri (fun k (node, styled) ->
                let first =
                    match styled.Trace.Name with
                    | Some name when Styled.named styled.Trace -> seen.Add name
                    | _ -> false

                trace node panel area k styled first))

        for item in objects layout "shapes" do
            shape item

        for item in objects layout "annotations" do
            annotation item

        tidy root
        Json.write root
