namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Plotly.NET
open Repro.Reports

/// Figures and tables of the addition and multiplication items.
module PairPages =
    let private seriesOf (groups: Group list) =
        let present = groups |> List.map _.Series |> List.distinct

        Variant.All
        |> Seq.map _.Name
        |> Seq.filter (fun n -> List.contains n present)
        |> List.ofSeq

    let private lengthsOf (profile: Profile) (groups: Group list) =
        groups
        |> List.filter (fun g -> g.Profile = profile)
        |> List.map _.X
        |> List.distinct
        |> List.sortBy int

    /// Mean of the runs of a group that ended with a value; None where all diverged.
    let private mean (group: Group) =
        match group.Values |> List.map snd |> List.filter Double.IsFinite with
        | [] -> None
        | values -> Some(List.average values)

    /// Lengths that have the most runs, rising: a length still being run says little. First those
    /// up to the longest at which a network learns, then the longer ones. Where none learns at any,
    /// all are in the first.
    let private spoken (constant: float) (profile: Profile) (groups: Group list) =
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
    let private longestOf constant profile groups =
        spoken constant profile groups |> fst |> List.tryLast

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
        let columns = min 4 (max 1 (List.length series))
        let rows = (List.length series + columns - 1) / columns

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
    let figures
        (context: Context)
        (profile: Profile)
        (groups: Group list)
        (finished: Finished list)
        : Figure list = [
        if profile <> Profile.Paper then
            let lengths = lengthsOf profile groups

            {
                Id = "quick"
                Caption =
                    $"Our runs at {Runs.scaleName profile}: shorter sequences \
                     and a smaller budget than the paper's."
                Chart = bars context profile lengths (seriesOf groups) groups finished
                Note =
                    "Bars are means over seeds, dots single seeds, whiskers the interval within \
                     which one more run would fall. No verdict is drawn from these lengths."
            }

        let paperLengths =
            context.Targets |> List.map _.X |> List.distinct |> List.sortBy int

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

        match longestOf constant profile (PairChosen.groups mine) with
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

    /// np-RNN against each rival in numbers, at the longest length of a profile at which a network
    /// learns; a run that diverged counts as the lowest score of the two.
    let comparisons
        (constant: float)
        (profile: Profile)
        (subject: string)
        (groups: Group list)
        : (string * Table) list = [
        match longestOf constant profile groups with
        | None -> ()
        | Some x ->
            let rivals = seriesOf groups |> List.filter ((<>) subject)

            let isLost =
                groups
                |> List.exists (fun g ->
                    g.Profile = profile
                    && g.X = x
                    && g.Values |> List.exists (snd >> Double.IsFinite >> not))

            $"{subject} against each rival at T = {x}, {Runs.scaleName profile}"
            + (if isLost then
                   "; a run that diverged counts as the lowest score of the two"
               else
                   ""),
            Table.ofStrings [ "rival"; $"{subject} − rival, mean"; "one-sided p, better" ] [
                for rival in rivals do
                    match Judging.compare profile x subject rival groups with
                    | Some(difference, p) -> [
                        rival
                        Format.whole difference
                        Format.number "G3" p
                      ]
                    | None -> ()
            ]
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
            |> List.choose (fun g -> mean g |> Option.map (fun score -> g.Series, score))
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
        let learnt, beyond = spoken constant profile groups
        let mine = groups |> List.filter (fun g -> g.Profile = profile)

        match List.tryLast learnt with
        | None -> Runs.noneAtHand
        | Some x ->
            let nothing =
                let best =
                    mine
                    |> List.filter (fun g -> List.contains g.X beyond)
                    |> List.choose mean
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
        | n when n = agreed.Length ->
            $"Each bar that comes out is of a network that learns nothing, in the paper as here: \
              {n} in all."
        | n ->
            $"Of the {agreed.Length} bars that come out, {n} are of networks that learn nothing, \
              in the paper as here."
