namespace Repro.Reports

open Repro.Reports.StyleParam

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

/// The two comparisons most items need, built from `Chart`.
[<RequireQualifiedAccess>]
module Compare =
    let private ink =
        Chart.withMarkerStyle (Color = Color.ink, Symbol = MarkerSymbol.LineEW)

    /// Bars of our values with whiskers, a dot for each seed and the paper's value as a
    /// black tick across the bar. `categories` label the groups along x.
    let bars (categories: string list) (series: BarSeries list) : GenericChart =
        let paperNames =
            series |> List.filter (fun s -> Array.exists System.Double.IsFinite s.Paper)

        let tick = 480.0 / float (max 1 (categories.Length * series.Length))

        let one (s: BarSeries) =
            let count = categories.Length

            if s.Ours.Length <> count || s.Paper.Length <> count then
                invalidArg
                    "series"
                    (sprintf
                        "Series '%s' has %d of our values and %d of the paper's for %d \
                         categories. Give one of each a category, NaN where there is none."
                        s.Name
                        s.Ours.Length
                        s.Paper.Length
                        count)

            let column =
                Chart.Column(
                    s.Ours |> Array.map _.Value,
                    Keys = categories,
                    Name = s.Name,
                    OffsetGroup = s.Name
                )
                |> Chart.withYErrorStyle (
                    s.Ours |> Array.map (fun w -> w.High - w.Value),
                    Arrayminus = (s.Ours |> Array.map (fun w -> w.Value - w.Low))
                )

            let pairs =
                List.indexed categories
                |> List.collect (fun (i, category) ->
                    if i < s.Seeds.Length then
                        [ for v in s.Seeds[i] -> category, v ]
                    else
                        [])

            let dots =
                Chart.Point(
                    List.map fst pairs,
                    List.map snd pairs,
                    Name = "one seed",
                    ShowLegend = false,
                    OffsetGroup = s.Name,
                    LegendGroup = "seeds"
                )
                |> Chart.withMarkerStyle (
                    Color = Color.fromString "#ffffff",
                    Size = 4.0,
                    Symbol = MarkerSymbol.Circle,
                    Outline = Line.init (Color = Color.fromString "#222", Width = 0.8)
                )

            let paper =
                Chart.Point(
                    categories,
                    s.Paper,
                    Name = "paper",
                    ShowLegend = (paperNames |> List.tryHead = Some s),
                    OffsetGroup = s.Name,
                    LegendGroup = "paper"
                )
                |> ink
                |> Chart.withMarkerStyle (Size = max 8.0 (min 26.0 tick))

            column, dots, paper

        let parts = List.map one series

        let withSeeds =
            series
            |> List.tryFindIndex (fun s -> s.Seeds |> Array.exists (fun x -> x.Length > 0))

        let dots =
            parts
            |> List.mapi (fun i (_, d, _) ->
                if Some i = withSeeds then
                    d |> Chart.withTraceInfo (ShowLegend = true)
                else
                    d)

        (parts |> List.map (fun (c, _, _) -> c))
        @ dots
        @ (parts |> List.map (fun (_, _, p) -> p))
        |> Chart.combine

    /// Curves: every seed thin and faint, the mean thick, the paper's points as markers with
    /// a dark edge in the colour of their series.
    let curves (series: CurveSeries list) : GenericChart =
        let colors = Palette.colors

        let one i (s: CurveSeries) =
            let color = Color.fromString colors[i % colors.Length]

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
                Chart.Point(
                    x,
                    y,
                    Name = s.Name + ", paper",
                    MarkerColor = color,
                    MarkerSymbol = Palette.symbols[i % Palette.symbols.Length]
                )
                |> Chart.withMarkerStyle (
                    Size = 7.5,
                    Outline = Line.init (Color = Color.ink, Width = 1.0)
                )

            let present pair make =
                if Array.isEmpty (fst pair) then [] else [ make pair ]

            seeds, present s.Mean line, present s.Paper marks

        let parts = List.mapi one series

        (parts |> List.collect (fun (seeds, _, _) -> seeds))
        @ (parts |> List.collect (fun (_, mean, _) -> mean))
        @ (parts |> List.collect (fun (_, _, paper) -> paper))
        |> Chart.combine
