namespace Repro.Reports.Svg

open System
open System.Text
open Repro.Reports

/// Axes with their labels, and the shapes and texts of the layout.
[<RequireQualifiedAccess>]
module internal SvgAxes =
    let private n = Number.coordinate
    let private fine = Number.fine
    let private tickSize = 13.0
    let private titleSize = 14.0

    let private widest (scale: Scale) =
        if scale.Ticks.Length = 0 then
            0.0
        else
            scale.Ticks
            |> Array.map (fun (_, text) -> SvgText.width tickSize text)
            |> Array.max

    /// Whether the x axis's labels are too wide to lie flat.
    let turned (panel: Panel) (plotWidth: float) =
        panel.X.Ticks.Length > 1
        && widest panel.X + 6.0 > plotWidth / float panel.X.Ticks.Length

    let private title (style: AxisStyle) = style.Visible && style.Title.IsSome

    /// The margins that the panel's labels need within a given total width.
    let margins (panel: Panel) (width: float) =
        let beside =
            10.0
            + widest panel.Y
            + (if title panel.Layout.YAxis then titleSize + 10.0 else 0.0)

        let bar = panel.Traces |> List.choose _.Trace.Heatmap |> List.exists _.ShowScale

        let least = if bar then SvgHeatmap.barRoom else 14.0

        // A label at an end of the x axis reaches beyond it.
        let reach (left, right) =
            let plot = max 20.0 (width - left - right)
            let turn = turned panel plot

            ((beside, least), panel.X.Ticks)
            ||> Array.fold (fun (left, right) (place, text) ->
                let at = plot * panel.X.Fraction place
                let wide = SvgText.width tickSize text

                if turn then
                    // The tops of the turned letters lean to the left.
                    max left (0.79 * wide + 0.5 * tickSize + 2.0 - at), right
                else
                    max left (wide / 2.0 + 2.0 - at), max right (at + wide / 2.0 + 2.0 - plot))

        // Room for a label makes the axis shorter, which moves the label further out.
        let rec settle tries (left, right) =
            let next = reach (left, right)

            if tries = 0 || next = (left, right) then
                next
            else
                settle (tries - 1) next

        let left, right = settle 8 (beside, least)

        let label =
            if turned panel (width - left - right) then
                0.65 * widest panel.X
            else
                0.0

        let titleLines =
            match panel.Title with
            | Some text -> (SvgText.wrap titleSize (width - left) text).Length
            | None -> 0

        let barTitle =
            panel.Traces
            |> List.choose _.Trace.Heatmap
            |> List.exists _.ColorBarTitle.IsSome

        // plotly.js rounds margins to whole pixels.
        {
            Left = ceil left
            Right = right
            Top = (if barTitle then 24.0 else 8.0) + 18.0 * float titleLines
            Bottom =
                ceil (
                    12.0
                    + tickSize
                    + label
                    + (if title panel.Layout.XAxis then titleSize + 9.0 else 0.0)
                )
        }

    let private segment x1 y1 x2 y2 =
        if y1 = y2 then
            sprintf "M%s %sH%s" (n x1) (n y1) (n x2)
        else
            sprintf "M%s %sV%s" (n x1) (n y1) (n y2)

    let private path (sb: StringBuilder) (attributes: string) (segments: string list) =
        if not segments.IsEmpty then
            sb.Append(sprintf "<path %s d=\"%s\"/>\n" attributes (String.concat "" segments))
            |> ignore

    let axes (sb: StringBuilder) (panel: Panel) (area: PlotArea) =
        let turn = turned panel area.Width

        let xs =
            panel.X.Ticks |> Array.map (fun (place, text) -> area.X panel.X place, text)

        let ys =
            panel.Y.Ticks |> Array.map (fun (place, text) -> area.Y panel.Y place, text)

        path sb "class=\"g\"" [
            if panel.Layout.XAxis.ShowGrid && panel.X.Categories.Length = 0 then
                for x, _ in xs -> segment x area.Top x area.Bottom

            if panel.Layout.YAxis.ShowGrid && panel.Y.Categories.Length = 0 then
                for y, _ in ys -> segment area.Left y area.Right y
        ]

        path sb "class=\"a\" data-k=\"across\"" [
            for x, _ in xs -> segment x area.Bottom x (area.Bottom + 4.0)
        ]

        path sb "class=\"a\" data-k=\"up\"" [
            for y, _ in ys -> segment (area.Left - 4.0) y area.Left y
        ]

        let zero (scale: Scale) shown =
            shown && not scale.Log && scale.Lo < 0.0 && scale.Hi > 0.0

        let bars = panel.Traces |> List.exists _.Trace.IsBar

        path sb "class=\"a\"" [
            if zero panel.X panel.Layout.XAxis.ZeroLine then
                segment (area.X panel.X 0.0) area.Top (area.X panel.X 0.0) area.Bottom

            if zero panel.Y (panel.Layout.YAxis.ZeroLine || bars) then
                segment area.Left (area.Y panel.Y 0.0) area.Right (area.Y panel.Y 0.0)

            if panel.Layout.XAxis.Visible then
                segment area.Left area.Bottom area.Right area.Bottom

            if panel.Layout.YAxis.Visible then
                segment area.Left area.Top area.Left area.Bottom
        ]

        if xs.Length > 0 then
            sb.Append(if turn then "<g class=\"e\">\n" else "<g class=\"m\">\n") |> ignore

            for x, text in xs do
                if turn then
                    let at =
                        sprintf "transform=\"rotate(-38 %s %s)\"" (n x) (n (area.Bottom + 14.0))

                    SvgText.append sb at x (area.Bottom + 16.0) text
                else
                    SvgText.append sb "" x (area.Bottom + 18.0) text

            sb.Append "</g>\n" |> ignore

        if ys.Length > 0 then
            sb.Append "<g class=\"e\">\n" |> ignore

            for y, text in ys do
                SvgText.append sb "" (area.Left - 7.0) (y + 4.5) text

            sb.Append "</g>\n" |> ignore

        match panel.Layout.XAxis.Title with
        | Some title when panel.Layout.XAxis.Visible ->
            let y =
                area.Bottom
                + 18.0
                + titleSize
                + 7.0
                + (if turn then 0.65 * widest panel.X else 0.0)

            SvgText.append
                sb
                "class=\"t\" text-anchor=\"middle\""
                (area.Left + area.Width / 2.0)
                y
                title
        | _ -> ()

        match panel.Layout.YAxis.Title with
        | Some title when panel.Layout.YAxis.Visible ->
            let x, y = area.Left - widest panel.Y - 16.0, area.Top + area.Height / 2.0

            let at =
                sprintf
                    "class=\"t\" text-anchor=\"middle\" transform=\"rotate(-90 %s %s)\""
                    (n x)
                    (n y)

            SvgText.append sb at x y title
        | _ -> ()

        match panel.Title with
        | Some title ->
            let lines = SvgText.wrap titleSize (area.Width + area.Left) title

            lines
            |> List.iteri (fun i text ->
                let y = area.Top - 8.0 - 18.0 * float (lines.Length - 1 - i)

                SvgText.append
                    sb
                    "class=\"h\" text-anchor=\"middle\""
                    (area.Left + area.Width / 2.0)
                    y
                    text)
        | None -> ()

    /// The axis's own coordinate of a corner; `place` reads one in data units.
    let private corner (scale: Scale) (reference: Reference) (place: float -> float) value =
        match reference with
        | Domain ->
            let at = scale.Lo + value * (scale.Hi - scale.Lo)
            if scale.Reversed then scale.Lo + scale.Hi - at else at
        | Data -> place value

    let private corners panel (area: PlotArea) (s: Shape) =
        let x0 = area.X panel.X (corner panel.X s.XRef panel.X.Place s.X0)
        let x1 = area.X panel.X (corner panel.X s.XRef panel.X.Place s.X1)
        let y0 = area.Y panel.Y (corner panel.Y s.YRef panel.Y.Place s.Y0)
        let y1 = area.Y panel.Y (corner panel.Y s.YRef panel.Y.Place s.Y1)
        x0, x1, y0, y1

    let shape (sb: StringBuilder) panel (area: PlotArea) (s: Shape) =
        let x0, x1, y0, y1 = corners panel area s

        if List.forall Double.IsFinite [ x0; x1; y0; y1 ] then
            let width = defaultArg s.Line.Width 1.0
            let stroke = s.Line.Color |> Option.defaultValue "currentColor"
            let fill = s.FillColor |> Option.defaultValue "none"
            let opacity = defaultArg s.Opacity (if s.Line.Color.IsSome then 1.0 else 0.7)

            let paint =
                sprintf
                    "fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\" opacity=\"%s\"%s"
                    (Html.escape fill)
                    (Html.escape stroke)
                    (fine width)
                    (fine opacity)
                    (SvgMarks.dashes s.Line.Dash width)

            match s.Kind with
            | LineShape ->
                sb.Append(
                    sprintf "<path %s d=\"M%s %sL%s %s\"/>\n" paint (n x0) (n y0) (n x1) (n y1)
                )
            | RectangleShape ->
                sb.Append(
                    sprintf
                        "<rect %s x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\n"
                        paint
                        (n (min x0 x1))
                        (n (min y0 y1))
                        (n (abs (x1 - x0)))
                        (n (abs (y1 - y0)))
                )
            | CircleShape ->
                sb.Append(
                    sprintf
                        "<ellipse %s cx=\"%s\" cy=\"%s\" rx=\"%s\" ry=\"%s\"/>\n"
                        paint
                        (n ((x0 + x1) / 2.0))
                        (n ((y0 + y1) / 2.0))
                        (n (abs (x1 - x0) / 2.0))
                        (n (abs (y1 - y0) / 2.0))
                )
            |> ignore

    /// An arrow between two pixels: a line and a filled head.
    let private arrow (sb: StringBuilder) panel (a: Annotation) (x0, y0) (x, y) =
        let width = defaultArg a.ArrowWidth 1.5
        let length = sqrt ((x - x0) * (x - x0) + (y - y0) * (y - y0))

        if Double.IsFinite length && length > 0.0 then
            let along, across = (x - x0) / length, (y - y0) / length
            let head = 4.0 + 2.2 * width
            let half = 0.42 * head
            let baseX, baseY = x - head * along, y - head * across

            let color = a.ArrowColor |> Option.defaultValue "currentColor" |> Html.escape

            sb.Append(sprintf "<g clip-path=\"url(#%sc)\">" panel.Id) |> ignore

            if length > head then
                sb.Append(
                    sprintf
                        "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" d=\"M%s %sL%s %s\"/>"
                        color
                        (fine width)
                        (n x0)
                        (n y0)
                        (n (baseX + 0.5 * along))
                        (n (baseY + 0.5 * across))
                )
                |> ignore

            sb.Append(
                sprintf
                    "<path fill=\"%s\" d=\"M%s %sL%s %sL%s %sZ\"/></g>\n"
                    color
                    (fine x)
                    (fine y)
                    (fine (baseX - half * across))
                    (fine (baseY + half * along))
                    (fine (baseX + half * across))
                    (fine (baseY - half * along))
            )
            |> ignore

    /// A text that stands at its place and not beside it.
    let private label (sb: StringBuilder) (a: Annotation) position x y =
        let size = defaultArg a.FontSize 12.0

        let anchor =
            match position with
            | Start -> "start"
            | Middle -> "middle"
            | End -> "end"

        let fill =
            match a.Color with
            | Some color -> ";fill:" + Html.escape color
            | None -> ""

        let style =
            sprintf "text-anchor=\"%s\" style=\"font-size:%spx%s\"" anchor (fine size) fill

        SvgText.append sb style x (y + 0.36 * size) a.Text

    let private beside (sb: StringBuilder) (area: PlotArea) (text: string) arrow x y =
        if area.Holds(x, y) then
            let anchor = if x > area.Left + 0.75 * area.Width then "end" else "start"
            let side = if anchor = "end" then -1.0 else 1.0
            let up = if arrow then 16.0 else 0.0

            if arrow then
                sb.Append(
                    sprintf
                        "<path class=\"a\" d=\"M%s %sL%s %s\"/>\n"
                        (n x)
                        (n y)
                        (n (x + side * 12.0))
                        (n (y - up + 3.0))
                )
                |> ignore

            let dx = side * (if arrow then 14.0 else 5.0)
            let at = max (area.Top + 12.0) (y - up - (if arrow then 0.0 else 5.0))
            SvgText.append sb (sprintf "class=\"n\" text-anchor=\"%s\"" anchor) (x + dx) at text

    /// The text at the end of a line.
    let shapeLabel (sb: StringBuilder) panel (area: PlotArea) (s: Shape) =
        match s.Label with
        | Some text ->
            let _, x, _, y = corners panel area s
            beside sb area text false x y
        | None -> ()

    let annotation (sb: StringBuilder) panel (area: PlotArea) (a: Annotation) =
        let x = area.X panel.X (corner panel.X a.XRef id a.X)
        let y = area.Y panel.Y (corner panel.Y a.YRef id a.Y)

        match a.Tail, a.Anchor with
        | Some(tailX, tailY), _ ->
            let x0 = area.X panel.X tailX
            let y0 = area.Y panel.Y tailY
            arrow sb panel a (x0, y0) (x, y)

            if a.Text <> "" && area.Holds(x0, y0) then
                let position = defaultArg a.Anchor Middle
                let away = if y0 <= y then -9.0 else 9.0
                label sb a position x0 (y0 + away)
        | None, Some position ->
            if area.Holds(x, y) then
                label sb a position x y
        | None, None -> beside sb area a.Text a.ShowArrow x y
