namespace Repro.Reports.Svg

open System
open System.Text
open Repro.Reports

/// One trace at a time: bars, points and lines, error bars, heat maps.
[<RequireQualifiedAccess>]
module internal SvgSeries =
    let private n = Number.coordinate
    let private fine = Number.fine

    let heatmap (sb: StringBuilder) panel (area: PlotArea) (trace: Trace) cells =
        let edges place scale values =
            scale |> SvgHeatmap.edges |> Array.map (place values)

        let xPlaces, yPlaces = panel.X.Places trace.X, panel.Y.Places trace.Y

        let name (values: Values) i =
            match values with
            | Labels l when i < l.Length -> defaultArg l[i] "–"
            | Numbers v when i < v.Length -> Number.significant 4 (v[i])
            | _ -> ""

        let names row column =
            sprintf
                "%s, %s: %s"
                (name trace.X column)
                (name trace.Y row)
                (Number.significant 4 (cells.Z[row][column]))

        SvgHeatmap.draw
            sb
            cells
            panel.Layout.Hover
            names
            (edges area.X xPlaces panel.X)
            (edges area.Y yPlaces panel.Y)

        if cells.ShowScale then
            SvgHeatmap.colorBar sb (panel.Id + "s") cells area.Right area.Top area.Height

    let private errorBars
        (sb: StringBuilder)
        (clip: string)
        panel
        (area: PlotArea)
        (styled: Styled)
        (xs: float[])
        (ys: float[])
        =
        let draw vertical (errors: ErrorBars) (values: Values) (scale: Scale) position =
            match values with
            | Labels _ -> ()
            | Numbers v ->
                let whiskers = StringBuilder()
                let limit f = max -0.5 (min 1.5 f)

                let length (lengths: float[]) i =
                    if i < lengths.Length then lengths[i] else nan

                let pixel place =
                    let f = limit (scale.Fraction place)

                    if vertical then
                        area.Bottom - area.Height * f
                    else
                        area.Left + area.Width * f

                for i in 0 .. v.Length - 1 do
                    let lo = scale.Place(v[i] - length errors.Minus i)
                    let hi = scale.Place(v[i] + length errors.Plus i)
                    // On a logarithmic axis an interval may reach below zero: draw to its edge.
                    let lo =
                        if scale.Log && Double.IsNaN lo && not (Double.IsNaN hi) then
                            scale.Lo - 1.0
                        else
                            lo

                    let at: float = Array.get position i

                    if
                        Double.IsFinite lo && Double.IsFinite hi && Double.IsFinite at && hi >= lo
                    then
                        whiskers.Append(
                            SvgMarks.whisker
                                vertical
                                at
                                (pixel lo)
                                (pixel hi)
                                (defaultArg errors.Width 3.5)
                        )
                        |> ignore

                let bar = styled.Trace.IsBar

                let stroke =
                    match errors.Color with
                    | Some color -> color
                    | None -> if bar then "currentColor" else styled.LineColor

                if whiskers.Length > 0 then
                    sb.Append(
                        sprintf
                            "<path data-k=\"%s\" fill=\"none\" stroke=\"%s\" \
                             stroke-width=\"%s\"%s d=\"%O\"/>\n"
                            (if vertical then "y" else "x")
                            (Html.escape stroke)
                            (fine (defaultArg errors.Thickness 1.3))
                            clip
                            whiskers
                    )
                    |> ignore

        styled.Trace.YError
        |> Option.iter (fun e -> draw true e styled.Trace.Y panel.Y xs)

        styled.Trace.XError
        |> Option.iter (fun e -> draw false e styled.Trace.X panel.X ys)

    let private hover (names: string[]) (trace: Trace) i (values: Values) =
        if i < trace.Text.Length then
            trace.Text[i]
        else
            let x =
                match trace.X with
                | Labels l -> defaultArg l[i] "–"
                | Numbers v ->
                    TickNames.nearest names v[i]
                    |> Option.defaultWith (fun () -> Number.significant 5 v[i])

            let y =
                match values with
                | Labels l -> defaultArg l[i] "–"
                | Numbers v -> Number.significant 5 v[i]

            (match trace.Name with
             | Some name -> name + ": "
             | None -> "")
            + x
            + ", "
            + y

    let bars (sb: StringBuilder) panel (area: PlotArea) index (styled: Styled) =
        let trace = styled.Trace
        let offset, width = Panel.bar panel index trace
        let lefts = panel.X.Places trace.X |> Array.map (fun x -> x + offset)
        let centres = lefts |> Array.map (fun x -> x + width / 2.0)
        let tops = panel.Y.Places trace.Y

        let floor =
            if panel.Y.Log then
                panel.Y.Lo
            else
                max panel.Y.Lo (min panel.Y.Hi 0.0)

        let count = min centres.Length tops.Length
        let names = TickNames.ofAxis panel.Layout.XAxis
        let opacity = defaultArg styled.Trace.Marker.Opacity 0.85

        sb.Append(
            sprintf
                "<g data-k=\"bar\" fill=\"%s\" fill-opacity=\"%s\" stroke=\"%s\" \
                 stroke-width=\"%s\">\n"
                (Html.escape styled.MarkerColor)
                (fine opacity)
                (Html.escape styled.MarkerColor)
                (fine SvgMarks.barEdge)
        )
        |> ignore

        for i in 0 .. count - 1 do
            if Double.IsFinite centres[i] && Double.IsFinite tops[i] then
                let x0, x1 = area.X panel.X lefts[i], area.X panel.X (lefts[i] + width)

                let y0, y1 = area.Y panel.Y floor, area.Y panel.Y tops[i]

                sb.Append(
                    sprintf
                        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"%s\n"
                        (n (min x0 x1))
                        (n (min y0 y1))
                        (n (abs (x1 - x0)))
                        (n (abs (y1 - y0)))
                        (SvgText.ending panel.Layout.Hover "rect" (hover names trace i trace.Y))
                )
                |> ignore

        sb.Append "</g>\n" |> ignore

        errorBars
            sb
            ""
            panel
            area
            styled
            (centres |> Array.map (area.X panel.X))
            (tops |> Array.map (area.Y panel.Y))

    let scatter
        (sb: StringBuilder)
        (clip: string)
        panel
        (area: PlotArea)
        (styled: Styled)
        before
        lines
        markers
        =
        let trace = styled.Trace
        let xs = panel.X.Places trace.X |> Array.map (area.X panel.X)
        let ys = Panel.standing panel trace |> panel.Y.Places |> Array.map (area.Y panel.Y)
        let count = min xs.Length ys.Length
        let points = Array.init count (fun i -> xs[i], ys[i])

        let fade =
            trace.Opacity
            |> Option.map (fun o -> sprintf " opacity=\"%s\"" (fine o))
            |> Option.defaultValue ""

        match trace.Fill with
        | Some fill ->
            let back =
                match fill, before with
                | ToPrevious, Some previous -> Array.rev previous
                | _ ->
                    let floor =
                        area.Y
                            panel.Y
                            (if panel.Y.Log then
                                 panel.Y.Lo
                             else
                                 max panel.Y.Lo (min panel.Y.Hi 0.0))

                    points |> Array.rev |> Array.map (fun (x, _) -> x, floor)

            let finite =
                Array.append points back
                |> Array.filter (fun (x, y) -> Double.IsFinite x && Double.IsFinite y)

            let color = trace.FillColor
            let paint = defaultArg color styled.LineColor |> Html.escape
            let opacity = if color.IsSome then "" else " fill-opacity=\"0.18\""

            if finite.Length > 2 then
                sb.Append(
                    sprintf
                        "<path fill=\"%s\"%s%s stroke=\"none\" d=\"%sZ\"/>\n"
                        paint
                        opacity
                        clip
                        (SvgMarks.path [ finite ])
                )
                |> ignore
        | None -> ()

        if lines then
            let width = defaultArg trace.Line.Width 2.0

            let path = SvgMarks.runs points |> SvgMarks.path

            if width > 0.0 && path <> "" then
                sb.Append(
                    sprintf
                        "<path class=\"l\" stroke=\"%s\" stroke-width=\"%s\"%s%s%s d=\"%s\"/>\n"
                        (Html.escape styled.LineColor)
                        (fine width)
                        (SvgMarks.dashes trace.Line.Dash width)
                        fade
                        clip
                        path
                )
                |> ignore

        errorBars sb clip panel area styled xs ys

        if markers then
            let size = defaultArg trace.Marker.Size 7.0
            let names = TickNames.ofAxis panel.Layout.XAxis

            let shown =
                points |> Array.indexed |> Array.filter (fun (_, point) -> area.Holds point)

            let paint = SvgMarks.paint styled + fade

            if shown.Length > 200 || shown.Length > 0 && not panel.Layout.Hover then
                let all = StringBuilder()

                for _, (x, y) in shown do
                    all.Append(SvgMarks.outline styled.Symbol size x y) |> ignore

                sb.Append(sprintf "<path data-k=\"point\" %s d=\"%O\"/>\n" paint all) |> ignore
            elif shown.Length > 0 then
                sb.Append(sprintf "<g data-k=\"point\" %s>\n" paint) |> ignore

                for i, (x, y) in shown do
                    sb.Append(
                        sprintf
                            "<path d=\"%s\"%s\n"
                            (SvgMarks.outline styled.Symbol size x y)
                            (SvgText.ending true "path" (hover names trace i trace.Y))
                    )
                    |> ignore

                sb.Append "</g>\n" |> ignore

        points
