namespace Repro.Reports.Svg

open Repro.Reports

/// A figure laid out: every panel's plot area, axes with their ends and ticks, the legend's rows.
type internal Plan = {
    Figure: Figure
    Width: float
    Height: float
    /// The title's lines.
    Title: string list
    TitleHeight: float
    /// Rows of entries with their x positions.
    Legend: (float * Styled) list list
    Panels: (Panel * PlotArea) list
}

/// Lays out a figure.
[<RequireQualifiedAccess>]
module internal Plan =
    let private titleSize = 17.0

    /// The size of a figure that states none.
    let private size (figure: Figure) =
        let tall =
            if figure.Rows > 1 then
                60.0 + 260.0 * float figure.Rows
            else
                440.0

        max 120.0 (defaultArg figure.Width 720.0), max 120.0 (defaultArg figure.Height tall)

    let private largest (values: float list) = List.fold max 0.0 values

    /// Where everything of the figure stands.
    let make (figure: Figure) : Plan =
        let width, height = size figure
        let all = figure.Cells |> List.collect _.Traces
        let styled = Styled.style all

        let title =
            figure.Title
            |> Option.map (SvgText.wrap (1.2 * titleSize) (width - 20.0))
            |> Option.defaultValue []

        let entries =
            if Styled.hasLegend figure all then
                styled
                |> List.filter (fun s -> Styled.named s.Trace)
                |> List.distinctBy _.Trace.Name
            else
                []

        let legend = SvgLegend.rows (width - 8.0) entries

        let titleHeight =
            if title.IsEmpty then
                4.0
            else
                10.0 + 22.0 * float title.Length

        let top =
            titleHeight
            + (if legend.IsEmpty then
                   4.0
               else
                   8.0 + 20.0 * float legend.Length)

        let cellWidth = floor (width / float figure.Columns)
        let cellHeight = floor ((height - top) / float figure.Rows)

        let ticks =
            max 2 (int ((cellWidth - 60.0) / 75.0)), max 2 (int ((cellHeight - 50.0) / 48.0))

        let panels =
            (0, List.indexed figure.Cells)
            ||> List.mapFold (fun start (i, cell) ->
                let own = styled |> List.skip start |> List.truncate cell.Traces.Length
                let id = if figure.Cells.Length = 1 then "" else sprintf "p%d" i
                Panel.create id cell.Title cell.Layout own ticks, start + cell.Traces.Length)
            |> fst

        // Plot areas of a grid line up: every cell gets the largest margins.
        let margins = panels |> List.map (fun p -> SvgAxes.margins p cellWidth)
        let left = margins |> List.map _.Left |> largest
        let right = margins |> List.map _.Right |> largest
        let upper = margins |> List.map _.Top |> largest
        let lower = margins |> List.map _.Bottom |> largest

        {
            Figure = figure
            Width = width
            Height = height
            Title = title
            TitleHeight = titleHeight
            Legend = legend
            Panels =
                panels
                |> List.mapi (fun i panel ->
                    let column, row = i % figure.Columns, i / figure.Columns

                    let area = {
                        Left = float column * cellWidth + left
                        Top = top + float row * cellHeight + upper
                        Width = max 20.0 (cellWidth - left - right)
                        Height = max 20.0 (cellHeight - upper - lower)
                    }

                    Panel.equalised panel area ticks, area)
        }
