namespace Repro.Reports.Tests

open System
open System.Globalization
open System.Text.RegularExpressions
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open Plotly.NET
open Repro.Reports
open Repro.Reports.Svg

/// A figure of any shape over wild numbers and labels.
type AnyChart = { Chart: GenericChart; Label: string }

type Generators =
    static member AnyChart() : Arbitrary<AnyChart> =
        gen {
            let! count = Gen.elements [ 0; 1; 2; 7; 40 ]
            let! x = Gen.arrayOfLength count Samples.wild
            let! y = Gen.arrayOfLength count Samples.wild
            let! plus = Gen.arrayOfLength count Samples.wild
            let! label = Samples.wildText
            let! log = Gen.elements [ StyleParam.AxisType.Log; StyleParam.AxisType.Linear ]
            let! kind = Gen.choose (0, 5)
            let keys = [ for i in 1..count -> label + string i ]

            let chart () =
                match kind with
                | 0 -> Chart.Line(x, y, Name = label, ShowMarkers = true)
                | 1 -> Chart.Point(x, y, Name = label, MultiText = keys)
                | 2 -> Chart.Column(y, Keys = keys, Name = label)
                | 3 -> Chart.Column(y, Keys = x, Name = label)
                | 4 -> Chart.Heatmap([ y; plus ], X = x, Y = [ label; label + "2" ])
                | _ -> Chart.Line(x, y, Name = label, Fill = StyleParam.Fill.ToZero_y)

            let styled () =
                [
                    chart () |> Chart.withYErrorStyle (Array = plus)
                    Chart.Point(x, y, Name = "other")
                ]
                |> Chart.combine
                |> Chart.withTitle label
                |> Chart.withXAxisStyle (TitleText = label, AxisType = log)
                |> Chart.withYAxisStyle (TitleText = label, AxisType = log)
                |> Chart.withVerticalLine (1.0, Text = label)

            let! grid = Gen.elements [ true; false ]

            return {
                Chart =
                    if grid then
                        [ styled (); styled () ] |> Panels.grid 1 2 []
                    else
                        styled ()
                Label = label
            }
        }
        |> Arb.fromGen

