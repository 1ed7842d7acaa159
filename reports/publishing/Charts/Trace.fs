namespace Repro.Reports

/// Positions along an axis: numbers, or names of categories in order of first appearance.
type Values =
    | Numbers of float[]
    | Labels of string[]

    /// How many there are.
    member this.Length =
        match this with
        | Numbers v -> v.Length
        | Labels v -> v.Length

/// How a line is drawn; what is None is left to the palette.
type Line = {
    Color: Color option
    /// Pixels.
    Width: float option
    Dash: StyleParam.DrawingStyle option
} with

    /// A line style that leaves everything to the palette.
    static member Default: Line = {
        Color = None
        Width = None
        Dash = None
    }

    /// A line style with the given parts.
    static member init(?Color: Color, ?Width: float, ?Dash: StyleParam.DrawingStyle) : Line = {
        Color = Color
        Width = Width
        Dash = Dash
    }

/// How markers (and bars) are drawn; what is None is left to the palette.
type Marker = {
    Color: Color option
    /// Diameter in pixels.
    Size: float option
    /// 0 to 1.
    Opacity: float option
    Symbol: StyleParam.MarkerSymbol option
    Outline: Line option
} with

    /// A marker style with the given parts.
    static member init
        (
            ?Color: Color,
            ?Size: float,
            ?Opacity: float,
            ?Symbol: StyleParam.MarkerSymbol,
            ?Outline: Line
        ) : Marker = {
        Color = Color
        Size = Size
        Opacity = Opacity
        Symbol = Symbol
        Outline = Outline
    }

/// Lengths of error bars in data units, one per point; NaN draws none.
type ErrorBars = {
    Plus: float[]
    Minus: float[]
    Color: Color option
    Thickness: float option
    /// Half the width of the cap, pixels.
    Width: float option
}

/// The cells of a heat map.
type HeatmapCells = {
    /// Rows from the bottom (or top, when the y axis is reversed), each one cell per x.
    Z: float[][]
    ColorScale: StyleParam.Colorscale
    ZMin: float option
    ZMax: float option
    ShowScale: bool
    ColorBarTitle: string option
    /// A label per cell; an empty array draws none.
    CellText: string[][]
}

/// What a trace draws.
type TraceKind =
    | Scatter of lines: bool * markers: bool
    | Bar
    | Heatmap of HeatmapCells

/// One series of data and its style.
type Trace = {
    Kind: TraceKind
    X: Values
    Y: Values
    Name: string option
    ShowLegend: bool option
    LegendGroup: string option
    /// 0 to 1.
    Opacity: float option
    /// Hover text per point; may be empty.
    Text: string[]
    Marker: Marker
    Line: Line
    XError: ErrorBars option
    YError: ErrorBars option
    /// Bars and points of one group share a place within their category.
    OffsetGroup: string option
    Fill: StyleParam.Fill option
    FillColor: Color option
}
