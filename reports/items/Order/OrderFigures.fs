namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports

/// Figures of temporal order: success against length and against budget.
module OrderFigures =
    /// In the order of the panels.
    let methods = [ "MSGD"; "MSGD-C"; "MSGD-CR" ]
    let internal wide = 960.0

    let internal initialisations (cells: OrderCell list) =
        cells |> List.map _.Initialisation |> List.distinct

    /// Panels of one row an initialisation and one column a method, axis titles at the edges.
    let private grid
        (rows: string list)
        (xTitle: string)
        (yTitle: string)
        (panel: string -> string -> GenericChart)
        =
        let cells = [
            for row in rows do
                for name in methods do
                    let chart = panel row name

                    let chart =
                        if row = List.last rows then
                            chart |> Chart.withXAxisStyle (TitleText = xTitle)
                        else
                            chart

                    if name = methods.Head then
                        chart |> Chart.withYAxisStyle (TitleText = yTitle)
                    else
                        chart
        ]

        let titles = [
            for row in rows do
                for name in methods -> $"{row}, {name}"
        ]

        cells
        |> Panels.grid rows.Length methods.Length titles
        |> Chart.withSize (wide, 80.0 + 260.0 * float rows.Length)

    let private rateAxis =
        Chart.withYAxisStyle (MinMax = (-0.06, 1.06))
        >> Chart.withYTicks (
            [ 0.0; 0.2; 0.4; 0.6; 0.8; 1.0 ],
            [ "0"; "0.2"; "0.4"; "0.6"; "0.8"; "1" ]
        )

    /// Lengths of which no two are nearer on a logarithmic axis than `least`: of two the larger
    /// stays, and their texts do not touch.
    let internal apart (least: float) (lengths: int list) =
        (lengths, [])
        ||> List.foldBack (fun length kept ->
            match kept with
            | next :: _ when Number.log10 (float next) - Number.log10 (float length) < least ->
                kept
            | _ -> length :: kept)

    let private lengthAxis (lengths: int list) =
        let low, high = float (List.min lengths) / 1.12, float (List.max lengths) * 1.12

        let ticks =
            [ 16; 20; 35; 50; 65; 100; 200 ]
            |> List.filter (fun t -> float t >= low && float t <= high)
            |> apart (0.09 * (Number.log10 high - Number.log10 low))

        Chart.withXAxisStyle (
            AxisType = StyleParam.AxisType.Log,
            MinMax = (Number.log10 low, Number.log10 high)
        )
        >> Chart.withXTicks (List.map float ticks, List.map string ticks)

    let private ours = Color.fromString Palette.colors[0]

    /// Success rate against length: ours with Wilson intervals, the paper's as open marks.
    let rates (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        let planned = OrderCells.planned context profile finished
        let cells = OrderCells.whole planned
        let runs = cells |> List.sumBy _.Ended.Length

        if not planned.IsEmpty && (profile = Profile.Paper || not cells.IsEmpty) then
            let lengths = planned |> List.map _.Length
            let rows = initialisations planned
            let more = Format.whole (5e6 / OrderCells.budget context profile)

            let panel (row: string) (name: string) =
                let series = row.Replace(' ', '-') + "/" + name

                let paper =
                    context.Targets
                    |> List.filter (fun t ->
                        t.Series = series
                        && int t.X >= List.min lengths
                        && int t.X <= List.max lengths)
                    |> List.map (fun t -> float t.X, t.Value)

                let mine = cells |> List.filter (fun c -> c.Series = series)
                let intervals = mine |> List.map OrderCells.wilson

                Chart.overlay [
                    Chart.Line(
                        List.map fst paper,
                        List.map snd paper,
                        ShowMarkers = true,
                        Name = "paper, 5 runs, 5,000,000 updates",
                        LineColor = Color.fromString Palette.colors[1],
                        LineDash = StyleParam.DrawingStyle.Dot,
                        LineWidth = 1.5,
                        MarkerSymbol =
                            StyleParam.MarkerSymbol.Modified(
                                StyleParam.MarkerSymbol.Diamond,
                                StyleParam.SymbolStyle.Open
                            )
                    )
                    |> Chart.withMarkerStyle (Size = 9)
                    Chart.Line(
                        mine |> List.map (_.Length >> float),
                        intervals |> List.map _.Estimate,
                        ShowMarkers = true,
                        Name = "ours, Wilson interval, 95 %",
                        LineColor = ours,
                        MarkerSymbol = StyleParam.MarkerSymbol.Circle
                    )
                    |> Chart.withYErrorStyle (
                        Array = (intervals |> List.map (fun i -> i.High - i.Estimate)),
                        Arrayminus = (intervals |> List.map (fun i -> i.Estimate - i.Low))
                    )
                    yield!
                        mine
                        |> List.collect _.Ended
                        |> Runs.divergedAt (fun run -> float run.Cell.X)
                        |> Diverged.atFoot
                ]
                |> rateAxis
                |> lengthAxis lengths

            {
                Id = $"rates-{profile.Name()}"
                Caption =
                    (if runs = 0 then
                         "The paper's Figure 7, redrawn: none of our runs at its scale is at \
                          hand yet."
                     elif profile = Profile.Paper then
                         $"Figure 7 at the paper's own lengths and budget: {runs} runs of ours \
                           at {cells.Length} of {planned.Length} lengths and methods."
                     else
                         $"Success rate against length at {Runs.scaleName profile}: {runs} \
                           runs of ours, stopped after \
                           {Format.whole (OrderCells.budget context profile)} updates at the \
                           latest.")
                Chart =
                    grid rows "sequence length T" "share of runs that succeed" panel
                    |> Chart.withAltText
                        "Share of runs that succeed against sequence length, a panel for each \
                         initialisation and method, the paper's points beside ours."
                Note =
                    (if profile = Profile.Paper then
                         "Only cells whose runs have all ended are drawn (where ten seeds are \
                          planned, the first five will do). A run given up as \
                          futile counts as one that did not succeed."
                     else
                         $"The paper's runs had {more} times as many updates, so that the curves \
                           need not agree; the order of the methods should.")
            }
    ]

    let private shade (lengths: int list) (length: int) =
        match lengths with
        | []
        | [ _ ] -> Svg.ColorScale.hex (Svg.ColorScale.sample Svg.ColorScale.standard 0.2)
        | _ ->
            let at = float (List.findIndex ((=) length) lengths)

            // The scale's yellow end is too faint on white.
            0.88 * at / float (lengths.Length - 1)
            |> Svg.ColorScale.sample Svg.ColorScale.standard
            |> Svg.ColorScale.hex

    /// Steps of the share of runs that have succeeded by each update.
    let steps (from: float) (until: float) (runs: int) (updates: float list) =
        let sorted = updates |> List.filter Double.IsFinite |> List.sort
        let share i = float i / float runs

        [
            yield min from until, 0.0

            for i, u in List.indexed sorted do
                yield u, share i
                yield u, share (i + 1)

            yield until, share sorted.Length
        ]

    let private most = 50_000.0

    let private decades = [ 1e3, "1,000"; 1e4, "10,000"; 1e5, "100,000"; 1e6, "1 M" ]

    let private budgetAxis (budget: float) =
        let high = 1.3 * max budget most
        let ticks = decades |> List.filter (fun (t, _) -> t <= high)

        Chart.withXAxisStyle (
            AxisType = StyleParam.AxisType.Log,
            MinMax = (Number.log10 400.0, Number.log10 high)
        )
        >> Chart.withXTicks (List.map fst ticks, List.map snd ticks)

    let private marked (chart: GenericChart) (x: float, text: string) =
        chart
        |> Chart.withVerticalLine (x, Dash = StyleParam.DrawingStyle.Dash, Width = 1.0)
        |> Chart.withAnnotation (
            // plotly counts places of texts on a logarithmic axis in decades.
            Annotation.init (X = Number.log10 x, Y = 0.07, Text = text, ShowArrow = false)
        )

    /// Share of runs that have succeeded by each update, in one pair of axes with places marked.
    let budgetPanel (budget: float) (marks: (float * string) list) (lines: GenericChart list) =
        // A panel without runs still needs an axis.
        Chart.overlay (
            if lines.IsEmpty then
                [ Chart.Line([ budget ], [ nan ]) ]
            else
                lines
        )
        |> rateAxis
        |> budgetAxis budget
        |> fun chart -> List.fold marked chart marks

    /// Places of a budget axis: the paper's budget if it is ours.
    let budgetMarks (budget: float) = [
        if budget >= 5e6 then
            budget, "5 M"
    ]

    /// Share of the seeds that have succeeded by each update, one line a length.
    let budgets (budget: float) (profile: Profile) (cells: OrderCell list) : Figure list = [
        if not cells.IsEmpty then
            let lengths = cells |> List.map _.Length |> List.distinct |> List.sort

            let futile =
                cells
                |> List.sumBy (fun c -> c.Ended |> List.filter OrderCells.futile |> List.length)

            let panel (row: string) (name: string) =
                let mine =
                    cells
                    |> List.filter (fun c -> c.Initialisation = row && c.Method = name)
                    |> List.sortBy _.Length

                [
                    for cell in mine do
                        let dash =
                            if List.exists OrderCells.futile cell.Ended then
                                StyleParam.DrawingStyle.Dash
                            else
                                StyleParam.DrawingStyle.Solid

                        Chart.Line(
                            cell.Ended
                            |> List.map Runs.updatesToSuccess
                            |> steps 400.0 budget cell.Ended.Length,
                            Name = $"T = {cell.X}",
                            LineColor = Color.fromString (shade lengths cell.Length),
                            LineWidth = 2.0,
                            LineDash = dash
                        )

                    yield!
                        mine
                        |> List.collect _.Ended
                        |> Runs.divergedAt (fun run -> float run.Record.Result.Updates)
                        |> Diverged.atFoot
                ]
                |> budgetPanel budget (budgetMarks budget)

            {
                Id = $"budget-{profile.Name()}"
                Caption =
                    $"Success rate against budget ({Runs.scaleName profile}): the share of \
                      seeds that have succeeded by each update, one line a length."
                Chart =
                    grid (initialisations cells) "updates" "share of seeds" panel
                    |> Chart.withLegend true
                    |> Chart.withAltText
                        "Share of seeds that have succeeded against the number of updates, a \
                         panel for each initialisation and method, one line a sequence length."
                Note =
                    (if profile = Profile.Paper then
                         "The dashed line marks the paper's budget of 5,000,000 updates. "
                     else
                         $"The paper's budget was {Format.whole (5e6 / budget)} times this one. ")
                    + (if futile = 0 then
                           ""
                       else
                           $"Dashed curves: some of their runs ({futile} in all) were given up as \
                             futile before the end of the budget. They count as never succeeding.")
            }
    ]
