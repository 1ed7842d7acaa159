namespace Repro.Reports.Items

open System
open Repro.Engine.Judging

/// What a method needed for a problem.
type ProblemCost = {
    /// A task, a length and a seed.
    Problem: string
    Method: string
    /// Sequences or operations; infinite where the problem was not solved within the budget.
    Cost: float
}

/// Performance profiles: how often a method is within a factor of the cheapest.
/// Source: Dolan and Moré, "Benchmarking optimization software with performance profiles",
/// Mathematical Programming 91 (2002), 201–213, eq. (2.1) and (2.2).
module PerformanceProfile =
    /// Each method's costs as multiples of the cheapest method's at the same problem, infinite
    /// where it was not solved, in the order of the methods. Only problems with a cost of every
    /// method count.
    let ratios (methods: string list) (costs: ProblemCost list) : (string * float list) list =
        let problems = [
            for _, mine in costs |> List.groupBy _.Problem do
                let byMethod = Map.ofList [ for c in mine -> c.Method, c.Cost ]

                if methods |> List.forall byMethod.ContainsKey then
                    byMethod
        ]

        [
            for method in methods ->
                method,
                [
                    for problem in problems do
                        let least = methods |> List.map (fun m -> problem[m]) |> List.min
                        let own = problem[method]
                        if Double.IsFinite own then own / least else infinity
                ]
        ]

    /// ρ(τ): the share of the problems that a method solves at no more than τ times the least
    /// cost; NaN without problems.
    let share (factor: float) (ratios: float list) =
        if ratios.IsEmpty then
            nan
        else
            float (ratios |> List.filter (fun r -> r <= factor) |> List.length)
            / float ratios.Length

    /// The corners of ρ from τ = 1 to `until`, as a line draws them.
    let corners (until: float) (ratios: float list) = [
        let at =
            ratios
            |> List.filter (fun r -> r > 1.0 && r <= until)
            |> List.distinct
            |> List.sort

        yield 1.0, share 1.0 ratios

        for before, factor in List.pairwise (1.0 :: at) do
            yield factor, share before ratios
            yield factor, share factor ratios

        yield until, share until ratios
    ]

/// What the runs of the item `rivals` spent, and on what.
module RivalCosts =
    /// What a cost is counted in.
    type Measure =
        | Sequences
        | Operations

    let measures = [ Sequences; Operations ]

    /// The word of a measure on pages and in values.
    let word (measure: Measure) =
        match measure with
        | Sequences -> "sequences"
        | Operations -> "operations"

    /// What a run spent in all.
    let spent (measure: Measure) (run: Finished) = run.Record.Metric(word measure)

    /// What a run spent until it succeeded; infinite where it did not, or not within the budget
    /// of the measure.
    let toSuccess (context: Context) (measure: Measure) (run: Finished) =
        let limit =
            match measure with
            | Sequences -> infinity
            | Operations ->
                let task, length = RivalRuns.split run.Cell.X
                RivalRuns.operations context run.Profile task length

        if Runs.succeeded run && spent measure run <= limit then
            spent measure run
        else
            infinity

    /// Whether a run solved its problem in the reading of a measure.
    let solved context measure run =
        Double.IsFinite(toSuccess context measure run)

    /// The runs' costs by problem.
    let costs (context: Context) (measure: Measure) (runs: Finished list) : ProblemCost list = [
        for run in runs ->
            {
                Problem = $"{run.Cell.X}, seed {run.Cell.Seed}"
                Method = run.Cell.Series
                Cost = toSuccess context measure run
            }
    ]

    /// The cells of a part whose runs have all ended, in the order of the plan: a run that
    /// succeeds ends sooner than one that does not, so that others would flatter a method.
    let cells (context: Context) (profile: Profile) (part: RivalPart) (finished: Finished list) = [
        let seeds = context.Protocol.Seeds[profile]

        let found =
            Runs.ofPart profile part.Name finished
            |> List.groupBy (fun f -> f.Cell.X, f.Cell.Series)
            |> Map.ofList

        for task in part.Tasks do
            for length in part.Lengths do
                for method in part.Methods do
                    let x = RivalRuns.abscissa task length

                    match Map.tryFind (x, method) found with
                    | Some runs when runs.Length = seeds ->
                        x, method, runs |> List.sortBy _.Cell.Seed
                    | _ -> ()
    ]

    /// The cells of all parts, once where two parts have the same.
    let everyCell (context: Context) (profile: Profile) (finished: Finished list) =
        RivalRuns.parts context profile
        |> List.collect (fun part -> cells context profile part finished)
        |> List.distinctBy (fun (x, method, _) -> x, method)

    /// The runs of a part's cells.
    let whole context profile part finished =
        cells context profile part finished |> List.collect (fun (_, _, runs) -> runs)
