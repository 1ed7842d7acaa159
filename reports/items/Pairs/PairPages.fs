namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// Tables and words of the addition and multiplication items.
module PairPages =
    /// np-RNN against each rival in numbers, at the longest length of a profile at which a network
    /// learns; a run that diverged counts as the lowest score of the two.
    let comparisons
        (constant: float)
        (profile: Profile)
        (subject: string)
        (groups: Group list)
        : (string * Table) list = [
        match PairLengths.longest constant profile groups with
        | None -> ()
        | Some x ->
            let isLost =
                groups
                |> List.exists (fun g ->
                    g.Profile = profile
                    && g.X = x
                    && g.Values |> List.exists (snd >> Double.IsFinite >> not))

            let rows = [
                for rival in PairLengths.seriesOf groups do
                    if rival <> subject then
                        match Judging.compare profile x subject rival groups with
                        | Some(difference, p) -> [
                            rival
                            Format.whole difference
                            Format.number "G3" p
                          ]
                        | None -> ()
            ]

            if not rows.IsEmpty then
                $"{subject} against each rival at T = {x}, {Runs.scaleName profile}"
                + (if isLost then
                       "; a run that diverged counts as the lowest score of the two"
                   else
                       ""),
                Table.ofStrings [ "rival"; $"{subject} − rival, mean"; "one-sided p, better" ] rows
    ]

    /// How many runs of each series diverged at these lengths: "2 of 3 of IRNN at T = 400".
    let private divergedAt lengths (mine: Group list) = [
        for x in lengths do
            for g in mine do
                if g.X = x then
                    match g.Values |> List.filter (snd >> Double.IsFinite >> not) with
                    | [] -> ()
                    | gone -> $"{gone.Length} of {g.Values.Length} of {g.Series} at T = {x}"
    ]

    /// Who scores highest at a length, and the paper's subject.
    let private leader (subject: string) x (mine: Group list) =
        let scores =
            mine
            |> List.filter (fun g -> g.X = x)
            |> List.choose (fun g ->
                PairLengths.mean g |> Option.map (fun score -> g.Series, score))
            |> List.sortByDescending snd

        match scores with
        | [] -> $"At T = {x} every run diverged."
        | (best, score) :: others ->
            let second =
                match others with
                | [] -> "."
                | (name, next) :: _ when best = subject ->
                    $", ahead of {name} with {Format.whole next}."
                | _ ->
                    match others |> List.tryFind (fun (name, _) -> name = subject) with
                    | Some(_, own) -> $"; {subject} scores {Format.whole own}."
                    | None -> "."

            $"At T = {x} {best} scores highest, with {Format.whole score} of 10,000 on \
              average{second}"

    /// What the index says: who scores highest at the longest length at which a network learns,
    /// and that none does at longer ones.
    let summary (constant: float) (profile: Profile) (subject: string) (groups: Group list) =
        let learnt, beyond = PairLengths.spoken constant profile groups
        let mine = groups |> List.filter (fun g -> g.Profile = profile)

        match List.tryLast learnt with
        | None -> Runs.noneAtHand
        | Some x ->
            let nothing =
                let best =
                    mine
                    |> List.filter (fun g -> List.contains g.X beyond)
                    |> List.choose PairLengths.mean
                    |> List.fold max 0.0

                if beyond.IsEmpty then
                    ""
                else
                    $" At T = {Runs.listed beyond} no network learns: none scores above \
                      {Format.whole best}, where always answering the same scores \
                      {Format.whole constant}."

            // What diverged has no score, and its series' mean is over the others.
            let lost =
                match divergedAt (x :: beyond) mine with
                | [] -> ""
                | gone -> $" Runs that diverged have no score: {Runs.listed gone}."

            $"{Runs.atScale profile}{leader subject x mine}{nothing}{lost}"

    /// How many of the bars that come out are of networks that learn nothing, in the paper as here:
    /// they agree for another reason than the others.
    let unlearnt (constant: float) (targets: Target list) (rows: ValueRow list) =
        let agreed = rows |> List.filter (fun r -> r.Verdict = Nullable Verdict.Reproduced)

        let isIdle = PairConstant.learns constant >> not

        let idle =
            agreed
            |> List.filter (fun r ->
                isIdle (Judging.published targets r.Series r.X) && isIdle r.Ours.Value)

        match idle.Length with
        | 0 -> ""
        | 1 when agreed.Length = 1 ->
            "The one bar that comes out is of a network that learns nothing, in the paper as here."
        | n when n = agreed.Length ->
            $"Each bar that comes out is of a network that learns nothing, in the paper as here: \
              {n} in all."
        | n ->
            $"Of the {agreed.Length} bars that come out, {n} are of networks that learn nothing, \
              in the paper as here."
