namespace Repro.Reports.Items

open Repro.Engine.Judging

/// The finding on addition that the readings of what the paper leaves open give together.
module PairHeadlines =
    let private learns = PairConstant.learns PairConstant.addition

    /// What two series train under a reading of the grid or of stage A, by part and name: readings
    /// that change other variants alone are one for these.
    let private trained context (series: string list) =
        let settings = PairRuns.settings context
        let budget = PairRuns.budget settings "grid" Profile.Paper
        let length = PairRuns.lengths budget |> List.head
        let stage = PairStage.deciding

        let all =
            [
                for reading in PairRuns.readings settings ->
                    ("readings", reading.Name), (reading, None)
                for reading in PairStage.readings stage context ->
                    (stage.Part, reading.Of.Name), (reading.Of, Some reading.Variants)
            ]
            |> Map.ofList

        let named =
            settings["series"].List |> List.filter (fun s -> List.contains s.Text series)

        fun key -> [
            for name in named do
                let run =
                    match all[key] with
                    | reading, None -> PairRuns.run context budget reading name length 0UL
                    | reading, Some own ->
                        PairRuns.runWith context budget reading own name length 0UL

                run.Spec.ToJsonString()
        ]

    /// Mean validation score of each series under each reading that both were run under, a reading
    /// of stage A once all seeds of both have ended: a run that diverges ends first. Readings that
    /// the paper's text contradicts are none of its settings. Of readings that train the same, the
    /// one with the most runs counts.
    let private pairs context (better: string) (worse: string) (finished: Finished list) =
        let stage = PairStage.deciding
        let seeds = (PairStage.settings stage context).["seeds"].List.Length
        let trained = trained context [ better; worse ]

        let eligible =
            PairStage.readings stage context
            |> List.filter _.IsEligible
            |> List.map _.Of.Name

        let grid =
            finished
            |> List.filter (fun f ->
                f.Cell.Part = "readings"
                || (f.Cell.Part = stage.Part && List.contains f.Cell.X eligible))

        [
            for (part, reading), runs in grid |> List.groupBy (fun f -> f.Cell.Part, f.Cell.X) do
                let of' series =
                    runs
                    |> List.filter (fun f -> f.Cell.Series = series)
                    |> List.map (fun f -> PairStage.score f.Record)
                    |> List.filter System.Double.IsFinite

                match of' better, of' worse with
                | [], _
                | _, [] -> ()
                | b, w when part = stage.Part && min b.Length w.Length < seeds -> ()
                | b, w -> (part, reading), b, w
        ]
        |> List.groupBy (fun (key, _, _) -> trained key)
        |> List.map (fun (_, same) ->
            let key, b, w = same |> List.maxBy (fun (_, b, w) -> b.Length + w.Length)
            key, List.average b, List.average w)

    /// IRNN ahead of np-RNN at the shortest length, where it is so under most readings.
    let irnnAhead: Headline = {
        Item = "talathi-fig3"
        Text =
            fun context finished _ ->
                let learnt =
                    pairs context "IRNN" "np-RNN" finished
                    |> List.filter (fun (_, b, w) -> learns b || learns w)

                let ahead = learnt |> List.filter (fun (_, b, w) -> b > w)
                let shortest = context.Targets |> List.map (fun t -> int t.X) |> List.min

                let range values =
                    $"{Format.whole (List.min values)} to {Format.whole (List.max values)}"

                if learnt.Length < 3 || 2 * ahead.Length <= learnt.Length then
                    None
                else
                    let how =
                        if ahead.Length = learnt.Length then
                            $"under each of the {learnt.Length} readings of the paper's settings"
                        else
                            $"under {ahead.Length} of the {learnt.Length} readings of the \
                              paper's settings"

                    let first = learnt |> List.map (fun (_, b, _) -> b) |> range
                    let second = learnt |> List.map (fun (_, _, w) -> w) |> range

                    Some
                        $"On addition at T = {shortest}, IRNN is ahead of np-RNN {how} tried in \
                          which either learns: {first} against {second} of 10,000 validation \
                          sequences right. The paper finds the opposite."
    }

    /// In how much of a grid of rates and thresholds the variants learn.
    let sensitivity: Headline = {
        Item = "talathi-fig3"
        Text =
            fun context finished _ ->
                match PairSensitivity.headline context "np-RNN" finished with
                | "" -> None
                | text ->
                    // It begins with the length, and the index has no title before it.
                    let first = System.Char.ToLowerInvariant text[0]

                    Some
                        $"On addition {first}{text.Substring 1} The paper argues that np-RNN is \
                          the less sensitive one."
    }

    /// How many of the paper's bars come out when the rate falls.
    let falling: Headline = {
        Item = "talathi-fig3"
        Text =
            fun context _ _ ->
                let of' stage =
                    PairStage.rows stage context Profile.Paper

                PairFalling.headline context (of' PairStage.deciding) (of' PairStage.falling)
    }

    /// The lengths at which the paper's network learns and none of ours does, once all seeds of all
    /// networks have ended.
    let unlearnt: Headline = {
        Item = "talathi-fig3"
        Text =
            fun context _ values ->
                let subject = "np-RNN"

                let paper x =
                    Judging.published context.Targets subject x

                let isIdle (row: ValueRow) =
                    row.N >= context.Protocol.Rule.MinSeeds
                    && not (row.Ours.HasValue && learns row.Ours.Value)

                let rows =
                    values
                    |> List.filter (fun row ->
                        context.Targets
                        |> List.exists (fun t -> t.Series = row.Series && t.X = row.X))

                let lengths = [
                    for x, own in rows |> List.groupBy _.X |> List.sortBy (fst >> int) do
                        let ours = own |> List.tryFind (fun row -> row.Series = subject)

                        match ours with
                        | Some row when
                            learns (paper x) && row.Ours.HasValue && own |> List.forall isIdle
                            ->
                            x, row.Ours.Value
                        | _ -> ()
                ]

                let listed text = lengths |> List.map text |> Runs.listed

                if lengths.IsEmpty then
                    None
                else
                    Some
                        $"On addition over {listed fst} steps none of the paper's networks learns \
                          under the reading in use: {subject} scores \
                          {listed (snd >> Format.whole)} of 10,000, where always answering the \
                          same scores {Format.whole PairConstant.addition} and the paper has \
                          {listed (fst >> paper >> Format.whole)}."
    }

    /// The lengths of multiplication at which IRNN is ahead of np-RNN and the paper has them the
    /// other way round, of those whose seeds have all ended.
    let multiplied: Headline = {
        Item = "talathi-fig4"
        Text =
            fun context _ values ->
                let rival, subject = "IRNN", "np-RNN"

                let score series x =
                    values
                    |> List.tryFind (fun row ->
                        row.Profile = Profile.Paper
                        && row.Series = series
                        && row.X = x
                        && row.N >= context.Protocol.Rule.MinSeeds)
                    |> Option.bind (fun row -> Option.ofNullable row.Ours)

                let paper series x =
                    Judging.published context.Targets series x

                let lengths = PairLengths.published context

                let ended = [
                    for x in lengths do
                        match score rival x, score subject x with
                        | Some theirs, Some own -> x, theirs, own
                        | _ -> ()
                ]

                let swapped, others =
                    ended
                    |> List.partition (fun (x, theirs, own) ->
                        theirs > own && paper rival x < paper subject x)

                let at runs =
                    runs |> List.map (fun (x, _, _) -> x) |> Runs.listed

                let listed value =
                    swapped |> List.map (value >> Format.whole) |> Runs.listed

                let ours = listed (fun (_, theirs, _) -> theirs), listed (fun (_, _, own) -> own)

                let theirs =
                    listed (fun (x, _, _) -> paper rival x),
                    listed (fun (x, _, _) -> paper subject x)

                let rest =
                    if others.IsEmpty then
                        ""
                    else
                        $" At T = {at others} it is not so."

                if swapped.IsEmpty then
                    None
                else
                    Some
                        $"On multiplication at T = {at swapped} {rival} scores {fst ours} of \
                          10,000, where the paper has {fst theirs}; {subject} scores {snd ours}, \
                          where it has {snd theirs}.{rest}"
    }
