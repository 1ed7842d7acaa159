namespace Repro.Reports

open Plotly.NET
open Plotly.NET.LayoutObjects

/// How a chart of this project looks: fonts, grid and background, for light and dark pages.
/// Pages hand the two templates to plotly.js; a chart shown by itself takes one with
/// `Chart.withTemplate Theme.light`.
[<RequireQualifiedAccess>]
module Theme =
    /// The fonts of pages and drawings.
    let fonts = "system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"

    let private template (ink: string) (grid: string) : Template =
        let ink, grid = Color.fromString ink, Color.fromString grid
        let clear = Color.fromString "rgba(0,0,0,0)"

        let axis =
            LinearAxis.init (
                GridColor = grid,
                LineColor = ink,
                ZeroLineColor = ink,
                ShowLine = true,
                TickColor = ink
            )

        let layout =
            Layout.init (
                Font =
                    Font.init (
                        Family = StyleParam.FontFamily.Custom fonts,
                        Size = 13.0,
                        Color = ink
                    ),
                PaperBGColor = clear,
                PlotBGColor = clear
            )
            |> Layout.setLinearAxis (StyleParam.SubPlotId.XAxis 1, axis)
            |> Layout.setLinearAxis (StyleParam.SubPlotId.YAxis 1, axis)

        Template.init layout

    /// Dark text on a light page.
    let light = template "#1d2329" "rgba(29,35,41,.13)"

    /// Light text on a dark page.
    let dark = template "#e4e7ea" "rgba(228,231,234,.13)"

/// The shapes of Palette as Plotly.NET names them.
[<RequireQualifiedAccess>]
module Symbols =
    let private all = [|
        StyleParam.MarkerSymbol.Circle
        StyleParam.MarkerSymbol.Square
        StyleParam.MarkerSymbol.TriangleUp
        StyleParam.MarkerSymbol.Diamond
        StyleParam.MarkerSymbol.Cross
        StyleParam.MarkerSymbol.TriangleDown
        StyleParam.MarkerSymbol.X
        StyleParam.MarkerSymbol.Star
    |]

    /// The shape of the i-th series, from 0.
    let ofSeries (i: int) = all[i % all.Length]
