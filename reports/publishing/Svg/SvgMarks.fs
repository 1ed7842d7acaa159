namespace Repro.Reports.Svg

open System
open System.Text
open Repro.Reports

/// Lines, markers, bars and their error bars as SVG.
[<RequireQualifiedAccess>]
module internal SvgMarks =
    let private n = Number.coordinate

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
            |> List.map (fun d -> n (d * max 1.0 width))
            |> String.concat " "
            |> sprintf " stroke-dasharray=\"%s\""

    let private polygon (cx: float) (cy: float) (points: (float * float) list) =
        points
        |> List.mapi (fun i (dx, dy) ->
            (if i = 0 then "M" else "L") + n (cx + dx) + " " + n (cy + dy))
        |> String.concat ""
        |> fun path -> path + "Z"

    /// The outline of a marker of diameter `size` as path data.
    let outline (symbol: string) (size: float) (x: float) (y: float) =
        let r = size / 2.0

        match symbol with
        | "circle" ->
            let d = n size
            let half = n r

            sprintf
                "M%s %sa%s %s 0 1 0 %s 0a%s %s 0 1 0 -%s 0Z"
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
        | "line-ew" -> sprintf "M%s %sh%s" (n (x - r)) (n y) (n size)
        | other -> failwithf "The marker '%s' is not drawn." other

    /// Paint of a marker: an open or line-shaped one is stroked, a filled one gets an edge.
    let paint (styled: Styled) =
        let marker = styled.Trace.Marker
        let opacity = defaultArg marker.Opacity 1.0

        let faded =
            if opacity < 1.0 then
                sprintf " opacity=\"%s\"" (n opacity)
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
                (n (defaultArg line.Width 1.0))
                faded
        | _, None -> sprintf "fill=\"%s\"%s" color faded

    /// Leaves out points that fall on the pixel of their neighbour; of many points in one
    /// column of half a pixel the first, lowest, highest and last stay.
    let thin (points: (float * float)[]) =
        let ordered =
            points |> Array.pairwise |> Array.forall (fun ((a, _), (b, _)) -> a <= b)

        if points.Length < 4000 || not ordered then
            points
        else
            points
            |> Array.indexed
            |> Array.groupBy (fun (_, (x, _)) -> floor (2.0 * x))
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

    /// Path data through the points of each run.
    let path (runs: (float * float)[] list) =
        let sb = StringBuilder()

        for run in runs do
            let mutable before = ""

            run
            |> Array.iteri (fun i (x, y) ->
                let at = n x + " " + n y

                if i = 0 || at <> before then
                    sb.Append((if i = 0 then "M" else "L")).Append(at) |> ignore

                before <- at)

            // A run of one point shows as a dot under a round cap.
            if run.Length = 1 then
                sb.Append "h0" |> ignore

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
                (n (2.0 * cap))
                (n (at - cap))
                (n b)
                (n (2.0 * cap))
        else
            sprintf
                "M%s %sH%sM%s %sv%sM%s %sv%s"
                (n a)
                (n at)
                (n b)
                (n a)
                (n (at - cap))
                (n (2.0 * cap))
                (n b)
                (n (at - cap))
                (n (2.0 * cap))
