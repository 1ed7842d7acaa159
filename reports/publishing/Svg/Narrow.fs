namespace Repro.Reports.Svg

/// Figures for a screen of a telephone's width: panels one below the other, drawn for that width,
/// so that text keeps its size and nothing lies out of sight.
[<RequireQualifiedAccess>]
module internal Narrow =
    /// Pixels, as wide as a telephone's screen without the page's margins.
    let width = 358.0

    let private panelHeight = 300.0

    /// What an axis that shares its title with others is called.
    let private titled (others: AxisStyle list) (axis: AxisStyle) =
        let shared = others |> List.filter _.Visible |> List.tryPick _.Title

        match axis.Title with
        | None when axis.Visible -> { axis with Title = shared }
        | _ -> axis

    /// A grid names the x axis below its columns and the y axis left of its rows. One below the
    /// other, its panels no longer share them: each is named.
    let private named (figure: Figure) (i: int) (cell: Cell) =
        let place j = j / figure.Columns, j % figure.Columns
        let row, column = place i

        let axes isShared axis =
            figure.Cells
            |> List.indexed
            |> List.filter (fun (j, _) -> isShared (place j))
            |> List.map (fun (_, other) -> axis other.Layout)

        let below = axes (fun (r, c) -> c = column && r > row) _.XAxis
        let before = axes (fun (r, c) -> r = row && c < column) _.YAxis

        {
            cell.Layout with
                XAxis = titled below cell.Layout.XAxis
                YAxis = titled (List.rev before) cell.Layout.YAxis
        }

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
                    |> List.mapi (fun i cell -> {
                        cell with
                            Layout = {
                                named figure i cell with
                                    Hover = false
                            }
                    })
        }
