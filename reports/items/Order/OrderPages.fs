namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Statistics
open Repro.Reports

/// Values, tests, figures and tables of success against length.
module OrderPages =
    let private metric = "success rate over 5 seeds"
    let private paperRuns = 5

    /// "3 of 5 [.23, .88]".
    let private rate (cell: OrderCell) =
        let i = OrderCells.wilson cell

        let end' = Format.number "0.##"

        $"{OrderCells.successes cell} of {cell.Ended.Length} [{end' i.Low}, {end' i.High}]"

    /// The paper's rates as rows judged one by one, then ours at another scale.
    let rows (context: Context) (finished: Finished list) =
        OrderCells.counted context finished
        |> OrderCells.groups (fun f -> if Runs.succeeded f then 1.0 else 0.0)
        |> Judging.rows context.Protocol context.Targets metric

    /// "smart tanh, MSGD-C" of "smart-tanh/MSGD-C".
    let private words (series: string) =
        match series.Split '/' with
        | [| initialisation; method |] -> initialisation.Replace('-', ' ') + ", " + method
        | _ -> series

    /// The paper's points of a curve with our runs beside them.
    let points (targets: Target list) (series: string) (cells: OrderCell list) : FallPoint list =
        targets
        |> List.filter (fun t -> t.Series = series)
        |> List.sortBy (fun t -> int t.X)
        |> List.map (fun t ->
            let mine = cells |> List.tryFind (fun c -> c.Series = series && c.X = t.X)

            FallPoint(
                float t.X,
                int (Math.Round(t.Value * float paperRuns)),
                paperRuns,
                mine |> Option.map OrderCells.successes |> Option.defaultValue 0,
                mine |> Option.map _.Ended.Length |> Option.defaultValue 0
            ))

    /// An earlier curve whose runs are this one's, cell by cell: what the two methods differ in
    /// never acted.
    let private twin (cells: OrderCell list) (earlier: string list) (series: string) =
        let runsOf name =
            cells
            |> List.filter (fun c -> c.Series = name && not c.Ended.IsEmpty)
            |> List.sortBy _.Length

        let mine = runsOf series

        earlier
        |> List.tryFind (fun name ->
            let theirs = runsOf name

            not mine.IsEmpty
            && [ for c in mine -> c.X ] = [ for c in theirs -> c.X ]
            && List.forall2
                (fun (a: OrderCell) (b: OrderCell) -> Twins.areSame a.Ended b.Ended)
                mine
                theirs)

    /// One test a curve: does success fall at the paper's length? A curve made by the same runs as
    /// an earlier one is no evidence of its own.
    let tests (context: Context) (finished: Finished list) : (string * Judgement) list =
        let cells = OrderCells.whole (OrderCells.planned context Profile.Paper finished)
        let all = context.Targets |> List.map _.Series |> List.distinct

        [
            for i, series in List.indexed all do
                let points = points context.Targets series cells
                let judgement = FallTest.Judge(Array.ofList points)

                $"{words series}: success falls at the paper's length",
                match twin cells (List.truncate i all) series with
                | Some earlier -> judgement.RestingOn(words earlier)
                | None -> judgement
        ]

    let private curves (cells: OrderCell list) =
        cells
        |> List.groupBy _.Series
        |> List.map (fun (series, own) -> series, own |> List.sortBy _.Length)

    /// Where a curve falls: "below T = 16", "at T = 31", "nowhere up to T = 65".
    let fall (cells: OrderCell list) =
        let rates =
            cells
            |> List.map (fun c -> struct (float c.Length, (OrderCells.wilson c).Estimate))

        let value (struct (_, rate)) = rate

        match cells with
        | [] -> "–"
        | [ only ] -> $"T = {only.X} alone was run"
        | _ when List.forall (fun r -> value r = 1.0) rates ->
            $"nowhere up to T = {(List.last cells).X}"
        | _ when List.forall (fun r -> value r = 0.0) rates -> $"below T = {cells.Head.X}"
        | _ ->
            let at = Format.number "G3" (FallTest.FallLength(Array.ofList rates))

            if value (List.last rates) > 0.0 then
                $"beyond T = {at}"
            else
                $"at T = {at}"

    /// Where each method stops succeeding, with the Wilson interval of the rates beside it.
    let private stops (context: Context) (profile: Profile) (cells: OrderCell list) = [
        if not cells.IsEmpty then
            let row (series: string, own: OrderCell list) =
                let all = own |> List.takeWhile (fun c -> OrderCells.successes c = c.Ended.Length)

                let at (cell: OrderCell option) =
                    match cell with
                    | Some c -> $"T = {c.X}: {rate c}"
                    | None -> "–"

                let first = own |> List.tryFind (fun c -> OrderCells.successes c < c.Ended.Length)
                let none = own |> List.tryFind (fun c -> OrderCells.successes c = 0)

                [ words series; at (List.tryLast all); at first; at none; fall own ]

            $"Where each method stops succeeding, {Runs.scaleName profile}: successes of seeds \
              with their Wilson intervals",
            Table.ofStrings
                [
                    "curve"
                    "all succeed up to"
                    "first failures"
                    "none succeeds from"
                    "success falls"
                ]
                (curves cells |> List.map row)
    ]

    /// How the runs of every cell ended, unfinished cells included.
    let private outcomes (profile: Profile) (planned: OrderCell list) = [
        let begun = planned |> List.filter (fun c -> not c.Ended.IsEmpty)

        if not begun.IsEmpty then
            let row (cell: OrderCell) =
                let count outcome =
                    cell.Ended
                    |> List.filter (fun f -> f.Record.Result.Outcome = outcome)
                    |> List.length
                    |> string

                let updates =
                    cell.Ended |> List.map Runs.updatesToSuccess |> List.filter Double.IsFinite

                let ended =
                    if cell.Ended.Length = cell.Planned then
                        string cell.Planned
                    else
                        $"{cell.Ended.Length} of {cell.Planned}"

                [
                    words cell.Series
                    cell.X
                    ended
                    count Outcomes.Succeeded
                    count Outcomes.Futile
                    count Outcomes.Completed
                    count Outcomes.Diverged
                    (if updates.IsEmpty then
                         "–"
                     else
                         Format.whole (Sample.Median(Array.ofList updates)))
                ]

            $"How the runs ended, {Runs.scaleName profile}",
            Table.ofStrings
                [
                    "curve"
                    "T"
                    "runs ended"
                    "succeeded"
                    "futile"
                    "no success in the budget"
                    "diverged"
                    "median updates to success"
                ]
                (List.map row begun)
    ]

    let tables (context: Context) (profile: Profile) (finished: Finished list) = [
        for scale in Runs.scales profile do
            let planned = OrderCells.planned context scale finished
            yield! stops context scale (OrderCells.whole planned)
            yield! outcomes scale planned
    ]

    let figures (context: Context) (profile: Profile) (finished: Finished list) : Figure list = [
        for scale in Runs.scales profile do
            let cells = OrderCells.whole (OrderCells.planned context scale finished)
            yield! OrderFigures.rates context scale finished
            yield! OrderFigures.budgets (OrderCells.budget context scale) scale cells
            yield! OrderDynamics.figures scale cells
    ]

    let private isWhole (cells: OrderCell list) =
        cells |> List.forall (fun c -> OrderCells.successes c = c.Ended.Length)

    let private from (start: string) = "from " + start.Replace('-', ' ')

    /// How far the curves of a method on which every seed succeeds reach.
    let private reach (name: string, whole: (string * OrderCell list) list) =
        let reached =
            whole
            |> List.groupBy (fun (_, cells) -> (List.last cells).X)
            |> List.map (fun (x, curves) ->
                let starts = Runs.listed [ for start, _ in curves -> from start ]
                $"T = {x} {starts}")

        $"with {name} up to {Runs.listed reached}"

    /// Where success falls on the other curves of a method, as a sentence.
    let private fallSentence (name: string, falling: (string * OrderCell list) list) =
        let place (cells: OrderCell list) =
            match cells with
            | [ only ] when OrderCells.successes only = 0 -> $"below T = {only.X}"
            | [ only ] -> $"near T = {only.X}"
            | _ -> fall cells

        let falls = [ for start, cells in falling -> $"{place cells} {from start}" ]
        $"With {name} success falls {Runs.listed falls}."

    /// The methods' curves in sentences: how far every seed succeeds, and where success falls.
    let private sentences (byMethod: (string * (string * OrderCell list) list) list) =
        let parted = [
            for name, own in byMethod ->
                let whole, falling = own |> List.partition (snd >> isWhole)
                name, whole, falling
        ]

        [
            match
                [
                    for name, whole, _ in parted do
                        if not whole.IsEmpty then
                            name, whole
                ]
            with
            | [] -> ()
            | whole ->
                let reached = String.Join("; ", whole |> List.map reach)
                $"Every seed succeeds {reached}."
            for name, _, falling in parted do
                if not falling.IsEmpty then
                    fallSentence (name, falling)
        ]

    /// What the index says: how far each method succeeds, the farthest first.
    let summary (context: Context) (profile: Profile) (finished: Finished list) =
        let planned = OrderCells.planned context profile finished
        let cells = OrderCells.whole planned

        if cells.IsEmpty then
            Runs.noneAtHand
        else
            let byMethod =
                curves cells
                |> List.map (fun (series, own) ->
                    match series.Split '/' with
                    | [| start; name |] -> name, (start, own)
                    | _ -> series, ("", own))
                |> List.groupBy fst
                |> List.map (fun (name, all) -> name, List.map snd all)
                |> List.sortByDescending (fun (_, own) ->
                    own
                    |> List.collect snd
                    |> List.filter (fun c -> OrderCells.successes c > 0)
                    |> List.map _.Length
                    |> fun lengths -> List.max (0 :: lengths))

            let made =
                let all = planned.Length

                if cells.Length = all then
                    ""
                else
                    $" So far {cells.Length} of {all} cells of length and method are run."

            Runs.atScale profile + String.Join(" ", sentences byMethod) + made
