namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports

/// Figures and tables of the number of updates to success.
module UpdatesPages =
    let private label (series: string) (x: string) =
        $"""{series.Replace('-', ' ').Replace("MSGD ", "MSGD-").Replace('/', ' ')} T={x}"""

    /// One group a curve and length, the values updates to success, NaN for a seed that never
    /// succeeds; only cells all of whose runs have ended.
    let groups (context: Context) (finished: Finished list) =
        OrderCells.counted context finished |> OrderCells.groups Runs.updatesToSuccess

    let private target (context: Context) (cell: OrderCell) =
        context.Targets
        |> List.tryFind (fun t -> t.Series = cell.Series && t.X = cell.X)

    let private found (cell: OrderCell) =
        cell.Ended |> List.map Runs.updatesToSuccess |> List.filter Double.IsFinite

    let private caption (profile: Profile) (cells: OrderCell list) =
        let runs = cells |> List.sumBy _.Ended.Length

        match profile with
        | Profile.Paper when runs = 0 ->
            "The paper's mean number of updates to success. None of our runs at its scale is \
             recorded yet."
        | Profile.Paper ->
            $"Updates to success at the paper's own scale, {runs} runs of ours, beside the \
              paper's means of five."
        | _ ->
            $"Updates to success at {Runs.scaleName profile}, {runs} runs of ours, beside \
              the paper's means of five."

    let private seedsFigure (context: Context) (profile: Profile) (cells: OrderCell list) =
        let planned =
            if profile = Profile.Paper then
                [ for t in context.Targets -> t.Series, t.X ]
            else
                [ for c in cells -> c.Series, c.X ]

        let cellOf (series, x) =
            cells |> List.tryFind (fun c -> c.Series = series && c.X = x)

        let paper (series, x) =
            Judging.published context.Targets series x

        let labels = planned |> List.map (fun (series, x) -> label series x)

        let values =
            planned |> List.map (cellOf >> Option.map found >> Option.defaultValue [])

        let means = values |> List.map (fun v -> if v.IsEmpty then nan else List.average v)

        // Seeds side by side around their place.
        let dots = [
            for i, own in List.indexed values do
                for k, u in List.indexed own do
                    float i + 0.05 * (float k - 0.5 * float (own.Length - 1)), u
        ]

        let tick name color (y: float list) =
            Chart.Point(
                [ for i in 0 .. y.Length - 1 -> float i ],
                y,
                Name = name,
                MarkerSymbol = StyleParam.MarkerSymbol.LineEW
            )
            |> Chart.withMarkerStyle (Color = Color.fromString color, Size = 56)

        let last = float (List.length labels) - 0.5

        Chart.overlay [
            tick "paper, mean of five" Palette.colors[1] (List.map paper planned)
            tick "ours, mean" Palette.colors[0] means
            Chart.Point(
                List.map fst dots,
                List.map snd dots,
                Name = "one seed of ours",
                MarkerSymbol = StyleParam.MarkerSymbol.Circle
            )
            |> Chart.withMarkerStyle (Color = Color.fromString Palette.colors[0], Size = 7)
            yield!
                [
                    for i, place in List.indexed planned do
                        match cellOf place with
                        | Some cell -> yield! cell.Ended |> Runs.divergedAt (fun _ -> float i)
                        | None -> ()
                ]
                |> Diverged.atTop
        ]
        |> Chart.withXAxisStyle (MinMax = (-0.5, last), ShowGrid = false)
        |> Chart.withXTicks ([ for i in 0 .. labels.Length - 1 -> float i ], labels)
        |> Chart.withYAxisStyle (
            TitleText = "updates to success",
            AxisType = StyleParam.AxisType.Log
        )
        |> Chart.withSize (960.0, 460.0)

    let figures (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            let cells = OrderCells.whole (OrderCells.planned context scale finished)

            {
                Id = $"seeds-{scale.Name()}"
                Caption = caption scale cells
                Chart = seedsFigure context scale cells
                Note =
                    "Seeds that never succeed have no dot; the table counts them. A single slow \
                     seed can move the mean far."
            }

            yield! OrderFigures.budgets (OrderCells.budget context scale) scale cells
    ]

    let tables (context: Context) (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            let planned = OrderCells.planned context scale finished
            let begun = planned |> List.filter (fun c -> not c.Ended.IsEmpty)

            if not begun.IsEmpty then
                let row (cell: OrderCell) =
                    let values = found cell

                    let over (statistic: float list -> float) =
                        if values.IsEmpty then
                            "–"
                        else
                            Format.whole (statistic values)

                    [
                        label cell.Series cell.X
                        $"{OrderCells.successes cell} of {cell.Ended.Length}"
                        (if cell.Ended.Length < cell.Planned then
                             $"{cell.Planned - cell.Ended.Length} still to run"
                         else
                             "all ended")
                        over List.min
                        over List.average
                        over List.max
                        (match target context cell with
                         | Some t -> Format.whole t.Value
                         | None -> "–")
                    ]

                $"Updates to success of the seeds that succeed, {Runs.scaleName scale}",
                Table.ofStrings
                    [ "runs"; "succeeded"; "state"; "fewest"; "mean"; "most"; "paper, mean" ]
                    (List.map row begun)
    ]

    /// What the index says: in how many settings success takes fewer updates than printed.
    let summary (context: Context) (profile: Profile) (finished: Finished list) =
        let cells = OrderCells.whole (OrderCells.planned context profile finished)
        let mean cell = List.average (found cell)
        let learnt, never = cells |> List.partition (fun cell -> not (found cell).IsEmpty)

        let ratios = [
            for cell in learnt do
                match target context cell with
                | Some t when profile = Profile.Paper -> t.Value / mean cell
                | _ -> ()
        ]

        let text = Format.number "0.0"

        let unlearnt =
            if never.IsEmpty then
                ""
            else
                let names = [ for cell in never -> label cell.Series cell.X ]
                $" No seed succeeds with {Runs.listed names}."

        if cells.IsEmpty then
            Runs.noneAtHand
        elif ratios.IsEmpty then
            let means = [
                for cell in learnt -> $"{label cell.Series cell.X} {Format.whole (mean cell)}"
            ]

            let all =
                if means.IsEmpty then
                    ""
                else
                    $"Mean updates to success: {Runs.listed means}."

            (Runs.atScale profile + all + unlearnt).Trim()
        else
            let fewer = ratios |> List.filter (fun r -> r > 1.0)
            let more = ratios |> List.filter (fun r -> r <= 1.0) |> List.map (fun r -> 1.0 / r)

            let range (factors: float list) =
                let low, high = text (List.min factors), text (List.max factors)
                if low = high then low else $"{low} to {high}"

            let of' (n: int) =
                $"In {n} of {ratios.Length} settings run"

            String.Join(
                " ",
                [
                    if not fewer.IsEmpty then
                        $"{of' fewer.Length} success takes {range fewer} times fewer updates \
                          than printed."
                    if not more.IsEmpty then
                        $"{of' more.Length} it takes {range more} times as many."
                ]
            )
            + unlearnt
