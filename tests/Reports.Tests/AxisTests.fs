namespace Repro.Reports.Tests

open System
open FsCheck
open FsCheck.FSharp
open NUnit.Framework
open Plotly.NET
open Repro.Reports
open Repro.Reports.Svg

[<TestFixture>]
module AxisTests =
    /// Ends of an axis at any magnitude from 1e-12 to 1e12, of either sign.
    let private ends =
        gen {
            let! exponent = Gen.choose (-12, 12)
            let! low = Gen.choose (-1000, 1000)
            let! span = Gen.choose (1, 3000)
            let unit = Number.pow10 exponent
            return float low * unit, float (low + span) * unit
        }
        |> Arb.fromGen

    [<Test>]
    let ``Linear ticks are even, inside the axis, and leave no end bare by a whole step`` () =
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.forAll ends (fun (lo, hi) ->
                let ticks = Ticks.linear lo hi 6 |> Array.map fst
                let step = ticks[1] - ticks[0]
                let slack = 1e-6 * step
                let mantissa, _ = Ticks.niceStep (hi - lo) 6

                ticks.Length >= 2
                && ticks.Length <= 14
                && ticks |> Array.forall (fun t -> t >= lo - slack && t <= hi + slack)
                && ticks
                   |> Array.pairwise
                   |> Array.forall (fun (a, b) -> abs (b - a - step) < slack)
                && ticks[0] - lo < step + slack
                && hi - Array.last ticks < step + slack
                && [ 1.0; 2.0; 2.5; 5.0 ] |> List.contains mantissa)
        )

    [<Test>]
    let ``Labels of neighbouring ticks differ`` () =
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.forAll ends (fun (lo, hi) ->
                let labels = Ticks.linear lo hi 6 |> Array.map snd
                labels |> Array.distinct |> Array.length = labels.Length)
        )

    [<TestCase(-1.0, 1.0, "0.1 0.2 0.5 1 2 5 10")>]
    [<TestCase(0.0, 4.0, "1 10 100 1,000 10,000")>]
    [<TestCase(3.0, 4.0, "1,000 2,000 5,000 10,000")>]
    [<TestCase(-10.0, -6.0, "10⁻¹⁰ 10⁻⁹ 10⁻⁸ 10⁻⁷ 10⁻⁶")>]
    let ``Logarithmic ticks are decades, with 2 and 5 where decades are few``
        (lo: float, hi: float, expected: string)
        =
        let labels = Ticks.log lo hi 7 |> Array.map snd
        Assert.That(String.concat " " labels, Is.EqualTo expected)

    [<TestCase(-2000.0, 18000.0, "0 5,000 10,000 15,000")>]
    [<TestCase(0.0, 5e6, "0 1,000,000 2,000,000 3,000,000 4,000,000 5,000,000")>]
    [<TestCase(-0.75, 0.0, "−0.6 −0.4 −0.2 0")>]
    let ``Ticks have a true minus and thousands apart`` (lo: float, hi: float, expected: string) =
        let labels = Ticks.linear lo hi 5 |> Array.map snd
        Assert.That(String.concat " " labels, Is.EqualTo expected)

    [<TestCase(0.15, 0.28)>]
    [<TestCase(0.01, 0.02)>]
    [<TestCase(2.31, 2.69)>]
    let ``A logarithmic axis within one decade still has two ticks`` (lo: float, hi: float) =
        let ticks = Ticks.log lo hi 6 |> Array.map fst
        Assert.That(ticks.Length, Is.GreaterThanOrEqualTo 2)
        Assert.That(ticks, Is.All.InRange(lo - 1e-6, hi + 1e-6))

    [<Test>]
    let ``Own log10 agrees with the platform's and hits whole decades exactly`` () =
        for exponent in -299 .. 299 do
            Assert.That(Number.log10 (Number.pow10 exponent), Is.EqualTo(float exponent))

        Check.One(
            Config.QuickThrowOnFailure,
            fun (NormalFloat v) ->
                let v = abs v + 1e-310
                let back = Number.exp10 (Number.log10 v)

                abs (Number.log10 v - Math.Log10 v) <= 1e-13 * max 1.0 (abs (Math.Log10 v))
                && (v < 1e-290 || v > 1e290 || abs (back / v - 1.0) < 1e-11)
        )

    [<TestCase(0.00012, "0.00012")>]
    [<TestCase(1234567.0, "1234567")>]
    [<TestCase(0.1, "0.1")>]
    [<TestCase(-3.14159265, "-3.14159")>]
    [<TestCase(1.5e-7, "1.5e-7")>]
    [<TestCase(Double.NaN, "–")>]
    [<TestCase(Double.NegativeInfinity, "−∞")>]
    let ``Numbers are written briefly`` (value: float, expected: string) =
        Assert.That(Number.significant 6 value, Is.EqualTo expected)

    [<Test>]
    let ``A coordinate is never written as minus zero`` () =
        Assert.That(Number.coordinate -0.001, Is.EqualTo "0")
        Assert.That(Number.fixedPoint 1 -0.04, Is.EqualTo "0.0")

    [<Test>]
    let ``Bars keep zero in view and error bars fit into the axis`` () =
        let chart =
            Chart.Column([ 90.0; 95.0 ], Keys = [ "a"; "b" ])
            |> Chart.withYErrorStyle (Array = [ 20.0; 1.0 ])

        let panel = Samples.panel chart
        Assert.That(panel.Y.Lo, Is.EqualTo 0.0)
        Assert.That(panel.Y.Hi, Is.GreaterThan 110.0)

    [<Test>]
    let ``Values that a logarithmic axis cannot show do not widen it`` () =
        let chart =
            Chart.Point([ 1.0; 2.0; 3.0 ], [ 10.0; 0.0; -5.0 ])
            |> Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)

        let panel = Samples.panel chart
        Assert.That(panel.Y.Lo, Is.GreaterThan 0.5)
        Assert.That(panel.Y.Place 0.0, Is.NaN)

    [<TestCase(5e-324, 1e-323)>]
    [<TestCase(1e-300, 2e-300)>]
    [<TestCase(9e299, 1e300)>]
    [<TestCase(1e-299, 1e299)>]
    let ``A logarithmic axis has its ends in order, and is placed, whatever it is to show``
        (first: float, second: float)
        =
        let chart =
            Chart.Point([ 1.0; 2.0 ], [ first; second ])
            |> Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)

        let panel = Samples.panel chart
        Assert.That(panel.Y.Hi, Is.GreaterThan panel.Y.Lo)
        let json = Chart.toJson chart
        Assert.That(Placement.place json, Is.EqualTo json)
        Assert.That(Drawing.svg json, Is.EqualTo(Chart.toSvg chart))

    [<Test>]
    let ``Ends of a logarithmic axis that cannot be decades are refused`` () =
        Samples.refuses "(-3, 0) is from 0.001 to 1" (fun () ->
            Chart.Point([ 1.0 ], [ 1.0 ])
            |> Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log, MinMax = (1.0, 10000.0))
            |> Chart.toSvg
            |> box)

    [<Test>]
    let ``Bars at numbers on a logarithmic axis have their room in decades`` () =
        let chart =
            Chart.Column([ 1.0; 2.0; 3.0 ], Keys = [ 1.0; 10.0; 1e6 ])
            |> Chart.withXAxisStyle (AxisType = StyleParam.AxisType.Log)

        let panel = Samples.panel chart
        Assert.That(panel.X.Lo, Is.EqualTo(-0.5).Within 1e-9)
        Assert.That(panel.X.Hi, Is.EqualTo(6.5).Within 1e-9)
