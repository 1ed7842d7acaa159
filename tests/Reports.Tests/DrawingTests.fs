namespace Repro.Reports.Tests

open System
open NUnit.Framework
open Repro.Engine.Dynamics
open Repro.Engine.Networks
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports
open Repro.Reports.Items

[<TestFixture>]
module DrawingTests =
    let private square (annotations: Annotation list) =
        Chart.Point([ 0.0; 10.0 ], [ 0.0; 10.0 ])
        |> Chart.withAnnotations annotations
        |> Chart.withXAxisStyle (TitleText = "across", MinMax = (0.0, 10.0))
        |> Chart.withYAxisStyle (TitleText = "up", MinMax = (0.0, 10.0))

    let private numbers (path: string) =
        path.Split([| 'M'; 'L'; 'Z'; ' ' |], StringSplitOptions.RemoveEmptyEntries)
        |> Array.map (fun t -> Double.Parse(t, Globalization.CultureInfo.InvariantCulture))

    let private isTriangle (path: string) =
        path |> String.forall (fun c -> "MLZ -.0123456789".Contains c)
        && path.EndsWith "Z"
        && (numbers path).Length = 6

    /// The corners of arrow heads: filled triangles.
    let private heads (svg: string) =
        Samples.named "path" (Samples.parse svg)
        |> List.map (fun e ->
            e.Attributes() |> Seq.map (fun a -> a.Name.LocalName, a.Value) |> Map.ofSeq)
        |> List.filter (fun a -> isTriangle a["d"])

    [<Test>]
    let ``The head of an arrow touches its end and opens towards its tail`` () =
        let arrow = Mark.arrow (Color.fromHex "a1b2c3") 1.5 (2.0, 2.0) (8.0, 2.0)

        let svg = square [ arrow ] |> Chart.toSvg

        let head =
            heads svg |> List.filter (fun a -> a["fill"] = "#a1b2c3") |> List.exactlyOne

        let corners = numbers head["d"]
        // Drawn to the right: the tip is the rightmost corner, the other two level with it.
        Assert.That(corners[0], Is.GreaterThan corners[2])
        Assert.That(corners[2], (Is.EqualTo corners[4]).Within 0.02)
        Assert.That((corners[3] + corners[5]) / 2.0, (Is.EqualTo corners[1]).Within 0.02)
        Assert.That(svg, Does.Contain "stroke=\"#a1b2c3\"")

    [<Test>]
    let ``An arrow in plotly's schema has both ends in data units, of its own cell in a grid`` () =
        let cell () =
            square [ Mark.arrow Color.ink 1.5 (2.0, 3.0) (8.0, 2.0) ]

        let json = Chart.toJson (cell ())
        Assert.That(json, Does.Contain "\"ax\":2.0,\"axref\":\"x\",\"ay\":3.0,\"ayref\":\"y\"")
        let grid = [ cell (); cell () ] |> Panels.grid 1 2 [] |> Chart.toJson
        Assert.That(grid, Does.Contain("\"axref\":\"x2\"").And.Contain "\"ayref\":\"y2\"")

    [<Test>]
    let ``An arrow with one end only is refused`` () =
        Samples.refuses "layout.annotations[0].ax or ay is missing" (fun () ->
            square [ Annotation.init (X = 1.0, Y = 1.0, AX = 2.0, AXRef = "x") ]
            |> Chart.toSvg
            |> box)

    [<Test>]
    let ``An arrow of no length or to nowhere draws no number that is not one`` () =
        let svg =
            square [
                Mark.arrow Color.ink 1.5 (3.0, 3.0) (3.0, 3.0)
                Mark.arrow Color.ink 1.5 (3.0, 3.0) (nan, 3.0)
                Mark.arrow Color.ink 1.5 (infinity, 3.0) (3.0, 3.0)
            ]
            |> Chart.toSvg

        Samples.same [] (heads svg)
        Assert.That(svg, Does.Not.Contain("NaN").And.Not.Contain "∞")

    [<Test>]
    let ``A centred text stands in the middle of its place`` () =
        let text = Mark.text 20.0 StyleParam.XAnchorPosition.Center 5.0 5.0 "here"

        let svg = square [ text ] |> Chart.withoutAxes () |> Chart.toSvg

        let element =
            Samples.parse svg
            |> Samples.named "text"
            |> List.filter (fun e -> e.Value = "here")
            |> List.exactlyOne

        let attribute name =
            element.Attributes() |> Seq.find (fun a -> a.Name.LocalName = name) |> _.Value

        Assert.That(attribute "text-anchor", Is.EqualTo "middle")
        Assert.That(attribute "style", Is.EqualTo "font-size:20px")

    [<Test>]
    let ``A drawing without axes has no ticks, titles and grid, in either output`` () =
        let chart = square [] |> Chart.withoutAxes ()
        Samples.same [] (Chart.toSvg chart |> Samples.parse |> Samples.texts)

        Assert.That(
            Chart.toSvg chart,
            Does.Not.Contain("class=\"a\"").And.Not.Contain "class=\"g\""
        )

        Assert.That(Chart.toJson chart, Does.Contain "\"visible\":false")
        Assert.That(Chart.toJson (square []), Does.Not.Contain "\"visible\"")

    let private graph =
        let spec = NetworkSpec(2, 3, 1)
        let parameters = [| for i in 1 .. ParameterLayout(spec).Length -> float (i % 5) - 2.2 |]
        NetworkGraph.Folded(spec, parameters), NetworkGraph.Unrolled(spec, parameters, 2)

    let private letters = {
        Input = "u"
        Hidden = "x"
        Output = "o"
    }

    [<Test>]
    let ``A drawn network has a circle for each unit and an arrow for each weight`` () =
        let folded, unrolled = graph

        for drawing, graph in
            [
                NetworkDrawing.folded letters folded, folded
                NetworkDrawing.unrolled letters (fun _ _ -> []) unrolled, unrolled
            ] do
            let svg = Chart.toSvg drawing
            let document = Samples.parse svg
            Assert.That((Samples.named "ellipse" document).Length, Is.EqualTo graph.Nodes.Count)
            Assert.That((heads svg).Length, Is.EqualTo graph.Edges.Count)

            let negative =
                heads svg |> List.filter (fun a -> a["fill"] = "#D55E00") |> List.length

            Assert.That(
                negative,
                Is.EqualTo(graph.Edges |> Seq.filter (fun e -> e.Weight < 0.0) |> Seq.length)
            )

    [<Test>]
    let ``Units are named by the paper's letters`` () =
        let folded, _ = graph

        let texts =
            NetworkDrawing.folded letters folded
            |> Chart.toSvg
            |> Samples.parse
            |> Samples.texts

        for name in [ "u₁"; "u₂"; "x₁"; "x₂"; "x₃"; "o₁" ] do
            Assert.That(texts, Has.Member name)