[<TestFixture>]
module SvgTests =
    let private config = Config.QuickThrowOnFailure.WithArbitrary [ typeof<Generators> ]

    [<Test>]
    let ``Any figure is well-formed XML without a number that is not one`` () =
        Check.One(
            config,
            fun (any: AnyChart) ->
                let svg = Chart.toSvg any.Chart
                let document = Samples.parse svg

                let coordinates =
                    document.Descendants()
                    |> Seq.collect (fun e -> e.Attributes())
                    |> Seq.filter (fun a ->
                        [ "d"; "x"; "y"; "width"; "height"; "cx"; "cy"; "rx"; "ry" ]
                        |> List.contains a.Name.LocalName)
                    |> Seq.map _.Value

                coordinates
                |> Seq.forall (fun c ->
                    not (
                        c.Contains "NaN"
                        || c.Contains "∞"
                        || c.Contains "Infinity"
                        || c.Contains "E"
                    ))
        )

    [<Test>]
    let ``The same figure gives the same bytes under another culture`` () =
        Check.One(
            config,
            fun (any: AnyChart) ->
                let before = CultureInfo.CurrentCulture
                let first = Chart.toSvg any.Chart + Chart.toJson any.Chart

                try
                    let culture = CultureInfo("", false)
                    culture.NumberFormat.NumberDecimalSeparator <- ","
                    culture.NumberFormat.NegativeSign <- "~"
                    CultureInfo.CurrentCulture <- culture
                    Chart.toSvg any.Chart + Chart.toJson any.Chart = first
                finally
                    CultureInfo.CurrentCulture <- before
        )

    [<Test>]
    let ``Hostile labels stay text`` () =
        let label = "</text><script>alert('1')</script>\u0000"

        let svg =
            Chart.Point([ 1.0 ], [ 2.0 ], Name = label)
            |> Chart.withTitle label
            |> Chart.toSvg

        let document = Samples.parse svg
        Assert.That(Samples.named "script" document, Is.Empty)

        Assert.That(
            Samples.named "title" document |> List.map _.Value |> List.head,
            Does.Contain("<script>alert('1')</script>").And.Contain "\uFFFD"
        )

    [<Test>]
    let ``A figure names itself and describes its axes and series`` () =
        let document = Samples.parse (Chart.toSvg (Samples.bars ()))
        let title = (Samples.named "title" document).Head
        let description = (Samples.named "desc" document).Head
        Assert.That(title.Value, Is.EqualTo "Correct sequences by length")
        Assert.That(description.Value, Does.Contain "share correct")
        Assert.That(description.Value, Does.Contain "np-RNN")
        let labelled = document.Root.Attribute("aria-labelledby").Value.Split ' '
        let ids = [ title.Attribute("id").Value; description.Attribute("id").Value ]
        Samples.same ids (List.ofArray labelled)

    [<Test>]
    let ``A bar is drawn for each finite value and none for NaN`` () =
        let draw values =
            Chart.Column(values, Keys = [ "a"; "b"; "c" ])
            |> Chart.toSvg
            |> Samples.parse
            |> Samples.named "rect"
            |> List.filter (fun r -> r.Elements() |> Seq.isEmpty |> not)

        Assert.That(draw [ 1.0; 2.0; 3.0 ], Has.Length.EqualTo 3)
        Assert.That(draw [ 1.0; nan; 3.0 ], Has.Length.EqualTo 2)

    [<Test>]
    let ``Bars of a group stand apart and the paper's mark stands on its own bar`` () =
        let document = Samples.parse (Chart.toSvg (Samples.bars ()))

        let number (text: string) =
            Double.Parse(text, CultureInfo.InvariantCulture)

        let bars =
            Samples.named "rect" document
            |> List.filter (fun r -> r.Value.StartsWith("np-RNN", StringComparison.Ordinal))
            |> List.map (fun r ->
                let left = number (r.Attribute("x").Value)
                left, left + number (r.Attribute("width").Value))

        let others =
            Samples.named "rect" document
            |> List.filter (fun r -> r.Value.StartsWith("IRNN", StringComparison.Ordinal))
            |> List.map (fun r -> number (r.Attribute("x").Value))

        let marks =
            Samples.named "path" document
            |> List.filter (fun p -> p.Value = "paper: 150, 0.9")
            |> List.map (fun p ->
                let d = p.Attribute("d").Value
                let start = number (d.Substring(1, d.IndexOf ' ' - 1))
                start + number (d.Substring(d.IndexOf 'h' + 1)) / 2.0)

        let left, right = bars.Head
        Assert.That(bars, Has.Length.EqualTo 3)
        Assert.That(others.Head, Is.LessThan left)
        Assert.That(marks, Has.Length.EqualTo 1)
        Assert.That(marks.Head, Is.EqualTo((left + right) / 2.0).Within 0.1)

    [<Test>]
    let ``A gap in the data splits a line`` () =
        let moves values =
            Chart.Line([ 0..4 ], values, LineColor = Color.fromHex "abcdef")
            |> Chart.toSvg
            |> Samples.parse
            |> Samples.named "path"
            |> List.filter (fun p -> p.Attributes() |> Seq.exists (fun a -> a.Value = "#abcdef"))
            |> List.sumBy (fun p -> p.Attribute("d").Value |> Seq.filter ((=) 'M') |> Seq.length)

        Assert.That(moves [ 1.0; 2.0; 3.0; 4.0; 5.0 ], Is.EqualTo 1)
        Assert.That(moves [ 1.0; 2.0; nan; 4.0; 5.0 ], Is.EqualTo 2)

    [<Test>]
    let ``A long line keeps its extremes when it is thinned`` () =
        let spike = Array.init 20000 (fun i -> if i = 7777 then 50.0 else 0.0)
        let points = spike |> Array.mapi (fun i y -> float i / 40.0, y)
        let thinned = SvgMarks.thin points
        Assert.That(thinned.Length, Is.LessThan 2100)
        Assert.That(thinned |> Array.map snd |> Array.max, Is.EqualTo 50.0)
        Assert.That(thinned[0], Is.EqualTo(points[0]))
        Assert.That(Array.last thinned, Is.EqualTo(Array.last points))

    /// The corners of a path of steps along lines, one list a part, in pixels.
    let private corners (path: string) =
        let number = @"-?(?:\d+\.?\d*|\.\d+)"

        [
            for part in path.Split('M', StringSplitOptions.RemoveEmptyEntries) do
                let moves = Regex.Matches("L" + part, @"([Llhv])([^Llhv]*)")

                [
                    let mutable x, y = 0.0, 0.0

                    for move in moves do
                        let values =
                            Regex.Matches(move.Groups[2].Value, number)
                            |> Seq.map (fun m ->
                                Double.Parse(m.Value, CultureInfo.InvariantCulture))
                            |> List.ofSeq

                        let steps =
                            match move.Groups[1].Value with
                            | "h" -> values |> List.map (fun v -> v, 0.0)
                            | "v" -> values |> List.map (fun v -> 0.0, v)
                            | _ -> values |> List.chunkBySize 2 |> List.map (fun p -> p[0], p[1])

                        for dx, dy in steps do
                            x <- x + dx
                            y <- y + dy
                            x, y
                ]
        ]

    [<Test>]
    let ``Steps of a path lead through every point, to a tenth of a pixel`` () =
        let place = Gen.choose (-2000, 9000) |> Gen.map (fun v -> float v / 13.0)

        let points =
            Gen.nonEmptyListOf (Gen.zip place place) |> Gen.map Array.ofList |> Arb.fromGen

        let isNear (x: float, y: float) (a: float, b: float) =
            abs (x - a) < 0.0501 && abs (y - b) < 0.0501

        /// Whether the points lie on the line through the corners, in their order.
        let rec leads (corners: (float * float) list) (points: (float * float) list) =
            match corners, points with
            | _, [] -> true
            | (a, b) :: next, (x, y) :: rest ->
                if isNear (x, y) (a, b) then
                    leads corners rest
                else
                    match next with
                    | (c, d) :: _ when abs (b - d) < 1e-9 && abs (y - b) < 0.0501 ->
                        if
                            min a c - 0.06 < x && x < max a c + 0.06 && not (isNear (x, y) (c, d))
                        then
                            leads corners rest
                        else
                            leads next points
                    | (c, d) :: _ when abs (a - c) < 1e-9 && abs (x - a) < 0.0501 ->
                        if
                            min b d - 0.06 < y && y < max b d + 0.06 && not (isNear (x, y) (c, d))
                        then
                            leads corners rest
                        else
                            leads next points
                    | _ -> leads next points
            | [], _ -> false

        Check.One(
            Config.QuickThrowOnFailure,
            Prop.forAll points (fun points ->
                match corners (SvgMarks.path [ points ]) with
                | [] -> points |> Array.forall (fun point -> isNear point points[0])
                | [ corners ] -> leads corners (List.ofArray points)
                | _ -> false)
        )

    [<Test>]
    let ``A line that does not leave its first point draws nothing, as in plotly.js`` () =
        Assert.That(SvgMarks.path [ [| 3.0, 4.0 |] ], Is.Empty)
        Assert.That(SvgMarks.path [ [| 3.0, 4.0; 3.0, 4.0 |]; [||] ], Is.Empty)

        Assert.That(
            SvgMarks.path [ [| 0.0, 0.0; 1.0, 0.0; 2.5, 0.0; 2.5, -0.5 |] ],
            Is.EqualTo "M0 0h2.5v-.5"
        )

    [<Test>]
    let ``A bar of no height shows as its edge, and an interval of no length as its cap`` () =
        let document =
            Chart.Column([ 0.0; 2.0 ], Keys = [ "a"; "b" ])
            |> Chart.withYErrorStyle (Array = [ 0.0; 0.0 ])
            |> Chart.toSvg
            |> Samples.parse

        let heights =
            Samples.named "rect" document
            |> List.filter (fun r -> r.Elements() |> Seq.isEmpty |> not)
            |> List.map (fun r -> r.Attribute("height").Value)

        Assert.That(heights, Has.Length.EqualTo 2)
        Assert.That(heights[0], Is.EqualTo "0")

        let whiskers =
            Samples.named "path" document
            |> List.filter (fun p -> p.Attributes() |> Seq.exists (fun a -> a.Value = "y"))

        Assert.That(whiskers, Has.Length.EqualTo 1)

    [<Test>]
    let ``On a telephone's screen marks have no hover text, and are all there`` () =
        let wide = Samples.parse (Chart.toSvg (Samples.bars ()))
        let narrow = Samples.parse (Chart.toNarrowSvg (Samples.bars ()))
        // The one title is the drawing's own.
        Assert.That(Samples.named "title" narrow, Has.Length.EqualTo 1)

        let bars document =
            Samples.named "rect" document
            |> List.filter (fun r -> r.Parent.Attribute "data-k" |> isNull |> not)
            |> List.length

        Assert.That(bars narrow, Is.EqualTo(bars wide))

    [<Test>]
    let ``A mark beside a named place has its name, and one on an axis of numbers its number`` () =
        let titles (places: float list, names: string list) =
            Chart.Point([ -0.2; 0.9; 2.0 ], [ 1.0; 2.0; 3.0 ], Name = "a")
            |> Chart.withXTicks (places, names)
            |> Chart.toSvg
            |> Samples.parse
            |> Samples.named "title"
            |> List.map _.Value
            |> List.filter (fun text -> text.StartsWith("a: ", StringComparison.Ordinal))

        Samples.same
            [ "a: 50, 1"; "a: 100, 2"; "a: 200, 3" ]
            (titles ([ 0.0; 1.0; 2.0 ], [ "50"; "100"; "200" ]))

        let numbers = [ "a: -0.2, 1"; "a: 0.9, 2"; "a: 2, 3" ]
        Samples.same numbers (titles ([ 0.0; 1.0; 2.0 ], [ "0"; "1"; "2" ]))
        Samples.same numbers (titles ([ 0.0; 2.0 ], [ "none"; "both" ]))

    [<Test>]
    let ``A label at an end of the x axis keeps within the drawing`` () =
        let document =
            Chart.Line([ 0.0; 5e6 ], [ 0.0; 1.0 ])
            |> Chart.withXAxisStyle (MinMax = (0.0, 5e6))
            |> Chart.withXTicks ([ 0.0; 5e6 ], [ "0"; "5,000,000 updates" ])
            |> Chart.toSvg
            |> Samples.parse

        let label =
            Samples.named "text" document
            |> List.find (fun t -> t.Value.StartsWith "5,000,000")

        let x = Double.Parse(label.Attribute("x").Value, CultureInfo.InvariantCulture)
        Assert.That(x + SvgText.width 13.0 label.Value / 2.0, Is.LessThanOrEqualTo 720.0)

    [<Test>]
    let ``Unequal numbers of x and y are refused with both counts`` () =
        Samples.refuses "2 x values but 1 y values" (fun () ->
            Chart.Line([ 1.0; 2.0 ], [ 1.0 ]) |> Chart.toSvg |> box)

    [<Test>]
    let ``Every series of a palette has its own colour and its own marker`` () =
        let figure =
            Chart.combine [ for i in 1..8 -> Chart.Point([ 1 ], [ i ]) ]
            |> Chart.toJson
            |> FigureJson.read

        let styled = Styled.style figure.Cells.Head.Traces
        Assert.That(styled |> List.map _.MarkerColor |> List.distinct, Has.Length.EqualTo 8)
        Assert.That(styled |> List.map _.Symbol |> List.distinct, Has.Length.EqualTo 8)

    [<Test>]
    let ``Panels of a grid share one legend entry for a series`` () =
        let cell () =
            [
                Chart.Line([ 0; 1 ], [ 0; 1 ], Name = "left series")
                Chart.Line([ 0; 1 ], [ 1; 0 ], Name = "right series")
            ]
            |> Chart.combine

        let texts =
            [ cell (); cell (); cell () ]
            |> Panels.grid 2 2 ([ "one"; "two"; "three" ])
            |> Chart.toSvg
            |> Samples.parse
            |> Samples.texts

        Assert.That(texts |> List.filter ((=) "left series"), Has.Length.EqualTo 1)
        Assert.That(texts, Is.SupersetOf [ "one"; "two"; "three" ])

    [<Test>]
    let ``For a telephone's screen panels stand one below the other, at its width`` () =
        let areas figure =
            (Plan.make figure).Panels |> List.map snd

        let wide = Samples.panels () |> Chart.toJson |> FigureJson.read
        let narrow = Narrow.ofFigure wide
        let lefts = areas narrow |> List.map _.Left |> List.distinct
        Assert.That(areas wide |> List.map _.Left |> List.distinct, Has.Length.EqualTo 2)
        Assert.That(lefts, Has.Length.EqualTo 1)
        let first, second = (areas narrow)[0], (areas narrow)[1]
        Assert.That(second.Top, Is.GreaterThan(first.Top + first.Height))

        for area in areas narrow do
            Assert.That(area.Left + area.Width, Is.LessThanOrEqualTo Narrow.width)

        let svg = Samples.panels () |> Chart.toNarrowSvg |> Samples.parse
        let box = (Option.ofObj svg.Root).Value.Attribute "viewBox" |> string
        Assert.That(box, Does.Contain "0 0 358 680")

    [<Test>]
    let ``For a telephone's screen a panel has the axis titles that a grid shares`` () =
        let panel x y =
            Chart.Line([ 0; 1 ], [ 0; 1 ]) |> x |> y

        let x (title: string) chart = Chart.withXAxisStyle title chart
        let y (title: string) chart = Chart.withYAxisStyle title chart

        let titles chart =
            let figure = Narrow.ofFigure (chart |> Chart.toJson |> FigureJson.read)

            figure.Cells |> List.map (fun c -> c.Layout.XAxis.Title, c.Layout.YAxis.Title)

        let shared =
            [
                panel id (y "loss")
                panel id id
                panel (x "length") (y "error")
                panel id id
            ]
            |> Panels.grid 2 2 []

        Samples.same
            [
                Some "length", Some "loss"
                None, Some "loss"
                Some "length", Some "error"
                None, Some "error"
            ]
            (titles shared)
