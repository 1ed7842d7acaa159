namespace Repro.Reports

open System
open Plotly.NET

/// A drawn value and the ends of its whisker. NaN ends draw no whisker, a NaN value draws nothing.
type Whisker = {
    Value: float
    Low: float
    High: float
} with

    /// Nothing to draw.
    static member none = { Value = nan; Low = nan; High = nan }

/// One series of a grouped bar chart: one entry per category in every array.
type BarSeries = {
    Name: string
    Ours: Whisker[]
    /// The single seeds behind each value; may be empty.
    Seeds: float[][]
    /// What the paper printed; NaN where it printed nothing.
    Paper: float[]
}

/// One series of a curve chart.
type CurveSeries = {
    Name: string
    /// The seeds' curves, x and y.
    Seeds: (float[] * float[]) list
    /// The mean curve; empty arrays draw none.
    Mean: float[] * float[]
    /// Points read off the paper's figure; empty arrays draw none.
    Paper: float[] * float[]
}

/// The comparison most items need: the paper's value, every seed, and the interval.
[<RequireQualifiedAccess>]
module Compare =
    let private ink = Color.fromString "black"

    /// Share of a category's width that its bars take, and of a bar's place that it fills.
    let private slot, private filled = 0.8, 0.92

    /// Bars of our values with whiskers, a dot for each seed and the paper's value as a
    /// black tick across the bar. `categories` label the groups along x, which stand at 0, 1, ….
    /// `lost` are runs that diverged, by series and category (counted from 0), with their texts:
    /// each has a ✕ at the foot of its bar's place.
    let barsWith
        (lost: (string * int * string) list)
        (categories: string list)
        (series: BarSeries list)
        : GenericChart =
        let count = categories.Length
        let width = slot / float (max 1 series.Length)
        let printed = series |> List.filter (fun s -> Array.exists Double.IsFinite s.Paper)

        let dotted =
            series
            |> List.tryFind (fun s -> s.Seeds |> Array.exists (fun x -> x.Length > 0))

        let tick = 480.0 / float (max 1 (count * series.Length))

        let looks = Palette.places (series |> List.map _.Name)

        let one i (s: BarSeries) =
            if s.Ours.Length <> count || s.Paper.Length <> count then
                invalidArg
                    (nameof series)
                    (sprintf
                        "Series '%s' has %d of our values and %d of the paper's for %d \
                         categories. Give one of each a category, NaN where there is none."
                        s.Name
                        s.Ours.Length
                        s.Paper.Length
                        count)

            let middle = (float i + 0.5) * width - slot / 2.0
            let places = [| for k in 0 .. count - 1 -> float k + middle |]

            let column =
                Chart.Column(
                    s.Ours |> Array.map _.Value,
                    Keys = places,
                    Name = s.Name,
                    Width = filled * width,
                    MarkerColor = Color.fromString Palette.colors[looks[i] % Palette.colors.Length],
                    MultiText = [
                        for category, whisker in Seq.zip categories s.Ours ->
                            sprintf
                                "%s, %s: %s"
                                s.Name
                                category
                                (Number.significant 5 whisker.Value)
                    ]
                )
                |> GenericChart.mapTrace (Trace2DStyle.Bar(Offset = -0.5 * filled * width))
                |> Chart.withYErrorStyle (
                    Array = (s.Ours |> Array.map (fun w -> w.High - w.Value)),
                    Arrayminus = (s.Ours |> Array.map (fun w -> w.Value - w.Low))
                )

            // Seeds of one bar are spread over half its width, so that none hides another.
            let pairs = [
                for k in 0 .. min count s.Seeds.Length - 1 do
                    let seeds = s.Seeds[k]

                    for j in 0 .. seeds.Length - 1 do
                        let share =
                            if seeds.Length < 2 then
                                0.0
                            else
                                float j / float (seeds.Length - 1) - 0.5

                        places[k] + 0.5 * width * share, seeds[j]
            ]

            let dots =
                Chart.Point(
                    List.map fst pairs,
                    List.map snd pairs,
                    Name = "one seed",
                    ShowLegend = (dotted = Some s)
                )
                |> Chart.withTraceInfo (LegendGroup = "seeds")
                |> Chart.withMarkerStyle (
                    Color = Color.fromString "#ffffff",
                    Size = 4,
                    Symbol = StyleParam.MarkerSymbol.Circle,
                    Outline = Line.init (Color = Color.fromString "#222222", Width = 0.8)
                )

            let paper =
                Chart.Point(
                    places,
                    s.Paper,
                    Name = "paper",
                    ShowLegend = (List.tryHead printed = Some s)
                )
                |> Chart.withTraceInfo (LegendGroup = "paper")
                |> Chart.withMarkerStyle (
                    Color = ink,
                    Symbol = StyleParam.MarkerSymbol.LineEW,
                    Size = int (max 8.0 (min 26.0 tick)),
                    Outline = Line.init (Color = ink, Width = 2.5)
                )

            let crosses =
                lost
                |> List.filter (fun (name, _, _) -> name = s.Name)
                |> List.groupBy (fun (_, category, _) -> category)
                |> List.collect (fun (category, own) -> [
                    for j, (_, _, text) in List.indexed own do
                        let aside = float j - 0.5 * float (own.Length - 1)
                        places[category] + 0.3 * width * aside, text
                ])

            column, dots, paper, crosses

        let parts = List.mapi one series

        [
            for column, _, _, _ in parts -> column
            for _, dots, _, _ in parts -> dots
            for _, _, paper, _ in parts -> paper
            yield!
                [
                    for _, _, _, crosses in parts do
                        yield! crosses
                ]
                |> Diverged.atFoot
        ]
        |> Chart.overlay
        |> Chart.withXAxisStyle (
            AxisType = StyleParam.AxisType.Linear,
            MinMax = (-0.5, float count - 0.5),
            ShowGrid = false
        )
        |> Chart.withXTicks ([ for k in 0 .. count - 1 -> float k ], categories)

    /// The same where no run diverged.
    let bars (categories: string list) (series: BarSeries list) : GenericChart =
        barsWith [] categories series

    /// Curves: every seed thin and faint, the mean thick, the paper's points as markers with
    /// a dark edge in the colour of their series.
    let curves (series: CurveSeries list) : GenericChart =
        let looks = Palette.places (series |> List.map _.Name)

        let one i (s: CurveSeries) =
            let color = Color.fromString Palette.colors[looks[i] % Palette.colors.Length]

            let seeds =
                s.Seeds
                |> List.map (fun (x, y) ->
                    Chart.Line(
                        x,
                        y,
                        Name = s.Name + " (one seed)",
                        ShowLegend = false,
                        Opacity = 0.35,
                        LineColor = color,
                        LineWidth = 1.0
                    ))

            let line (x: float[], y: float[]) =
                Chart.Line(x, y, Name = s.Name, LineColor = color, LineWidth = 2.5)

            let marks (x: float[], y: float[]) =
                Chart.Point(x, y, Name = s.Name + ", paper", MarkerColor = color)
                |> Chart.withMarkerStyle (
                    Size = 8,
                    Symbol = Symbols.ofSeries looks[i],
                    Outline = Line.init (Color = ink, Width = 1.0)
                )

            let present pair make =
                if Array.isEmpty (fst pair) then [] else [ make pair ]

            seeds, present s.Mean line, present s.Paper marks

        let parts = List.mapi one series

        (parts |> List.collect (fun (seeds, _, _) -> seeds))
        @ (parts |> List.collect (fun (_, mean, _) -> mean))
        @ (parts |> List.collect (fun (_, _, paper) -> paper))
        |> Chart.overlay
