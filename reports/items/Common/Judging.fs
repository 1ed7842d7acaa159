namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics

/// Runs of one bar or point, one value a seed.
type Group = {
    Series: string
    X: string
    Profile: Profile
    /// Seed and value, by seed.
    Values: (uint64 * float) list
}

/// From finished runs to judged values.
module Judging =
    /// Groups of a part's runs by series and abscissa, in the order the plan lists them.
    let groups (part: string) (value: Finished -> float) (finished: Finished list) = [
        let wanted = finished |> List.filter (fun f -> f.Cell.Part = part)

        for (series, x, profile), runs in
            List.groupBy (fun f -> f.Cell.Series, f.Cell.X, f.Profile) wanted do
            {
                Series = series
                X = x
                Profile = profile
                Values = [ for run in runs -> run.Cell.Seed, value run ] |> List.sortBy fst
            }
    ]

    /// The mean of the seeds' curves, over those that reach the longest one's end: a run that
    /// diverged stops short and would drag the mean of the rest to its length.
    let meanCurve (curves: (float[] * float[]) list) =
        match curves |> List.filter (fun (x, _) -> x.Length > 0) with
        | [] -> [||], [||]
        | curves ->
            let reach (x: float[], _) = Array.last x, x.Length
            let furthest = curves |> List.map reach |> List.max
            let whole = curves |> List.filter (fun curve -> reach curve = furthest)

            fst whole.Head,
            Array.init (snd furthest) (fun i -> whole |> List.averageBy (fun (_, y) -> y[i]))

    let private values group =
        group.Values |> List.map snd |> Array.ofList

    /// The group of a series and abscissa at a profile, if it was run.
    let tryFind (profile: Profile) (series: string) (x: string) (groups: Group list) =
        groups
        |> List.tryFind (fun g -> g.Profile = profile && g.Series = series && g.X = x)

    /// The published value of a series at an abscissa; NaN where none is.
    let published (targets: Target list) (series: string) (x: string) =
        targets
        |> List.tryFind (fun t -> t.Series = series && t.X = x)
        |> Option.map _.Value
        |> Option.defaultValue nan

    /// Rows of values.csv: a judged row for each target (not run where the paper's scale is
    /// missing), then a row without a verdict for what was made at another scale, in the unit
    /// that its series has.
    let rowsIn
        (unitOf: string -> string)
        (protocol: Protocol)
        (targets: Target list)
        (metric: string)
        (groups: Group list)
        = [
        for target in targets do
            match tryFind Profile.Paper target.Series target.X groups with
            | Some group ->
                let rule = protocol.RuleFor target.Metric

                ValueRow.Of(
                    target,
                    rule.Judge(target.Value, target.Tolerance, values group),
                    Profile.Paper
                )
            | None -> ValueRow.NotRun(target, Profile.Paper)

        let isTarget group =
            group.Profile = Profile.Paper
            && targets |> List.exists (fun t -> t.Series = group.Series && t.X = group.X)

        let rule = protocol.RuleFor metric

        for group in groups |> List.filter (isTarget >> not) do
            let n = group.Values.Length

            let value, interval =
                match values group |> Array.filter Double.IsFinite with
                | [||] -> nan, None
                | finite ->
                    let interval = rule.IntervalOf finite
                    interval.Estimate, Some(interval, rule.IntervalKind)

            Rows.ours
                protocol
                group.Profile
                group.Series
                group.X
                (metric, unitOf group.Series)
                n
                value
                interval
    ]

    /// As `rowsIn`, in the unit that the targets of the metric have: of the same series where
    /// there are such.
    let rows (protocol: Protocol) (targets: Target list) (metric: string) (groups: Group list) =
        let unitOf series =
            let same = targets |> List.filter (fun t -> t.Metric = metric)

            match same |> List.tryFind (fun t -> t.Series = series), same with
            | Some target, _ -> target.Unit
            | None, first :: _ -> first.Unit
            | None, [] ->
                invalidArg
                    (nameof metric)
                    $"no target of {protocol.Item} has the metric '{metric}', so its unit is not \
                      known; give it to rowsIn"

        rowsIn unitOf protocol targets metric groups

    /// The protocol's orderings, each tested on the paper's own scale.
    let orderings (protocol: Protocol) (groups: Group list) = [
        for rule in protocol.Orderings do
            let of' series =
                match tryFind Profile.Paper series rule.X groups with
                | Some group -> values group
                | None -> [||]

            rule.Text, rule.Judge(of' rule.Better, of' rule.Worse, protocol.Rule.MinSeeds)
    ]

    /// The same comparison at another scale and abscissa, which carries no verdict, of scores of
    /// which more is better. As in an ordering, a value that is not finite counts as the worst
    /// finite one of the two; None where there is none.
    let compare
        (profile: Profile)
        (x: string)
        (better: string)
        (worse: string)
        (groups: Group list)
        =
        match tryFind profile better x groups, tryFind profile worse x groups with
        | Some b, Some w ->
            LostRuns.Worst(values b, values w, true)
            |> Option.ofNullable
            |> Option.map (fun worst ->
                let first = LostRuns.CountAs(worst, values b)
                let second = LostRuns.CountAs(worst, values w)
                let mean = Array.average first - Array.average second
                mean, PermutationTest.TwoSamples(first, second))
        | _ -> None
