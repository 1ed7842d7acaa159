namespace Repro.Reports.Svg

open System
open System.Text
open Repro.Reports

/// Lines, markers, bars and their error bars as SVG.
[<RequireQualifiedAccess>]
module internal SvgMarks =
    let private n = Number.coordinate
    let private fine = Number.fine

    /// The width of a bar's edge, which is all that shows of a bar without height. Pixels.
    [<Literal>]
    let barEdge = 0.75

    /// The stroke-dasharray of a line, empty for a solid one.
    let dashes (style: string) (width: float) =
        let pattern =
            match style with
            | "solid" -> []
            | "dot" -> [ 1.0; 2.0 ]
            | "dash" -> [ 4.0; 3.0 ]
            | "longdash" -> [ 7.0; 3.0 ]
            | "dashdot" -> [ 5.0; 2.5; 1.0; 2.5 ]
            | "longdashdot" -> [ 8.0; 2.5; 1.0; 2.5 ]
            | other -> failwithf "The dash pattern '%s' is not drawn." other

        match pattern with
        | [] -> ""
        | _ ->
            pattern
            |> List.map (fun d -> fine (d * max 1.0 width))
            |> String.concat " "
            |> sprintf " stroke-dasharray=\"%s\""

    let private polygon (cx: float) (cy: float) (points: (float * float) list) =
        let parts =
            points
            |> List.pairwise
            |> List.map (fun ((x0, y0), (x1, y1)) -> fine (x1 - x0) + " " + fine (y1 - y0))
            |> String.concat " "

        let x, y = points.Head
        sprintf "M%s %sl%sz" (n (cx + x)) (n (cy + y)) parts

    /// The outline of a marker of diameter `size` as path data.
    let outline (symbol: string) (size: float) (x: float) (y: float) =
        let r = size / 2.0

        match symbol with
        | "circle" ->
            let d, half = fine size, fine r

            sprintf
                "M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 -%s 0"
                (n (x - r))
                (n y)
                half
                half
                d
                half
                half
                d
        | "square" ->
            let h = 0.9 * r
            polygon x y [ -h, -h; h, -h; h, h; -h, h ]
        | "diamond" ->
            let h = 1.25 * r
            polygon x y [ 0.0, -h; h, 0.0; 0.0, h; -h, 0.0 ]
        | "cross" ->
            let a, b = 1.1 * r, 0.4 * r

            polygon x y [
                -b, -a
                b, -a
                b, -b
                a, -b
                a, b
                b, b
                b, a
                -b, a
                -b, b
                -a, b
                -a, -b
                -b, -b
            ]
        | "x" ->
            let a, b, c = 1.05 * r, 0.55 * r, 0.5 * r

            polygon x y [
                -a, -b
                -b, -a
                0.0, -c
                b, -a
                a, -b
                c, 0.0
                a, b
                b, a
                0.0, c
                -b, a
                -a, b
                -c, 0.0
            ]
        | "triangle-up" -> polygon x y [ 0.0, -1.2 * r; 1.1 * r, 0.8 * r; -1.1 * r, 0.8 * r ]
        | "triangle-down" -> polygon x y [ 0.0, 1.2 * r; 1.1 * r, -0.8 * r; -1.1 * r, -0.8 * r ]
        | "star" ->
            // Ten corners of a five-pointed star on circles of radius 1 and 0.4.
            [
                0.0, -1.0
                0.235, -0.324
                0.951, -0.309
                0.38, 0.124
                0.588, 0.809
                0.0, 0.4
                -0.588, 0.809
                -0.38, 0.124
                -0.951, -0.309
                -0.235, -0.324
            ]
            |> List.map (fun (a, b) -> 1.35 * r * a, 1.35 * r * b)
            |> polygon x y
        | "line-ew" -> sprintf "M%s %sh%s" (n (x - r)) (n y) (fine size)
        | other -> failwithf "The marker '%s' is not drawn." other

    /// Paint of a marker: an open or line-shaped one is stroked, a filled one gets an edge.
    let paint (styled: Styled) =
        let marker = styled.Trace.Marker
        let opacity = defaultArg marker.Opacity 1.0

        let faded =
            if opacity < 1.0 then
                sprintf " opacity=\"%s\"" (fine opacity)
            else
                ""

        let color = Html.escape styled.MarkerColor

        match styled.Symbol, marker.Outline with
        | _ when marker.Open ->
            sprintf "fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s" color faded
        | "line-ew", _ -> sprintf "fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s" color faded
        | _, Some line ->
            let stroke = line.Color |> Option.defaultValue "currentColor"

            sprintf
                "fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"%s"
                color
                (Html.escape stroke)
                (fine (defaultArg line.Width 1.0))
                faded
        | _, None -> sprintf "fill=\"%s\"%s" color faded

    /// Leaves out points of a line that nobody could see: of those in one column of a pixel the
    /// first, lowest, highest and last stay. A line that turns back keeps all of its points.
    let thin (points: (float * float)[]) =
        let ordered =
            points |> Array.pairwise |> Array.forall (fun ((a, _), (b, _)) -> a <= b)

        if not ordered then
            points
        else
            points
            |> Array.indexed
            |> Array.groupBy (fun (_, (x, _)) -> floor x)
            |> Array.collect (fun (_, column) ->
                [|
                    column[0]
                    Array.minBy (snd >> snd) column
                    Array.maxBy (snd >> snd) column
                    column[column.Length - 1]
                |]
                |> Array.distinctBy fst
                |> Array.sortBy fst)
            |> Array.map snd

    /// Runs of neighbouring points that can be drawn; a gap splits a line.
    let runs (points: (float * float)[]) =
        let finished, current =
            (([], []), points)
            ||> Array.fold (fun (finished, current) (x, y) ->
                if Double.IsFinite x && Double.IsFinite y then
                    finished, (x, y) :: current
                elif current.IsEmpty then
                    finished, current
                else
                    current :: finished, [])

        (if current.IsEmpty then finished else current :: finished)
        |> List.rev
        |> List.map (List.rev >> Array.ofList >> thin)

    /// A tenth of a pixel is the grid that lines stand on. What lies a million pixels away is
    /// drawn there: no slope that can be seen changes.
    let private tenths (v: float) =
        int64 (Math.Round(10.0 * Math.Clamp(v, -1e6, 1e6)))

    /// Tenths of a pixel as path data.
    let written (tenths: int64) =
        let whole, part = abs tenths / 10L, abs tenths % 10L

        (if tenths < 0L then "-" else "")
        + (if whole > 0L || part = 0L then string whole else "")
        + (if part > 0L then "." + string part else "")

    /// Steps from place to place; what goes straight on along an axis is one step.
    let private steps (places: (int64 * int64)[]) =
        (([], Array.head places), Array.tail places)
        ||> Array.fold (fun (steps, (x0, y0)) (x, y) ->
            let step = x - x0, y - y0

            let joined =
                match steps, step with
                | _, (0L, 0L) -> steps
                | (a, 0L) :: before, (b, 0L) when sign a = sign b -> (a + b, 0L) :: before
                | (0L, a) :: before, (0L, b) when sign a = sign b -> (0L, a + b) :: before
                | _ -> step :: steps

            joined, (x, y))
        |> fst
        |> List.rev

    /// Path data through the points of each run, in steps: shorter than places. A run that does
    /// not leave its first point draws nothing, as in plotly.js, and so has none.
    let path (runs: (float * float)[] list) =
        let sb = StringBuilder()

        for run in runs |> List.filter (Array.isEmpty >> not) do
            let places = run |> Array.map (fun (x, y) -> tenths x, tenths y)

            match steps places with
            | [] -> ()
            | some ->
                let x, y = places[0]
                sb.Append('M').Append(written x).Append(' ').Append(written y) |> ignore
                let mutable command = 'M'

                let number isFirst value =
                    let text = written value

                    if not isFirst && text[0] <> '-' then
                        sb.Append ' ' |> ignore

                    sb.Append text |> ignore

                for dx, dy in some do
                    let next =
                        if dy = 0L then 'h'
                        elif dx = 0L then 'v'
                        else 'l'

                    let isNew = next <> command

                    if isNew then
                        sb.Append next |> ignore

                    command <- next

                    match next with
                    | 'h' -> number isNew dx
                    | 'v' -> number isNew dy
                    | _ ->
                        number isNew dx
                        number false dy

        sb.ToString()

    /// A vertical (or horizontal) bar from a to b with caps.
    let whisker (vertical: bool) (at: float) (a: float) (b: float) (cap: float) =
        if vertical then
            sprintf
                "M%s %sV%sM%s %sh%sM%s %sh%s"
                (n at)
                (n a)
                (n b)
                (n (at - cap))
                (n a)
                (fine (2.0 * cap))
                (n (at - cap))
                (n b)
                (fine (2.0 * cap))
        else
            sprintf
                "M%s %sH%sM%s %sv%sM%s %sv%s"
                (n a)
                (n at)
                (n b)
                (n a)
                (n (at - cap))
                (fine (2.0 * cap))
                (n b)
                (n (at - cap))
                (fine (2.0 * cap))
