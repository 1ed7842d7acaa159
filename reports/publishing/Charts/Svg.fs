namespace Repro.Reports

open System
open System.Security.Cryptography
open System.Text

/// A figure as an SVG document: the same figure gives the same bytes on every machine.
[<RequireQualifiedAccess>]
module internal Svg =
    let private n = Number.coordinate
    let private titleSize = 17.0
    let private legendSize = 13.0

    // Not scoped to one drawing: every figure of a page carries the same rules.
    let private style =
        ".rf{color:#1d2329;font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,"
        + "sans-serif;"
        + "font-size:13px}.rf text{fill:currentColor}"
        + ".rf .t{font-size:14px}.rf .h{font-size:14px;font-weight:600}"
        + ".rf .tt{font-size:17px;font-weight:600}.rf .n{font-size:12px}"
        + ".rf .g{stroke:currentColor;stroke-opacity:.13;fill:none}"
        + ".rf .a{stroke:currentColor;stroke-opacity:.65;fill:none}"
        + "@media(prefers-color-scheme:dark){.rf{color:#e4e7ea}}"
        + "@media print{.rf{color:#000}}"

    let private identity (chart: GenericChart) =
        let json = PlotlyJson.figure chart |> Json.toText
        let size = sprintf "%A%A" chart.Layout.Width chart.Layout.Description
        let hash = SHA256.HashData(Encoding.UTF8.GetBytes(json + size))
        "f" + Convert.ToHexStringLower(hash).Substring(0, 8)

    let private inLegend (s: Palette.Styled) =
        s.Trace.Name.IsSome
        && s.Trace.ShowLegend <> Some false
        && (match s.Trace.Kind with
            | Heatmap _ -> false
            | _ -> true)

    /// Rows of legend entries with their x positions.
    let private legendRows (width: float) (entries: Palette.Styled list) =
        let room (s: Palette.Styled) =
            40.0 + SvgText.width legendSize s.Trace.Name.Value + 14.0

        let rows, current, _ =
            (([], [], 0.0), entries)
            ||> List.fold (fun (rows, current, x) entry ->
                let w = room entry

                if x > 0.0 && x + w > width then
                    List.rev current :: rows, [ 0.0, entry ], w
                else
                    rows, (x, entry) :: current, x + w)

        List.rev (if current.IsEmpty then rows else List.rev current :: rows)

    let private sample (sb: StringBuilder) (styled: Palette.Styled) (x: float) (y: float) =
        let stroke = Html.escape styled.LineColor
        let trace = styled.Trace

        match trace.Kind with
        | Bar ->
            sb.Append(
                sprintf
                    "<rect x=\"%s\" y=\"%s\" width=\"14\" height=\"11\" \
                     fill=\"%s\" fill-opacity=\"%s\"/>\n"
                    (n (x + 12.0))
                    (n (y - 5.5))
                    (Html.escape styled.MarkerColor)
                    (n (defaultArg trace.Marker.Opacity 0.85))
            )
            |> ignore
        | Scatter(lines, markers) ->
            if lines then
                let width = defaultArg trace.Line.Width 2.0

                sb.Append(
                    sprintf
                        "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s \
                         d=\"M%s %sh26\"/>\n"
                        stroke
                        (n width)
                        (SvgMarks.dashes trace.Line.Dash width)
                        (n (x + 4.0))
                        (n y)
                )
                |> ignore

            if markers then
                let size = min 10.0 (defaultArg trace.Marker.Size 7.0)
                let path = SvgMarks.outline styled.Symbol size (x + 18.0) y

                sb.Append(sprintf "<path %s d=\"%s\"/>\n" (SvgMarks.paint styled) path)
                |> ignore
        | Heatmap _ -> ()

    let private legend (sb: StringBuilder) rows (top: float) =
        rows
        |> List.iteri (fun i row ->
            let y = top + 20.0 * float i + 10.0

            for x, styled: Palette.Styled in row do
                sample sb styled (x + 6.0) y
                SvgText.append sb "" (x + 42.0) (y + 4.5) styled.Trace.Name.Value)

    let private describe (chart: GenericChart) (all: Trace list) =
        match chart.Layout.Description with
        | Some text -> text
        | None ->
            let names = all |> List.choose _.Name |> List.distinct

            let axis (style: AxisStyle) name =
                style.Title
                |> Option.map (fun t -> sprintf "%s axis: %s." name t)
                |> Option.toList

            let layout =
                match chart.Grid with
                | Some { Cells = first :: _ } -> first.Layout
                | _ -> chart.Layout

            axis layout.XAxis "Horizontal"
            @ axis layout.YAxis "Vertical"
            @ (if names.IsEmpty then
                   []
               else
                   [ "Series: " + String.concat ", " names + "." ])
            |> String.concat " "

    /// The cells of a figure: a chart without a grid is a grid of one.
    let private cells (chart: GenericChart) =
        match chart.Grid with
        | None -> 1, 1, [ None, chart ]
        | Some grid ->
            let title i = List.tryItem i grid.Titles
            grid.Rows, grid.Columns, grid.Cells |> List.mapi (fun i cell -> title i, cell)

    /// Renders the whole drawing.
    let render (chart: GenericChart) : string =
        let rows, columns, cells = cells chart
        let all = cells |> List.collect (fun (_, c) -> c.Traces)
        let styled = Palette.style all
        let id = identity chart
        let width = max 120.0 (defaultArg chart.Layout.Width 720.0)
        let gridHeight = 60.0 + 260.0 * float rows

        let height =
            max 120.0 (defaultArg chart.Layout.Height (if rows > 1 then gridHeight else 440.0))

        let title =
            chart.Layout.Title
            |> Option.map (SvgText.wrap (1.2 * titleSize) (width - 20.0))
            |> Option.defaultValue []

        let entries =
            styled |> List.filter inLegend |> List.distinctBy (fun s -> s.Trace.Name)

        let entries = if Defaults.hasLegend chart.Layout all then entries else []
        let legendRows = legendRows (width - 8.0) entries

        let titleHeight =
            if title.IsEmpty then
                4.0
            else
                10.0 + 22.0 * float title.Length

        let top =
            titleHeight
            + (if legendRows.IsEmpty then
                   4.0
               else
                   8.0 + 20.0 * float legendRows.Length)

        let cellWidth, cellHeight = width / float columns, (height - top) / float rows

        let ticks =
            max 2 (int ((cellWidth - 60.0) / 75.0)), max 2 (int ((cellHeight - 50.0) / 48.0))

        let panels =
            (0, List.indexed cells)
            ||> List.mapFold (fun start (i, (title, cell)) ->
                let own = styled |> List.skip start |> List.truncate cell.Traces.Length
                let number = if columns * rows = 1 then "" else sprintf "p%d" i
                Panel.create (id + number) title cell.Layout own ticks, start + cell.Traces.Length)
            |> fst

        // Plot areas of a grid line up: every cell gets the largest margins.
        let margins = panels |> List.map (fun p -> SvgAxes.margins p cellWidth)

        let largest pick =
            if margins.IsEmpty then
                0.0
            else
                margins |> List.map pick |> List.max

        let left, right = largest (fun m -> m.Left), largest (fun m -> m.Right)
        let upper, lower = largest (fun m -> m.Top), largest (fun m -> m.Bottom)
        let sb = StringBuilder()

        sb.Append(
            sprintf
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rf\" \
                 viewBox=\"0 0 %s %s\" role=\"img\" \
                 aria-labelledby=\"%st %sd\">\n"
                (n width)
                (n height)
                id
                id
        )
        |> ignore

        let name = if title.IsEmpty then "Figure" else String.concat " " title

        sb.Append(sprintf "<title id=\"%st\">%s</title>\n" id (Html.escape name))
        |> ignore

        sb.Append(sprintf "<desc id=\"%sd\">%s</desc>\n" id (Html.escape (describe chart all)))
        |> ignore

        sb.Append(sprintf "<style>%s</style>\n" style) |> ignore

        title
        |> List.iteri (fun i text ->
            SvgText.append sb "class=\"tt\"" 10.0 (24.0 + 22.0 * float i) text)

        legend sb legendRows titleHeight

        panels
        |> List.iteri (fun i panel ->
            let x, y = float (i % columns) * cellWidth, top + float (i / columns) * cellHeight

            SvgPanel.draw
                sb
                panel
                {
                    Left = x + left
                    Top = y + upper
                    Width = max 20.0 (cellWidth - left - right)
                    Height = max 20.0 (cellHeight - upper - lower)
                }
                ticks)

        sb.Append("</svg>\n").ToString()
