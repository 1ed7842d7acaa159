namespace Repro.Reports

/// The closed choices of plotly's figure schema, named as Plotly.NET names them.
module StyleParam =
    /// How an axis maps values to positions.
    [<RequireQualifiedAccess>]
    type AxisType =
        | Auto
        | Linear
        | Log
        | Category

    /// The dash pattern of a line.
    [<RequireQualifiedAccess>]
    type DrawingStyle =
        | Solid
        | Dot
        | Dash
        | LongDash
        | DashDot
        | LongDashDot

    /// Filled, or an outline only.
    [<RequireQualifiedAccess>]
    type SymbolStyle = | Open

    /// The shape of a marker.
    [<RequireQualifiedAccess>]
    type MarkerSymbol =
        | Circle
        | Square
        | Diamond
        | Cross
        | X
        | TriangleUp
        | TriangleDown
        | Star
        /// A horizontal tick.
        | LineEW
        | Modified of MarkerSymbol * SymbolStyle

    /// What a shape of the layout is.
    [<RequireQualifiedAccess>]
    type ShapeType =
        | Line
        | Rectangle
        | Circle

    /// Which part of a text stands at its place.
    [<RequireQualifiedAccess>]
    type XAnchorPosition =
        | Left
        | Center
        | Right

    /// Whether bars of one category stand beside each other or on top.
    [<RequireQualifiedAccess>]
    type BarMode =
        | Group
        | Overlay

    /// Colour scales of a heat map; all but RdBu grow steadily in lightness.
    [<RequireQualifiedAccess>]
    type Colorscale =
        | Viridis
        | Cividis
        | Greys
        | RdBu

    /// What the area under a trace is filled to.
    [<RequireQualifiedAccess>]
    type Fill =
        | ToNext_y
        | ToZero_y

/// A colour, as CSS writes it.
type Color =
    private
    | Css of string

    /// Any CSS colour: "#0072B2", "steelblue", "rgba(0,0,0,0.3)". "black" follows the page's
    /// text colour, so that it stays visible in dark mode.
    static member fromString(c: string) =
        if c.Trim() = "" then
            invalidArg (nameof c) "A colour is empty. Give a CSS colour such as \"#0072B2\"."

        match c.Trim().ToLowerInvariant() with
        | "black"
        | "#000"
        | "#000000" -> Css "currentColor"
        | _ -> Css(c.Trim())

    /// A colour from its hexadecimal text, with or without "#".
    static member fromHex(s: string) =
        Color.fromString ("#" + s.TrimStart '#')

    /// A colour from red, green and blue, 0 to 255 each.
    static member fromRGB (r: int) (g: int) (b: int) = Css(sprintf "rgb(%d,%d,%d)" r g b)

    /// The colour of the page's text.
    static member ink = Css "currentColor"

    /// The colour as CSS text.
    member this.Text =
        let (Css text) = this
        text
