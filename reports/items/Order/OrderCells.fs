namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Statistics

/// The runs of one curve at one length: what is planned and what has ended.
type OrderCell = {
    Series: string
    /// Sequence length T, as spelled in the targets.
    X: string
    Profile: Profile
    /// Seeds that every length of the profile has.
    Seeds: int
    /// Runs planned; at lengths near a fall more than `Seeds`.
    Planned: int
    /// By seed.
    Ended: Finished list
} with

    member this.Length = int this.X

    /// "smart-tanh" of "smart-tanh/MSGD-C".
    member this.Initialisation = (this.Series.Split '/').[0].Replace('-', ' ')

    /// "MSGD-C" of "smart-tanh/MSGD-C".
    member this.Method = (this.Series.Split '/').[1]

/// Which runs of temporal order count.
module OrderCells =
    /// Every planned cell of a profile, in the order of the plan.
    let planned (context: Context) (profile: Profile) (finished: Finished list) : OrderCell list =
        let seeds = context.Protocol.Seeds[profile]

        let ended =
            Runs.ofProfile profile finished
            |> List.groupBy (fun f -> f.Cell.Series, f.Cell.X)
            |> Map.ofList

        [
            for cell in OrderRuns.counts (Setting.Of context.Protocol) seeds profile do
                let x = string cell.Length

                {
                    Series = cell.Series
                    X = x
                    Profile = profile
                    Seeds = seeds
                    Planned = cell.Runs
                    Ended =
                        ended
                        |> Map.tryFind (cell.Series, x)
                        |> Option.defaultValue []
                        |> List.distinctBy _.Cell.Seed
                        |> List.sortBy _.Cell.Seed
                }
        ]

    /// The cells that may be counted, with the runs that count. Runs that succeed end sooner than
    /// those that do not, so a cell counts only when all its runs have ended; where more seeds are
    /// planned than elsewhere, the first of them alone will do.
    let whole (cells: OrderCell list) : OrderCell list =
        cells
        |> List.choose (fun cell ->
            let first = cell.Ended |> List.filter (fun f -> f.Cell.Seed <= uint64 cell.Seeds)

            if cell.Ended.Length = cell.Planned then
                Some cell
            elif first.Length = cell.Seeds then
                Some { cell with Ended = first }
            else
                None)

    /// Cells that count, of the profiles at hand.
    let counted (context: Context) (finished: Finished list) =
        finished
        |> List.map _.Profile
        |> List.distinct
        |> List.collect (fun profile -> whole (planned context profile finished))

    /// One group a cell.
    let groups (value: Finished -> float) (cells: OrderCell list) : Group list = [
        for cell in cells ->
            {
                Series = cell.Series
                X = cell.X
                Profile = cell.Profile
                Values = [ for run in cell.Ended -> run.Cell.Seed, value run ]
            }
    ]

    /// How many of a cell's runs succeeded.
    let successes (cell: OrderCell) =
        cell.Ended |> List.filter Runs.succeeded |> List.length

    /// Share of a cell's runs that succeeded, with its Wilson interval.
    let wilson (cell: OrderCell) =
        Intervals.Wilson(successes cell, cell.Ended.Length, 0.95)

    /// The budget of a profile's runs, in updates.
    let budget (context: Context) (profile: Profile) =
        let profile = (Setting.Of context.Protocol).["profiles"].[profile.Name()]
        float profile["run"].["training"].["updates"].Whole

    let futile (run: Finished) =
        run.Record.Result.Outcome = Outcomes.Futile
