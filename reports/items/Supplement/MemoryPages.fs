namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// Figures and tables of tasks with a network of its own for each length: Table 5 of Pascanu,
/// Mikolov and Bengio's supplement. A part is a task, its series has the same name.
module MemoryPages =
    let private metric = "misclassified, mean of 5 seeds"

    let private percent = Format.number "0.###"

    let private parts (finished: Finished list) =
        finished |> List.map _.Cell.Part |> List.distinct

    /// Percent of the test sequences wrong, one value a seed.
    let groups (finished: Finished list) : Group list =
        parts finished
        |> List.collect (fun part -> Judging.groups part CellRuns.percentWrong finished)

    /// Updates to success against length: what the percentages, all below 1, do not show.
    let private updatesFigure (profile: Profile) (finished: Finished list) : Figure list = [
        let mine = Runs.ofProfile profile finished

        if mine |> List.exists Runs.succeeded then
            let one (series, runs: Finished list) =
                let learnt =
                    runs |> List.filter Runs.succeeded |> List.sortBy (fun f -> int f.Cell.X)

                let points =
                    Chart.Point(
                        [ for f in learnt -> float f.Cell.X ],
                        [ for f in learnt -> Runs.updatesToSuccess f ],
                        Name = series
                    )
                    |> Chart.withTraceInfo (LegendGroup = series)

                let means = [
                    for x, runs in learnt |> List.groupBy _.Cell.X ->
                        float x, runs |> List.averageBy Runs.updatesToSuccess
                ]

                let line =
                    Chart.Line(List.map fst means, List.map snd means, Name = series + ", mean")
                    |> Chart.withTraceInfo (LegendGroup = series)

                [
                    line
                    points
                    yield! runs |> Runs.divergedAt (fun f -> float f.Cell.X) |> Diverged.atTop
                ]

            {
                Id = $"updates-{profile.Name()}"
                Caption =
                    $"Updates until fewer than 1 %% of the sequences are wrong, every seed that \
                      succeeded ({Runs.scaleName profile})."
                Chart =
                    mine
                    |> List.groupBy _.Cell.Series
                    |> List.collect one
                    |> Chart.overlay
                    |> Chart.withXAxisStyle (TitleText = "T, blanks between pattern and cue")
                    |> Chart.withYAxisStyle (TitleText = "updates to success")
                    |> Chart.withSize (960.0, 400.0)
                Note =
                    if profile = Profile.Paper then
                        "The paper gives no numbers of updates for this task."
                    else
                        "Shorter than the paper's lengths; no verdict is drawn from them."
            }
    ]

    let private bars (context: Context) profile (finished: Finished list) : Figure list = [
        let groups = groups finished |> List.filter (fun g -> g.Profile = profile)

        let printed = if profile = Profile.Paper then context.Targets else []

        let lengths =
            (groups |> List.map _.X) @ (printed |> List.map _.X)
            |> List.distinct
            |> List.sortBy int

        let series =
            (groups |> List.map _.Series) @ (printed |> List.map _.Series) |> List.distinct

        let rule = context.Protocol.RuleFor metric

        let one name : BarSeries =
            let values = [
                for x in lengths ->
                    match Judging.tryFind profile name x groups with
                    | Some g -> List.map snd g.Values
                    | None -> []
            ]

            {
                Name = name
                Ours = values |> List.map (Whiskers.ofValues rule 3 100.0) |> Array.ofList
                Seeds = values |> List.map Array.ofList |> Array.ofList
                Paper = [| for x in lengths -> Judging.published printed name x |]
            }

        if not lengths.IsEmpty then
            {
                Id = $"wrong-{profile.Name()}"
                Caption =
                    if profile <> Profile.Paper then
                        $"Sequences wrong at the end of training, {Runs.scaleName profile}."
                    elif groups.IsEmpty then
                        "The paper's means over five seeds. None of ours at this scale is \
                         recorded yet."
                    else
                        "Sequences wrong at the end of training: our means as bars, seeds as \
                         dots, the paper's means as ticks."
                Chart =
                    Compare.barsWith
                        (finished
                         |> Runs.ofProfile profile
                         |> Runs.divergedBars CellRuns.percentWrong lengths)
                        (lengths |> List.map (fun x -> "T = " + x))
                        (List.map one series)
                    |> Chart.withYAxisStyle (TitleText = "wrong, percent of the test sequences")
                    |> Chart.withXAxisStyle (TitleText = "T, blanks between pattern and cue")
                    |> Chart.withSize (960.0, 400.0)
                Note =
                    $"Training stops as soon as fewer than 1 %% are wrong, so a value of the \
                      extended task says little more than that this was reached. Whiskers, from \
                      three seeds on, are the interval of: {rule.IntervalKind}."
            }
    ]

    let private table (profile: Profile) (finished: Finished list) = [
        let mine = Runs.ofProfile profile finished

        if not mine.IsEmpty then
            $"Every cell ({Runs.scaleName profile})",
            Table.ofStrings [
                "task"
                "T"
                "below 1 %"
                "mean updates to success"
                "wrong, percent, a seed"
            ] [
                for (series, x), runs in mine |> List.groupBy (fun f -> f.Cell.Series, f.Cell.X) do
                    let learnt = runs |> List.filter Runs.succeeded

                    [
                        series
                        x
                        $"{learnt.Length} of {runs.Length}"
                        (if learnt.IsEmpty then
                             "–"
                         else
                             Format.whole (learnt |> List.averageBy Runs.updatesToSuccess))
                        String.Join(
                            ", ",
                            runs
                            |> List.sortBy _.Cell.Seed
                            |> List.map (CellRuns.percentWrong >> percent)
                        )
                    ]
            ]
    ]

    let private summary (profile: Profile) (finished: Finished list) =
        let mine = Runs.ofProfile profile finished

        if mine.IsEmpty then
            Runs.noneAtHand
        else
            let tasks = [
                for series, runs in mine |> List.groupBy _.Cell.Series ->
                    let learnt = runs |> List.filter Runs.succeeded
                    $"{series} in {learnt.Length} of {runs.Length} runs"
            ]

            $"{Runs.atScale profile}Fewer than 1 %% of the sequences are wrong for \
              {Runs.listed tasks}."

    /// The analysis of such an item.
    let analyse (claim: string) (context: Context) (profile: Profile) (finished: Finished list) =
        let scales = Runs.scales profile

        {
            Claim = claim
            Summary = summary profile finished
            Values = Judging.rows context.Protocol context.Targets metric (groups finished)
            Orderings = Claims.judge context (fun _ _ -> nan) finished
            Figures = [
                for scale in scales do
                    yield! bars context scale finished
                    yield! updatesFigure scale finished
            ]
            Tables = scales |> List.collect (fun scale -> table scale finished)
        }
