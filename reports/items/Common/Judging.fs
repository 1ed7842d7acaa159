namespace Repro.Reports.Items

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
        match curves |> List.map (fun (x, _) -> x.Length) with
        | [] -> [||], [||]
        | lengths ->
            let longest = List.max lengths
            let whole = curves |> List.filter (fun (x, _) -> x.Length = longest)

            fst whole.Head,
            Array.init longest (fun i -> whole |> List.averageBy (fun (_, y) -> y[i]))

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
    /// missing), then a row without a verdict for what was made at another scale.
    let rows (protocol: Protocol) (targets: Target list) (metric: string) (groups: Group list) = [
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

        for group in groups |> List.filter (isTarget >> not) do
            let finite = values group |> Array.filter System.Double.IsFinite

            let interval =
                if finite.Length = 0 then
                    None
                else
                    Some((protocol.RuleFor metric).IntervalOf finite)

            let given (get: Interval -> float) =
                interval |> Option.map get |> Option.toNullable

            Rows.ours
                protocol
                group.Profile
                group.Series
                group.X
                metric
                group.Values.Length
                (given _.Estimate, given _.Low, given _.High)
    ]

    /// A row whose interval ends within the values that are possible, from 0 to `most`: an
    /// interval of a few seeds otherwise reaches below zero percent.
    let possible (most: float) (row: ValueRow) =
        let bounded (v: System.Nullable<float>) =
            if v.HasValue && System.Double.IsFinite v.Value then
                System.Nullable(System.Math.Clamp(v.Value, 0.0, most))
            else
                v

        Rows.withEnds (bounded row.Low) (bounded row.High) row

    /// The protocol's orderings, each tested on the paper's own scale.
    let orderings (protocol: Protocol) (groups: Group list) = [
        for rule in protocol.Orderings do
            let of' series =
                match tryFind Profile.Paper series rule.X groups with
                | Some group -> values group
                | None -> [||]

            rule.Text, rule.Judge(of' rule.Better, of' rule.Worse, protocol.Rule.MinSeeds)
    ]

    /// The same comparison at another scale and abscissa, which carries no verdict.
    let compare
        (profile: Profile)
        (x: string)
        (better: string)
        (worse: string)
        (groups: Group list)
        =
        match tryFind profile better x groups, tryFind profile worse x groups with
        | Some b, Some w ->
            let first, second = values b, values w
            let mean = Array.average first - Array.average second
            Some(mean, PermutationTest.TwoSamples(first, second))
        | _ -> None
