namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// Runs that are one run. The same id under two names is one run, made and recorded once. Two
/// ids that end with the same weights are one run as well: what their settings differ in never
/// acted, as a threshold that no gradient reached.
module Twins =
    /// Each run once.
    let distinct (finished: Finished list) = finished |> List.distinctBy _.Id

    /// What the run's final weights say it is. A run that diverged has none worth comparing, and
    /// neither has one that trains nothing.
    let private weights (run: Finished) =
        let result = run.Record.Result

        if result.WeightsSha256 = "" || result.Outcome = Outcomes.Diverged then
            None
        else
            Some result.WeightsSha256

    /// Whether two runs, one a seed in each list, are the same ones throughout.
    let areSame (first: Finished list) (second: Finished list) =
        let bySeed (runs: Finished list) =
            runs |> List.map (fun f -> f.Cell.Seed, weights f) |> List.sortBy fst

        not first.IsEmpty
        && List.forall (weights >> Option.isSome) first
        && bySeed first = bySeed second

    /// Sets of runs with different ids and the same final weights, each set in the order of the
    /// plan.
    let identical (finished: Finished list) : Finished list list =
        distinct finished
        |> List.filter (weights >> Option.isSome)
        |> List.groupBy (fun f -> f.Profile, weights f)
        |> List.map snd
        |> List.filter (fun runs -> runs.Length > 1)

    let private name (run: Finished) =
        if run.Cell.X = "" then
            run.Cell.Series
        else
            $"{run.Cell.Series} at {run.Cell.X}"

    /// The identical runs of a page, a row for each set of series and abscissae.
    let tables (finished: Finished list) : (string * Table) list =
        match identical finished with
        | [] -> []
        | sets -> [
            "Runs that ended with the same weights: they count once",
            Table.ofStrings [ "run"; "is the same as"; "seeds"; "profile" ] [
                for (names, profile), same in
                    sets |> List.groupBy (fun runs -> List.map name runs, runs.Head.Profile) do
                    let seeds = [
                        for runs in same -> runs |> List.map _.Cell.Seed |> List.distinct
                    ]

                    [
                        names.Head
                        String.Join(", ", names.Tail)
                        String.Join(
                            ", ",
                            [ for s in seeds -> String.Join(" = ", s |> List.map string) ]
                        )
                        profile.Name()
                    ]
            ]
          ]
