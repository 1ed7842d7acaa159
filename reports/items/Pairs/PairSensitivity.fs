namespace Repro.Reports.Items

open Plotly.NET
open Repro.Engine.Judging
open Repro.Reports

/// How much of a grid of learning rates and clipping thresholds each variant of the addition
/// figure learns in. The paper says that np-RNN is less sensitive to its settings and measures
/// it on another task only.
module PairSensitivity =
    /// The part of the plan.
    [<Literal>]
    let part = "sensitivity"

    /// The settings of the grid.
    let settings (context: Context) : Setting =
        (PairRuns.settings context).["sensitivity"].Only [
            "text"
            "predictions"
            "rule"
            "learns"
            "claims"
            "smoke"
            "paper"
        ]

    let private budget (context: Context) (profile: Profile) : Setting =
        (settings context).[profile.Name()].Only [ "lengths"; "rates"; "clips"; "seeds"; "run" ]

    /// A profile's learning rates and thresholds, as the protocol spells them.
    let axes (context: Context) (profile: Profile) =
        let budget = budget context profile
        RunSettings.texts budget["rates"], RunSettings.texts budget["clips"]

    /// The abscissa of a place in the grid; no comma, which would part it on a command line.
    let x (rate: string) (clip: string) = $"rate {rate} clip {clip}"

    /// The grid of the present reading: paper's scale, and a corner at smoke; quick has none.
    let plan (context: Context) (profile: Profile) : Planned list =
        if not ((settings context).Has(profile.Name())) then
            []
        else
            let budget = budget context profile
            let rates, clips = axes context profile
            let all = PairRuns.settings context
            let reading = PairRuns.chosen all

            [
                for length in PairRuns.lengths budget do
                    for series in all["series"].List do
                        for clip in clips do
                            for rate in rates do
                                let step =
                                    RunSettings.change "training" [
                                        "learningRate", RunSettings.number rate
                                        "threshold", RunSettings.number clip
                                    ]

                                for seed in 1UL .. uint64 budget["seeds"].Whole do
                                    {
                                        Part = part
                                        Series = series.Text
                                        X = x rate clip
                                        Seed = seed
                                        Run =
                                            PairRuns.runOf
                                                context
                                                budget
                                                $"{reading.Name}', '{x rate clip}"
                                                [ reading.Changes; step ]
                                                series
                                                length
                                                seed
                                    }
            ]

    /// The share of some scores that reach `learns`.
    let area (learns: float) (scores: float list) =
        let reached = scores |> List.filter (fun s -> s >= learns) |> List.length
        float reached / float scores.Length

    /// A variant's area, one a seed that has the whole grid.
    let areas (learns: float) (places: string list) (name: string) (runs: Finished list) = [
        let mine = runs |> List.filter (fun f -> f.Cell.Series = name)

        for seed, own in mine |> List.groupBy _.Cell.Seed |> List.sortBy fst do
            let scores =
                places
                |> List.choose (fun place ->
                    own
                    |> List.tryFind (fun f -> f.Cell.X = place)
                    |> Option.map (fun f -> PairStage.score f.Record))

            if scores.Length = places.Length then
                seed, area learns scores
    ]

    let private places (context: Context) = [
        let rates, clips = axes context Profile.Paper

        for clip in clips do
            for rate in rates -> x rate clip
    ]

    let private names (context: Context) =
        RunSettings.texts (PairRuns.settings context).["series"]

    let private areasOf (context: Context) (name: string) (finished: Finished list) =
        Runs.ofPart Profile.Paper part finished
        |> areas (settings context).["learns"].Number (places context) name

    /// Each variant's mean area, the largest first, once every seed of all has its whole grid.
    let private meanAreas (context: Context) (finished: Finished list) =
        let seeds = int (budget context Profile.Paper).["seeds"].Whole

        let all = [
            for name in names context -> name, areasOf context name finished |> List.map snd
        ]

        if all |> List.forall (fun (_, areas) -> areas.Length >= seeds) then
            all
            |> List.map (fun (name, areas) -> name, List.average areas)
            |> List.sortByDescending snd
            |> Some
        else
            None

    let private percent = Number.percent 0

    let private grid (context: Context) =
        let length = (budget context Profile.Paper).["lengths"].[0].Whole
        $"At T = {length}", $"{(places context).Length} settings of learning rate and threshold"

    /// Every run by variant, rate and threshold, and whether it learns; None while one is missing.
    let wholeGrid (context: Context) (finished: Finished list) =
        let learns = (settings context).["learns"].Number
        let rates, clips = axes context Profile.Paper
        let runs = Runs.ofPart Profile.Paper part finished

        if runs.IsEmpty || runs.Length < (plan context Profile.Paper).Length then
            None
        else
            Some [
                for rate in rates do
                    for clip in clips do
                        for f in runs do
                            if f.Cell.X = x rate clip then
                                f.Cell.Series, rate, clip, PairStage.score f.Record >= learns
            ]

    /// Who learns in the most settings, and the paper's subject, in a sentence; none while runs are
    /// missing.
    let headline (context: Context) (subject: string) (finished: Finished list) =
        match meanAreas context finished with
        | Some((best, area) :: others) ->
            let length, settings = grid context

            let own =
                others
                |> List.tryFind (fun (name, _) -> name = subject)
                |> Option.map (fun (_, share) -> $", {subject} in {percent share}")
                |> Option.defaultValue ""

            $"{length} {best} learns in {percent area} of {settings}{own}."
        | Some []
        | None -> ""

    /// In how much of the grid each variant learns, in a sentence; none while runs are missing.
    let outcome (context: Context) (finished: Finished list) =
        match meanAreas context finished with
        | None -> []
        | Some areas ->
            let length, settings = grid context
            let some, none = areas |> List.partition (fun (_, share) -> share > 0.0)

            let first =
                some
                |> List.map (fun (name, share) -> $"{name} in {percent share}")
                |> Runs.listed

            let rest =
                match none |> List.map fst with
                | [] -> ""
                | names -> $" {Runs.listed names} learn in none."

            [ $"{length}, of {settings}, each variant learns in so many: {first}.{rest}" ]

    let private at (runs: Finished list) name place =
        runs |> List.filter (fun f -> f.Cell.Series = name && f.Cell.X = place)

    /// The mean over the runs that have a score; NaN where there is none, or all diverged.
    let private meanScore (runs: Finished list) name place =
        at runs name place
        |> List.filter (Runs.diverged >> Option.isNone)
        |> List.map (fun f -> PairStage.score f.Record)
        |> function
            | [] -> nan
            | scores -> List.average scores

    /// Mean scores of each variant over the grid, once a run of it is at hand.
    let figures (context: Context) (finished: Finished list) : Figure list = [
        let runs = Runs.ofPart Profile.Paper part finished

        if not runs.IsEmpty then
            let rates, clips = axes context Profile.Paper

            let heat name =
                let z = [
                    for clip in clips -> [ for rate in rates -> meanScore runs name (x rate clip) ]
                ]

                let lost clip rate =
                    at runs name (x rate clip) |> List.choose Runs.diverged

                let text clip rate =
                    match lost clip rate, meanScore runs name (x rate clip) with
                    | _ :: _, mean when System.Double.IsNaN mean -> ""
                    | _ :: _, mean -> Format.whole mean + " ✕"
                    | [], mean -> Format.whole mean

                let empty = [
                    for clip in clips do
                        for rate in rates do
                            if
                                not (lost clip rate).IsEmpty
                                && System.Double.IsNaN(meanScore runs name (x rate clip))
                            then
                                rate, clip, System.String.Join("; ", lost clip rate)
                ]

                Chart.Heatmap(z, X = rates, Y = clips, ShowScale = false)
                |> Chart.withZRange (0.0, 10000.0)
                |> Chart.withCellText [ for clip in clips -> List.map (text clip) rates ]
                |> Diverged.onto (Diverged.atCells empty)
                |> Chart.withXAxisStyle (TitleText = "learning rate")
                |> Chart.withYAxisStyle (TitleText = "clipped at")

            let names = names context
            let columns = 2
            let lines = (names.Length + columns - 1) / columns
            let learns = Format.whole (settings context).["learns"].Number
            let length = (budget context Profile.Paper).["lengths"].[0].Whole

            {
                Id = "sensitivity"
                Caption =
                    $"Where each variant learns at T = {length}: mean validation score of the \
                     last five evaluations, of 10,000, over learning rate and clipping threshold."
                Chart =
                    names
                    |> List.map heat
                    |> Panels.grid lines columns names
                    |> Chart.withSize (960.0, 60.0 + 230.0 * float lines)
                Note =
                    $"A run counts as learning from {learns} on. A budget smaller than the \
                     paper's and one length; nothing here is judged against a bar of the paper. \
                     A ✕ stands for runs that diverged; the mean is that of the others."
            }
    ]

    /// Each variant's area.
    let tables (context: Context) (finished: Finished list) : (string * Table) list = [
        let runs = Runs.ofPart Profile.Paper part finished

        if not runs.IsEmpty then
            let places = places context

            $"Share of the {places.Length} settings of rate and threshold in which a variant "
            + "learns",
            Table.ofStrings [ "variant"; "mean"; "by seed"; "best setting"; "its mean score" ] [
                for name in names context do
                    let own = areasOf context name finished |> List.map snd
                    let share = Format.number "0.00"

                    let best =
                        places
                        |> List.map (fun place -> place, meanScore runs name place)
                        |> List.filter (fun (_, score) -> System.Double.IsFinite score)
                        |> function
                            | [] -> "–", nan
                            | scored -> scored |> List.maxBy snd

                    [
                        name
                        share (if own.IsEmpty then nan else List.average own)
                        System.String.Join(", ", own |> List.map share)
                        fst best
                        Format.whole (snd best)
                    ]
            ]

            let rates, clips = axes context Profile.Paper
            let learns = (settings context).["learns"].Number

            let share name among =
                let scores = among |> List.collect (at runs name) |> List.map _.Record

                match scores |> List.map PairStage.score with
                | [] -> "–"
                | scores -> Format.number "0.00" (area learns scores)

            let atClip clip name =
                share name [ for rate in rates -> x rate clip ]

            let atRate rate name =
                share name [ for clip in clips -> x rate clip ]

            let columns =
                [ for clip in clips -> $"clipped at {clip}", atClip clip ]
                @ [ for rate in rates -> $"rate {rate}", atRate rate ]

            "The same share with each threshold over all rates, and with each rate over all "
            + "thresholds",
            Table.ofStrings ("variant" :: List.map fst columns) [
                for name in names context -> name :: [ for _, shareOf in columns -> shareOf name ]
            ]
    ]

    /// The claims that one variant learns in more of the grid than another.
    let claims (context: Context) (finished: Finished list) : (string * Judgement) list = [
        for claim in (settings context).["claims"].List do
            claim.Only [ "better"; "worse"; "confidence"; "text" ] |> ignore
            let better, worse = claim["better"].Text, claim["worse"].Text

            let of' name =
                areasOf context name finished |> List.map snd |> Array.ofList

            let rule =
                OrderingRule(
                    $"area-{better}-{worse}",
                    better,
                    worse,
                    "the grid",
                    "area",
                    true,
                    claim["confidence"].Number,
                    claim["text"].Text
                )

            rule.Text, rule.Judge(of' better, of' worse, context.Protocol.Rule.MinSeeds)
    ]
