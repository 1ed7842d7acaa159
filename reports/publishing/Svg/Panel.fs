namespace Repro.Reports.Svg

open System
open Repro.Reports

/// Pixels around the plot area that labels need.
type internal Margins = {
    Left: float
    Right: float
    Top: float
    Bottom: float
}

/// Where the plot area lies in the drawing, pixels.
type internal PlotArea = {
    Left: float
    Top: float
    Width: float
    Height: float
} with

    member this.Right = this.Left + this.Width
    member this.Bottom = this.Top + this.Height

    /// Whether a pixel lies in the plot area; never for NaN.
    member this.Holds(x: float, y: float) =
        x >= this.Left - 0.5
        && x <= this.Right + 0.5
        && y >= this.Top - 0.5
        && y <= this.Bottom + 0.5

    /// The pixel of an x axis's own coordinate.
    member this.X (scale: Scale) (place: float) =
        this.Left + this.Width * scale.Fraction place

    /// The pixel of a y axis's own coordinate.
    member this.Y (scale: Scale) (place: float) =
        this.Bottom - this.Height * scale.Fraction place

/// One pair of axes with what is drawn between them.
type internal Panel = {
    Layout: Layout
    Traces: Styled list
    X: Scale
    Y: Scale
    /// Share of a category that its bars take, and the places within it by group.
    Groups: string[]
    Slot: float
    Title: string option
    Id: string
}

