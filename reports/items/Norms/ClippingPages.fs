namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// Figures and tables of the clipping threshold: Algorithm 1 of Pascanu, Mikolov and Bengio.
/// The parts are `average` (the run that measures the average norm), `multiples` (thresholds as
/// multiples of it, and none), `addition` and `multiplication` (µ = 1, µ = 6, none), and
/// `regulariser` (with clipping and without).
module ClippingPages =
    let private rate = "success rate"
    let private updates = "updates to success"

    let private say (v: float) =
        if Double.IsFinite v then Words.Number(v, 4) else "–"

    let private partsOf (finished: Finished list) =
        finished
        |> List.map _.Cell.Part
        |> List.distinct
        |> List.filter ((<>) "average")

    let private groupsBy value (finished: Finished list) =
        partsOf finished
        |> List.collect (fun part -> Judging.groups part value finished)

    let private success (run: Finished) = if Runs.succeeded run then 1.0 else 0.0

    /// Success, 1 or 0 a seed.
    let successes (finished: Finished list) : Group list = groupsBy success finished

    /// Updates to success, NaN for a seed without.
    let updateCounts (finished: Finished list) : Group list =
        groupsBy Runs.updatesToSuccess finished

    /// The average norm as the protocol defines it: the median over a run's stretches of
    /// updates of a stretch's mean norm. None when the run is not at hand.
    let averageNorm (profile: Profile) (finished: Finished list) =
        Runs.ofPart profile "average" finished
        |> List.tryHead
        |> Option.map (fun run ->
            snd (Runs.curve "gradient norm" run)
            |> Array.filter Double.IsFinite
            |> Sample.Median)

    let private series (rule: VerdictRule) name dots (values: float list list) : BarSeries = {
        Name = name
        Ours =
            values
            |> List.map (
                Whiskers.ofValues rule (if rule.Kind = RuleKind.Wilson then 1 else 3) infinity
            )
            |> Array.ofList
        Seeds = [|
            for v in values ->
                if dots then
                    v |> List.filter Double.IsFinite |> Array.ofList
                else
                    [||]
        |]
        Paper = [| for _ in values -> nan |]
    }

    let private categoryOf (x: string) =
        if x = "none" then "no clipping" else x + " ×"

    let private scaleText (profile: Profile) =
        if profile = Profile.Paper then
            "the paper's scale"
        else
            $"{Runs.scaleName profile}"

    /// Success and updates against the multiple of the average norm.
    let private multiplesFigures (context: Context) profile (finished: Finished list) = [
        let runs = Runs.ofPart profile "multiples" finished

        if not runs.IsEmpty then
            let cells = runs |> List.groupBy _.Cell.X
            let categories = cells |> List.map (fst >> categoryOf)
            let scale = scaleText profile

            let values value =
                cells |> List.map (fun (_, runs) -> runs |> List.map value)

            let bars metric dots value =
                let lost = [
                    for i, (_, runs) in List.indexed cells do
                        for text in List.choose Runs.diverged runs -> metric, i, text
                ]

                Compare.barsWith lost categories [
                    series (context.Protocol.RuleFor metric) metric dots (values value)
                ]
                |> Chart.withXAxisStyle (TitleText = "threshold, in multiples of the average norm")
                |> Chart.withSize (960.0, 380.0)
                |> Chart.withLegend false

            {
                Id = $"success-{profile.Name()}"
                Caption =
                    $"Share of seeds that learn temporal order, by threshold ({scale}). Whiskers \
                      are 95 %% Wilson intervals."
                Chart =
                    bars rate false success
                    |> Chart.withYAxisStyle (
                        TitleText = "share of seeds that succeed",
                        MinMax = (0.0, 1.0)
                    )
                Note = "The paper's claim covers thresholds from 0.5 to 10 times the average norm."
            }

            if runs |> List.exists Runs.succeeded then
                {
                    Id = $"updates-{profile.Name()}"
                    Caption =
                        $"Updates to success of the seeds that succeed, by threshold ({scale}): \
                          means as bars, seeds as dots, 95 %% intervals of the mean as whiskers \
                          from three seeds on."
                    Chart =
                        bars updates true Runs.updatesToSuccess
                        |> Chart.withYAxisStyle (TitleText = "updates to success")
                    Note = ""
                }
    ]

    let private short (name: string) = name.Substring(name.IndexOf(", ") + 2)

    /// Updates of addition and multiplication with each threshold, beside the paper's.
    let private thresholdFigure (context: Context) profile (finished: Finished list) = [
        let tasks = [ "addition"; "multiplication" ]
        let runs = tasks |> List.collect (fun part -> Runs.ofPart profile part finished)

        if runs |> List.exists Runs.succeeded then
            let printed = (Setting.Of context.Protocol).["printed"]
            let names = runs |> List.map (fun f -> short f.Cell.Series) |> List.distinct

            let one name =
                let values = [
                    for task in tasks ->
                        runs
                        |> List.filter (fun f -> f.Cell.Series = $"{task}, {name}")
                        |> List.map Runs.updatesToSuccess
                ]

                {
                    series (context.Protocol.RuleFor updates) name true values with
                        Paper = [|
                            for task in tasks ->
                                let key = $"{task}, {name}"

                                if profile = Profile.Paper && printed.Has key then
                                    printed[key].Number
                                else
                                    nan
                        |]
                }

            {
                Id = $"thresholds-{profile.Name()}"
                Caption =
                    $"Updates to success of addition and multiplication ({scaleText profile}). \
                      Whiskers, from three seeds on, are 95 %% intervals of the mean. Where a \
                      bar is missing, no seed succeeded or none has been run."
                Chart =
                    Compare.barsWith
                        [
                            for i, task in List.indexed tasks do
                                for run in runs |> List.filter (fun f -> f.Cell.Part = task) do
                                    match Runs.diverged run with
                                    | Some text -> short run.Cell.Series, i, text
                                    | None -> ()
                        ]
                        tasks
                        (List.map one names)
                    |> Chart.withYAxisStyle (TitleText = "updates to success")
                    |> Chart.withSize (960.0, 400.0)
                Note = ""
            }
    ]

    /// Training loss with the regulariser, with clipping and without.
    let private regulariserFigure profile (finished: Finished list) = [
        let runs = Runs.ofPart profile "regulariser" finished

        if not runs.IsEmpty then
            {
                Id = $"regulariser-{profile.Name()}"
                Caption =
                    $"Temporal order with the regulariser, with clipping and without: training \
                      loss of every seed ({scaleText profile})."
                Chart =
                    SeedLines.chart "training loss" runs
                    |> Chart.withXAxisStyle (TitleText = "updates")
                    |> Chart.withYAxisStyle (TitleText = "mean training loss, nats")
                    |> Chart.withSize (960.0, 380.0)
                Note = ""
            }
    ]

    /// Mean and largest norms of the run that measures the average.
    let private averageFigure (settings: Setting) (profile: Profile) finished = [
        for run in Runs.ofPart profile "average" finished do
            let line name =
                let x, y = Runs.curve name run
                Chart.Line(Array.zip x y |> Array.filter (fun (_, v) -> v > 0.0), Name = name)

            let stated = settings["profiles"].[profile.Name()].["averageNorm"].Number

            {
                Id = $"average-{profile.Name()}"
                Caption =
                    $"The run that measures the average norm ({scaleText profile}): mean and \
                      largest norm of each stretch of updates until success."
                Chart =
                    Chart.overlay [
                        line "gradient norm"
                        line "largest gradient norm"
                        yield!
                            [ run ]
                            |> Runs.divergedEnds (Runs.curve "largest gradient norm")
                            |> Diverged.atEnds
                    ]
                    |> Chart.withXAxisStyle (TitleText = "updates")
                    |> Chart.withYAxisStyle (
                        TitleText = "gradient norm",
                        AxisType = StyleParam.AxisType.Log
                    )
                    |> Chart.withHorizontalLine (
                        stated,
                        Text = $"average norm {say stated}",
                        Dash = StyleParam.DrawingStyle.Dash
                    )
                    |> Chart.withSize (960.0, 360.0)
                Note = ""
            }
    ]

    let private ended (runs: Finished list) =
        String.Join(
            ", ",
            [
                for f in runs |> List.sortBy _.Cell.Seed ->
                    if Runs.succeeded f then
                        Format.whole (Runs.updatesToSuccess f)
                    else
                        f.Record.Result.Outcome
            ]
        )

    let private mean (runs: Finished list) =
        match runs |> List.filter Runs.succeeded with
        | [] -> "–"
        | learnt -> Format.whole (learnt |> List.averageBy Runs.updatesToSuccess)

    let private share (runs: Finished list) =
        let learnt = runs |> List.filter Runs.succeeded |> List.length
        $"{learnt} of {runs.Length}"

    let private tables (settings: Setting) (profile: Profile) (finished: Finished list) = [
        let stated = settings["profiles"].[profile.Name()].["averageNorm"].Number

        match averageNorm profile finished with
        | Some measured ->
            $"The average norm ({Runs.scaleName profile})",
            Table.ofStrings [ "stated in the protocol"; "measured by the run at hand" ] [
                [ say stated; say measured ]
            ]
        | None -> ()

        let multiples = Runs.ofPart profile "multiples" finished

        if not multiples.IsEmpty then
            $"Thresholds as multiples of the average norm ({Runs.scaleName profile})",
            Table.ofStrings [
                "multiple"
                "threshold"
                "succeeded"
                "mean updates to success"
                "seeds"
            ] [
                for x, runs in multiples |> List.groupBy _.Cell.X ->
                    let threshold = if x = "none" then "–" else say (float x * stated)
                    [ categoryOf x; threshold; share runs; mean runs; ended runs ]
            ]

        let others =
            [ "addition"; "multiplication"; "regulariser" ]
            |> List.collect (fun part -> Runs.ofPart profile part finished)

        if not others.IsEmpty then
            let printed = settings["printed"]

            $"µ = 1, µ = 6 and none ({Runs.scaleName profile})",
            Table.ofStrings [ "runs"; "paper"; "succeeded"; "mean updates to success"; "seeds" ] [
                for name, runs in others |> List.groupBy _.Cell.Series ->
                    let paper =
                        if profile = Profile.Paper && printed.Has name then
                            Format.whole printed[name].Number
                        else
                            "–"

                    [ name; paper; share runs; mean runs; ended runs ]
            ]
    ]

    let private summary (settings: Setting) (profile: Profile) (finished: Finished list) =
        let band = settings["band"]

        let within =
            Runs.ofPart profile "multiples" finished
            |> List.filter (fun f ->
                f.Cell.X <> "none"
                && float f.Cell.X >= band.At(0).Number
                && float f.Cell.X <= band.At(1).Number)

        let alone =
            Runs.ofPart profile "regulariser" finished
            |> List.filter (fun f -> f.Cell.Series = "regulariser without")

        if (Runs.ofProfile profile finished).IsEmpty then
            Runs.noneAtHand
        elif within.IsEmpty then
            let ended = [
                for part in [ "addition"; "multiplication" ] do
                    for name, runs in
                        Runs.ofPart profile part finished |> List.groupBy _.Cell.Series do
                        $"{name}: {share runs} ({mean runs})"
            ]

            let others =
                if ended.IsEmpty then
                    ""
                else
                    let each = String.Join("; ", ended)
                    $" Seeds of other tasks that succeed, and their mean updates: {each}."

            $"{Runs.atScale profile}The runs that vary the threshold of temporal order are not \
              made yet.{others}"
        else
            $"{Runs.atScale profile}{share within} runs succeed with thresholds of half to ten \
              times the average norm. With the regulariser but without clipping {share alone} do."

    /// The analysis of such an item.
    let analyse (claim: string) (context: Context) (profile: Profile) (finished: Finished list) =
        let settings = Setting.Of context.Protocol
        let scales = Runs.scales profile
        let counts = updateCounts finished

        {
            Claim = claim
            Summary = summary settings profile finished
            Values =
                let rows unit metric =
                    Judging.rowsIn (fun _ -> unit) context.Protocol [] metric

                rows Units.Fraction rate (successes finished)
                @ rows Units.Updates updates counts
            Orderings =
                Claims.judge context (fun _ _ -> nan) finished
                @ Judging.orderings context.Protocol counts
            Figures = [
                for scale in scales do
                    yield! multiplesFigures context scale finished
                    yield! thresholdFigure context scale finished
                    yield! regulariserFigure scale finished
                    yield! averageFigure settings scale finished
            ]
            Tables = scales |> List.collect (fun scale -> tables settings scale finished)
        }
