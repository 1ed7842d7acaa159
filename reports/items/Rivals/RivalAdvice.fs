namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics

/// Which method to use when, from the runs alone.
module RivalAdvice =
    /// What a method did at one task and length.
    type Cell = {
        X: string
        Series: string
        /// Runs, all ended.
        Runs: int
        /// How many solved their problem.
        Successes: int
        /// Median cost of those, NaN without any.
        Median: float
    }

    /// What a method did over the problems of a part.
    type Count = {
        Method: string
        Problems: int
        Solved: int
        /// How often it was the cheapest of all methods.
        Cheapest: int
    }

    /// The middle of some numbers, the mean of the two middle ones of an even count; NaN of none.
    let median (values: float list) =
        match values |> List.sort with
        | [] -> nan
        | sorted ->
            let n = sorted.Length
            (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0

    /// A whole cell in the reading of a measure.
    let cell context measure (x: string, method: string, runs: Finished list) =
        let costs =
            runs
            |> List.map (RivalCosts.toSuccess context measure)
            |> List.filter Double.IsFinite

        {
            X = x
            Series = method
            Runs = runs.Length
            Successes = costs.Length
            Median = median costs
        }

    /// Every whole cell of a part in the reading of a measure.
    let cells context profile part measure (finished: Finished list) =
        RivalCosts.cells context profile part finished
        |> List.map (cell context measure)

    /// The methods that solve most at one abscissa, and of those the one with the least median
    /// cost; None where nothing is solved.
    let best (cells: Cell list) =
        match cells |> List.map _.Successes with
        | [] -> None
        | solved when List.max solved = 0 -> None
        | solved ->
            let most = cells |> List.filter (fun c -> c.Successes = List.max solved)
            Some(most |> List.map _.Series, List.minBy _.Median most)

    /// Abscissae at which every method of the part has ended, with their cells.
    let private complete (part: RivalPart) (cells: Cell list) =
        cells
        |> List.groupBy _.X
        |> List.filter (fun (_, mine) -> mine.Length = part.Methods.Length)

    /// Which method to use at each task and length.
    let table context profile (part: RivalPart) (finished: Finished list) = [
        let of' measure =
            cells context profile part measure finished |> complete part

        match of' RivalCosts.Sequences with
        | [] -> ()
        | bySequences ->
            let byOperations = of' RivalCosts.Operations |> Map.ofList

            let say cost (cell: Cell) = $"{cell.Series} ({cost cell.Median})"

            let whole = Format.whole
            let power = Format.number "0.0e0"

            $"Which to use when: {part.Name}, {profile.Name()} profile",
            Repro.Reports.Table.ofStrings [
                "task"
                "T"
                "solved by most seeds"
                "of these, fewest sequences (median)"
                "fewest operations (median)"
            ] [
                for x, mine in bySequences do
                    let task, length = RivalRuns.split x

                    let seeds = mine.Head.Runs

                    match best mine with
                    | None -> [ task; string length; "none"; "–"; "–" ]
                    | Some(most, cheapest) -> [
                        task
                        string length
                        (let names = String.Join("; ", most)
                         $"{names} ({cheapest.Successes} of {seeds})")
                        say whole cheapest
                        (match best byOperations[x] with
                         | Some(_, cell) -> say power cell
                         | None -> "none within the operations")
                      ]
            ]
    ]

    /// How many problems each method solved and how often it was the cheapest of all, for the
    /// problems that every method has ended.
    let counts context profile (part: RivalPart) measure (finished: Finished list) =
        RivalCosts.whole context profile part finished
        |> RivalCosts.costs context measure
        |> PerformanceProfile.ratios part.Methods
        |> List.map (fun (method, ratios) -> {
            Method = method
            Problems = ratios.Length
            Solved = ratios |> List.filter Double.IsFinite |> List.length
            Cheapest = ratios |> List.filter ((=) 1.0) |> List.length
        })

    /// Which problems each method solved of those that not all methods have ended; nothing without
    /// such a whole cell.
    let soFar context profile (part: RivalPart) (finished: Finished list) : string list = [
        let every = cells context profile part RivalCosts.Sequences finished
        let compared = complete part every |> List.map fst |> Set.ofList

        // What another part has said of the same runs is not said again.
        let told =
            RivalRuns.parts context profile
            |> List.takeWhile (fun p -> p.Name <> part.Name)
            |> List.collect (fun p -> [
                for task in p.Tasks do
                    for length in p.Lengths do
                        for method in p.Methods -> method, RivalRuns.abscissa task length
            ])
            |> Set.ofList

        let mine =
            every
            |> List.filter (fun cell ->
                not (compared.Contains cell.X || told.Contains(cell.Series, cell.X)))

        if not mine.IsEmpty then
            if not compared.IsEmpty then
                "Of problems that only some methods have ended:"

            for method, own in mine |> List.groupBy _.Series do
                let each = [
                    for cell in own ->
                        let task, length = RivalRuns.split cell.X
                        $"{task} at T = {length} ({cell.Successes} of {cell.Runs} seeds)"
                ]

                let text = String.Join(", ", each)
                $"{method} solved {text}."

            let all = part.Tasks.Length * part.Lengths.Length * part.Methods.Length

            let said = if compared.IsEmpty then "That is" else "Ended are"

            $"{said} {every.Length} of the {all} pairs of a problem and a method in the part \
              '{part.Name}'; methods are compared on the problems that all of them have ended."
    ]

    // Some names have a comma.
    let private listed (names: string list) =
        match List.rev names with
        | last :: (_ :: _ :: _ as others) -> String.Join("; ", List.rev others) + "; and " + last
        | _ -> String.Join(" and ", names)

    // Who was the cheapest most often, and how often.
    let private cheapest (counts: Count list) =
        let top = counts |> List.map _.Cheapest |> List.max
        let names = counts |> List.filter (fun c -> c.Cheapest = top) |> List.map _.Method

        if top = 0 then
            "nobody within the budget"
        else
            $"{listed names} ({top} times)"

    /// What the runs of a part say, in sentences; nothing without runs.
    let sentences
        (context: Context)
        (profile: Profile)
        (part: RivalPart)
        (finished: Finished list)
        : string list = [
        let bySequences = counts context profile part RivalCosts.Sequences finished
        let byOperations = counts context profile part RivalCosts.Operations finished

        if bySequences.Head.Problems > 0 then
            let problems = bySequences.Head.Problems
            let most = bySequences |> List.map _.Solved |> List.max

            if most = 0 then
                $"No method of the part '{part.Name}' solved any of its {problems} problems."
            else
                let names =
                    bySequences |> List.filter (fun c -> c.Solved = most) |> List.map _.Method

                let interval = Intervals.Wilson(most, problems, 0.95)
                let low = Format.number "0.00" interval.Low
                let high = Format.number "0.00" interval.High
                let solves = if names.Length = 1 then "solved" else "each solved"
                let seeds = context.Protocol.Seeds[profile]
                let planned = part.Tasks.Length * part.Lengths.Length * seeds

                let ended =
                    if problems < planned then
                        $" that every method has ended ({planned} are planned)"
                    else
                        ""

                $"Of the {problems} problems of the part '{part.Name}'{ended}, {listed names} \
                  {solves} most: {most} (Wilson interval of the rate {low} to {high})."

                $"The fewest sequences were needed most often by {cheapest bySequences}, the \
                  fewest operations by {cheapest byOperations}."

                match bySequences |> List.filter (fun c -> c.Solved = 0) |> List.map _.Method with
                | [] -> ()
                | [ one ] -> $"{one} solved none."
                | none -> $"Each of {listed none} solved none."
    ]
