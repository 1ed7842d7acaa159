namespace Repro.Reports

open Repro.Reports.StyleParam

/// Colours and shapes that stay apart for colour-blind readers and in grey print.
[<RequireQualifiedAccess>]
module Palette =
    /// Source: Okabe and Ito, "Color Universal Design", 2008; its black is a grey here, so
    /// that marks in the page's text colour show on it; yellow is faint on white and comes last.
    let colors = [|
        "#0072B2"
        "#D55E00"
        "#009E73"
        "#CC79A7"
        "#E69F00"
        "#56B4E9"
        "#7A7A7A"
        "#F0E442"
    |]

    /// In the order in which series take them.
    let symbols = [|
        MarkerSymbol.Circle
        MarkerSymbol.Square
        MarkerSymbol.TriangleUp
        MarkerSymbol.Diamond
        MarkerSymbol.Cross
        MarkerSymbol.TriangleDown
        MarkerSymbol.X
        MarkerSymbol.Star
    |]

    /// A trace with every colour and symbol decided.
    type internal Styled = {
        Trace: Trace
        LineColor: string
        MarkerColor: string
        Symbol: MarkerSymbol
    }

    let private key index (trace: Trace) =
        match trace.LegendGroup, trace.Name with
        | Some group, _ -> "g" + group
        | None, Some name -> "n" + name
        | None, None -> "#" + string index

    /// Traces of one legend group, or of one name, share a colour and a symbol.
    let internal style (traces: Trace list) =
        let keys =
            traces
            |> List.mapi (fun i t ->
                match t.Kind with
                | Heatmap _ -> None
                | _ -> Some(key i t))

        let order = keys |> List.choose id |> List.distinct

        List.map2
            (fun (trace: Trace) traceKey ->
                let index =
                    match traceKey with
                    | Some k -> List.findIndex ((=) k) order
                    | None -> 0

                let own = colors[index % colors.Length]
                let marker = trace.Marker.Color |> Option.map _.Text
                let line = trace.Line.Color |> Option.map _.Text

                {
                    Trace = trace
                    LineColor = line |> Option.orElse marker |> Option.defaultValue own
                    MarkerColor = marker |> Option.orElse line |> Option.defaultValue own
                    Symbol =
                        trace.Marker.Symbol |> Option.defaultValue symbols[index % symbols.Length]
                })
            traces
            keys

    /// Stops of a colour scale at even distances, as (red, green, blue).
    /// Source: matplotlib's viridis and cividis, ColorBrewer's RdBu.
    let private stops scale =
        match scale with
        | Colorscale.Viridis -> [|
            68, 1, 84
            71, 44, 122
            59, 81, 139
            44, 113, 142
            33, 144, 141
            39, 173, 129
            92, 200, 99
            170, 220, 50
            253, 231, 37
          |]
        | Colorscale.Cividis -> [|
            0, 34, 78
            18, 53, 112
            59, 73, 108
            87, 93, 109
            112, 113, 115
            138, 134, 120
            165, 156, 116
            195, 179, 105
            225, 204, 85
            254, 232, 56
          |]
        | Colorscale.Greys -> [| 247, 247, 247; 189, 189, 189; 115, 115, 115; 37, 37, 37 |]
        | Colorscale.RdBu -> [|
            178, 24, 43
            214, 96, 77
            244, 165, 130
            253, 219, 199
            247, 247, 247
            209, 229, 240
            146, 197, 222
            67, 147, 195
            33, 102, 172
          |]

    /// The colour at a fraction (0 to 1) of a scale, as (red, green, blue), each 0 to 255.
    let sample scale (fraction: float) =
        let stops = stops scale
        let f = (max 0.0 (min 1.0 fraction)) * float (stops.Length - 1)
        let i = min (stops.Length - 2) (int f)
        let t = f - float i
        let r0, g0, b0 = stops[i]
        let r1, g1, b1 = stops[i + 1]

        let mix (a: int) (b: int) =
            int (System.Math.Round(float a + t * float (b - a)))

        mix r0 r1, mix g0 g1, mix b0 b1

    /// A colour, each part 0 to 255, as "#rrggbb".
    let hex (r: int, g: int, b: int) = sprintf "#%02x%02x%02x" r g b

    /// Whether dark text reads better than light text on a colour.
    let internal wantsDarkText (r: int, g: int, b: int) = 299 * r + 587 * g + 114 * b > 140_000

    /// plotly's own form of a scale: pairs of position and colour.
    let internal plotlyScale scale = [
        for i in 0..8 -> float i / 8.0, hex (sample scale (float i / 8.0))
    ]
