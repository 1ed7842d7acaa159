namespace Repro.Reports.Items

open System
open Repro.Engine.Dynamics
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports

/// The letters by which a paper calls the units.
type Letters = {
    Input: string
    Hidden: string
    Output: string
}

/// Draws a network from its graph: every circle a unit, every arrow a parameter.
module NetworkDrawing =
    let private radius = 0.17
    let private positive = Color.fromString "#0072B2"
    let private negative = Color.fromString "#D55E00"

    let private paint kind =
        match kind with
        | NodeKind.Input -> Color.fromString "#009E73", Color.fromString "rgba(0,158,115,.16)"
        | NodeKind.Output -> Color.fromString "#CC79A7", Color.fromString "rgba(204,121,167,.2)"
        | _ -> Color.fromString "#56B4E9", Color.fromString "rgba(86,180,233,.18)"

    let private subscripts = "₀₁₂₃₄₅₆₇₈₉"

    let private subscript (i: int) =
        string i |> String.map (fun c -> subscripts[int c - int '0'])

    /// Weights in four steps of width, so that thin stays thinner than thick.
    let private width (largest: float) (weight: float) =
        let share = if largest > 0.0 then abs weight / largest else 0.0
        0.5 + 0.65 * Math.Ceiling(4.0 * share)

    /// A point of the quadratic curve from a to b that bends towards c.
    let private bezier (ax, ay) (cx, cy) (bx, by) (t: float) =
        let u = 1.0 - t

        u * u * ax + 2.0 * u * t * cx + t * t * bx, u * u * ay + 2.0 * u * t * cy + t * t * by

    /// A curve between the rims of two circles, and where its arrow begins and ends.
    let private link bend (ax: float, ay: float) (bx: float, by: float) =
        let dx, dy = bx - ax, by - ay
        let length = sqrt (dx * dx + dy * dy)
        let middle = (ax + bx) / 2.0 - bend * dy, (ay + by) / 2.0 + bend * dx
        let rim = (radius + 0.015) / length
        // A bent link leaves and enters a little off the straight line; the rims still hide it.
        let at (t: float) = bezier (ax, ay) middle (bx, by) t

        let points = [ for i in 0..10 -> at (rim + (1.0 - 2.0 * rim) * float i / 10.0) ]

        points, at (1.0 - rim - 0.04 / length), at (1.0 - rim)

    /// A loop from a circle back to itself, away from `centre`.
    let private loop (centreX, centreY) (x: float, y: float) =
        let dx, dy = x - centreX, y - centreY
        let length = max 1e-9 (sqrt (dx * dx + dy * dy))
        let ux, uy = dx / length, dy / length
        let size = 0.85 * radius
        let mx, my = x + (radius + 0.75 * size) * ux, y + (radius + 0.75 * size) * uy

        let at angle =
            mx + size * (cos angle * ux - sin angle * uy),
            my + size * (cos angle * uy + sin angle * ux)

        let points = [
            for i in 0..24 ->
                let angle = Math.PI * (-0.8 + 1.6 * float i / 24.0)
                at angle
        ]

        points, List.item 22 points, List.item 24 points

    /// One drawn connection: its line, where the arrow begins and ends, its weight.
    type private Drawn = {
        Points: (float * float) list
        Before: float * float
        Tip: float * float
        Weight: float
    }

    let private lines (largest: float) (drawn: Drawn list) =
        drawn
        |> List.groupBy (fun d -> d.Weight < 0.0, width largest d.Weight)
        |> List.sortBy fst
        |> List.map (fun ((isNegative, pixels), members) ->
            let gap = nan, nan
            let points = members |> List.collect (fun d -> d.Points @ [ gap ])

            Chart.Line(
                List.map fst points,
                List.map snd points,
                Name = (if isNegative then "negative weight" else "positive weight"),
                LineColor = (if isNegative then negative else positive),
                LineWidth = pixels,
                Opacity = 0.75
            ))

    let private heads (largest: float) (drawn: Drawn list) = [
        for d in drawn do
            let color = if d.Weight < 0.0 then negative else positive
            Mark.arrow color (0.5 * width largest d.Weight) d.Before d.Tip
    ]

    let private circles (places: (float * float)[]) (graph: NetworkGraph) = [
        for i in 0 .. graph.Nodes.Count - 1 do
            let x, y = places[i]
            let rim, fill = paint graph.Nodes[i].Kind

            Shape.init (
                ShapeType = StyleParam.ShapeType.Circle,
                X0 = x - radius,
                X1 = x + radius,
                Y0 = y - radius,
                Y1 = y + radius,
                FillColor = fill,
                Line = Line.init (Color = rim, Width = 1.6)
            )
    ]

    let private centred size x y text =
        Mark.text size StyleParam.XAnchorPosition.Center x y text

    let private nodeName (letters: Letters) (node: GraphNode) =
        let letter =
            match node.Kind with
            | NodeKind.Input -> letters.Input
            | NodeKind.Output -> letters.Output
            | _ -> letters.Hidden

        letter + subscript (node.Index + 1)

    let private draw
        (places: (float * float)[])
        (texts: Annotation list)
        (graph: NetworkGraph)
        names
        drawn
        =
        let largest =
            if graph.Edges.Count = 0 then
                0.0
            else
                graph.Edges |> Seq.map (fun e -> abs e.Weight) |> Seq.max

        let labels = [
            for i in 0 .. graph.Nodes.Count - 1 do
                centred 12.0 (fst places[i]) (snd places[i]) (names graph.Nodes[i])
        ]

        lines largest drawn
        |> Chart.overlay
        |> Chart.withShapes (circles places graph)
        |> Chart.withAnnotations (heads largest drawn @ labels @ texts)
        |> Chart.withoutAxes ()
        |> Chart.withEqualAspect ()

    let private spread count step (i: int) =
        step * (float i - float (count - 1) / 2.0)

    /// How many arrows, taken as straight, pass over or close by a unit that they do not join.
    let private crossings (places: (float * float)[]) (graph: NetworkGraph) =
        let near (ax, ay) (bx, by) (x, y) =
            let dx, dy = bx - ax, by - ay
            let along = ((x - ax) * dx + (y - ay) * dy) / max 1e-12 (dx * dx + dy * dy)
            let t = max 0.0 (min 1.0 along)
            let offX, offY = x - ax - t * dx, y - ay - t * dy
            sqrt (offX * offX + offY * offY) < 1.25 * radius

        Seq.sum (
            seq {
                for edge in graph.Edges do
                    for i in 0 .. places.Length - 1 do
                        if i <> edge.From && i <> edge.To then
                            if near places[edge.From] places[edge.To] places[i] then
                                1
                            else
                                0
            }
        )

    /// The folded network: inputs below, hidden units on a circle, outputs above.
    let folded (letters: Letters) (graph: NetworkGraph) : GenericChart =
        let count kind =
            graph.Nodes |> Seq.filter (fun n -> n.Kind = kind) |> Seq.length

        let units = count NodeKind.Hidden
        let ring = max 0.6 (0.2 * float units)

        let place (turn: float) (node: GraphNode) =
            match node.Kind with
            | NodeKind.Input -> spread (count NodeKind.Input) 1.1 node.Index, -ring - 0.95
            | NodeKind.Output -> spread (count NodeKind.Output) 1.1 node.Index, ring + 0.95
            | _ ->
                let angle = 2.0 * Math.PI * (float node.Index + turn) / float units
                1.35 * ring * sin angle, ring * cos angle

        let placed turn =
            graph.Nodes |> Seq.map (place turn) |> Array.ofSeq

        // The turn of the circle with which the fewest arrows pass over a unit.
        let places =
            [ for i in 0..39 -> placed (float i / 40.0) ]
            |> List.minBy (fun places -> crossings places graph)

        let drawn = [
            for edge in graph.Edges do
                let recurrent =
                    graph.Nodes[edge.From].Kind = NodeKind.Hidden
                    && graph.Nodes[edge.To].Kind = NodeKind.Hidden

                let points, before, tip =
                    if edge.From = edge.To then
                        loop (0.0, 0.0) places[edge.From]
                    else
                        link (if recurrent then 0.1 else 0.0) places[edge.From] places[edge.To]

                {
                    Points = points
                    Before = before
                    Tip = tip
                    Weight = edge.Weight
                }
        ]

        draw places [] graph (nodeName letters) drawn

    /// The network unrolled over time: a column for each step, inputs below, outputs above. `texts`
    /// gets the x of each column and the y of the outputs, whose negative is that of the inputs.
    let unrolled
        (letters: Letters)
        (texts: (int -> float) -> float -> Annotation list)
        (graph: NetworkGraph)
        : GenericChart =
        let count kind =
            graph.Nodes
            |> Seq.filter (fun n -> n.Kind = kind && n.Time = graph.Steps)
            |> Seq.length

        let units = count NodeKind.Hidden
        let top = spread units 0.52 (units - 1)
        let column time = 3.0 * float time

        let place (node: GraphNode) =
            match node.Kind with
            | NodeKind.Input ->
                column node.Time - 0.8 + spread (count NodeKind.Input) 0.5 node.Index, -top - 1.0
            | NodeKind.Output ->
                column node.Time + 0.8 + spread (count NodeKind.Output) 0.5 node.Index, top + 1.0
            | _ ->
                // Slanted, so that arrows from below and to above pass beside the units.
                column node.Time + spread units 0.3 node.Index, -spread units 0.52 node.Index

        let places = graph.Nodes |> Seq.map place |> Array.ofSeq

        let drawn = [
            for edge in graph.Edges do
                let points, before, tip = link 0.0 places[edge.From] places[edge.To]

                {
                    Points = points
                    Before = before
                    Tip = tip
                    Weight = edge.Weight
                }
        ]

        draw places (texts column (top + 1.0)) graph (nodeName letters) drawn

    /// A text in the middle of its place.
    let text (x: float) (y: float) (words: string) = centred 14.0 x y words
