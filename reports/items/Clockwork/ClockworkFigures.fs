namespace Repro.Reports.Items

open Plotly.NET
open Repro.Engine.Judging
open Repro.Reports

/// Figures of the item `clockwork`: outputs over their targets, and the errors of all runs.
module ClockworkFigures =
    /// A method's colour, the same in every figure.
    let private paint (context: Context) (method: string) =
        let all = ClockworkRuns.methods context Profile.Paper
        let index = all |> List.tryFindIndex ((=) method) |> Option.defaultValue 0
        let look = (Palette.places all)[index]
        Color.fromString Palette.colors[look % Palette.colors.Length]

    /// Targets and outputs of one seed, a panel a waveform.
    let private outputs context (profile: Profile) (runs: Finished list) : Figure list = [
        let drawn = [
            for run in runs do
                match Runs.tryCurve "outputs" run with
                | Some(x, y) when run.Cell.Seed = 1UL -> run, x, y
                | _ -> ()
        ]

        // The largest at which the most methods have outputs: those that diverged have none.
        let budget =
            ClockworkRuns.budgets context profile
            |> List.rev
            |> List.maxBy (fun budget ->
                drawn
                |> List.filter (fun (run, _, _) -> ClockworkErrors.ofBudget run = budget)
                |> List.length)

        let kept =
            drawn |> List.filter (fun (run, _, _) -> ClockworkErrors.ofBudget run = budget)

        let waves =
            kept
            |> List.map (fun (run, _, _) -> ClockworkErrors.ofWave run)
            |> List.distinct

        let methods =
            kept
            |> List.map (fun (run, _, _) -> run)
            |> ClockworkErrors.inOrder context profile

        // A method that diverged has a ✕ in its panel.
        let panel steps wave =
            let isFirst = wave = waves.Head

            Chart.overlay [
                Chart.Line(
                    [ for t in 0 .. steps - 1 -> float t ],
                    ClockworkRuns.samples wave steps,
                    Name = "target",
                    ShowLegend = isFirst,
                    LineColor = Color.fromString "#9A9A9A",
                    LineWidth = 4.0
                )
                |> Chart.withTraceInfo (LegendGroup = "target")
                for method in methods do
                    for run, x, y in kept do
                        if run.Cell.Series = method && ClockworkErrors.ofWave run = wave then
                            Chart.Line(
                                x,
                                y,
                                Name = method,
                                ShowLegend = isFirst,
                                LineColor = paint context method,
                                LineWidth = 1.4
                            )
                            |> Chart.withTraceInfo (LegendGroup = method)
            ]
            |> Diverged.onto (
                runs
                |> List.filter (fun run ->
                    ClockworkErrors.ofWave run = wave
                    && ClockworkErrors.ofBudget run = budget
                    && run.Cell.Seed = 1UL)
                |> Runs.divergedAt (fun _ -> float steps / 2.0)
                |> Diverged.atFoot
            )
            |> Chart.withXAxisStyle (TitleText = "step")
            |> Chart.withYAxisStyle (MinMax = (-1.5, 1.5))

        if not kept.IsEmpty then
            let _, times, _ = kept.Head
            let columns = min 2 waves.Length
            let rows = (waves.Length + columns - 1) / columns

            {
                Id = $"outputs-{profile.Name()}"
                Caption =
                    $"What the networks of about {budget} parameters put out after training \
                      (seed 1, {Runs.scaleName profile}), over the waveform that they were to \
                      produce."
                Chart =
                    [ for wave in waves -> panel times.Length wave ]
                    |> Panels.grid rows columns waves
                    |> Chart.withSize (960.0, 60.0 + 230.0 * float rows)
                Note = "The scale is that of the targets, −1 to 1."
            }
    ]

    /// Errors of all runs by method and budget.
    let private errors context (profile: Profile) (runs: Finished list) : Figure list = [
        let methods = ClockworkErrors.inOrder context profile runs
        let budgets = ClockworkRuns.budgets context profile
        let width = 0.16

        // Methods stand side by side around each budget.
        let place index budget =
            float (List.findIndex ((=) budget) budgets)
            + width * (float index - float (methods.Length - 1) / 2.0)

        let one index method =
            let mine = runs |> List.filter (fun f -> f.Cell.Series = method)
            let ended = mine |> List.filter (ClockworkRuns.diverged >> not)

            [
                Chart.Point(
                    [ for f in ended -> place index (ClockworkErrors.ofBudget f) ],
                    [ for f in ended -> ClockworkRuns.error f ],
                    Name = method + ", a run",
                    ShowLegend = false,
                    Opacity = 0.45,
                    MarkerColor = paint context method
                )
                |> Chart.withTraceInfo (LegendGroup = method)
                Chart.Line(
                    [ for budget in budgets -> place index budget ],
                    [
                        for budget in budgets ->
                            match
                                mine |> List.filter (fun f -> ClockworkErrors.ofBudget f = budget)
                            with
                            | [] -> nan
                            | cell -> 10.0 ** (cell |> List.averageBy ClockworkErrors.logError)
                    ],
                    ShowMarkers = true,
                    Name = method,
                    LineColor = paint context method,
                    LineWidth = 2.0
                )
                |> Chart.withTraceInfo (LegendGroup = method)
            ]

        if not methods.IsEmpty then
            {
                Id = $"errors-{profile.Name()}"
                Caption =
                    $"Normalised error of every run (faint) and its geometric mean over waveforms \
                      and seeds, by method and number of parameters ({Runs.scaleName profile})."
                Chart =
                    methods
                    |> List.mapi one
                    |> List.concat
                    |> Chart.overlay
                    |> Diverged.onto (
                        [
                            for index, method in List.indexed methods do
                                yield!
                                    runs
                                    |> List.filter (fun f -> f.Cell.Series = method)
                                    |> Runs.divergedAt (fun f ->
                                        place index (ClockworkErrors.ofBudget f))
                        ]
                        |> Diverged.atTop
                    )
                    |> Chart.withXAxisStyle (TitleText = "parameters")
                    |> Chart.withXTicks ([ for i in 0 .. budgets.Length - 1 -> float i ], budgets)
                    |> Chart.withYAxisStyle (
                        TitleText = "normalised error",
                        AxisType = StyleParam.AxisType.Log
                    )
                    |> Chart.withSize (960.0, 420.0)
                Note =
                    "The best constant has 1, and runs above it are drawn there. A run that \
                     diverged has no error: a ✕ at the top, and in the mean a 1, by the \
                     protocol's rule."
            }
    ]

    /// All of them, of the scales that a profile's page shows.
    let all (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            let runs = Runs.ofPart scale ClockworkRuns.Main finished
            yield! errors context scale runs
            yield! outputs context scale runs
    ]
