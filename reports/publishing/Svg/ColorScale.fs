namespace Repro.Reports.Svg

/// Stops of a colour scale at even distances, as (red, green, blue), each 0 to 255.
type ColorScale = (int * int * int)[]

/// The colour scales a figure may name, and colours in between their stops.
[<RequireQualifiedAccess>]
module ColorScale =
    /// The scale of a name that plotly knows; None for one that is not drawn here. All but RdBu
    /// grow steadily in lightness.
    /// Source: matplotlib's viridis and cividis, ColorBrewer's Greys and RdBu.
    let named (name: string) : ColorScale option =
        match name with
        | "Viridis" ->
            Some [|
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
        | "Cividis" ->
            Some [|
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
        | "Greys" -> Some [| 247, 247, 247; 189, 189, 189; 115, 115, 115; 37, 37, 37 |]
        | "RdBu" ->
            Some [|
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
        | _ -> None

    /// The scale of a heat map that names none.
    let standard: ColorScale = (named "Viridis").Value

    /// The colour at a fraction (0 to 1) of a scale.
    let sample (stops: ColorScale) (fraction: float) =
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
