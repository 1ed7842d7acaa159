namespace Repro.Reports.Svg

open System
open System.Security.Cryptography
open System.Text
open Repro.Reports

/// Draws a figure's JSON, as Plotly.NET writes it, without a browser: the traces and members that
/// this project's figures use and nothing else; anything else is an error that names it. The
/// same JSON gives the same bytes on every machine.
[<RequireQualifiedAccess>]
module Drawing =
    let private n = Number.coordinate

    /// Stands for the drawing's own name until its content, and so the name, is known.
    let private nameless = "\u0001"

    // Not scoped to one drawing: every figure of a page carries the same rules.
    let private style =
        ".rf{color:#1d2329;font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,"
        + "sans-serif;"
        + "font-size:13px}.rf text{fill:currentColor}"
        + ".rf .t{font-size:14px}.rf .h{font-size:14px;font-weight:600}"
        + ".rf .tt{font-size:17px;font-weight:600}.rf .n{font-size:12px}"
        + ".rf .g{stroke:currentColor;stroke-opacity:.13;fill:none}"
        + ".rf .a{stroke:currentColor;stroke-opacity:.65;fill:none}"
        + ".rf .l{fill:none;stroke-linejoin:round}"
        + ".rf .m{text-anchor:middle}.rf .e{text-anchor:end}"
        + "@media(prefers-color-scheme:dark){.rf{color:#e4e7ea}}"
        + "@media print{.rf{color:#000}}"

    let private describe (figure: Figure) =
        match figure.Description with
        | Some text -> text
        | None ->
            let names =
                figure.Cells |> List.collect _.Traces |> List.choose _.Name |> List.distinct

            let axis (style: AxisStyle) name =
                style.Title
                |> Option.map (fun t -> sprintf "%s axis: %s." name t)
                |> Option.toList

            let layout = figure.Cells.Head.Layout

            axis layout.XAxis "Horizontal"
            @ axis layout.YAxis "Vertical"
            @ (if names.IsEmpty then
                   []
               else
                   [ "Series: " + String.concat ", " names + "." ])
            |> String.concat " "

    let private body (plan: Plan) =
        let sb = StringBuilder()

        sb.Append(
            sprintf
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rf\" \
                 viewBox=\"0 0 %s %s\" role=\"img\" \
                 aria-labelledby=\"%st %sd\">\n"
                (n plan.Width)
                (n plan.Height)
                nameless
                nameless
        )
        |> ignore

        let name =
            if plan.Title.IsEmpty then
                "Figure"
            else
                String.concat " " plan.Title

        sb.Append(sprintf "<title id=\"%st\">%s</title>\n" nameless (Html.escape name))
        |> ignore

        let text = Html.escape (describe plan.Figure)
        sb.Append(sprintf "<desc id=\"%sd\">%s</desc>\n" nameless text) |> ignore
        sb.Append(sprintf "<style>%s</style>\n" style) |> ignore

        plan.Title
        |> List.iteri (fun i text ->
            SvgText.append sb "class=\"tt\"" 10.0 (24.0 + 22.0 * float i) text)

        SvgLegend.draw sb plan.Legend plan.TitleHeight

        for panel, area in plan.Panels do
            SvgPanel.draw sb { panel with Id = nameless + panel.Id } area

        sb.Append("</svg>\n").ToString()

    let private named (figure: Figure) =
        let text = Plan.make figure |> body
        let hash = SHA256.HashData(Encoding.UTF8.GetBytes text)
        text.Replace(nameless, "f" + Convert.ToHexStringLower(hash).Substring(0, 8))

    /// The figure as an SVG document.
    let svg (json: string) : string = FigureJson.read json |> named

    /// The figure as an SVG document for a telephone's screen, its panels one below the other.
    let narrow (json: string) : string =
        FigureJson.read json |> Narrow.ofFigure |> named
