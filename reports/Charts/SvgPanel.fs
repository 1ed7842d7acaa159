namespace Repro.Reports

open System
open System.Text
open Repro.Reports.StyleParam

/// Everything between one pair of axes, in the order it is painted.
[<RequireQualifiedAccess>]
module internal SvgPanel =
    let private n = Number.coordinate

    /// Draws the panel into the plot area.
    let draw (sb: StringBuilder) (panel: Panel) (area: PlotArea) ticks =
        let panel = Panel.equalised panel area ticks
        SvgAxes.axes sb panel area

        sb.Append(
            sprintf "<clipPath id=\"%sc\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>\n"
                panel.Id (n (area.Left - 1.0)) (n (area.Top - 6.0)) (n (area.Width + 7.0)) (n (area.Height + 7.0))
        )
        |> ignore

        for styled in panel.Traces do
            match styled.Trace.Kind with
            | Heatmap cells -> SvgSeries.heatmap sb panel area styled.Trace cells
            | _ -> ()

        sb.Append(sprintf "<g clip-path=\"url(#%sc)\">\n" panel.Id) |> ignore
        panel.Layout.Shapes |> List.iter (SvgAxes.shape sb panel area)

        // Bars lie under points and lines whatever the order of the traces.
        panel.Traces |> List.iteri (fun i s -> if s.Trace.Kind = Bar then SvgSeries.bars sb panel area i s)

        ((None, 0), panel.Traces)
        ||> List.fold (fun (before, i) styled ->
            match styled.Trace.Kind with
            | Scatter(lines, markers) -> Some(SvgSeries.scatter sb panel area i styled before lines markers), i + 1
            | _ -> before, i + 1)
        |> ignore

        panel.Layout.Annotations |> List.iter (SvgAxes.annotation sb panel area)
        sb.Append "</g>\n" |> ignore

        if panel.Traces.IsEmpty then
            SvgText.append sb "class=\"t\" text-anchor=\"middle\"" (area.Left + area.Width / 2.0) (area.Top + area.Height / 2.0) "no data"
