namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Statistics
open Plotly.NET
open Repro.Reports

/// The page of the grid search on UCF-101.
module FeatureGrid =
    open FeatureRuns
    open FeaturePages

    let private isPackCell (context: Context) (part: string) =
        List.contains part (modelNames context)

    let private valueAt (groups: Group list) profile model place =
        match Judging.tryFind profile model (x place) groups with
        | Some group -> meanOf group
        | None -> nan

    let private paperAt (context: Context) model place =
        Judging.published context.Targets model (x place)

    let private heat (rates: string list) (dropouts: string list) (value: Place -> float) =
        let z = [
            for dropout in dropouts ->
                [ for rate in rates -> value { Rate = rate; Dropout = dropout } ]
        ]

        Chart.Heatmap(z, X = rates, Y = dropouts, ShowScale = false)
        |> Chart.withZRange (0.0, 1.0)
        |> Chart.withCellText (z |> List.map (List.map (Format.number "0.00")))
        |> Chart.withXAxisStyle (TitleText = "learning rate")
        |> Chart.withYAxisStyle (TitleText = "dropout")

    let private hasRuns (profile: Profile) (groups: Group list) =
        groups |> List.exists (fun g -> g.Profile = profile)

    // A smaller scale has nothing to show before its runs; the paper's has the paper's own values.
    let private shownScales (profile: Profile) (groups: Group list) =
        Runs.scales profile
        |> List.filter (fun scale -> scale = Profile.Paper || hasRuns scale groups)

    /// Places of the grid whose run diverged, with the text of each.
    let private lost (profile: Profile) model (runs: Finished list) = [
        for run in Runs.ofProfile profile runs do
            match Runs.diverged run with
            | Some text when run.Cell.Series = model ->
                let place = placeOf run.Cell.X
                place.Rate, place.Dropout, text
            | _ -> ()
    ]

    /// Ours at a profile, beside the paper's at its scale; the paper's alone before any run.
    let private maps context (profile: Profile) (groups: Group list) (runs: Finished list) =
        let rates, dropouts = axes context profile
        let models = modelNames context

        let panels = [
            for model in models do
                if profile = Profile.Paper then
                    $"{model}, paper", heat rates dropouts (paperAt context model)

                if hasRuns profile groups then
                    $"{model}, ours",
                    heat rates dropouts (valueAt groups profile model)
                    |> Diverged.onto (lost profile model runs |> Diverged.atCells)
        ]

        let columns = 2

        let lines = (panels.Length + 1) / columns

        panels
        |> List.map snd
        |> Panels.grid lines columns (List.map fst panels)
        |> Chart.withSize (960.0, 60.0 + 250.0 * float lines)

    let private spread (values: float list) =
        let finite = values |> List.filter Double.IsFinite

        if finite.Length < 2 then
            [ "–"; "–"; "–"; "–" ]
        else
            let mean = List.average finite

            let deviation =
                finite
                |> List.sumBy (fun v -> (v - mean) * (v - mean))
                |> fun sum -> sqrt (sum / float (finite.Length - 1))

            [ List.max finite; List.min finite; mean; deviation ]
            |> List.map (Format.number "0.000")

    let private spreadTable (context: Context) (profile: Profile) (groups: Group list) =
        Table.ofStrings [
            "model"
            "of"
            "cells"
            "best"
            "worst"
            "mean"
            "standard deviation"
            "diverged"
        ] [
            for model in modelNames context do
                let mine = places context profile |> List.filter (fst >> (=) model) |> List.map snd

                let row whose values diverged =
                    [ model; whose; string (List.length values) ] @ spread values @ [ diverged ]

                if profile = Profile.Paper then
                    row "paper" (mine |> List.map (paperAt context model)) "not stated"

                let values = [
                    for place in mine do
                        match Judging.tryFind profile model (x place) groups with
                        | Some group -> meanOf group
                        | None -> ()
                ]

                if not values.IsEmpty then
                    let diverged = values |> List.filter (Double.IsFinite >> not)
                    row "ours" values (string diverged.Length)
        ]

    /// "This model is ahead of that one at most places": a sign test over the places, a run that
    /// diverged counting as the worse one.
    let private signTest (groups: Group list) profile places (better: string) (worse: string) =
        let pairs = [
            for place in places do
                match
                    Judging.tryFind profile better (x place) groups,
                    Judging.tryFind profile worse (x place) groups
                with
                | Some b, Some w -> meanOf b, meanOf w
                | _ -> ()
        ]

        let value v = if Double.IsFinite v then v else -1.0
        let ahead = pairs |> List.filter (fun (b, w) -> value b > value w) |> List.length
        let behind = pairs |> List.filter (fun (b, w) -> value b < value w) |> List.length
        let uneven = ahead + behind

        if pairs.Length < List.length places then
            None
        else
            let p, reverse =
                if uneven = 0 then
                    1.0, 1.0
                else
                    BinomialTest.Greater(ahead, uneven, 0.5), BinomialTest.Less(ahead, uneven, 0.5)

            Some(ahead, behind, pairs.Length, p, reverse)

    let private gridClaims (context: Context) (groups: Group list) : (string * Judgement) list =
        let all = places context Profile.Paper |> List.map snd |> List.distinct

        [
            for claim in (settings context).["claims"].List do
                let better, worse = claim["better"].Text, claim["worse"].Text
                let limit = 1.0 - claim["confidence"].Number + 1e-12

                let judgement =
                    match signTest groups Profile.Paper all better worse with
                    | None ->
                        Judgement(
                            Verdict.NotRun,
                            Nullable(),
                            Nullable(),
                            0,
                            "The whole grid was not run at this scale."
                        )
                    | Some(ahead, behind, n, p, reverse) ->
                        let verdict =
                            if p <= limit then Verdict.Reproduced
                            elif reverse <= limit then Verdict.NotReproduced
                            else Verdict.Undecided

                        let text (v: float) = Words.Number(v, 3)
                        let uneven = ahead + behind

                        // The fewest of the uneven settings that would have decided.
                        let enough =
                            [ ahead..uneven ]
                            |> List.tryFind (fun k ->
                                uneven > 0 && BinomialTest.Greater(k, uneven, 0.5) <= limit)

                        let needed =
                            match verdict, enough with
                            | Verdict.Undecided, Some k ->
                                $" Cannot decide: ahead in {k} of the {uneven} settings that \
                                  differ would."
                            | Verdict.Undecided, None ->
                                $" Cannot decide: {uneven} settings that differ are too few."
                            | _ -> ""

                        let least = BinomialTest.Greater(max 1 uneven, max 1 uneven, 0.5)

                        Judgement(
                            verdict,
                            Nullable(float ahead / float n),
                            Nullable(),
                            n,
                            $"On the features that stand in, {better} is ahead in {ahead} and \
                              behind in {behind} of {n} settings; one-sided sign test p = \
                              {text p} ({text reverse} for the reverse); so many settings \
                              cannot go below p = {text least}.{needed}"
                        )

                claim["text"].Text, judgement
        ]

    /// The page of the grid.
    let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
        let value f = validation f.Record
        let pack = groupsOf (isPackCell context) value finished
        let own = groupsOf ((=) "own") value finished
        let packRuns = finished |> List.filter (fun f -> isPackCell context f.Cell.Part)
        let ownRuns = finished |> List.filter (fun f -> f.Cell.Part = "own")

        let bestOf model (groups: Group list) =
            groups
            |> List.filter (fun g -> g.Profile = profile && g.Series = model)
            |> List.map meanOf
            |> List.filter Double.IsFinite
            |> function
                | [] -> nan
                | values -> List.max values

        {
            Claim =
                substitution finished
                + "<p>The paper's Figure 6 shows the validation accuracy of four models over six \
                   learning rates and three dropout rates. np-RNN and the LSTM do well in nearly \
                   all settings; IRNN and iRNN do well in few, which have to be searched \
                   for.</p>"
            Summary =
                if pack |> List.exists (fun g -> g.Profile = profile) then
                    let highest = [ for m in modelNames context -> m, bestOf m pack ]

                    let values = [
                        for _, v in highest do
                            if Double.IsFinite v then
                                v
                    ]

                    let text = Format.number "0.00"
                    let all = [ for m, v in List.sortByDescending snd highest -> $"{m} {text v}" ]

                    if values.IsEmpty then
                        $"{Runs.atScale profile}On 14 substitute classes every run diverged."
                    else
                        $"{Runs.atScale profile}On 14 substitute classes the models' best \
                          settings lie within {text (List.max values - List.min values)} of each \
                          other in validation accuracy: {Runs.listed all}."
                else
                    Runs.noneAtHand
            Values = rows context validationMetric context.Targets pack own
            Orderings = gridClaims context pack
            Figures = [
                for scale in shownScales profile pack do
                    {
                        Id = scale.Name()
                        Caption =
                            if scale = Profile.Paper && not (hasRuns scale pack) then
                                "Validation accuracy read off the colours of the paper's figure. \
                                 Ours at its scale are not recorded yet."
                            elif scale = Profile.Paper then
                                "Validation accuracy at the end of training: the paper's values, \
                                 read off its colours, on the left, ours at its own scale on the \
                                 right, where recorded. All maps share one colour scale, 0 to 1."
                            else
                                $"Our validation accuracy at {Runs.scaleName scale}, one \
                                  colour scale from 0 to 1."
                        Chart = maps context scale pack packRuns
                        Note = note context scale
                    }
                if not own.IsEmpty then
                    {
                        Id = "own"
                        Caption = "The same with your own features, on the right."
                        Chart = maps context Profile.Paper own ownRuns
                        Note = "Read from ucf101/own in the data folder."
                    }
            ]
            Tables = [
                for scale in shownScales profile pack do
                    $"Spread over the grid, {Runs.scaleName scale}", spreadTable context scale pack
                yield! ridgeTables profile finished
            ]
        }