/// Lays out one panel: its axes and the groups of its bars.
[<RequireQualifiedAccess>]
module internal Panel =
    let groupOf index (trace: Trace) =
        match trace.Kind with
        | Bar(None, _) -> Some("#" + string index)
        | Bar(Some _, _)
        | Heatmap _
        | Scatter _ -> None

    /// Where a bar begins and how wide it is, in the axis's own coordinate around its place.
    let bar (panel: Panel) index (trace: Trace) =
        match trace.Kind with
        | Bar(Some width, offset) -> defaultArg offset (-width / 2.0), width
        | _ ->
            let centre, width =
                match groupOf index trace with
                | Some group when panel.Layout.Grouped ->
                    let i = System.Array.IndexOf(panel.Groups, group)
                    let width = panel.Slot / float panel.Groups.Length
                    (float i + 0.5) * width - panel.Slot / 2.0, width
                | _ -> 0.0, panel.Slot

            centre - 0.46 * width, 0.92 * width

    /// The number at an end of an axis, to the digits that a figure carries. Rounding must not
    /// push it out of the axis, where plotly.js draws nothing: then it is one a little within.
    let private atEnd (scale: Scale) (place: float) =
        let span = scale.Hi - scale.Lo
        let inward = if place = scale.Lo then span else -span
        // Two programs' logarithms may differ in their last digits.
        let rim = if scale.Log then 1e-9 * span else 0.0

        let carried part =
            let at = place + part * inward
            Number.carried (if scale.Log then Number.exp10 at else at)

        let isWithin value =
            let at = if scale.Log then Number.log10 value else value
            scale.Lo + rim <= at && at <= scale.Hi - rim

        [ 0.0; 1e-6; 1e-5; 1e-4; 1e-3 ]
        |> List.map carried
        |> List.tryFind isWithin
        |> Option.defaultValue (carried 0.0)

    /// The y values of a trace: marks without one stand at their end of the axis.
    let standing (panel: Panel) (trace: Trace) : Values =
        match trace.Unscored, trace.Y with
        | Some unscored, Numbers v ->
            let scale = panel.Y

            let low =
                match unscored with
                | Foot -> not scale.Reversed
                | Top -> scale.Reversed

            let stand = atEnd scale (if low then scale.Lo else scale.Hi)
            Numbers(v |> Array.map (fun y -> if Double.IsFinite y then y else stand))
        | _ -> trace.Y

    let private errorEnds (values: Values) (errors: ErrorBars option) =
        match values, errors with
        | Numbers v, Some e ->
            let at (lengths: float[]) i =
                if i < lengths.Length then lengths[i] else nan

            Array.append
                (v |> Array.mapi (fun i x -> x + at e.Plus i))
                (v |> Array.mapi (fun i x -> x - at e.Minus i))
        | _ -> [||]

    /// Numbers in an axis's own coordinate, for distances between neighbours.
    let private placed (style: AxisStyle) (values: Values) =
        match values with
        | Numbers v when style.Kind = Log ->
            v
            |> Array.map (fun x -> if Number.hasDecade x then Number.log10 x else nan)
            |> Numbers
        | other -> other

    /// The smallest distance between neighbouring bars, 1 for categories.
    let private barGap (bars: Values list) =
        let places =
            bars
            |> List.collect (fun x ->
                match x with
                | Numbers v -> v |> Array.filter Number.drawable |> List.ofArray
                | Labels _ -> [])
            |> List.distinct
            |> List.sort

        match places with
        | []
        | [ _ ] -> 1.0
        | _ -> places |> List.pairwise |> List.map (fun (a, b) -> b - a) |> List.min

    let private half (values: Values list) =
        values
        |> List.choose (fun v ->
            match v with
            | Numbers v when v.Length > 1 && Array.forall Number.drawable v ->
                Some(abs (v[1] - v[0]) / 2.0)
            | Numbers _ -> Some 0.5
            | Labels _ -> None)
        |> function
            | [] -> 0.0
            | some -> List.max some

    /// Lays out the axes of one panel; `target` ticks along x and y.
    let create
        (name: string)
        title
        (layout: Layout)
        (styled: Styled list)
        (xTicks: int, yTicks: int)
        =
        let traces = styled |> List.map _.Trace
        let bars = traces |> List.filter _.IsBar

        let maps = traces |> List.filter _.Heatmap.IsSome

        let gap = barGap (bars |> List.map (_.X >> placed layout.XAxis))
        let mapOnly = not maps.IsEmpty
        let xs, ys = traces |> List.map _.X, traces |> List.map _.Y

        let ends pick errors =
            traces |> List.map (fun t -> errorEnds (pick t) (errors t)) |> Array.concat

        // Shapes in data units widen an axis, as in plotly.
        let corners (reference: Shape -> Reference) (a: Shape -> float) (b: Shape -> float) =
            layout.Shapes
            |> List.filter (fun s -> reference s = Data)
            |> List.collect (fun s -> [ a s; b s ])
            |> Array.ofList

        let xHalf =
            if bars.IsEmpty then
                half (maps |> List.map (_.X >> placed layout.XAxis))
            else
                gap / 2.0

        let padding = if mapOnly then 0.0 else 0.05

        let x =
            Scale.create
                layout.XAxis
                xs
                (Array.append (ends _.X _.XError) (corners _.XRef _.X0 _.X1))
                false
                xHalf
                (if mapOnly || not bars.IsEmpty then 0.0 else 0.03)

        let y =
            Scale.create
                layout.YAxis
                ys
                (Array.append (ends _.Y _.YError) (corners _.YRef _.Y0 _.Y1))
                (not bars.IsEmpty)
                (half (maps |> List.map (_.Y >> placed layout.YAxis)))
                padding

        {
            Layout = layout
            Traces = styled
            X = Scale.withTicks layout.XAxis xTicks x
            Y = Scale.withTicks layout.YAxis yTicks y
            Groups = traces |> List.mapi groupOf |> List.choose id |> List.distinct |> Array.ofList
            Slot = 0.8 * gap
            Title = title
            Id = name
        }

    /// Widens one axis so that a unit has the same length on both.
    let equalised (panel: Panel) (area: PlotArea) ticks =
        if not (panel.Layout.YAxis.Equal || panel.Layout.XAxis.Equal) then
            panel
        else
            let xUnit = (panel.X.Hi - panel.X.Lo) / area.Width
            let yUnit = (panel.Y.Hi - panel.Y.Lo) / area.Height
            let xTicks, yTicks = ticks

            let grown (scale: Scale) length style target unit =
                let middle = (scale.Lo + scale.Hi) / 2.0
                let reach = unit * length / 2.0

                Scale.withTicks style target {
                    scale with
                        Lo = middle - reach
                        Hi = middle + reach
                }

            if abs (xUnit - yUnit) < 1e-9 * yUnit then
                panel
            elif xUnit < yUnit then
                {
                    panel with
                        X = grown panel.X area.Width panel.Layout.XAxis xTicks yUnit
                }
            else
                {
                    panel with
                        Y = grown panel.Y area.Height panel.Layout.YAxis yTicks xUnit
                }
