namespace Repro.Reports.Items

open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports

/// What happens along the training of temporal order.
module OrderDynamics =
    open OrderFigures

    /// Ticks of a logarithmic axis of updates: decades, or 1-2-5 where the runs span few.
    let private updateTicks (updates: float[] list) =
        let xs = updates |> List.collect List.ofArray |> List.filter (fun x -> x > 0.0)

        let span = if xs.IsEmpty then 1.0 else List.max xs / List.min xs
        let steps = if span > 300.0 then [ 1.0 ] else [ 1.0; 2.0; 5.0 ]

        let ticks = [
            for decade in 2..6 do
                for step in steps do
                    let tick = step * Number.pow10 decade

                    if xs.IsEmpty || (tick >= List.min xs && tick <= List.max xs) then
                        tick
        ]

        Chart.withXAxisStyle (AxisType = StyleParam.AxisType.Log)
        >> Chart.withXTicks (ticks, List.map Format.whole ticks)

    /// The length at which the methods differ most, the longest of them.
    let private telling (cells: OrderCell list) =
        cells
        |> List.groupBy _.Length
        |> List.filter (fun (_, own) -> own.Length > 1)
        |> List.map (fun (length, own) ->
            let rates = own |> List.map (fun c -> (OrderCells.wilson c).Estimate)
            length, own, List.max rates - List.min rates)
        |> List.sortBy (fun (length, own, spread) -> -own.Length, -spread, -length)
        |> List.tryHead

    /// A line a run with the updates of its points, of the methods that have any.
    let private along (name: string) (scale: float) (cells: OrderCell list) = [
        for cell in cells do
            let color = Palette.colors[List.findIndex ((=) cell.Method) methods]

            let lines = [
                for run in cell.Ended do
                    match Runs.curve name run with
                    // A run that succeeds before a third point has no course to show.
                    | x, y when x.Length > 2 ->
                        x,
                        Chart.Line(
                            x,
                            y |> Array.map (fun v -> scale * v),
                            Name = cell.Method,
                            LineWidth = 1.2,
                            Opacity = 0.7,
                            LineColor = Color.fromString color
                        )
                    | _ -> ()
            ]

            yield!
                lines
                |> List.mapi (fun i (x, line) -> x, Chart.withTraceInfo (ShowLegend = (i = 0)) line)
    ]

    /// Loss, gradient norm, clipping and Ω at the length that tells the methods apart.
    let figures (profile: Profile) (cells: OrderCell list) : Figure list = [
        for name in initialisations cells do
            match telling (cells |> List.filter (fun c -> c.Initialisation = name)) with
            | None -> ()
            | Some(length, own, _) ->
                let log = Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)

                let panels = [
                    "training loss, nats", along "training loss" 1.0 own, id
                    "gradient norm", along "gradient norm" 1.0 own, log
                    "updates clipped, %", along "clipped" 100.0 own, id
                    "regulariser Ω", along "regulariser" 1.0 own, log
                ]

                let panels = panels |> List.filter (fun (_, lines, _) -> not lines.IsEmpty)

                let drawn =
                    own
                    |> List.filter (fun cell -> not (along "training loss" 1.0 [ cell ]).IsEmpty)

                // One method alone has nothing to be compared with.
                if drawn.Length > 1 then
                    {
                        Id = $"dynamics-{profile.Name()}-{name}"
                        Caption =
                            $"Along training from {name} at T = {length} \
                              ({Runs.scaleName profile}), every seed a line."
                        Chart =
                            panels
                            |> List.mapi (fun i (_, lines, style) ->
                                Chart.overlay (List.map snd lines)
                                |> style
                                |> updateTicks (List.map fst lines)
                                |> if i >= panels.Length - 2 then
                                       Chart.withXAxisStyle (TitleText = "updates")
                                   else
                                       id)
                            |> Panels.grid
                                ((panels.Length + 1) / 2)
                                2
                                (panels |> List.map (fun (title, _, _) -> title))
                            |> Chart.withSize (wide, 620.0)
                        Note =
                            "Each point is a mean over the updates since the point before. \
                             Guessing among four classes has a loss of ln 4 = 1.386. A line ends \
                             where its run succeeds."
                    }
    ]
