namespace Repro.Reports

open Plotly.NET
open Plotly.NET.LayoutObjects

/// Small multiples.
[<RequireQualifiedAccess>]
module Panels =
    /// The axis that a reference of a panel's shape or text means once the panel has a number.
    /// `Chart.Grid` renumbers the traces' axes and leaves those of shapes and texts as they are.
    let private renumbered (number: int) (axis: string) (reference: string) =
        let own = if number = 1 then axis else axis + string number
        if reference = "paper" then own + " domain" else own

    let private move (number: int) (item: DynamicObj.DynamicObj) =
        let change (name: string) (axis: string) always =
            let stated = item.TryGetTypedPropertyValue<string> name

            if always || stated.IsSome then
                item.SetProperty(name, renumbered number axis (defaultArg stated axis))

        change "xref" "x" true
        change "yref" "y" true
        change "axref" "x" false
        change "ayref" "y" false

    let private items<'a when 'a :> DynamicObj.DynamicObj> (name: string) (chart: GenericChart) =
        (GenericChart.getLayout chart).TryGetTypedPropertyValue<seq<'a>> name
        |> Option.map List.ofSeq
        |> Option.defaultValue []

    let private title (number: int) (text: string) =
        Annotation.init (
            X = 0.5,
            Y = 1.0,
            XRef = renumbered number "x" "paper",
            YRef = renumbered number "y" "paper",
            XAnchor = StyleParam.XAnchorPosition.Center,
            YAnchor = StyleParam.YAnchorPosition.Bottom,
            ShowArrow = false,
            Text = text,
            Font = Font.init (Size = 14.0)
        )

    /// Charts side by side, row by row, each with a title where there is one for it. Like
    /// `Chart.Grid`, which it calls, it takes charts that are in no other figure.
    let grid (rows: int) (columns: int) (titles: string list) (charts: GenericChart list) =
        if rows < 1 || columns < 1 || charts.Length > rows * columns then
            invalidArg
                (nameof rows)
                (sprintf
                    "%d charts do not fit a grid of %d × %d. Give enough rows and columns."
                    charts.Length
                    rows
                    columns)

        charts
        |> List.iteri (fun i chart ->
            items<Shape> "shapes" chart |> List.iter (move (i + 1))
            items<Annotation> "annotations" chart |> List.iter (move (i + 1)))

        let titles =
            List.truncate charts.Length titles
            |> List.mapi (fun i text -> title (i + 1) text)

        charts
        |> Chart.Grid(rows, columns)
        |> Chart.withAnnotations (titles, Append = true)
