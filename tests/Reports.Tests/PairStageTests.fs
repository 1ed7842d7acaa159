namespace Repro.Reports.Tests

open NUnit.Framework
open Repro.Reports.Items

/// The rule by which a reading of what all seven variants share is chosen.
[<TestFixture>]
type PairStageTests() =
    let bars = [ "np-RNN", 9519.0; "gRNN", 744.0 ]

    [<Test>]
    member _.``The distance is the mean of how far each variant is from its bar``() =
        let means = [ "gRNN", 1744.0; "np-RNN", 9019.0 ]
        Assert.That(PairStage.distance bars means, Is.EqualTo(750.0).Within 1e-9)

    [<Test>]
    member _.``A variant that is missing leaves the distance open``() =
        Assert.That(PairStage.distance bars [ "gRNN", 744.0 ], Is.NaN)

    [<Test>]
    member _.``An eligible reading is chosen when it is nearer by a thousand than the printed one``
        ()
        =
        let rows third = [ "A0", true, 3500.0; "A1", true, third; "D1", false, 100.0 ]
        Assert.That(PairStage.choose (rows 2500.0), Is.EqualTo(Some(Some "A1", false)))
        Assert.That(PairStage.choose (rows 2500.1), Is.EqualTo(Some((None: string option), false)))
        Assert.That(PairStage.choose (rows 1900.0), Is.EqualTo(Some(Some "A1", true)))

    [<Test>]
    member _.``Nothing is chosen before every reading is complete``() =
        let rows = [ "A0", true, 3500.0; "A1", true, nan; "D1", false, 100.0 ]
        Assert.That((PairStage.choose rows).IsNone)
