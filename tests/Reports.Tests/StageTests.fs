namespace Repro.Reports.Tests

open System.Text.Json
open System.Text.RegularExpressions
open NUnit.Framework
open Plotly.NET
open Repro.Reports
open Repro.Reports.Svg

/// Figures that a reader goes through, stage by stage.
[<TestFixture>]
module StageTests =
    let private stages (svg: string) = [
        for m in Regex.Matches(svg, "<g data-stage=\"([^\"]*)\">") -> m.Groups[1].Value
    ]

    let private named = [ "0 updates"; "1,000 updates"; "8,000 updates" ]

    [<Test>]
    let ``Both drawings show every stage, each trace under the name of its own`` () =
        let chart = (Samples.staged ()).Chart
        let wide = Chart.toSvg chart
        Samples.same named (stages wide)
        Samples.same named (stages (Chart.toNarrowSvg chart))
        // Four lines are drawn, and the one without a stage stands outside.
        Assert.That(Regex.Matches(wide, "<path class=\"l\""), Has.Count.EqualTo 4)

        let staged =
            Regex.Matches(wide, "(?s)<g data-stage=[^>]*>\n<path class=\"l\".*?</g>")

        Assert.That(staged, Has.Count.EqualTo 3)

    [<Test>]
    let ``The interactive figure has the stages of the drawing`` () =
        let json = Chart.toJson (Samples.staged ()).Chart
        let data = (JsonDocument.Parse json).RootElement.GetProperty "data"

        let metas = [
            for trace in data.EnumerateArray() do
                match trace.TryGetProperty "meta" with
                | true, meta -> meta.GetString()
                | _ -> "none"
        ]

        Samples.same ("none" :: List.map (fun name -> "stage: " + name) named) metas

    [<Test>]
    let ``A figure without stages is drawn as before, and another word for meta is refused`` () =
        let chart = Chart.Line([ 0.0; 1.0 ], [ 1.0; 2.0 ], Name = "a")
        Assert.That(Chart.toSvg chart, Does.Not.Contain "data-stage")

        let other =
            chart
            |> GenericChart.mapTrace (fun trace ->
                trace.SetProperty("meta", "phase: 1")
                trace)

        Samples.refuses "meta" (fun () -> box (Chart.toSvg other))

    [<Test>]
    let ``A page holds both drawings of a figure with stages, and files of others for the phone``
        ()
        =
        let html = Page.item PageTests.place None None (Samples.stagedPage ())
        Assert.That(Regex.Matches(html, "<svg "), Has.Count.EqualTo 2)
        Assert.That(html, Does.Not.Contain "class=\"narrow\" src")

        let other =
            Page.item PageTests.place None None (Samples.page "talathi-fig3" "paper")

        Assert.That(other, Does.Contain "<img class=\"narrow\" src")

    [<Test>]
    let ``A stage's name is text, whatever it holds`` () =
        let chart =
            Chart.Line([ 0.0; 1.0 ], [ 1.0; 2.0 ], Name = "a")
            |> Chart.atStage "\"><script>"

        Assert.That(Chart.toSvg chart, Does.Not.Contain "<script>")
