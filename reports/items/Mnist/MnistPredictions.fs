namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// What the protocol predicted of the readings of sequential MNIST before their runs, and what
/// came; of a stage's network, or of the readings over the whole length, once all runs are there.
module MnistPredictions =
    let private shown = MnistStagePages.shown

    let private named (rows: MnistStage.Row list) =
        [ for r in rows -> $"{r.Which.Name} {shown r.Distance}" ] |> Runs.listed

    let private find (rows: MnistStage.Row list) name =
        rows |> List.find (fun r -> r.Which.Name = name)

    let private bound = Predicted.bound

    let internal ofIrnn (near: float) (rows: MnistStage.Row list) = [
        let find = find rows

        let i1, i2, i3, i4 = find "I1", find "I2", find "I3", find "I4"

        bound
            "IRNN: all four readings come within .2 nats of the paper's points"
            (named rows)
            (rows |> List.forall (fun r -> r.Distance <= near))

        Predicted.unbound
            "the standard deviation of W_hx hardly matters"
            $"batch 16: {named [ i1; i3 ]}; batch 32: {named [ i2; i4 ]}"

        bound
            "batch 16 is nearer than batch 32"
            $"{named [ i1; i2 ]}; {named [ i3; i4 ]}"
            (i1.Distance < i2.Distance && i3.Distance < i4.Distance)
    ]

    let internal ofNp (near: float) (rows: MnistStage.Row list) = [
        let find = find rows

        let plain = [ find "S1"; find "S5" ]
        // Chance: ten classes alike.
        let chance = log 10.0

        let early (row: MnistStage.Row) =
            List.truncate (row.Means.Length - 1) row.Means

        let lowest = plain |> List.collect early |> List.min

        bound
            "np-RNN by SGD as printed stays near 2.30 nats for the first epochs under either N"
            $"lowest in the first six epochs {shown lowest} (near: within 0.05)"
            (chance - lowest <= 0.05)

        let eligible = rows |> List.filter _.Which.IsEligible
        let nearest = eligible |> List.minBy _.Distance
        let both, wide = find "S4", find "S8"

        bound
            "Momentum and pixels 0 to 255 together, with the hidden units' N, are the nearest \
             eligible reading"
            $"nearest {named [ nearest ]}; {named [ both ]}"
            (nearest.Which.Name = both.Which.Name)

        bound
            "with the inputs' N they start at tens of nats or more"
            $"{wide.Which.Name} {shown wide.Means.Head} nats after the first epoch"
            (wide.Means.Head >= 10.0)

        bound
            "No eligible reading of np-RNN comes within .2 nats"
            $"nearest {named [ nearest ]}"
            (nearest.Distance > near)

        let other = find "R1"

        bound
            "RMSprop at 1e-4, against the paper's text, is nearer than all of them"
            (named [ other; nearest ])
            (other.Distance < nearest.Distance)
    ]

    let internal ofEnds (ends: MnistFullLength.End list) = [
        let find name =
            ends |> List.find (fun e -> e.Which.Name = name)

        let said (e: MnistFullLength.End) =
            if e.Diverged then
                $"{e.Which.Name} diverged"
            else
                let percent = Format.number "0.0" e.Accuracy
                $"{e.Which.Name} {percent} %%"

        let all ends = ends |> List.map said |> Runs.listed
        let ended = ends |> List.filter (fun e -> not e.Diverged)
        let best = ended |> List.sortByDescending _.Accuracy |> List.tryHead
        let s4 = find "S4"

        bound
            "No reading reaches 80 % of the test images"
            (all ends)
            (ended |> List.forall (fun e -> e.Accuracy < 80.0))

        bound
            "S4 is the nearest to the paper's 92 %"
            (match best with
             | Some e -> $"highest {said e}"
             | None -> "all diverged")
            (best |> Option.exists (fun e -> e.Which.Name = "S4"))

        bound
            "ends between 50 and 80 %"
            (said s4)
            (not s4.Diverged && s4.Accuracy >= 50.0 && s4.Accuracy <= 80.0)

        bound "S8 diverges" (said (find "S8")) (find "S8").Diverged

        let slow = [ find "S3"; find "S5" ]

        bound
            "S3 and S5 do not diverge and end below 50 %"
            (all slow)
            (slow |> List.forall (fun e -> not e.Diverged && e.Accuracy < 50.0))
    ]

    /// The predictions of the readings trained over the whole length beside what came, once all
    /// of them are there.
    let ofFullLength (context: Context) (finished: Finished list) : (string * Table) list =
        let ends = MnistFullLength.ends context finished

        if MnistFullLength.isWhole context ends then
            Predicted.table
                " of the readings over the whole length"
                " (test images right)"
                (MnistFullLength.settings context)
                (ofEnds ends)
        else
            []

    /// Each prediction beside what came.
    let table (context: Context) : (string * Table) list =
        let stage = MnistStage.settings context
        let near = stage["near"].Number

        let held network predictions =
            let rows = MnistStage.rows context Profile.Paper network

            if rows |> List.forall (fun r -> r.Recorded = r.Wanted) then
                predictions near rows
            else
                []

        Predicted.table
            " of stage C"
            " (distances from the paper's points, nats)"
            stage
            (held "IRNN" ofIrnn @ held "np-RNN" ofNp)
