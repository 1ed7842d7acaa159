namespace Repro.Reports.Svg

open System
open Repro.Reports
open System.Text

/// The cells and the colour bar of a heat map.
[<RequireQualifiedAccess>]
module internal SvgHeatmap =
    let private n = Number.coordinate

    /// Cells up to this number are elements of their own, with hover text.
    let private single = 400

    /// Colours of larger maps are rounded to so many steps and neighbours merged.
    let private levels = 64

    /// Edges between cells at the given centres: half-way, and as far outside.
    let edges (centres: float[]) =
        match centres.Length with
        | 0 -> [||]
        | 1 -> [| centres[0] - 0.5; centres[0] + 0.5 |]
        | count -> [|
            for i in 0..count do
                if i = 0 then
                    centres[0] - (centres[1] - centres[0]) / 2.0
                elif i = count then
                    centres[count - 1] + (centres[count - 1] - centres[count - 2]) / 2.0
                else
                    (centres[i - 1] + centres[i]) / 2.0
          |]

    /// The values at the two ends of the colour scale.
    let limits (cells: HeatmapCells) =
        let seen = cells.Z |> Array.collect id |> Array.filter Number.drawable

        let lo =
            cells.ZMin
            |> Option.defaultWith (fun () -> if seen.Length = 0 then 0.0 else Array.min seen)

        let hi =
            cells.ZMax
            |> Option.defaultWith (fun () -> if seen.Length = 0 then 1.0 else Array.max seen)

        if hi > lo then lo, hi else lo - 0.5, lo + 0.5

    let private fraction (lo, hi) (z: float) = (z - lo) / (hi - lo)

    let private box x0 x1 y0 y1 =
        let left, right, top, bottom = min x0 x1, max x0 x1, min y0 y1, max y0 y1
        left, top, right - left, bottom - top

    /// One colour over a run of neighbouring cells.
    let private merged (sb: StringBuilder) cells limits (xs: float[]) (ys: float[]) =
        let paths = Array.init levels (fun _ -> StringBuilder())
        // Where the last cell of a colour begins: from there the next is a step away.
        let places = Array.create levels (0L, 0L)
        let tenths (v: float) = int64 (Math.Round(10.0 * v))

        let level z =
            if Number.drawable z then
                int (Math.Round(float (levels - 1) * max 0.0 (min 1.0 (fraction limits z))))
            else
                -1

        cells.Z
        |> Array.iteri (fun row zs ->
            if row + 1 < ys.Length then
                let count = min zs.Length (xs.Length - 1)
                let mutable start = 0

                while start < count do
                    let here = level zs[start]
                    let mutable stop = start + 1

                    while stop < count && level zs[stop] = here do
                        stop <- stop + 1

                    let x, y, w, h = box xs[start] xs[stop] ys[row] ys[row + 1]

                    if here >= 0 && Double.IsFinite(w * h) then
                        // Both ends are rounded as such: a rounded width would leave cracks.
                        let left, top = tenths x, tenths y
                        let wide, tall = tenths (x + w) - left, tenths (y + h) - top
                        let fromLeft, fromTop = places[here]
                        let text = SvgMarks.written

                        paths[here]
                            .Append(if paths[here].Length = 0 then 'M' else 'm')
                            .Append(text (left - fromLeft))
                            .Append(' ')
                            .Append(text (top - fromTop))
                            .Append('h')
                            .Append(text wide)
                            .Append('v')
                            .Append(text tall)
                            .Append('h')
                            .Append(text -wide)
                            .Append('z')
                        |> ignore

                        places[here] <- left, top

                    start <- stop)

        paths
        |> Array.iteri (fun i path ->
            if path.Length > 0 then
                let color =
                    ColorScale.sample cells.Scale (float i / float (levels - 1)) |> ColorScale.hex

                sb.Append(sprintf "<path fill=\"%s\" d=\"%O\"/>\n" color path) |> ignore)

    let private apart (sb: StringBuilder) cells limits hover (names: int -> int -> string) xs ys =
        let xs: float[] = xs
        let ys: float[] = ys

        cells.Z
        |> Array.iteri (fun row zs ->
            zs
            |> Array.iteri (fun column z ->
                let inside = row + 1 < ys.Length && column + 1 < xs.Length && Number.drawable z

                let x, y, w, h =
                    if inside then
                        box xs[column] xs[column + 1] ys[row] ys[row + 1]
                    else
                        nan, nan, nan, nan

                if Double.IsFinite(w * h) then
                    let rgb = ColorScale.sample cells.Scale (fraction limits z)

                    sb.Append(
                        sprintf
                            "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"%s\n"
                            (n x)
                            (n y)
                            (n w)
                            (n h)
                            (ColorScale.hex rgb)
                            (SvgText.ending hover "rect" (names row column))
                    )
                    |> ignore

                    if row < cells.CellText.Length && column < cells.CellText[row].Length then
                        let text = cells.CellText[row][column]

                        let size =
                            min
                                13.0
                                (min (0.6 * h) (13.0 * 0.9 * w / SvgText.width 13.0 ("0" + text)))

                        if size >= 5.0 then
                            let ink = if ColorScale.wantsDarkText rgb then "#111" else "#fff"

                            let style =
                                sprintf
                                    "text-anchor=\"middle\" style=\"font-size:%spx;fill:%s\""
                                    (Number.fine size)
                                    ink

                            SvgText.append sb style (x + w / 2.0) (y + h / 2.0 + 0.36 * size) text))

    /// Draws the cells; `xs` and `ys` are the pixel edges, `names` the hover text of a cell.
    let draw (sb: StringBuilder) (cells: HeatmapCells) hover (names: int -> int -> string) xs ys =
        let limits = limits cells
        let count = cells.Z |> Array.sumBy _.Length
        sb.Append "<g data-k=\"cells\" shape-rendering=\"crispEdges\">\n" |> ignore

        if count <= single then
            apart sb cells limits hover names xs ys
        else
            merged sb cells limits xs ys

        sb.Append "</g>\n" |> ignore

    /// The room a colour bar needs to the right of the plot, pixels.
    let barRoom = 74.0

    /// Draws the colour bar right of `left`, from `top` over `height` pixels.
    let colorBar (sb: StringBuilder) (id: string) (cells: HeatmapCells) left top height =
        let lo, hi = limits cells
        let x = left + 14.0

        sb.Append(sprintf "<linearGradient id=\"%s\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">" id)
        |> ignore

        cells.Scale
        |> Array.iteri (fun i rgb ->
            let at = float i / float (cells.Scale.Length - 1)

            sb.Append(
                sprintf
                    "<stop offset=\"%s\" stop-color=\"%s\"/>"
                    (Number.significant 4 at)
                    (ColorScale.hex rgb)
            )
            |> ignore)

        sb.Append(
            sprintf
                "</linearGradient>\n<rect x=\"%s\" y=\"%s\" width=\"14\" height=\"%s\" \
                 fill=\"url(#%s)\" %s/>\n"
                (n x)
                (n top)
                (n height)
                id
                "stroke=\"currentColor\" stroke-opacity=\"0.4\""
        )
        |> ignore

        for value, label in Ticks.linear lo hi (int (height / 45.0)) do
            let y = top + height * (1.0 - fraction (lo, hi) value)
            SvgText.append sb "class=\"n\"" (x + 19.0) (y + 4.0) label

        match cells.ColorBarTitle with
        | Some title ->
            SvgText.append sb "class=\"n\" text-anchor=\"end\"" (x + 58.0) (top - 8.0) title
        | None -> ()
