namespace Repro.Reports

/// Figures for a screen of a telephone's width: panels one below the other, drawn for that width,
/// so that text keeps its size and nothing lies out of sight.
[<RequireQualifiedAccess>]
module internal Narrow =
    /// Pixels, as wide as a telephone's screen without the page's margins.
    let width = 358.0

    let private panelHeight = 300.0

    /// The chart at that width.
    let ofChart (chart: GenericChart) : GenericChart =
        let panels, grid =
            match chart.Grid with
            | None -> 1, None
            | Some grid ->
                let n = max 1 grid.Cells.Length
                n, Some { grid with Rows = n; Columns = 1 }

        {
            chart with
                Grid = grid
                Layout = {
                    chart.Layout with
                        Width = Some width
                        Height = Some(80.0 + panelHeight * float panels)
                }
        }
