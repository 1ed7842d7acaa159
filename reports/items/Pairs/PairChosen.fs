namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// Runs of the reading that stage A chose, and which runs a figure is judged by.
module PairChosen =
    /// The part of addition's plan.
    [<Literal>]
    let addition = "stage-B"

    /// The part of multiplication's plan.
    [<Literal>]
    let multiplication = "stage-D"

    /// A reading at every length of the item's main budget, with every variant and seed.
    let planOf (part: string) (reading: StageReading) (context: Context) (profile: Profile) =
        let settings = PairRuns.settings context
        let budget = PairRuns.budget settings "main" profile

        [
            for length in PairRuns.lengths budget do
                for series in settings["series"].List do
                    for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                        {
                            Part = part
                            Series = series.Text
                            X = string length
                            Seed = seed
                            Run =
                                PairRuns.runWith
                                    context
                                    budget
                                    reading.Of
                                    reading.Variants
                                    series
                                    length
                                    seed
                        }
        ]

    /// The chosen reading's runs. Nothing before stage A is complete, nor where the present
    /// reading stays: its runs are the part main.
    let plan (part: string) (context: Context) (profile: Profile) : Planned list =
        match PairStage.chosen context profile with
        | None -> []
        | Some reading -> planOf part reading context profile

    let private key (cell: Planned) = cell.Series, cell.X, cell.Seed

    /// How many of a part's runs at the paper's scale are at hand, and how many are planned.
    let progress (part: string) (context: Context) (finished: Finished list) =
        let planned = plan part context Profile.Paper |> List.map key |> Set.ofList

        let atHand =
            Runs.ofPart Profile.Paper part finished
            |> List.map (fun f -> key f.Cell)
            |> Set.ofList

        (Set.intersect planned atHand).Count, planned.Count

    /// Whether the figure is judged by the chosen reading: once all of its runs are at hand. A
    /// figure never mixes two readings.
    let isJudged (part: string) (context: Context) (finished: Finished list) =
        let atHand, planned = progress part context finished
        planned > 0 && atHand = planned

    /// The runs that the figure shows and is judged by; those of other profiles are of the part
    /// main.
    let judged (part: string) (context: Context) (finished: Finished list) : Finished list =
        let papers = if isJudged part context finished then part else "main"

        finished
        |> List.filter (fun f ->
            f.Cell.Part = (if f.Profile = Profile.Paper then papers else "main"))

    /// Figures whose one of the paper's scale says which reading its bars are of.
    let noted (part: string) (context: Context) (finished: Finished list) (figures: Figure list) =
        let present = (PairRuns.chosen (PairRuns.settings context)).Name

        let whose =
            match PairStage.chosen context Profile.Paper with
            | Some reading when isJudged part context finished ->
                $"Our bars are of reading {reading.Of.Name}: {reading.Of.Text}."
            | _ -> $"Our bars are of the present reading, '{present}'."

        let isAtHand = judged part context finished |> Runs.ofProfile Profile.Paper

        figures
        |> List.map (fun f ->
            if f.Id = "paper" && not isAtHand.IsEmpty then
                { f with Note = whose }
            else
                f)

    /// Scores of such runs in groups, of 10,000.
    let groups (runs: Finished list) : Group list = [
        for part in runs |> List.map _.Cell.Part |> List.distinct do
            yield! Judging.groups part (fun f -> 10000.0 * f.Record.Metric "test correct") runs
    ]

    /// What was seen first, where the figure is now judged by another reading: the part main at
    /// one length.
    let seenFirst (part: string) (context: Context) (x: string) (finished: Finished list) = [
        if isJudged part context finished then
            let groups =
                Runs.ofPart Profile.Paper "main" finished
                |> groups
                |> List.filter (fun g -> g.X = x)

            if not groups.IsEmpty then
                let name = (PairRuns.chosen (PairRuns.settings context)).Name

                $"Seen first: the reading '{name}' at T = {x}, test sequences right of 10,000",
                Table.ofStrings [ "variant"; "paper"; "mean"; "lowest"; "highest"; "seeds" ] [
                    for g in groups ->
                        let values = List.map snd g.Values

                        [
                            g.Series
                            Format.whole (Judging.published context.Targets g.Series x)
                            Format.whole (List.average values)
                            Format.whole (List.min values)
                            Format.whole (List.max values)
                            string values.Length
                        ]
                ]
    ]
