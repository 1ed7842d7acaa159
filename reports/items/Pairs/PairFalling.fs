namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// What becomes of addition's bars when the learning rate falls, which the paper does not print:
/// the readings of stages A and E that have a schedule, beside those that have none.
module PairFalling =
    let private hasSchedule (row: StageRow) =
        let changes = row.Tried.Of.Changes
        changes.Has "training" && changes["training"].Has "schedule"

    let private isComplete (row: StageRow) = not (Double.IsNaN row.Distance)

    /// How far from its bar a mean may lie to count as near.
    let private within (context: Context) =
        (PairStage.settings PairStage.falling context).["within"].Number

    /// The bars that a reading's means lie near, and the others, each with both.
    let private parted (context: Context) (row: StageRow) =
        let within = within context

        let bar name =
            Judging.published context.Targets name (PairStage.length context)

        row.Means
        |> List.map (fun (name, mean) -> name, mean, bar name)
        |> List.partition (fun (_, mean, bar) -> abs (mean - bar) <= within)

    let private count context row = (fst (parted context row)).Length

    /// The readings with a schedule and those that the rule may choose, as far as complete.
    let private compared (rows: StageRow list) (falling: StageRow list) =
        rows @ falling |> List.filter (fun r -> hasSchedule r && isComplete r),
        rows |> List.filter (fun r -> r.Tried.IsEligible && isComplete r)

    /// The nearest reading with a schedule, once all that have one are complete.
    let nearest (context: Context) (profile: Profile) : StageReading option =
        let all =
            PairStage.rows PairStage.deciding context profile
            @ PairStage.rows PairStage.falling context profile
            |> List.filter hasSchedule

        if all.IsEmpty || List.exists (isComplete >> not) all then
            None
        else
            Some (all |> List.minBy _.Distance).Tried

    /// The means of the two that the paper's claims set against each other.
    let private rivals (row: StageRow) =
        let mean name =
            List.find (fst >> (=) name) row.Means |> snd

        mean "np-RNN", mean "IRNN"

    /// What the readings with a rate that falls give, a sentence each.
    let outcome (context: Context) (rows: StageRow list) (falling: StageRow list) = [
        let recorded = falling |> List.sumBy _.Recorded
        let wanted = falling |> List.sumBy _.Wanted
        let schedules, others = compared rows falling

        if schedules.IsEmpty then
            "The paper prints a fixed rate. No reading with a rate that falls is complete yet."
        else
            let nearest = schedules |> List.minBy _.Distance
            let inside, outside = parted context nearest
            let within = Format.whole (within context)

            $"The paper prints a fixed rate. With one that falls, {nearest.Tried.Of.Name} \
              ({nearest.Tried.Of.Text}) is nearest to its bars, {Format.whole nearest.Distance} \
              of 10,000 away on average."

            let names = inside |> List.map (fun (name, _, _) -> name) |> Runs.listed

            let rest = [
                for name, mean, bar in outside ->
                    $"{name} with {Format.whole mean} where the paper has {Format.whole bar}"
            ]

            match inside, outside with
            | [], _ -> $"No bar of it lies within {within} of the paper's."
            | _, [] -> $"All of its bars lie within {within} of the paper's."
            | _ ->
                $"Of its {inside.Length + outside.Length} bars {inside.Length} lie within \
                  {within} of the paper's ({names}), and {outside.Length} do not: \
                  {Runs.listed rest}."

            let np, irnn = rivals nearest
            $"np-RNN scores {Format.whole np} in it and IRNN {Format.whole irnn}."

            if not others.IsEmpty then
                let most = others |> List.map (count context) |> List.max

                $"Of the {others.Length} complete readings with a fixed rate none has more than \
                  {most} so near."

        if recorded < wanted then
            $"Of the {wanted} runs of stage E {recorded} are recorded."
    ]

    /// How many bars come out so, for the index; none while no reading is complete, or where a
    /// rate that falls brings no more of them out than a fixed one.
    let headline (context: Context) (rows: StageRow list) (falling: StageRow list) =
        match compared rows falling with
        | [], _
        | _, [] -> None
        | schedules, others ->
            let best = schedules |> List.maxBy (fun r -> count context r, -r.Distance)
            let most = others |> List.map (count context) |> List.max
            let own = count context best

            if own <= most then
                None
            else
                let x = PairStage.length context
                let within = Format.whole (within context)
                let np, irnn = rivals best

                Some
                    $"With a learning rate that falls, which the paper does not print, {own} of \
                      its {best.Means.Length} bars for addition at T = {x} come out within \
                      {within} of 10,000; with the fixed rate at most {most} do, in \
                      {others.Length} readings. np-RNN then scores {Format.whole np} and IRNN \
                      {Format.whole irnn}."
