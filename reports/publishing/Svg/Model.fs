namespace Repro.Reports.Svg

/// Positions along an axis: numbers, or names of categories in order of first appearance; None
/// is no place at all, as NaN among numbers.
type internal Values =
    | Numbers of float[]
    | Labels of string option[]

    /// How many there are.
    member this.Length =
        match this with
        | Numbers v -> v.Length
        | Labels v -> v.Length

/// How a line is drawn; what is None is left to the renderer.
type internal Stroke = {
    Color: string option
    /// Pixels.
    Width: float option
    /// "solid", "dot", "dash", "longdash", "dashdot" or "longdashdot".
    Dash: string
}

/// How markers and bars are drawn; what is None is left to the renderer.
type internal Marker = {
    Color: string option
    /// Diameter in pixels.
    Size: float option
    /// 0 to 1.
    Opacity: float option
    /// plotly's name, without "-open".
    Symbol: string option
    /// An outline only.
    Open: bool
    Outline: Stroke option
}

/// Lengths of error bars in data units, one per point; NaN draws none.
type internal ErrorBars = {
    Plus: float[]
    Minus: float[]
    Color: string option
    Thickness: float option
    /// Half the width of the cap, pixels.
    Width: float option
}

/// The cells of a heat map.
type internal HeatmapCells = {
    /// Rows from the bottom (or top, when the y axis is reversed), each one cell per x.
    Z: float[][]
    Scale: ColorScale
    ZMin: float option
    ZMax: float option
    ShowScale: bool
    ColorBarTitle: string option
    /// A label per cell; an empty array draws none.
    CellText: string[][]
}

/// What a trace draws.
type internal TraceKind =
    | Scatter of lines: bool * markers: bool
    /// Width and offset in the axis's own coordinate, where the figure states them.
    | Bar of width: float option * offset: float option
    | Heatmap of HeatmapCells

/// The end of the y axis at which marks stand that have no value: of runs that diverged, whose
/// text says so. The figure's JSON has the word as the trace's `meta`.
type internal Unscored =
    | Foot
    | Top

/// What the area under a trace is filled to.
type internal Fill =
    | ToPrevious
    | ToZero

/// One series of data and its style.
type internal Trace = {
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
    /// Where marks without a score stand; None for marks that are numbers.
    Unscored: Unscored option
    /// The moment of learning that the trace belongs to, such as "3,000 updates"; the figure's JSON
    /// has it as the trace's `meta`, after "stage: ".
    Stage: string option
    Marker: Marker
    Line: Stroke
    XError: ErrorBars option
    YError: ErrorBars option
    Fill: Fill option
    FillColor: string option
    /// The panel's number: 1 for "x" and "y", 2 for "x2" and "y2".
    Panel: int
} with

    member this.IsBar =
        match this.Kind with
        | Bar _ -> true
        | Scatter _
        | Heatmap _ -> false

    member this.Heatmap =
        match this.Kind with
        | Heatmap cells -> Some cells
        | Scatter _
        | Bar _ -> None

/// How an axis maps values to positions.
type internal AxisKind =
    | Auto
    | Linear
    | Log
    | Category

/// One axis.
type internal AxisStyle = {
    Title: string option
    Kind: AxisKind
    /// Ends of the axis; on a logarithmic axis their log10.
    Range: (float * float) option
    TickVals: float[] option
    TickText: string[] option
    ShowGrid: bool
    ZeroLine: bool
    Reversed: bool
    /// Whether line, ticks, grid and title are drawn.
    Visible: bool
    /// A unit is as long as on the panel's other axis.
    Equal: bool
}

/// Where a coordinate of a shape or text counts from.
type internal Reference =
    | Data
    /// 0 to 1 over the plot area.
    | Domain

/// What a shape is.
type internal ShapeKind =
    | LineShape
    | RectangleShape
    | CircleShape

/// A line, rectangle or ellipse.
type internal Shape = {
    Kind: ShapeKind
    X0: float
    X1: float
    Y0: float
    Y1: float
    XRef: Reference
    YRef: Reference
    FillColor: string option
    Opacity: float option
    Line: Stroke
    /// A text at its end.
    Label: string option
    Panel: int
}

/// Which part of a text stands at its place.
type internal TextAnchor =
    | Start
    | Middle
    | End

/// A text at a place of the plot, or an arrow to it. On a logarithmic axis a place in data
/// units is a log10, as in plotly.
type internal Annotation = {
    X: float
    Y: float
    Text: string
    ShowArrow: bool
    XRef: Reference
    YRef: Reference
    /// Where an arrow to (X, Y) begins, in data units; a text then stands at its tail.
    Tail: (float * float) option
    ArrowColor: string option
    /// Pixels; the head grows with it.
    ArrowWidth: float option
    /// None stands to the right of the place, or to the left near the right edge.
    Anchor: TextAnchor option
    Color: string option
    /// Pixels.
    FontSize: float option
    Panel: int
}

/// Axes, shapes and texts of one panel.
type internal Layout = {
    XAxis: AxisStyle
    YAxis: AxisStyle
    Shapes: Shape list
    Annotations: Annotation list
    /// Whether bars of one category stand side by side.
    Grouped: bool
    /// Whether marks have texts that a pointer shows.
    Hover: bool
}

/// One pair of axes of a figure, before it is laid out.
type internal Cell = {
    Number: int
    Title: string option
    Layout: Layout
    Traces: Trace list
}

/// A whole figure.
type internal Figure = {
    Title: string option
    /// What a reader who cannot see the figure is told.
    Description: string option
    /// Pixels of the drawing's own coordinate system.
    Width: float option
    Height: float option
    ShowLegend: bool option
    Rows: int
    Columns: int
    /// Row by row.
    Cells: Cell list
}
