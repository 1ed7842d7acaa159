namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Plotly.NET
open Repro.Reports

/// Figures and tables of the items on music and text.
module NaturalPages =
    /// The targets' name of what is measured, of music in nats and of text in bits.
    let metric = "loss"

    /// The methods of the paper's table, in its order.
    let methodNames = [ "MSGD"; "MSGD+C"; "MSGD+CR" ]

    /// Whether a run is on text, whose loss is in bits per character; music has nats per frame.
    let isText (f: Finished) = f.Cell.Part.StartsWith "ptb"

    /// The engine's name of a run's loss.
    let scoreOf (f: Finished) =
        if isText f then
            "bits per character"
        else
            "negative log-likelihood"

    let private foldName x =
        if x = "train" then "training" else "test"

    /// A run's loss on a fold, "train" or "test"; NaN where the run has none.
    let loss (fold: string) (f: Finished) =
        match f.Record.Result.Metrics.TryGetValue $"{foldName fold} {scoreOf f}" with
        | true, value -> value
        | _ -> nan

    /// A group for each series and fold.
    let groups (finished: Finished list) = [
        let bySeries = finished |> List.groupBy (fun f -> f.Cell.Series, f.Profile)

        for (series, profile), runs in bySeries do
            for fold in [ "train"; "test" ] do
                {
                    Series = series
                    X = fold
                    Profile = profile
                    Values = [ for f in runs -> f.Cell.Seed, loss fold f ] |> List.sortBy fst
                }
    ]

    let rows (context: Context) (groups: Group list) =
        Judging.rows context.Protocol context.Targets metric groups

    let private methodOf (f: Finished) = (f.Cell.Series.Split '/')[1]

    let private curves (name: Finished -> string) (skip: int) (runs: Finished list) = [
        for method, ofMethod in runs |> List.groupBy methodOf do
            let seeds = [
                for f in ofMethod do
                    match Runs.curve (name f) f with
                    | x, y when x.Length > skip -> NaturalRuns.epochs f x[skip..], y[skip..]
                    | _ -> ()
            ]

            {
                Name = method
                Seeds = seeds
                Mean = (if seeds.Length = 1 then seeds.Head else [||], [||])
                Paper = [||], [||]
            }
    ]

    // Seeds stop at different epochs, so that their mean would mix selections: every seed is a
    // line of its own, and one carries the name in the legend.
    let private panel (title: string) (series: CurveSeries list) =
        series
        |> List.map (fun s ->
            match s.Seeds with
            | first :: _ when Array.isEmpty (fst s.Mean) -> { s with Mean = first }
            | _ -> s)
        |> Compare.curves
        |> Chart.withXAxisStyle (TitleText = "epochs")
        |> Chart.withYAxisStyle (TitleText = title)

    let private grid (titles: string list) (panels: GenericChart list) =
        let columns = min 2 panels.Length
        let count = (panels.Length + columns - 1) / columns

        panels
        |> Panels.grid count columns (titles)
        |> Chart.withSize (1000.0, 60.0 + 320.0 * float count)

    let private byPart (finished: Finished list) =
        finished |> List.groupBy (fun f -> f.Cell.Part)

    let private dataOf (runs: Finished list) = runs.Head.Cell.Series.Split('/')[0]

    let private figuresOf (profile: Profile) (finished: Finished list) : Figure list =
        let parts = Runs.ofProfile profile finished |> byPart
        let titles = parts |> List.map (snd >> dataOf >> SeriesText.name)
        let name = Runs.scaleName profile

        let drawn (score: Finished -> string) skip axis style =
            grid titles [
                for _, runs in parts ->
                    panel (axis runs) (curves score skip runs)
                    |> Diverged.onto (
                        runs
                        |> Runs.divergedEnds (fun f ->
                            let x, y = Runs.curve (score f) f
                            NaturalRuns.epochs f x, y)
                        |> Diverged.atEnds
                    )
                    |> style
            ]

        let unitOf (runs: Finished list) =
            if isText runs.Head then
                "validation, bits per character"
            else
                "validation, nats per frame"

        if parts.IsEmpty then
            []
        else
            [
                {
                    Id = $"validation-{profile.Name()}"
                    Caption =
                        $"Loss on validation data after each epoch, {name}: one line for \
                          each seed, the first one thick. The network tested is that of a line's \
                          lowest point."
                    Chart = drawn (fun f -> "validation " + scoreOf f) 1 unitOf id
                    Note =
                        "The loss before training is left out: it would set the scale of the axis."
                }
                {
                    Id = $"rate-{profile.Name()}"
                    Caption =
                        $"Learning rate after each epoch, {name}: halved whenever the mean \
                          training loss of an epoch rose."
                    Chart =
                        Chart.withYAxisStyle (AxisType = StyleParam.AxisType.Log)
                        |> drawn (fun _ -> "learning rate") 0 (fun _ -> "learning rate")
                    Note = ""
                }
            ]

    let figures (profile: Profile) (finished: Finished list) = [
        if profile <> Profile.Paper then
            yield! figuresOf profile finished
        yield! figuresOf Profile.Paper finished
    ]

    let private text = Format.number "0.00"

    /// The paper's table, each cell with ours after it.
    let table (context: Context) (profile: Profile) (groups: Group list) : (string * Table) list =
        let settings = Setting.Of context.Protocol

        let cell data fold method =
            let series = $"{data}/{method}"

            let paper =
                context.Targets
                |> List.tryFind (fun t -> t.Series = series && t.X = fold)
                |> Option.map (fun t -> text t.Value)
                |> Option.defaultValue "–"

            let ours =
                Judging.tryFind profile series fold groups
                |> Option.map (fun g -> text (g.Values |> List.averageBy snd))
                |> Option.defaultValue "–"

            $"{paper} | {ours}"

        let quoted data fold column =
            let all = settings["quoted"]

            if all.Has data && all[data].Has fold then
                text (all[data].[fold].At(column).Number)
            else
                "–"

        let isAtHand (data: string) =
            groups
            |> List.exists (fun g -> g.Profile = profile && g.Series.StartsWith(data + "/"))

        let data =
            settings["sets"].List
            |> List.map (fun s -> s["series"].Text)
            |> List.filter isAtHand

        if data.IsEmpty then
            []
        else
            [
                $"Table 1: the paper's | ours, mean over seeds, {Runs.scaleName profile}",
                Table.ofStrings
                    ([ "data"; "fold" ] @ methodNames @ [ "RNN, quoted"; "best, quoted" ])
                    [
                        for d in data do
                            for fold in [ "train"; "test" ] ->
                                [ d; fold ]
                                @ [ for m in methodNames -> cell d fold m ]
                                @ [ quoted d fold 0; quoted d fold 1 ]
                    ]
            ]

    /// How the runs of a profile went: what clipping did, and when they were best.
    let private course (profile: Profile) (finished: Finished list) : (string * Table) list =
        let mine = Runs.ofProfile profile finished

        let row (f: Finished) =
            let clipped = snd (Runs.curve "clipped" f)
            let norms = snd (Runs.curve "gradient norm" f)
            let omega = snd (Runs.curve "regulariser" f)
            let rates = snd (Runs.curve "learning rate" f)
            let epochs (updates: float) = (NaturalRuns.epochs f [| updates |])[0]

            let shown format values =
                if Array.isEmpty values then
                    "–"
                else
                    Format.number format (Array.average values)

            [
                f.Cell.Series
                string f.Cell.Seed
                Format.number "0.#" (epochs (float f.Record.Result.Updates))
                Format.number "0.#" (epochs (f.Record.Metric "selected update"))
                shown "0.###" norms
                shown "0.####" clipped
                shown "0.###" omega
                (if rates.Length = 0 then
                     "–"
                 else
                     Format.number "G3" rates[rates.Length - 1])
                f.Record.Result.Outcome
            ]

        if mine.IsEmpty then
            []
        else
            [
                $"How the runs went, {Runs.scaleName profile}",
                Table.ofStrings
                    [
                        "series"
                        "seed"
                        "epochs"
                        "best epoch"
                        "mean gradient norm"
                        "share clipped"
                        "mean Ω"
                        "last rate"
                        "outcome"
                    ]
                    (List.map row mine)
            ]

    let tables
        (context: Context)
        (profile: Profile)
        (groups: Group list)
        (finished: Finished list)
        = [
        for wanted in List.distinct [ Profile.Paper; profile ] do
            yield! table context wanted groups
            yield! course wanted finished
    ]
