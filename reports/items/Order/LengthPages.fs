namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports

/// Values, figures and tables of networks trained on some lengths and tested on others.
module LengthPages =
    let private wrong = "sequences wrong of 10000"
    let private succeeding = "seeds that succeed of 5"
    let private prefix = "test correct at "

    let private mine (profile: Profile) (finished: Finished list) =
        Runs.ofProfile profile finished |> List.sortBy _.Cell.Seed

    /// Test length and wrong sequences of 10,000, by length.
    let wrongAt (run: Finished) : (int * float) list =
        [
            for metric in run.Record.Result.Metrics do
                if metric.Key.StartsWith(prefix, StringComparison.Ordinal) then
                    int (metric.Key.Substring prefix.Length),
                    // A share of 10,000 in binary is not exact.
                    Math.Round(10000.0 * (1.0 - metric.Value), 6)
        ]
        |> List.sortBy fst

    /// The runs of a profile when all of them have ended.
    let private whole (context: Context) (profile: Profile) (finished: Finished list) =
        let runs = mine profile finished

        if runs.Length = context.Protocol.Seeds[profile] then
            runs
        else
            []

    let private groups (context: Context) (finished: Finished list) : Group list = [
        for profile in finished |> List.map _.Profile |> List.distinct do
            let runs = whole context profile finished

            for x in runs |> List.collect (wrongAt >> List.map fst) |> List.distinct do
                {
                    Series = runs.Head.Cell.Series
                    X = string x
                    Profile = profile
                    Values = [
                        for run in runs ->
                            run.Cell.Seed, wrongAt run |> List.find (fst >> (=) x) |> snd
                    ]
                }
    ]

    let private successes (runs: Finished list) =
        runs |> List.filter Runs.succeeded |> List.length

    /// How many of the seeds succeed, one number and not one a seed.
    let private successRows (context: Context) (finished: Finished list) = [
        for target in context.Targets |> List.filter (fun t -> t.Metric = succeeding) do
            match whole context Profile.Paper finished with
            | [] -> ValueRow.NotRun(target, Profile.Paper)
            | runs ->
                let rule = context.Protocol.RuleFor succeeding
                let judgement = rule.Judge(target.Value, target.Tolerance, [| successes runs |])
                ValueRow.Of(target, judgement.OverRuns runs.Length, Profile.Paper)

        for profile in finished |> List.map _.Profile |> List.distinct do
            match whole context profile finished with
            | runs when profile <> Profile.Paper && not runs.IsEmpty ->
                Rows.ours
                    context.Protocol
                    profile
                    runs.Head.Cell.Series
                    runs.Head.Cell.X
                    ($"seeds that succeed of {runs.Length}", Units.Count)
                    runs.Length
                    (float (successes runs))
                    None
            | _ -> ()
    ]

    let rows (context: Context) (finished: Finished list) : ValueRow list =
        let targets = context.Targets |> List.filter (fun t -> t.Metric = wrong)

        Judging.rows context.Protocol targets wrong (groups context finished)
        @ successRows context finished

    // A logarithmic axis has no 0: it is drawn here, below 1, and labelled.
    let private zero = 0.4
    let private lifted (v: float) = if v = 0.0 then zero else v

    let private seedColor i =
        Color.fromString Palette.colors[i % Palette.colors.Length]

    /// The settings of a profile's runs.
    let private run (context: Context) (profile: Profile) =
        let settings = Setting.Of context.Protocol
        CellRuns.shared settings settings["profiles"].[profile.Name()]

    let private trainedOn (context: Context) (profile: Profile) =
        let task = (run context profile)["task"]
        float task["shortest"].Whole, float task["longest"].Whole

    let private lengthFigure (context: Context) (profile: Profile) (runs: Finished list) : Figure =
        let low, high = trainedOn context profile

        let paper =
            if profile = Profile.Paper then
                context.Targets
                |> List.filter (fun t -> t.Metric = wrong)
                |> List.map (fun t -> float t.X, lifted t.Value)
            else
                []

        let ticks = [ 10.0; 20.0; 50.0; 100.0; 200.0; 500.0; 1000.0; 2000.0; 5000.0 ]

        let xs =
            (paper |> List.map fst)
            @ (runs |> List.collect (wrongAt >> List.map (fst >> float)))

        let ends = List.min (low :: xs) / 1.2, List.max (high :: xs) * 1.2
        let shown = ticks |> List.filter (fun t -> t >= fst ends && t <= snd ends)

        {
            Id = $"lengths-{profile.Name()}"
            Caption =
                (if runs.IsEmpty then
                     "The paper's test of one trained network, redrawn. None of our runs at its \
                      scale is recorded yet."
                 else
                     $"Wrong sequences out of 10,000 at each test length, one line a seed \
                       ({Runs.scaleName profile}, {runs.Length} runs).")
            Chart =
                Chart.overlay [
                    for i, run in List.indexed runs do
                        let x, y = wrongAt run |> List.unzip

                        Chart.Line(
                            List.map float x,
                            List.map lifted y,
                            ShowMarkers = true,
                            Name = $"seed {run.Cell.Seed}",
                            LineColor = seedColor i,
                            LineWidth = 1.3
                        )
                    if not paper.IsEmpty then
                        Chart.Point(
                            List.map fst paper,
                            List.map snd paper,
                            Name = "paper, one network",
                            MarkerSymbol =
                                StyleParam.MarkerSymbol.Modified(
                                    StyleParam.MarkerSymbol.Diamond,
                                    StyleParam.SymbolStyle.Open
                                ),
                            MarkerColor = Color.ink
                        )
                        |> Chart.withMarkerStyle (Size = 12)
                    yield! runs |> Runs.divergedAt (fun _ -> high) |> Diverged.atTop
                ]
                |> Chart.withXAxisStyle (
                    TitleText = "test length T",
                    AxisType = StyleParam.AxisType.Log,
                    MinMax = (Number.log10 (fst ends), Number.log10 (snd ends))
                )
                |> Chart.withXTicks (shown, shown |> List.map Format.whole)
                |> Chart.withYAxisStyle (
                    TitleText = "wrong of 10,000",
                    AxisType = StyleParam.AxisType.Log,
                    MinMax = (Number.log10 0.25, Number.log10 20000.0)
                )
                |> Chart.withYTicks (
                    [ zero; 1.0; 10.0; 100.0; 1000.0; 10000.0 ],
                    [ "0"; "1"; "10"; "100"; "1,000"; "10,000" ]
                )
                |> Chart.withShape (
                    Shape.init (
                        ShapeType = StyleParam.ShapeType.Rectangle,
                        X0 = low,
                        X1 = high,
                        Y0 = 0.0,
                        Y1 = 1.0,
                        Yref = "paper",
                        FillColor = Color.fromString "#7A7A7A",
                        Opacity = 0.16,
                        Line = Line.init (Width = 0.0)
                    )
                )
                |> Chart.withHorizontalLine (
                    7500.0,
                    Text = "a guess",
                    Dash = StyleParam.DrawingStyle.Dash,
                    Width = 1.0
                )
                |> Chart.withLegend true
                |> Chart.withSize (960.0, 420.0)
            Note =
                $"The lengths trained on, {low} to {high}, are shaded. Every network is shown, \
                  also those that did not succeed. The seeds themselves are drawn and no \
                  interval: the counts are so skewed that an interval around their mean would be \
                  wide on both sides."
        }

    /// Share of the seeds that have succeeded by each update.
    let private budgetFigure (context: Context) (profile: Profile) (runs: Finished list) : Figure =
        let budget = float (run context profile).["training"].["updates"].Whole

        let marks = [
            yield! OrderFigures.budgetMarks budget
            if profile = Profile.Paper then
                336_000.0, "336,000"
        ]

        {
            Id = $"budget-{profile.Name()}"
            Caption =
                $"Success rate against budget ({Runs.scaleName profile}): the share of \
                  {runs.Length} seeds that have got none of 10,000 sequences wrong by each update."
            Chart =
                [
                    Chart.Line(
                        runs
                        |> List.map Runs.updatesToSuccess
                        |> OrderFigures.steps 400.0 budget runs.Length,
                        Name = "seeds that have succeeded",
                        LineWidth = 2.5
                    )
                    yield!
                        runs
                        |> Runs.divergedAt (fun run -> float run.Record.Result.Updates)
                        |> Diverged.atFoot
                ]
                |> OrderFigures.budgetPanel budget marks
                |> Chart.withXAxisStyle (TitleText = "updates")
                |> Chart.withYAxisStyle (TitleText = "share of seeds")
                |> Chart.withSize (960.0, 340.0)
            Note =
                "The log that the authors left with their program succeeds at update 336,000. \
                 Their budget was 5,000,000 updates."
        }

    let private panels = [
        "training loss", "training loss, nats", 1.0, false
        "gradient norm", "gradient norm", 1.0, true
        "clipped", "updates clipped, %", 100.0, false
        "regulariser", "regulariser Ω", 1.0, true
        "spectral radius", "spectral radius of W", 1.0, false
        "largest singular value", "largest singular value of W", 1.0, false
    ]

    let private dynamics (profile: Profile) (runs: Finished list) : Figure = {
        Id = $"dynamics-{profile.Name()}"
        Caption = $"Along training ({Runs.scaleName profile}), one line a seed."
        Chart =
            panels
            |> List.map (fun (name, _, scale, isLog) ->
                Chart.overlay [
                    for i, run in List.indexed runs do
                        match Runs.tryCurve name run with
                        | Some(x, y) ->
                            Chart.Line(
                                x,
                                y |> Array.map (fun v -> scale * v),
                                Name = $"seed {run.Cell.Seed}",
                                LineColor = seedColor i,
                                LineWidth = 1.5
                            )
                        | None -> ()

                    yield!
                        runs
                        |> Runs.divergedEnds (fun run ->
                            let x, y = Runs.curve name run
                            x, Array.map (fun v -> scale * v) y)
                        |> Diverged.atEnds
                ]
                |> (if isLog then
                        Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)
                    else
                        id)
                |> (if name = "spectral radius" || name = "largest singular value" then
                        Chart.withXAxisStyle (TitleText = "updates")
                        >> Chart.withHorizontalLine (
                            1.0,
                            Dash = StyleParam.DrawingStyle.Dash,
                            Width = 1.0
                        )
                    else
                        id))
            |> Panels.grid 3 2 (panels |> List.map (fun (_, title, _, _) -> title))
            |> Chart.withSize (960.0, 860.0)
        Note =
            "Loss, norms and Ω are means over the updates since the point before; norms are \
             taken before clipping. For tanh units a largest singular value below 1 is \
             sufficient for gradients to vanish, and a largest singular value above 1 is \
             necessary for them to explode. The spectral radius decides neither. A line ends \
             where its run succeeds."
    }

    let figures (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            let runs = mine scale finished

            if scale = Profile.Paper || not runs.IsEmpty then
                lengthFigure context scale runs

            match whole context scale finished with
            | [] -> ()
            | all -> budgetFigure context scale all

            if not runs.IsEmpty then
                dynamics scale runs
    ]

    let private last (name: string) (run: Finished) =
        Runs.curve name run
        |> snd
        |> Array.tryLast
        |> Option.defaultValue nan
        |> Format.number "0.00"

    let private seedsTable (scale: Profile) (runs: Finished list) =
        let row (run: Finished) = [
            string run.Cell.Seed
            run.Record.Result.Outcome
            Format.whole (float run.Record.Result.Updates)
            last "spectral radius" run
            last "largest singular value" run
        ]

        $"The seeds at {Runs.scaleName scale}, and their recurrent weights in the end",
        Table.ofStrings
            [ "seed"; "outcome"; "updates"; "spectral radius"; "largest singular value" ]
            (List.map row runs)

    let private wrongTable (scale: Profile) (runs: Finished list) =
        let lengths =
            runs |> List.collect (wrongAt >> List.map fst) |> List.distinct |> List.sort

        let row (run: Finished) =
            let found = Map.ofList (wrongAt run)

            $"seed {run.Cell.Seed}"
            :: [
                for length in lengths ->
                    found
                    |> Map.tryFind length
                    |> Option.map Format.whole
                    |> Option.defaultValue "–"
            ]

        $"Wrong sequences of 10,000 at each test length T, {Runs.scaleName scale}",
        Table.ofStrings
            ("network" :: [ for length in lengths -> Format.whole (float length) ])
            (List.map row runs)

    let tables (profile: Profile) (finished: Finished list) : (string * Table) list = [
        for scale in Runs.scales profile do
            let runs = mine scale finished

            if not runs.IsEmpty then
                wrongTable scale runs
                seedsTable scale runs
    ]

    /// One line for the index.
    let summary (profile: Profile) (finished: Finished list) =
        match mine profile finished with
        | [] -> Runs.noneAtHand
        | runs ->
            let longest = runs |> List.collect (wrongAt >> List.map fst) |> List.max

            let held =
                runs
                |> List.filter (fun run -> wrongAt run |> List.forall (fun (_, v) -> v <= 100.0))
                |> List.length

            let learnt = successes runs
            let lengths = runs.Head.Cell.X.Replace('-', '–')

            $"{Runs.atScale profile}{held} of {runs.Length} seeds hold to \
              T = {Format.whole (float longest)}: at every test length at most 1 %% of their \
              sequences are wrong. {learnt} of {runs.Length} learn the lengths \
              {lengths}."
