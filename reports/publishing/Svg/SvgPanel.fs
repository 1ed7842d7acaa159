namespace Repro.Reports.Svg

open System
open System.Text
open Repro.Reports

/// Everything between one pair of axes, in the order it is painted.
[<RequireQualifiedAccess>]
module internal SvgPanel =
    let private n = Number.coordinate

    /// Draws the panel into the plot area.
    let draw (sb: StringBuilder) (panel: Panel) (area: PlotArea) =
        SvgAxes.axes sb panel area

        sb.Append(
            sprintf
                "<clipPath id=\"%sc\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>\
                 </clipPath>\n"
                panel.Id
                (n (area.Left - 1.0))
                (n (area.Top - 1.0))
                (n (area.Width + 2.0))
                (n (area.Height + 2.0))
        )
        |> ignore

        for styled in panel.Traces do
            styled.Trace.Heatmap
            |> Option.iter (SvgSeries.heatmap sb panel area styled.Trace)

        let clip = sprintf " clip-path=\"url(#%sc)\"" panel.Id
        let bars = panel.Traces |> List.exists _.Trace.IsBar

        if bars || not panel.Layout.Shapes.IsEmpty then
            sb.Append(sprintf "<g%s>\n" clip) |> ignore
            panel.Layout.Shapes |> List.iter (SvgAxes.shape sb panel area)

            // Bars lie under points and lines whatever the order of the traces.
            panel.Traces
            |> List.iteri (fun i s ->
                if s.Trace.IsBar then
                    SvgSeries.bars sb panel area i s)

            sb.Append "</g>\n" |> ignore

        (None, panel.Traces)
        ||> List.fold (fun before styled ->
            match styled.Trace.Kind with
            | Scatter(lines, markers) ->
                // A page's script shows the traces of one stage after those of another.
                match styled.Trace.Stage with
                | Some stage ->
                    sb.Append(sprintf "<g data-stage=\"%s\">\n" (Html.escape stage)) |> ignore
                | None -> ()

                let drawn = SvgSeries.scatter sb clip panel area styled before lines markers

                if styled.Trace.Stage.IsSome then
                    sb.Append "</g>\n" |> ignore

                Some drawn
            | Bar _
            | Heatmap _ -> before)
        |> ignore

        panel.Layout.Shapes |> List.iter (SvgAxes.shapeLabel sb panel area)
        panel.Layout.Annotations |> List.iter (SvgAxes.annotation sb panel area)

        if panel.Traces.IsEmpty then
            let x, y = area.Left + area.Width / 2.0, area.Top + area.Height / 2.0
            SvgText.append sb "class=\"t\" text-anchor=\"middle\"" x y "no data"
