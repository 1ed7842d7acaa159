namespace Repro.Reports.Tests

open System.Text.Json
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open Plotly.NET
open Repro.Reports
open Repro.Reports.Svg

[<TestFixture>]
module JsonTests =
    let private parse chart =
        JsonDocument.Parse(Chart.toJson chart).RootElement

    let private list (e: JsonElement) = e.EnumerateArray() |> List.ofSeq

    let private firstTrace chart =
        (parse chart).GetProperty "data" |> list |> List.head

    let private text (e: JsonElement) = e.GetString()

    [<Test>]
    let ``Any figure is JSON that cannot close its script element`` () =
        Check.One(
            Config.QuickThrowOnFailure.WithArbitrary [ typeof<Generators> ],
            fun (any: AnyChart) ->
                let json = Chart.toJson any.Chart
                let root = JsonDocument.Parse(json).RootElement
                let data = root.GetProperty "data" |> list

                not (json.Contains '<')
                && data.Length > 0
                && data
                   |> List.forall (fun t ->
                       List.contains (text (t.GetProperty "type")) [ "scatter"; "bar"; "heatmap" ])
        )

    [<Test>]
    let ``Numbers keep the digits that a figure shows and NaN becomes null`` () =
        Check.One(
            Config.QuickThrowOnFailure,
            fun (NormalFloat v) ->
                let y =
                    (firstTrace (Chart.Point([ 0.0; 1.0 ], [ v; nan ]))).GetProperty("y") |> list

                y[0].GetDouble() = Number.carried v && y[1].ValueKind = JsonValueKind.Null
        )

    [<Test>]
    let ``Categories that look like numbers stay categories`` () =
        let layout =
            (parse (Chart.Column([ 1.0; 2.0 ], Keys = [ "150"; "500" ]))).GetProperty "layout"

        Assert.That(text (layout.GetProperty("xaxis").GetProperty "type"), Is.EqualTo "category")

    [<Test>]
    let ``The paper's marks stand at the middle of their bars`` () =
        let traces = (parse (Samples.bars ())).GetProperty "data" |> list
        let number (e: JsonElement) = e.GetDouble()

        let places (t: JsonElement) =
            t.GetProperty "x" |> list |> List.map number

        let middles = [
            for bar in traces |> List.filter (fun t -> text (t.GetProperty "type") = "bar") ->
                let left, width =
                    number (bar.GetProperty "offset"), number (bar.GetProperty "width")

                places bar |> List.map (fun x -> x + left + width / 2.0)
        ]

        let marks = [
            for t in traces |> List.filter (fun t -> text (t.GetProperty "name") = "paper") ->
                places t
        ]

        Assert.That(List.concat middles, Is.EqualTo(box (List.concat marks)).Within 1e-12)

    [<Test>]
    let ``What is placed is drawn as before, and placing it again changes nothing`` () =
        Check.One(
            Config.QuickThrowOnFailure.WithArbitrary [ typeof<Generators> ],
            fun (any: AnyChart) ->
                let json = Chart.toJson any.Chart
                Drawing.svg json = Chart.toSvg any.Chart && Placement.place json = json
        )

    [<Test>]
    let ``A pointer over a named place shows the name`` () =
        let root = JsonDocument.Parse(Chart.toJson (Samples.bars ())).RootElement

        let marks = [
            for trace in root.GetProperty "data" |> list do
                if text (trace.GetProperty "name") = "paper" then
                    trace
        ]

        Assert.That(marks, Has.Length.EqualTo 2)

        for trace in marks do
            let names = trace.GetProperty "customdata" |> list |> List.map text
            Samples.same Samples.categories names
            Assert.That(text (trace.GetProperty "hovertemplate"), Does.Contain "%{customdata}")

    [<Test>]
    let ``Names are placed as their axis lists them, and NaN among names is no name`` () =
        let json =
            Placement.place
                """{"data":[{"type":"bar","x":["a & b","NaN"],"y":[1,2]},
                    {"type":"scatter","x":[3,"NaN"],"y":[1,2]}]}"""

        let root = JsonDocument.Parse(json).RootElement

        let places (t: JsonElement) =
            t.GetProperty "x" |> list |> List.map text

        let axis = root.GetProperty("layout").GetProperty "xaxis"

        Samples.same
            [ "a &amp; b"; "NaN"; "3" ]
            (axis.GetProperty "categoryarray" |> list |> List.map text)

        Samples.same
            [ [ "a &amp; b"; "NaN" ]; [ "3"; null ] ]
            (root.GetProperty "data" |> list |> List.map places)

    [<TestCase("""{"data":[{"type":"pie"}]}""", "data[0].type is 'pie'")>]
    [<TestCase("""{"data":[{"x":[1],"y":[1],"stackgroup":"a"}]}""", "data[0].stackgroup")>]
    [<TestCase("""{"data":[{"x":[1],"y":[1],"marker":{"gradient":{"type":"radial"}}}]}""",
               "data[0].marker.gradient")>]
    [<TestCase("""{"data":[],"layout":{"xaxis":{"rangeslider":{"visible":true}}}}""",
               "layout.xaxis.rangeslider")>]
    [<TestCase("""{"data":[],"layout":{"yaxis":{"type":"x"}}}""", "layout.yaxis.type is 'x'")>]
    [<TestCase("""{"data":[],"layout":{"template":{"layout":{"colorway":["red"]}}}}""",
               "layout.template")>]
    let ``What the drawing does not know is refused by its name`` (json: string, name: string) =
        Samples.refuses name (fun () -> box (Drawing.svg json))

    [<Test>]
    let ``A figure's numbers are its CSV`` () =
        let lines = (Chart.toCsv (Samples.bars ())).Split '\n'
        Assert.That(lines[0], Is.EqualTo "series,x,x_name,y,low,high")
        Assert.That(lines[1], Is.EqualTo "IRNN,-0.2,150,0.5,0.4,0.55")
        let map = Chart.toCsv (Samples.map ())
        Assert.That(map, Does.StartWith "x,y,z\n")
        Assert.That(map, Does.Contain("\n1e-3,0.7,0.3\n").And.Contain "\n1e-2,0.7,\n")

    [<Test>]
    let ``A number of a figure has seven digits, whole ones all of theirs, and no more`` () =
        Check.One(
            Config.QuickThrowOnFailure,
            FsCheck.FSharp.Prop.forAll (FsCheck.FSharp.Arb.fromGen Samples.wild) (fun v ->
                let once = Number.carried v

                (System.Double.IsNaN v && System.Double.IsNaN once)
                || Number.carried once = once
                   && (not (System.Double.IsFinite v) || abs (once - v) <= 5.1e-7 * abs v))
        )

        Assert.That(Number.carried (0.1 + 0.2), Is.EqualTo 0.3)
        Assert.That(Number.carried 123456789.0, Is.EqualTo 123456789.0)
        Assert.That(Number.carried 0.123456789, Is.EqualTo 0.1234568)
        let noisy = Chart.Line([ 0.1 + 0.2; 1.0 ], [ 1.0 / 3.0; 2.0 ])
        Assert.That(Chart.toCsv noisy, Is.EqualTo "x,y\n0.3,0.3333333\n1,2\n")
        Assert.That(Chart.toJson noisy, Does.Contain "\"y\":[0.3333333,2]")

    [<Test>]
    let ``Each cell of a grid has axes of its own within the figure`` () =
        let layout =
            ([ Samples.curve (); Samples.curve (); Samples.curve () ]
             |> Panels.grid 2 2 []
             |> parse)
                .GetProperty
                "layout"

        for axis in [ "xaxis"; "xaxis2"; "xaxis3"; "yaxis"; "yaxis2"; "yaxis3" ] do
            let domain = layout.GetProperty(axis).GetProperty("domain") |> list
            let ends = domain |> List.map _.GetDouble()
            Assert.That(ends, Is.All.InRange(0.0, 1.0))
            Assert.That(ends[0], Is.LessThan ends[1])

    [<Test>]
    let ``Labels reach plotly as plain text`` () =
        let name =
            (firstTrace (Chart.Point([ 1.0 ], [ 1.0 ], Name = "<b>&</b>"))).GetProperty "name"

        Assert.That(text name, Is.EqualTo "&lt;b&gt;&amp;&lt;/b&gt;")
