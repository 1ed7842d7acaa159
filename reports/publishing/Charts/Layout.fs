namespace Repro.Reports

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
