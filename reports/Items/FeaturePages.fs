namespace Repro.Reports.Items

open System
open System.Globalization
open Repro.Engine.Data
open Repro.Engine.Experiments
open Repro.Reports

/// Planning, judging and figures of the two items on UCF-101.
module FeaturePages =
    open FeatureRuns

    [<Literal>]
    let private best = "best setting"

    [<Literal>]
    let private validationMetric = "validation accuracy"

    [<Literal>]
    let private testMetric = "test accuracy"

    let private format (pattern: string) (v: float) =
        if Double.IsFinite v then
            v.ToString(pattern, CultureInfo.InvariantCulture)
        else
            "–"

    /// What stands in for the paper's data, and what that means; HTML.
    let substitution =
        "<p><strong>Other data than the paper's.</strong> The paper's features, all 101 classes \
         through the last layer of a GoogLeNet trained on 15,000 ImageNet classes, were private \
         and are not available. Published VGG-16 features of 14 of the classes stand in \
         (relu6, 4,096 a frame, 25 frames a clip, kept in a byte a value): 1,260 clips of groups \
         8–24 train, the 81 of group 25 validate, the 524 of groups 1–7 test. The source's \
         class 1 is left out: its files hold values from before the activation and would be \
         recognised by sign alone.</p><p>Fourteen classes are much easier than 101. A ridge \
         regression that knows nothing of time names about 95 % of the test clips from the mean \
         of their frames and about 93 % from the middle frame, so there is little room for \
         temporal modelling. Twelve pairs of clips are identical; one pair crosses the split \
         (Basketball g03_c01, tested, is g23_c01, trained on), and none touches group 25. \
         Directions are compared with the paper's, values are not.</p>"

    /// Whether the features of one's own are of all the paper's classes.
    let private isThePapers (context: Context) =
        hasOwn context && (features context Own).Classes.Count = 101

    /// Seeds of the grid: its protocol's, since the table chooses by the same runs.
    let private ownGrid context (profile: Profile) part =
        if profile = Profile.Paper && hasOwn context then
            cells context profile Own part (places context profile) 1
        else
            []

    /// The grid's runs: a part a model.
    let planGrid (context: Context) (profile: Profile) : Planned list =
        cells context profile Pack id (places context profile) context.Protocol.Seeds[profile]
        @ ridges context profile
        @ ownGrid context profile (fun _ -> "own")

    /// The grid with one seed, and every seed at each model's best place once its grid is there.
    let planBest (context: Context) (profile: Profile) : Planned list =
        let chosen source part grid =
            let wanted = [
                for model in models context do
                    match FeatureRuns.best context.Find model grid with
                    | Some place -> model, place
                    | None -> ()
            ]

            let seeds = context.Protocol.Seeds[profile]
            cells context profile source (fun _ -> part) wanted seeds

        let grid = cells context profile Pack (fun _ -> "grid") (places context profile) 1
        let own = ownGrid context profile (fun _ -> "own-grid")

        grid
        @ chosen Pack "main" grid
        @ ridges context profile
        @ own
        @ (if own.IsEmpty then [] else chosen Own "own" own)

    let private groupsOf (isWanted: string -> bool) value (finished: Finished list) = [
        for part in finished |> List.map _.Cell.Part |> List.distinct |> List.filter isWanted do
            yield! Judging.groups part value finished
    ]

    /// Judged rows: the paper's verdict rule where the features are of its classes, else
    /// "substitute data".
    let private rows (context: Context) metric (targets: Target list) pack (own: Group list) =
        if isThePapers context && not own.IsEmpty then
            Judging.rows
                context.Protocol
                targets
                metric
                (own @ (pack |> List.filter (fun g -> g.Profile <> Profile.Paper)))
        else
            Judging.rows context.Protocol targets metric pack
            |> List.map (fun r ->
                if r.Verdict.HasValue && r.N > 0 then
                    ValueRow(
                        r.Item,
                        r.Series,
                        r.X,
                        r.Metric,
                        r.Paper,
                        r.Ours,
                        r.Low,
                        r.High,
                        r.N,
                        r.Profile,
                        Nullable Repro.Engine.Experiments.Verdict.SubstituteData
                    )
                else
                    r)

    let private of' (profile: Profile) (finished: Finished list) =
        finished |> List.filter (fun f -> f.Profile = profile)

    // The grid.

    let private isPackCell (context: Context) (part: string) = List.contains part (models context)

    let private meanOf (group: Group) = group.Values |> List.averageBy snd

    let private valueAt (groups: Group list) profile model place =
        match Judging.tryFind profile model (x place) groups with
        | Some group -> meanOf group
        | None -> nan

    let private paperAt (context: Context) model place =
        context.Targets
        |> List.tryFind (fun t -> t.Series = model && t.X = x place)
        |> Option.map _.Value
        |> Option.defaultValue nan

    let private heat (rates: string list) (dropouts: string list) (value: Place -> float) =
        let z = [
            for dropout in dropouts ->
                [ for rate in rates -> value { Rate = rate; Dropout = dropout } ]
        ]

        Chart.Heatmap(
            z,
            X = rates,
            Y = dropouts,
            Text = (z |> List.map (List.map (format "0.00"))),
            ZMin = 0.0,
            ZMax = 1.0,
            ShowScale = false
        )
        |> Chart.withXAxisStyle (TitleText = "learning rate")
        |> Chart.withYAxisStyle (TitleText = "dropout")

    let private hasRuns (profile: Profile) (groups: Group list) =
        groups |> List.exists (fun g -> g.Profile = profile)

    /// Ours at a profile, beside the paper's at its scale; the paper's alone before any run.
    let private maps (context: Context) (profile: Profile) (groups: Group list) =
        let rates, dropouts = axes context profile
        let models = models context

        let panels = [
            for model in models do
                if profile = Profile.Paper then
                    $"{model}, paper", heat rates dropouts (paperAt context model)

                if hasRuns profile groups then
                    $"{model}, ours", heat rates dropouts (valueAt groups profile model)
        ]

        let columns = 2

        let lines = (panels.Length + 1) / columns

        panels
        |> List.map snd
        |> Chart.Grid(lines, columns, SubPlotTitles = List.map fst panels)
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
            |> List.map (format "0.000")

    let private spreadTable (context: Context) (profile: Profile) (groups: Group list) =
        Table.ofStrings
            [
                "model"
                "of"
                "cells"
                "best"
                "worst"
                "mean"
                "standard deviation"
                "diverged"
            ] [
            for model in models context do
                let mine = places context profile |> List.filter (fst >> (=) model) |> List.map snd

                let row whose values diverged =
                    [ model; whose; string (List.length values) ]
                    @ spread values
                    @ [ diverged ]

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
                            Repro.Engine.Experiments.Verdict.NotRun,
                            Nullable(),
                            Nullable(),
                            0,
                            "The whole grid was not run at this scale."
                        )
                    | Some(ahead, behind, n, p, reverse) ->
                        let verdict =
                            if p <= limit then
                                Repro.Engine.Experiments.Verdict.Reproduced
                            elif reverse <= limit then
                                Repro.Engine.Experiments.Verdict.NotReproduced
                            else
                                Repro.Engine.Experiments.Verdict.Partly

                        let text v = format "G3" v

                        Judgement(
                            verdict,
                            Nullable(float ahead / float n),
                            Nullable(),
                            n,
                            $"On the features that stand in, {better} is ahead in {ahead} and \
                              behind in {behind} of {n} settings; one-sided sign test p = \
                              {text p} ({text reverse} for the reverse)."
                        )

                claim["text"].Text, judgement
        ]

    /// Ridge regressions of a profile as a table.
    let private ridgeTable (profile: Profile) (finished: Finished list) =
        Table.ofStrings [ "classifier"; "penalty"; "validation, %"; "test, %" ] [
            for f in of' profile finished |> List.filter (fun f -> f.Cell.Part = "ridge") do
                let percent name =
                    format "0.0" (100.0 * f.Record.Metric name)

                [
                    f.Cell.Series
                    format "G4" (f.Record.Metric "penalty")
                    percent RidgeRun.ValidationCorrect
                    percent "test correct"
                ]
        ]

    /// The profile asked for and the paper's.
    let private scales (profile: Profile) =
        List.distinct [ profile; Profile.Paper ]

    let private ridgeTables (profile: Profile) (finished: Finished list) = [
        for scale in scales profile do
            let table = ridgeTable scale finished

            if not table.Rows.IsEmpty then
                $"Without recurrence, {scale.Name()} profile", table
    ]

    let private reduced (context: Context) (profile: Profile) =
        let budget = (settings context).["main"].[profile.Name()]
        let pool = budget["pool"].Whole

        if profile = Profile.Paper then
            ""
        else
            let frames =
                if budget.Has "frames" then
                    let frames = budget["frames"].Whole
                    $"{frames} of the 25 frames, "
                else
                    ""

            let epochs = budget["epochs"].Number

            $"{frames}features averaged in groups of {pool}, {epochs} epochs and "
            + "a corner of the grid: not the paper's scale."

    let private dataNote =
        "14 classes of VGG-16 features stand in for the paper's 101 of GoogLeNet; values do not "
        + "compare."

    /// The page of the grid.
    let analyseGrid (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
        let value f = validation f.Record
        let pack = groupsOf (isPackCell context) value finished
        let own = groupsOf ((=) "own") value finished

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
                substitution
                + "<p>The paper's Figure 6 shows the validation accuracy of four models over six \
                   learning rates and three dropout rates: np-RNN and the LSTM do well nearly \
                   everywhere, IRNN and iRNN in few settings only, so that they have to be \
                   searched for.</p>"
            Summary =
                if pack |> List.exists (fun g -> g.Profile = profile) then
                    models context
                    |> List.map (fun m -> m + " " + format "0.00" (bestOf m pack))
                    |> fun parts ->
                        $"{profile.Name()}, best validation accuracy on 14 substitute classes: "
                        + String.Join(", ", parts)
                else
                    "no runs at hand"
            Values = rows context validationMetric context.Targets pack own
            Orderings = gridClaims context pack
            Figures = [
                for scale in scales profile do
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
                                $"Our validation accuracy at the {scale.Name()} profile, one \
                                  colour scale from 0 to 1."
                        Chart = maps context scale pack
                        Note =
                            match reduced context scale with
                            | "" -> dataNote
                            | note -> note + " " + dataNote
                    }
                if not own.IsEmpty then
                    {
                        Id = "own"
                        Caption = "The same with features of one's own, on the right."
                        Chart = maps context Profile.Paper own
                        Note = "Read from ucf101/own in the data folder."
                    }
            ]
            Tables = [
                for scale in scales profile do
                    $"Spread over the grid, {scale.Name()} profile",
                    spreadTable context scale pack
                yield! ridgeTables profile finished
            ]
        }

    // The best settings.

    let private percentOf metric (f: Finished) =
        100.0
        * (if metric = validationMetric then
               validation f.Record
           else
               f.Record.Metric "test correct")

    /// Groups of the chosen settings at the abscissa that the targets of a metric have.
    let private chosen (context: Context) (part: string) metric (finished: Finished list) =
        groupsOf ((=) part) (percentOf metric) finished
        |> List.map (fun g ->
            match
                context.Targets
                |> List.tryFind (fun t -> t.Series = g.Series && t.Metric = metric)
            with
            | Some target when g.Profile = Profile.Paper -> { g with X = target.X }
            | _ -> { g with X = best })

    let private bars (context: Context) (profile: Profile) (finished: Finished list) =
        let models = models context

        let series metric name =
            let groups = chosen context "main" metric finished

            let valuesOf model =
                groups
                |> List.filter (fun g -> g.Profile = profile && g.Series = model)
                |> List.collect _.Values
                |> List.map snd
                |> List.filter Double.IsFinite
                |> Array.ofList

            {
                Name = name
                Ours = [|
                    for model in models do
                        match valuesOf model with
                        | [||] -> { Mean = nan; Low = nan; High = nan }
                        | v -> {
                            Mean = Array.average v
                            Low = Array.min v
                            High = Array.max v
                          }
                |]
                Seeds = [| for model in models -> valuesOf model |]
                Paper = [|
                    for model in models do
                        context.Targets
                        |> List.tryFind (fun t -> t.Series = model && t.Metric = metric)
                        |> Option.map _.Value
                        |> Option.defaultValue nan
                |]
            }

        Compare.bars models [
            series validationMetric "validation"
            series testMetric "test"
        ]
        |> Chart.withYAxisStyle (TitleText = "accuracy, percent", MinMax = (0.0, 105.0))
        |> Chart.withSize (960.0, 440.0)

    let private learning (context: Context) (profile: Profile) (finished: Finished list) =
        let mine =
            of' profile finished |> List.filter (fun f -> f.Cell.Part = "main")

        let curves name scale = [
            for model in models context do
                let seeds = [
                    for f in mine |> List.filter (fun f -> f.Cell.Series = model) do
                        match f.Record.Result.Curves.TryGetValue name with
                        | true, curve -> curve.X, curve.Y |> Array.map ((*) scale)
                        | _ -> ()
                ]

                {
                    Name = model
                    Seeds = seeds
                    Mean = Judging.meanCurve seeds
                    Paper = [||], [||]
                }
        ]

        let chart name scale title =
            Compare.curves (curves name scale)
            |> Chart.withXAxisStyle (TitleText = "updates")
            |> Chart.withYAxisStyle (TitleText = title)

        [
            chart "training loss" 1.0 "training loss, nats"
            chart "validation correct" 100.0 "validation accuracy, percent"
        ]
        |> Chart.Grid(1, 2, SubPlotTitles = [ "Training loss"; "Validation accuracy" ])
        |> Chart.withSize (960.0, 400.0)

    let private settingsTable (context: Context) (profile: Profile) (finished: Finished list) =
        let mine =
            of' profile finished |> List.filter (fun f -> f.Cell.Part = "main")

        let mean metric model =
            mine
            |> List.filter (fun f -> f.Cell.Series = model)
            |> List.map (percentOf metric)
            |> function
                | [] -> nan
                | values -> List.average values

        let paper metric model =
            context.Targets |> List.tryFind (fun t -> t.Series = model && t.Metric = metric)

        let printed metric model =
            paper metric model |> Option.map _.Printed |> Option.defaultValue "–"

        Table.ofStrings
            [
                "model"
                "paper's best setting"
                "validation, %"
                "test, %"
                "our best setting"
                "validation, %"
                "test, %"
                "seeds"
            ] [
            for model in models context do
                let runs = mine |> List.filter (fun f -> f.Cell.Series = model)

                [
                    model
                    paper testMetric model |> Option.map _.X |> Option.defaultValue "–"
                    printed validationMetric model
                    printed testMetric model
                    runs |> List.tryHead |> Option.map _.Cell.X |> Option.defaultValue "not run"
                    format "0.0" (mean validationMetric model)
                    format "0.0" (mean testMetric model)
                    string runs.Length
                ]
        ]

    /// The page of the best settings.
    let analyseBest (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
        let metrics = [ validationMetric; testMetric ]
        let targetsOf metric = context.Targets |> List.filter (fun t -> t.Metric = metric)
        let tests = chosen context "main" testMetric finished
        let isRun (scale: Profile) = tests |> List.exists (fun g -> g.Profile = scale)

        {
            Claim =
                substitution
                + "<p>The paper's Table 3 prints, for the setting of Figure 6 with the best \
                   validation accuracy of each model, 59 and 56.6 % (validation and test) for \
                   iRNN, 71 and 67 % for IRNN, 78.6 and 75.2 % for np-RNN, 80.3 and 78.5 % for \
                   the LSTM: np-RNN comes close to the LSTM with a quarter of its weights.</p>"
            Summary =
                match tests |> List.filter (fun g -> g.Profile = profile) with
                | [] -> "no runs at hand"
                | groups ->
                    groups
                    |> List.map (fun g -> g.Series + " " + format "0.0" (meanOf g) + " %")
                    |> fun parts ->
                        $"{profile.Name()}, test accuracy on 14 substitute classes: "
                        + String.Join(", ", parts)
            Values = [
                for metric in metrics do
                    yield!
                        rows
                            context
                            metric
                            (targetsOf metric)
                            (chosen context "main" metric finished)
                            (chosen context "own" metric finished)
            ]
            Orderings =
                tests
                |> List.map (fun g -> { g with X = best })
                |> Judging.orderings context.Protocol
            Figures = [
                for scale in scales profile |> List.filter isRun do
                    {
                        Id = scale.Name()
                        Caption =
                            $"Accuracy at each model's best setting, {scale.Name()} profile: bars \
                              are our means, their whiskers smallest and largest seed, ticks the \
                              paper's values on its own data."
                        Chart = bars context scale finished
                        Note =
                            match reduced context scale with
                            | "" -> dataNote
                            | note -> note + " " + dataNote
                    }
                for scale in scales profile |> List.filter isRun do
                    {
                        Id = $"learning-{scale.Name()}"
                        Caption =
                            $"Learning at the best settings, {scale.Name()} profile, every seed \
                              thin. The learning rate falls by ten after 25 and 55 of 70 parts \
                              of the run."
                        Chart = learning context scale finished
                        Note = ""
                    }
            ]
            Tables = [
                for scale in scales profile |> List.filter isRun do
                    $"Best settings, {scale.Name()} profile", settingsTable context scale finished
                yield! ridgeTables profile finished
            ]
        }
