namespace Repro.Reports.Svg

open System
open System.Text.Json
open Repro.Reports

/// Reads a figure as Plotly.NET writes it: `{"data": […], "layout": {…}}`. What is not drawn here
/// is an error that names it; the configuration beside data and layout is not looked at.
[<RequireQualifiedAccess>]
module internal FigureJson =
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

    let private plainAxis = Members("", JsonElement()) |> LayoutJson.axis

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
        let traces = whole.Objects "data" |> List.map TraceJson.trace
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

                            (name.Substring(0, 1), number), LayoutJson.axis (m.Object name)
                ]
                |> Map.ofList
            | _ -> Map.empty

        let shapes = m.Objects "shapes" |> List.map LayoutJson.shape
        let annotations = m.Objects "annotations" |> List.map LayoutJson.annotation

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
