namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers

/// Which lengths of the addition and multiplication items are spoken of.
module internal PairLengths =
    /// The series of some groups in the order of the paper.
    let seriesOf (groups: Group list) =
        let present = groups |> List.map _.Series |> List.distinct

        Variant.All
        |> Seq.map _.Name
        |> Seq.filter (fun n -> List.contains n present)
        |> List.ofSeq

    /// The lengths of the paper's figure, rising.
    let published (context: Context) =
        context.Targets |> List.map _.X |> List.distinct |> List.sortBy int

    /// The lengths that a profile has runs of, rising.
    let all (profile: Profile) (groups: Group list) =
        groups
        |> List.filter (fun g -> g.Profile = profile)
        |> List.map _.X
        |> List.distinct
        |> List.sortBy int

    /// Mean of the runs of a group that ended with a value; None where all diverged.
    let mean (group: Group) =
        match group.Values |> List.map snd |> List.filter Double.IsFinite with
        | [] -> None
        | values -> Some(List.average values)

    /// Lengths that have the most runs, rising: a length still being run says little. First those
    /// up to the longest at which a network learns, then the longer ones. Where none learns at any,
    /// all are in the first.
    let spoken (constant: float) (profile: Profile) (groups: Group list) =
        let mine = groups |> List.filter (fun g -> g.Profile = profile)

        let sums = [
            for x, own in mine |> List.groupBy _.X -> x, own |> List.sumBy _.Values.Length
        ]

        let most = sums |> List.map snd |> List.fold max 0

        let whole =
            sums |> List.filter (fun (_, n) -> n = most) |> List.map fst |> List.sortBy int

        let isLearnt x =
            mine
            |> List.filter (fun g -> g.X = x)
            |> List.choose mean
            |> List.exists (PairConstant.learns constant)

        match List.tryFindIndexBack isLearnt whole with
        | Some last -> List.splitAt (last + 1) whole
        | None -> whole, []

    /// The longest length at which a network learns; where none does, the longest.
    let longest constant profile groups =
        spoken constant profile groups |> fst |> List.tryLast
