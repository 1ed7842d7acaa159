namespace Repro.Reports.Tests

open System
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Repro.Reports
open Repro.Reports.Items

/// What the engine says, as pages show it.
[<TestFixture>]
module BridgeTests =
    let private rule = VerdictRule(RuleKind.Prediction, 0.95, 0.0, Nullable 1.0, 3, "")

    [<Test>]
    let ``Every verdict has the badge of its own words`` () =
        for verdict in Enum.GetValues<Verdict>() do
            Assert.That((Badges.ofVerdict verdict).Name, Is.EqualTo(verdict.Text()))

    [<Test>]
    let ``A verdict without a badge is refused by its value`` () =
        Samples.refuses "The verdict 99 has no badge" (fun () -> Badges.ofVerdict (enum 99))

    [<Test>]
    let ``A whisker ends within what is possible`` () =
        let whisker = Whiskers.ofInterval 100.0 (Interval(97.0, -3.0, 104.0))

        let expected = {
            Value = 97.0
            Low = 0.0
            High = 100.0
        }

        Assert.That(whisker, Is.EqualTo expected)

    [<Test>]
    let ``An end that is not finite is not drawn`` () =
        let whisker =
            Whiskers.ofInterval 100.0 (Interval(97.0, Double.NegativeInfinity, infinity))

        Assert.That([ whisker.Low; whisker.High ], Is.All.NaN)

    [<Test>]
    let ``Values that are not finite and whiskers of too few seeds are left out`` () =
        let two = Whiskers.ofValues rule 3 100.0 [ 1.0; nan; 3.0 ]
        Assert.That(two.Value, Is.EqualTo 2.0)
        Assert.That([ two.Low; two.High ], Is.All.NaN)

        let three = Whiskers.ofValues rule 3 100.0 [ 1.0; 2.0; 3.0 ]
        Assert.That(three.Low, Is.InRange(0.0, 1.0))
        Assert.That(three.High, Is.InRange(3.0, 100.0))

        Assert.That((Whiskers.ofValues rule 1 100.0 [ nan ]).Value, Is.NaN)

    [<Test>]
    let ``A range goes from the smallest value to the largest`` () =
        let expected = { Value = 2.0; Low = 1.0; High = 4.0 }
        Assert.That(Whiskers.ofRange [ 4.0; 1.0; 1.0 ], Is.EqualTo expected)
        Assert.That((Whiskers.ofRange []).Value, Is.NaN)

    [<Test>]
    let ``Numbers that are not finite have a word of their own`` () =
        Assert.That(Format.number "0.##" 1.005e-1, Is.EqualTo "0.1")
        Assert.That(Format.whole 12345.4, Is.EqualTo "12,345")
        Assert.That(Format.whole infinity, Is.EqualTo "–")
        Assert.That(Format.numberOr "none" "G4" nan, Is.EqualTo "none")
        Assert.That(Format.value nan, Is.EqualTo "–")
        Assert.That(Format.value -1234567.0, Is.EqualTo "−1,234,567")
        Assert.That(Format.measured 30.0 1234.56, Is.EqualTo "1,235")
        Assert.That(Format.measured 0.5 nan, Is.EqualTo "–")
