namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Plotly.NET
open Repro.Reports

/// Figures of the addition and multiplication items.
module PairFigures =
    let private framed (chart: GenericChart) =
        chart
        |> Chart.withYAxisStyle (
            TitleText = "test sequences right, of 10,000",
            MinMax = (0.0, 10000.0)
        )
        |> Chart.withXAxisStyle (TitleText = "sequence length")
        |> Chart.withSize (960.0, 460.0)

    /// The seeds of a group without a value because their runs diverged: each with its place
    /// among the group's values and its text.
    let private lost (finished: Finished list) (group: Group) = [
        for k, (seed, value) in List.indexed group.Values do
            if not (Double.IsFinite value) then
                let run =
                    finished
                    |> List.tryFind (fun f ->
                        f.Profile = group.Profile
                        && f.Cell.Series = group.Series
                        && f.Cell.X = group.X
                        && f.Cell.Seed = seed)

                match Option.bind Runs.diverged run with
                | Some text -> k, text
                | None -> ()
    ]

    /// A panel a method: the paper's line over the lengths, every seed, the mean with its interval.
    let private panels context (profile: Profile) lengths series (groups: Group list) finished =
        let places = [| for i in 0 .. List.length lengths - 1 -> float i |]
        // As few rows as four a row allow, and those as even as they can be.
        let rows = (List.length series + 3) / 4
        let columns = (List.length series + rows - 1) / max 1 rows

        let panel index name =
            let found = [ for x in lengths -> Judging.tryFind profile name x groups ]

            let values =
                found
                |> List.map (Option.map (fun g -> List.map snd g.Values) >> Option.defaultValue [])

            let whiskers =
                values |> List.map (Whiskers.ofValues context.Protocol.Rule 1 10000.0)

            // Seeds side by side, right of the mean.
            let aside (place: float) k = place + 0.14 + 0.07 * float k

            let dots = [
                for place, own in Seq.zip places values do
                    for k, value in List.indexed own -> aside place k, value
            ]

            let crosses = [
                for place, group in Seq.zip places found do
                    for k, text in group |> Option.map (lost finished) |> Option.defaultValue [] ->
                        aside place k, text
            ]

            let color =
                Palette.ofMethod name
                |> Option.map (fun look -> Color.fromString Palette.colors[look])
                |> Option.defaultValue Color.ink

            let chart =
                [
                    if profile = Profile.Paper then
                        Chart.Line(
                            places,
                            lengths |> List.map (Judging.published context.Targets name),
                            Name = "paper",
                            ShowMarkers = true,
                            LineColor = Color.ink,
                            LineWidth = 1.2,
                            LineDash = StyleParam.DrawingStyle.Dot
                        )
                        |> Chart.withMarkerStyle (
                            Color = Color.ink,
                            Size = 9,
                            Symbol = StyleParam.MarkerSymbol.LineEW
                        )
                    Chart.Point(places, whiskers |> List.map _.Value, Name = name)
                    |> Chart.withTraceInfo (ShowLegend = false)
                    |> Chart.withMarkerStyle (Color = color, Size = 8)
                    |> Chart.withYErrorStyle (
                        Array = (whiskers |> List.map (fun w -> w.High - w.Value)),
                        Arrayminus = (whiskers |> List.map (fun w -> w.Value - w.Low)),
                        Color = color
                    )
                    Chart.Point(List.map fst dots, List.map snd dots, Name = "one seed of ours")
                    |> Chart.withMarkerStyle (
                        Color = Color.fromString "#ffffff",
                        Size = 4,
                        Symbol = StyleParam.MarkerSymbol.Circle,
                        Outline = Line.init (Color = Color.fromString "#555555", Width = 0.8)
                    )
                    yield! Diverged.atFoot crosses
                ]
                |> Chart.overlay
                |> Chart.withXAxisStyle (
                    AxisType = StyleParam.AxisType.Linear,
                    MinMax = (-0.5, float places.Length - 0.3),
                    ShowGrid = false
                )
                |> Chart.withXTicks (places, lengths)
                |> Chart.withYAxisStyle (MinMax = (0.0, 10400.0))

            let chart =
                if index >= List.length series - columns then
                    chart |> Chart.withXAxisStyle (TitleText = "length T")
                else
                    chart

            if index % columns = 0 then
                chart |> Chart.withYAxisStyle (TitleText = "right of 10,000")
            else
                chart

        series
        |> List.mapi panel
        |> Panels.grid rows columns series
        |> Chart.withSize (1000.0, 60.0 + 260.0 * float rows)

    let private bars context (profile: Profile) lengths series (groups: Group list) finished =
        let one name : BarSeries =
            let found = lengths |> List.map (fun x -> Judging.tryFind profile name x groups)

            let values =
                found
                |> List.map (Option.map (fun g -> List.map snd g.Values) >> Option.defaultValue [])

            let paper =
                if profile = Profile.Paper then
                    lengths |> List.map (Judging.published context.Targets name)
                else
                    lengths |> List.map (fun _ -> nan)

            {
                Name = name
                Ours =
                    values
                    |> List.map (Whiskers.ofValues context.Protocol.Rule 1 10000.0)
                    |> Array.ofList
                Seeds = values |> List.map Array.ofList |> Array.ofList
                Paper = Array.ofList paper
            }

        let crosses = [
            for name in series do
                for i, x in List.indexed lengths do
                    match Judging.tryFind profile name x groups with
                    | Some group -> for _, text in lost finished group -> name, i, text
                    | None -> ()
        ]

        Compare.barsWith crosses (lengths |> List.map (fun x -> "T = " + x)) (List.map one series)
        |> framed

    /// The paper's bars alone, pale, for a scale at which nothing of ours is recorded.
    let private paperBars (context: Context) lengths series =
        Chart.overlay [
            for name in series ->
                Chart.Column(
                    (lengths |> List.map (Judging.published context.Targets name)),
                    Keys = (lengths |> List.map (fun x -> "T = " + x)),
                    Name = $"{name}, paper"
                )
                |> Chart.withMarkerStyle (Opacity = 0.4)
        ]
        |> framed

    /// One figure of this profile's lengths and one of the paper's, with the paper's bars drawn
    /// in as ticks.
    let all
        (context: Context)
        (profile: Profile)
        (groups: Group list)
        (finished: Finished list)
        : Figure list = [
        if profile <> Profile.Paper then
            let lengths = PairLengths.all profile groups

            {
                Id = "quick"
                Caption =
                    $"Our runs at {Runs.scaleName profile}: shorter sequences \
                     and a smaller budget than the paper's."
                Chart = bars context profile lengths (PairLengths.seriesOf groups) groups finished
                Note =
                    "Bars are means over seeds, dots single seeds, whiskers the interval within \
                     which one more run would fall. No verdict is drawn from these lengths."
            }

        let paperLengths = PairLengths.published context

        let series =
            Variant.All
            |> Seq.map _.Name
            |> Seq.filter (fun n -> context.Targets |> List.exists (fun t -> t.Series = n))
            |> List.ofSeq

        let count =
            groups
            |> List.filter (fun g -> g.Profile = Profile.Paper)
            |> List.sumBy (fun g -> g.Values.Length)

        {
            Id = "paper"
            Caption =
                if count = 0 then
                    "The paper's figure, redrawn; none of our runs at this scale is recorded yet."
                else
                    $"The paper's own lengths and budget, a panel a method: its values as black \
                     ticks, {count} runs of ours as dots beside their mean."
            Chart =
                if count = 0 then
                    paperBars context paperLengths series
                else
                    panels context Profile.Paper paperLengths series groups finished
            Note =
                if count = 0 then
                    ""
                else
                    $"Whiskers are the interval of: {context.Protocol.Rule.IntervalKind}."
        }
    ]

    /// Validation scores along training of the runs that a figure shows, at the longest length at
    /// which a network learns.
    let curves (constant: float) (profile: Profile) (finished: Finished list) : Figure list = [
        let mine = Runs.ofProfile profile finished

        match PairLengths.longest constant profile (PairChosen.groups mine) with
        | None -> ()
        | Some length ->
            let series = [
                for name, runs in
                    List.groupBy _.Cell.Series (List.filter (fun f -> f.Cell.X = length) mine) do
                    let curves = Runs.curves "validation correct" 10000.0 runs

                    if not curves.IsEmpty then
                        {
                            Name = name
                            Seeds = curves
                            Mean = Judging.meanCurve curves
                            Paper = [||], [||]
                        }
            ]

            {
                Id = "curves"
                Caption =
                    $"Validation score during training at T = {length}: every seed thin, \
                     the mean thick."
                Chart =
                    Compare.curves series
                    |> Diverged.onto (
                        mine
                        |> List.filter (fun f -> f.Cell.X = length)
                        |> Runs.divergedEnds (fun run ->
                            let x, y = Runs.curve "validation correct" run
                            x, Array.map (fun v -> 10000.0 * v) y)
                        |> Diverged.atEnds
                    )
                    |> Chart.withXAxisStyle (TitleText = "updates")
                    |> Chart.withYAxisStyle (TitleText = "validation sequences right, of 10,000")
                    |> Chart.withSize (960.0, 460.0)
                Note =
                    "The score of a single run wanders widely from one evaluation to the next, \
                     so one final score says little."
            }
    ]
