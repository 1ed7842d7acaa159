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

/// One axis.
type AxisStyle = {
    Title: string option
    AxisType: StyleParam.AxisType
    /// Ends of the axis; on a logarithmic axis their log10, as in plotly.
    Range: (float * float) option
    TickVals: float[] option
    TickText: string[] option
    ShowGrid: bool
    ZeroLine: bool
    Reversed: bool
    /// Whether line, ticks, grid and title are drawn.
    Visible: bool
}

[<AutoOpen>]
module internal LineDefaults =
    let noLine = Line.Default

/// A line, rectangle or ellipse of the layout, in data units unless a reference is "paper".
type Shape = {
    ShapeType: StyleParam.ShapeType
    X0: float
    X1: float
    Y0: float
    Y1: float
    Xref: string
    Yref: string
    FillColor: Color option
    Opacity: float option
    Line: Line
} with

    /// A shape between two corners. `Xref`/`Yref` "paper" measure 0 to 1 over the plot area.
    static member init
        (
            ?ShapeType: StyleParam.ShapeType,
            ?X0: float,
            ?X1: float,
            ?Y0: float,
            ?Y1: float,
            ?Xref: string,
            ?Yref: string,
            ?FillColor: Color,
            ?Opacity: float,
            ?Line: Line
        ) : Shape = {
        ShapeType = defaultArg ShapeType StyleParam.ShapeType.Line
        X0 = defaultArg X0 0.0
        X1 = defaultArg X1 1.0
        Y0 = defaultArg Y0 0.0
        Y1 = defaultArg Y1 1.0
        Xref = defaultArg Xref "x"
        Yref = defaultArg Yref "y"
        FillColor = FillColor
        Opacity = Opacity
        Line = Option.defaultValue noLine Line
    }

/// A text at a place of the plot, or an arrow to it.
type Annotation = {
    X: float
    Y: float
    Text: string
    ShowArrow: bool
    XRef: string
    YRef: string
    /// Where an arrow to (X, Y) begins, in data units; a text then stands at its tail.
    Tail: (float * float) option
    ArrowColor: Color option
    /// Pixels; the head grows with it.
    ArrowWidth: float option
    /// None stands to the right of the place, or to the left near the right edge.
    XAnchor: StyleParam.XAnchorPosition option
    /// Pixels.
    FontSize: float option
} with

    /// A text at (X, Y), in data units unless a reference is "paper". With `AX` and `AY`, in
    /// data units, an arrow leads from there to (X, Y). With an `XAnchor` the text stands at its
    /// place itself, middled in height, and not beside it.
    static member init
        (
            X: float,
            Y: float,
            ?Text: string,
            ?ShowArrow: bool,
            ?XRef: string,
            ?YRef: string,
            ?AX: float,
            ?AY: float,
            ?ArrowColor: Color,
            ?ArrowWidth: float,
            ?XAnchor: StyleParam.XAnchorPosition,
            ?FontSize: float
        ) : Annotation =
        let tail =
            match AX, AY with
            | Some x, Some y -> Some(x, y)
            | None, None -> None
            | _ ->
                invalidArg
                    "AX"
                    "An arrow has only one of AX and AY. Give both ends of it, or neither."

        {
            X = X
            Y = Y
            Text = defaultArg Text ""
            ShowArrow = defaultArg ShowArrow tail.IsSome
            XRef = defaultArg XRef "x"
            YRef = defaultArg YRef "y"
            Tail = tail
            ArrowColor = ArrowColor
            ArrowWidth = ArrowWidth
            XAnchor = XAnchor
            FontSize = FontSize
        }

/// Everything about a figure that is not data.
type Layout = {
    Title: string option
    /// What a reader who cannot see the figure is told.
    Description: string option
    /// Pixels of the drawing's own coordinate system; it scales to its container.
    Width: float option
    Height: float option
    ShowLegend: bool option
    BarMode: StyleParam.BarMode
    EqualAspect: bool
    XAxis: AxisStyle
    YAxis: AxisStyle
    Shapes: Shape list
    Annotations: Annotation list
}

/// A figure: traces in a layout, or a grid of such figures.
type GenericChart = {
    Traces: Trace list
    Layout: Layout
    Grid: ChartGrid option
}

/// Small multiples, row by row.
and ChartGrid = {
    Rows: int
    Columns: int
    Titles: string list
    Cells: GenericChart list
}

[<RequireQualifiedAccess>]
module internal Defaults =
    let axis: AxisStyle = {
        Title = None
        AxisType = StyleParam.AxisType.Auto
        Range = None
        TickVals = None
        TickText = None
        ShowGrid = true
        ZeroLine = false
        Reversed = false
        Visible = true
    }

    let layout: Layout = {
        Title = None
        Description = None
        Width = None
        Height = None
        ShowLegend = None
        BarMode = StyleParam.BarMode.Group
        EqualAspect = false
        XAxis = axis
        YAxis = axis
        Shapes = []
        Annotations = []
    }

    let trace kind x y : Trace = {
        Kind = kind
        X = x
        Y = y
        Name = None
        ShowLegend = None
        LegendGroup = None
        Opacity = None
        Text = [||]
        Marker = Marker.init ()
        Line = Line.init ()
        XError = None
        YError = None
        OffsetGroup = None
        Fill = None
        FillColor = None
    }

    let ofTrace trace = {
        Traces = [ trace ]
        Layout = layout
        Grid = None
    }

    /// A legend is drawn when asked for, or when two named series have to be told apart.
    let hasLegend (layout: Layout) (traces: Trace list) =
        match layout.ShowLegend with
        | Some shown -> shown
        | None ->
            traces
            |> List.filter (fun t ->
                t.Name.IsSome
                && t.ShowLegend <> Some false
                && (match t.Kind with
                    | Heatmap _ -> false
                    | _ -> true))
            |> List.distinctBy _.Name
            |> List.length
                >
                1
