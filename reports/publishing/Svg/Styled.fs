namespace Repro.Reports.Svg

open Repro.Reports

/// A trace with every colour and symbol decided.
type internal Styled = {
    Trace: Trace
    LineColor: string
    MarkerColor: string
    Symbol: string
}

/// Decides what a figure leaves open about its series.
[<RequireQualifiedAccess>]
module internal Styled =
    let private key index (trace: Trace) =
        match trace.LegendGroup, trace.Name with
        | Some group, _ -> group
        | None, Some name -> name
        | None, None -> "#" + string index

    /// Traces of one legend group, or of one name, share a colour and a symbol.
    let style (traces: Trace list) : Styled list =
        let keys =
            traces
            |> List.mapi (fun i t ->
                match t.Kind with
                | Heatmap _ -> None
                // Marks of runs without a value are of any series, and take no colour from one.
                | _ when t.Unscored.IsSome -> None
                | Scatter _
                | Bar _ -> Some(key i t))

        let order = keys |> List.choose id |> List.distinct
        let places = Palette.places order

        List.map2
            (fun (trace: Trace) traceKey ->
                let index =
                    match traceKey with
                    | Some k -> places[List.findIndex ((=) k) order]
                    | None -> 0

                let own = Palette.colors[index % Palette.colors.Length]
                let marker, line = trace.Marker.Color, trace.Line.Color
                let symbols = Palette.symbols

                {
                    Trace = trace
                    LineColor = line |> Option.orElse marker |> Option.defaultValue own
                    MarkerColor = marker |> Option.orElse line |> Option.defaultValue own
                    Symbol =
                        trace.Marker.Symbol |> Option.defaultValue symbols[index % symbols.Length]
                })
            traces
            keys

    /// Whether a trace has an entry of its own in a legend.
    let named (trace: Trace) =
        trace.Name.IsSome && trace.ShowLegend <> Some false && trace.Heatmap.IsNone

    /// A legend is drawn when asked for, or when two named series have to be told apart.
    let hasLegend (figure: Figure) (traces: Trace list) =
        match figure.ShowLegend with
        | Some shown -> shown
        | None -> (traces |> List.filter named |> List.distinctBy _.Name |> List.length) > 1
