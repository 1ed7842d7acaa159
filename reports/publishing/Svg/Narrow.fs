namespace Repro.Reports.Svg

/// Figures for a screen of a telephone's width: panels one below the other, drawn for that width,
/// so that text keeps its size and nothing lies out of sight.
[<RequireQualifiedAccess>]
module internal Narrow =
    /// Pixels, as wide as a telephone's screen without the page's margins.
    let width = 358.0

    let private panelHeight = 300.0

    /// The figure at that width.
    let ofFigure (figure: Figure) : Figure =
        let panels = max 1 figure.Cells.Length

        {
            figure with
                Rows = panels
                Columns = 1
                Width = Some width
                Height = Some(80.0 + panelHeight * float panels)
                // There is no pointer on such a screen.
                Cells =
                    figure.Cells
                    |> List.map (fun cell -> {
                        cell with
                            Layout = { cell.Layout with Hover = false }
                    })
        }
