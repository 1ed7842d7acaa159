namespace Repro.Reports

/// Changes to what a chart already holds.
[<RequireQualifiedAccess>]
module internal Restyle =
    let traces change (chart: GenericChart) = {
        chart with
            Traces = List.map change chart.Traces
    }

    let layout change (chart: GenericChart) = {
        chart with
            Layout = change chart.Layout
    }

    /// The layout of a chart and of every cell of its grid.
    let rec layouts change (chart: GenericChart) =
        let chart = layout change chart

        match chart.Grid with
        | None -> chart
        | Some grid -> {
            chart with
                Grid =
                    Some {
                        grid with
                            Cells = List.map (layouts change) grid.Cells
                    }
          }

    /// An axis with the given parts replaced.
    let axis current title axisType minMax tickVals tickText showGrid zeroLine : AxisStyle = {
        current with
            Title = title |> Option.orElse current.Title
            AxisType = defaultArg axisType current.AxisType
            Range = minMax |> Option.orElse current.Range
            TickVals = tickVals |> Option.map Array.ofSeq |> Option.orElse current.TickVals
            TickText = tickText |> Option.map Array.ofSeq |> Option.orElse current.TickText
            ShowGrid = defaultArg showGrid current.ShowGrid
            ZeroLine = defaultArg zeroLine current.ZeroLine
    }

    let errors array arrayminus color thickness width : ErrorBars =
        let plus = Array.ofSeq array

        {
            Plus = plus
            Minus = arrayminus |> Option.map Array.ofSeq |> Option.defaultValue plus
            Color = color
            Thickness = thickness
            Width = width
        }
