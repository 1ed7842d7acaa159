namespace Repro.Reports.Tests

open System.Text.Json
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open Repro.Reports

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
    let ``Numbers survive to the last bit and NaN becomes null`` () =
        Check.One(
            Config.QuickThrowOnFailure,
            fun (NormalFloat v) ->
                let y =
                    (firstTrace (Chart.Point([ 0.0; 1.0 ], [ v; nan ]))).GetProperty("y") |> list

                y[0].GetDouble() = v && y[1].ValueKind = JsonValueKind.Null
        )

    [<Test>]
    let ``Categories that look like numbers stay categories`` () =
        let layout =
            (parse (Chart.Column([ 1.0; 2.0 ], Keys = [ "150"; "500" ]))).GetProperty "layout"

        Assert.That(text (layout.GetProperty("xaxis").GetProperty "type"), Is.EqualTo "category")

    [<Test>]
    let ``Bars and the points on them share an offset group`` () =
        let root = parse Samples.bars

        let groups kind =
            root.GetProperty "data"
            |> list
            |> List.filter (fun t -> text (t.GetProperty "type") = kind)
            |> List.map (fun t -> text (t.GetProperty "offsetgroup"))
            |> List.distinct

        Samples.same [ "IRNN"; "np-RNN" ] (groups "scatter")
        Samples.same [ "IRNN"; "np-RNN" ] (groups "bar")
        Assert.That(text (root.GetProperty("layout").GetProperty "scattermode"), Is.EqualTo "group")

    [<Test>]
    let ``Each cell of a grid has axes of its own within the figure`` () =
        let layout =
            ([ Samples.curve; Samples.curve; Samples.curve ] |> Chart.Grid(2, 2) |> parse)
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
