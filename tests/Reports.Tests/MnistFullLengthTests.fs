namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open NUnit.Framework
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// Readings of np-RNN that are trained over Figure 5's whole length beside the chosen one.
[<TestFixture>]
module MnistFullLengthTests =
    /// The readings over the whole length as they ended: accuracy and NaN where one diverged.
    let private fullLength (ofReading: string -> float option) =
        let context =
            MnistStageTests.found "talathi-fig5" (fun _ -> false) MnistStageTests.flat

        let finished = [
            for cell in MnistFullLength.plan context Profile.Paper do
                match ofReading cell.X with
                | None -> ()
                | Some value ->
                    let isLost = Double.IsNaN value
                    let outcome = if isLost then Outcomes.Diverged else Outcomes.Completed
                    let last = if isLost then 27.0 else 100.0
                    let batch = float (MnistRuns.batchOf cell.Run)
                    let x = [| for e in 1.0 .. last -> e * 60000.0 / batch |]
                    let right = [| for e in 1.0 .. last -> if e = 20.0 then 0.6 else 0.4 |]
                    let loss = if isLost then nan else 1.0

                    let metrics =
                        Dictionary(dict [ "test correct", value; "test cross-entropy", loss ])

                    let curves =
                        Dictionary(
                            dict [
                                "test correct", Curve(x, right)
                                "test cross-entropy", Curve(x, right)
                            ]
                        )

                    let updates = int64 ((last + 0.5) * 60000.0 / batch)
                    let result = RunResult(outcome, metrics, curves, "", updates)
                    PairSamples.finished (RunRecord.Of(cell.Run, result)) cell
        ]

        context, finished

    let private someLost reading =
        match reading with
        | "S4" -> Some 0.7
        | "S7"
        | "S8" -> Some nan
        | _ -> Some 0.45

    [<Test>]
    let ``Other readings are trained as long as the chosen one, whose run is among them`` () =
        let nearest reading _ = if reading = "S7" then 2.0 else 9.0
        let context = MnistStageTests.found "talathi-fig5" (fun _ -> false) nearest

        let ids (cells: Planned list) =
            cells |> List.map (fun c -> RunId.Of c.Run)

        let plan = MnistFullLength.plan context Profile.Paper
        Samples.same [ "S3"; "S4"; "S5"; "S7"; "S8" ] (plan |> List.map _.X)
        Assert.That(ids plan |> List.distinct, Has.Length.EqualTo 5)
        let chosen = MnistStage.planChosen context Profile.Paper |> ids
        let shared = plan |> List.filter (fun c -> List.contains (RunId.Of c.Run) chosen)
        Samples.same [ "S7" ] (shared |> List.map _.X)
        Assert.That(MnistFullLength.plan context Profile.Quick, Is.Empty)
        Assert.That(MnistFullLength.plan context Profile.Smoke, Has.Length.EqualTo 1)

    [<Test>]
    let ``Other readings are no part of what is judged`` () =
        let context, finished = fullLength someLost
        Assert.That(MnistStage.judged context finished, Is.Empty)

    [<Test>]
    let ``Each reading's end stands beside the paper's`` () =
        let context, finished = fullLength someLost

        Assert.That(
            MnistFullLength.outcome context finished,
            Is.EqualTo
                "Trained over the figure's whole length, one seed each: S3 ends at 1.00 nats and \
                 45.0 % of the test images, S4 ends at 1.00 nats and 70.0 % of the test images, \
                 S5 ends at 1.00 nats and 45.0 % of the test images, S7 diverges after 27 epochs \
                 and S8 diverges after 27 epochs. The paper has 0.28 nats and 92.0 %."
        )

        let table = MnistFullLength.tables context finished |> List.exactlyOne |> snd
        let rows = table.Rows |> List.map (List.map _.Text)

        let shown name =
            rows |> List.find (fun row -> row.Head = name) |> List.skip 2

        Samples.same [ ""; "0.28"; "92.0"; "" ] (shown "paper")
        Samples.same [ "100"; "1.00"; "70.0"; "60.0" ] (shown "S4")
        Samples.same [ "27, diverged"; "–"; "–"; "60.0" ] (shown "S8")

        let context, finished = fullLength (fun r -> if r = "S4" then Some 0.7 else None)

        Assert.That(
            MnistFullLength.outcome context finished,
            Is.EqualTo
                "Recorded so far: 1 of 5 readings, one seed each, trained over the figure's \
                 whole length."
        )

        Assert.That(MnistPredictions.ofFullLength context finished, Is.Empty)
        Assert.That(MnistFullLength.outcome context [], Is.Empty)
        Assert.That(MnistFullLength.tables context [], Is.Empty)
        Assert.That(MnistFullLength.figures context [], Is.Empty)

    [<TestCase(0.7, 0.45, "yes, yes, yes, yes, yes")>]
    [<TestCase(0.85, Double.NaN, "no, yes, no, yes, no")>]
    [<TestCase(Double.NaN, 0.45, "yes, no, no, yes, yes")>]
    [<TestCase(0.4, 0.45, "yes, no, no, yes, yes")>]
    let ``Predictions of the readings over the whole length``
        (s4: float, slow: float, held: string)
        =
        let context, finished =
            fullLength (fun reading ->
                match reading with
                | "S4" -> Some s4
                | "S3" -> Some slow
                | other -> someLost other)

        let _, table = MnistPredictions.ofFullLength context finished |> List.exactlyOne

        let kept = table.Rows |> List.map (fun row -> (List.last row).Text)
        Assert.That(String.Join(", ", kept), Is.EqualTo held)
