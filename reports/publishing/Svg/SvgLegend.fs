namespace Repro.Reports.Svg

open System.Text
open Repro.Reports

/// The legend: rows of samples and names above the panels.
[<RequireQualifiedAccess>]
module internal SvgLegend =
    let private n = Number.coordinate
    let private fine = Number.fine
    let private legendSize = 13.0

    /// Rows of legend entries with their x positions.
    let rows (width: float) (entries: Styled list) =
        let room (s: Styled) =
            40.0 + SvgText.width legendSize s.Trace.Name.Value + 14.0

        let finished, current, _ =
            (([], [], 0.0), entries)
            ||> List.fold (fun (rows, current, x) entry ->
                let w = room entry

                if x > 0.0 && x + w > width then
                    List.rev current :: rows, [ 0.0, entry ], w
                else
                    rows, (x, entry) :: current, x + w)

        List.rev (
            if current.IsEmpty then
                finished
            else
                List.rev current :: finished
        )

    let private sample (sb: StringBuilder) (styled: Styled) (x: float) (y: float) =
        let stroke = Html.escape styled.LineColor
        let trace = styled.Trace

        match trace.Kind with
        | Bar _ ->
            sb.Append(
                sprintf
                    "<rect x=\"%s\" y=\"%s\" width=\"14\" height=\"11\" \
                     fill=\"%s\" fill-opacity=\"%s\"/>\n"
                    (n (x + 12.0))
                    (n (y - 5.5))
                    (Html.escape styled.MarkerColor)
                    (fine (defaultArg trace.Marker.Opacity 0.85))
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
                        (fine width)
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

    /// Draws the rows under a height.
    let draw (sb: StringBuilder) (rows: (float * Styled) list list) (top: float) =
        rows
        |> List.iteri (fun i row ->
            let y = top + 20.0 * float i + 10.0

            for x, styled: Styled in row do
                sample sb styled (x + 6.0) y
                SvgText.append sb "" (x + 42.0) (y + 4.5) styled.Trace.Name.Value)
