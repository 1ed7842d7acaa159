(**
# The error surface of a single unit, and its wall

An exploding gradient shows on the error surface as a wall. Pascanu, Mikolov and Bengio take one
hidden unit, `x ← wσ(x) + b` starting from 0.5, and ask that σ of its state be 0.7 after 50 steps.
The error has two parameters, so it can be drawn: a valley beside a wall so steep that the gradient
there is thousands of times the gradient in the valley. A step of plain gradient descent that starts
on the wall lands far away; with the gradient's norm clipped it stays near the valley.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open System
open System.Globalization
open Repro.Engine.Dynamics
open Repro.Engine.Judging
open Repro.Engine.Runs.Theory
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports
open Repro.Reports.Items

let private settings (context: Context) = Setting.Of context.Protocol

let private spacing (s: Setting) =
    Spacing(s["low"].Number, s["high"].Number, int s["parts"].Whole)

let private weightsOf (s: Setting) parts =
    Spacing(s["weights"].["low"].Number, s["weights"].["high"].Number, parts)

let private label (v: float) =
    v.ToString("0.##", CultureInfo.InvariantCulture)

let private starts (s: Setting) = [
    for start in s["descent"].["starts"].List -> start.At(0).Number, start.At(1).Number
]

(**
The runs are the nine places whose values are known, the surface on a regular grid, cuts that are
refined where the error changes fast, the wall for each *w*, and the descents. The wall at `w = 5`
is so narrow that a grid of 0.01 steps over it. It is found by halving the interval with the largest
change again and again.
*)

let plan (context: Context) (_: Profile) : Planned list =
    let s = settings context
    let biases = spacing s["biases"]
    let cuts = weightsOf s (int s["cuts"].["parts"].Whole)
    let change = s["cuts"].["change"].Number
    let zoom = Spacing(s["zoom"].["low"].Number, s["zoom"].["high"].Number, 50)
    let descent = s["descent"]
    let rate = descent["rate"].Number

    [
        for target in context.Targets do
            let weight = Double.Parse(target.Series.Substring 2, CultureInfo.InvariantCulture)
            let bias = Double.Parse(target.X, CultureInfo.InvariantCulture)
            Computed.planned "points" target.Series target.X (SurfacePointRun(weight, bias))

        Computed.planned "surface" "grid" ""
        <| SurfaceGridRun(spacing s["weights"], biases)

        Computed.planned "surface" "map" ""
        <| SurfaceGridRun(
            weightsOf s (int s["map"].["weights"].Whole),
            Spacing(biases.Low, biases.High, int s["map"].["biases"].Whole)
        )

        Computed.planned "surface" "wall" ""
        <| WallRun(
            weightsOf s (int s["wall"].["parts"].Whole),
            s["wall"].["low"].Number,
            s["wall"].["high"].Number
        )

        for weight in cuts.Places() do
            Computed.planned "cuts" "w" (label weight) (CutRun(weight, biases, change))

        Computed.planned "cuts" "zoom" "5" (CutRun(5.0, zoom, change))

        for i, (weight, bias) in List.indexed (starts s) do
            for name, threshold in
                [ "plain", Nullable(); "clipped", Nullable descent["threshold"].Number ] do
                Computed.planned "descent" name (string i)
                <| DescentRun(weight, bias, Descent(rate, threshold), int descent["steps"].Whole)
    ]

(**
## The surface from above

Dark is a large error. Beside the wall lies a groove in which the error reaches 0.
*)

let private wallColor = Color.fromString "#D55E00"
let private plainColor = Color.fromString "#0072B2"
let private clippedColor = Color.fromString "#009E73"

let private inWindow (s: Setting) (b: float, w: float) =
    let weights, biases = s["weights"], s["biases"]

    b >= biases["low"].Number
    && b <= biases["high"].Number
    && w >= weights["low"].Number
    && w <= weights["high"].Number

/// A path up to its first place outside the window, and whether it leaves it.
let private path (s: Setting) name i finished =
    let b, w = Computed.curve "descent" name (string i) DescentRun.Path finished
    let places = Array.zip b w

    match places |> Array.tryFindIndex (inWindow s >> not) with
    | None -> places, None
    | Some first -> Array.truncate first places, Some(places[first - 1], places[first])

let private map (context: Context) finished =
    let s = settings context
    let size = s["map"]
    let weights = weightsOf s (int size["weights"].Whole) |> _.Places() |> Array.ofSeq
    let ends = spacing s["biases"]
    let parts = int size["biases"].Whole
    let biases = Spacing(ends.Low, ends.High, parts).Places() |> Array.ofSeq

    let z = [
        for w in weights ->
            Computed.curve "surface" "map" "" (SurfaceGridRun.CurveName w) finished |> snd
    ]

    // Cells reach half their size beyond the places they stand for.
    let rim (values: float[]) =
        let half = (values[1] - values[0]) / 2.0
        values[0] - half, Array.last values + half

    let wallW, wallB = Computed.curve "surface" "wall" "" WallRun.Bias finished

    let paths = [
        for i in 0 .. (starts s).Length - 1 do
            for name, color, size, words in
                [
                    "clipped", clippedColor, 5, "descent with clipping"
                    "plain", plainColor, 3, "plain descent"
                ] do
                let places, _ = path s name i finished

                if places.Length > 0 then
                    Chart.Line(
                        Array.map fst places,
                        Array.map snd places,
                        Name = words,
                        ShowMarkers = true,
                        LineColor = color,
                        LineWidth = 1.2,
                        MarkerColor = color,
                        MarkerSymbol = StyleParam.MarkerSymbol.Circle
                    )
                    |> Chart.withMarkerStyle (Size = size)
    ]

    let thrown = [
        for i in 0 .. (starts s).Length - 1 do
            match path s "plain" i finished with
            | _, Some((b0, w0), (b1, w1)) ->
                // The arrow ends at the window's right or upper side.
                let share = min ((-2.0 - b0) / (b1 - b0)) ((5.4 - w0) / (w1 - w0))

                Mark.arrow plainColor 1.8 (b0, w0) (b0 + share * (b1 - b0), w0 + share * (w1 - w0))
            | _ -> ()
    ]

    (Chart.Heatmap(
        z,
        X = biases,
        Y = weights,
        ColorScale = StyleParam.Colorscale.Greys,
        ColorBar = ColorBar.init (Title = Title.init "E₅₀")
     )
     |> Chart.withZRange (0.0, 0.6))
    :: Chart.Line(
        wallB,
        wallW,
        Name = "wall (steepest place for each w)",
        LineColor = wallColor,
        LineWidth = 2.2
    )
    :: paths
    @ [
        Chart.Point(
            starts s |> List.map snd,
            starts s |> List.map fst,
            Name = "start",
            MarkerColor = Color.fromString "#E69F00",
            MarkerSymbol = StyleParam.MarkerSymbol.Diamond
        )
        |> Chart.withMarkerStyle (Size = 10)
    ]
    |> Chart.combine
    |> Chart.withAnnotations thrown
    |> Chart.withXAxisStyle (TitleText = "b", MinMax = rim biases)
    |> Chart.withYAxisStyle (TitleText = "w", MinMax = rim weights)
    |> Chart.withSize (800.0, 560.0)

(**
## The surface as the paper draws it

The cuts, each shifted to the left and up by its weight, stand behind one another like the wires of
the paper's drawing.
*)

let private slant (w: float) = -0.4 * (w - 4.6), 0.4 * (w - 4.6)

/// How many steps of the descent are drawn: the plain path has met the wall by then.
let private shownSteps = 60

/// The last step of each stage that a reader can go through.
let private stages = [ 5; 15; 30; shownSteps ]

let private wires (context: Context) finished =
    let s = settings context
    let weights = weightsOf s (int s["cuts"].["parts"].Whole)

    let lift (b: float[]) (w: float[]) (e: float[]) =
        Array.map2 (fun b w -> b + fst (slant w)) b w, Array.map2 (fun e w -> e + snd (slant w)) e w

    let cuts = [
        for w in weights.Places() do
            let b, e = Computed.curve "cuts" "w" (label w) CutRun.Error finished
            let x, y = lift b (Array.map (fun _ -> w) b) e

            Chart.Line(
                x,
                y,
                Name = "E₅₀ at one w",
                LineColor = Color.fromString "#8A8F94",
                LineWidth = 1.2
            )
    ]

    let thrown =
        match path s "plain" 0 finished with
        | places, Some(_, (b1, w1)) when places.Length > 0 ->
            let _, e = Computed.curve "descent" "plain" "0" DescentRun.Error finished
            let b0, w0 = Array.last places
            let from = lift [| b0 |] [| w0 |] [| e[places.Length - 1] |]
            // Far beyond the drawing: only its direction can be shown.
            let share = 0.22 / (b1 - b0)
            let b, w = b0 + share * (b1 - b0), w0 + share * (w1 - w0)
            let until = lift [| b |] [| w |] [| e[places.Length] |]

            [
                Mark.arrow
                    plainColor
                    1.8
                    ((fst from)[0], (snd from)[0])
                    ((fst until)[0], (snd until)[0])
            ]
        | _ -> []

    // Each stage's piece of a path begins where the one before ends.
    let paths = [
        for from, until in List.pairwise (0 :: stages) do
            for name, color, size, words in
                [
                    "clipped", clippedColor, 5, "descent with clipping"
                    "plain", plainColor, 3, "plain descent"
                ] do
                let places = path s name 0 finished |> fst
                let _, e = Computed.curve "descent" name "0" DescentRun.Error finished
                let last = min until (min places.Length e.Length - 1)

                if last > from then
                    let piece (values: 'a[]) = values[from..last]

                    let x, y =
                        lift (piece (Array.map fst places)) (piece (Array.map snd places)) (piece e)

                    Chart.Line(
                        x,
                        y,
                        Name = words,
                        ShowMarkers = true,
                        LineColor = color,
                        LineWidth = 1.0,
                        MarkerColor = color,
                        MarkerSymbol = StyleParam.MarkerSymbol.Circle
                    )
                    |> Chart.withMarkerStyle (Size = size)
                    |> Chart.atStage $"{until} steps"
    ]

    let edge = [
        for w in [ 4.6; 4.8; 5.0; 5.2; 5.4 ] do
            let dx, dy = slant w

            Mark.text
                12.0
                StyleParam.XAnchorPosition.Left
                (-2.0 + dx + 0.02)
                (dy + 0.035 + 0.04 * (w - 4.6))
                ("w = " + label w)
    ]

    let base' = [
        for b in [ -2.8; -2.6; -2.4; -2.2; -2.0 ] do
            Mark.text 12.0 StyleParam.XAnchorPosition.Center b -0.02 ("b = " + label b)
    ]

    let height =
        Chart.Line(
            [ -3.2; -3.2 ],
            [ 0.0; 0.4 ],
            ShowLegend = false,
            LineColor = Color.ink,
            LineWidth = 1.0
        )
        |> Chart.withAnnotations [
            for e in [ 0.0; 0.1; 0.2; 0.3; 0.4 ] do
                Mark.text 12.0 StyleParam.XAnchorPosition.Right -3.21 e (label e)

            Mark.text 12.0 StyleParam.XAnchorPosition.Center -3.2 0.43 "E₅₀"
        ]

    height :: cuts @ paths
    |> Chart.combine
    |> Chart.withAnnotations (edge @ base' @ thrown)
    |> Chart.withXAxisStyle (MinMax = (-3.28, -1.85))
    |> Chart.withYAxisStyle (MinMax = (-0.04, 0.68))
    |> Chart.withoutAxes ()
    |> Chart.withSize (800.0, 560.0)

(** ## Cuts *)

let private cuts finished =
    let all =
        [
            for w in [ 4.6; 4.8; 5.0; 5.2; 5.4 ] do
                let b, e = Computed.curve "cuts" "w" (label w) CutRun.Error finished
                Chart.Line(b, e, Name = "w = " + label w, LineWidth = 1.8)
        ]
        |> Chart.combine
        |> Chart.withXAxisStyle (TitleText = "b", MinMax = (-2.8, -2.0))
        |> Chart.withYAxisStyle (TitleText = "E₅₀", MinMax = (0.0, 0.4))

    let b, e = Computed.curve "cuts" "zoom" "5" CutRun.Error finished

    let near =
        [
            Chart.Line(
                b |> Array.map (fun b -> 1e4 * (b + 2.6123)),
                e,
                Name = "w = 5",
                ShowLegend = false,
                LineWidth = 1.8,
                ShowMarkers = true
            )
            |> Chart.withMarkerStyle (Size = 4, Symbol = StyleParam.MarkerSymbol.Circle)
        ]
        |> Chart.combine
        |> Chart.withXAxisStyle (TitleText = "(b + 2.6123) · 10⁴")
        |> Chart.withXTicks [ -3.0 .. 1.0..2.0 ]
        |> Chart.withYAxisStyle (TitleText = "E₅₀", MinMax = (0.0, 0.4))

    [ all; near ]
    |> Panels.grid 1 2 ([ "five cuts"; "w = 5 at the wall, magnified" ])
    |> Chart.withSize (1000.0, 420.0)

let private steepness finished =
    let w, norm = Computed.curve "surface" "wall" "" WallRun.Steepest finished

    Chart.Line(w, norm, Name = "largest gradient norm", ShowMarkers = false)
    |> Chart.withXAxisStyle (TitleText = "w")
    |> Chart.withYAxisStyle (
        TitleText = "gradient norm on the wall",
        AxisType = StyleParam.AxisType.Log
    )
    |> Chart.withSize (760.0, 360.0)

(** ## Descent *)

let private descents finished =
    let panel curve title log =
        [
            for name, color, width in [ "clipped", clippedColor, 1.4; "plain", plainColor, 2.0 ] do
                let x, y = Computed.curve "descent" name "0" curve finished

                Chart.Line(
                    x,
                    (if log then y |> Array.map (max 1e-6) else y),
                    Name = name + " descent",
                    LineColor = color,
                    LineWidth = width
                )
        ]
        |> Chart.combine
        |> Chart.withXAxisStyle (TitleText = "step")
        |> fun chart ->
            if log then
                chart
                |> Chart.withYAxisStyle (TitleText = title, AxisType = StyleParam.AxisType.Log)
            else
                chart |> Chart.withYAxisStyle (TitleText = title)

    [
        panel DescentRun.Error "E₅₀" false
        panel DescentRun.Norm "gradient norm" true
    ]
    |> Panels.grid 1 2 []
    |> Chart.withSize (1000.0, 420.0)

(** ## What is claimed *)

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let s = settings context
    let all = [ 0 .. (starts s).Length - 1 ]

    let wall name =
        Computed.metric "surface" "wall" "" name finished

    let grid name =
        Computed.metric "surface" "grid" "" name finished

    let descent name metric = [
        for i in all -> Computed.metric "descent" name (string i) metric finished
    ]

    let outside name = [
        for i in all ->
            let b, w = Computed.curve "descent" name (string i) DescentRun.Path finished

            if b.Length = 0 then
                nan
            else
                Array.zip b w |> Array.filter (inWindow s >> not) |> Array.length |> float
    ]

    let leftmost =
        match Computed.curve "surface" "wall" "" WallRun.Bias finished with
        | [||], _ -> nan
        | _, b -> Array.last b

    let rate, threshold =
        s["descent"].["rate"].Number, s["descent"].["threshold"].Number

    let claims = [
        Computed.near
            "At w = 5 the surface is steepest at b = −2.61234136 (to 5 × 10⁻⁸, computed apart)"
            -2.61234136
            5e-8
            (wall "steepest b at w=5")
        Computed.near
            "There the gradient's norm is 6773 (to 1, computed apart)"
            6773.0
            1.0
            (wall "largest gradient norm at w=5")
        Computed.near
            "At w = 5.4 the wall lies at b = −2.861 (to 0.001), outside the paper's window"
            -2.861
            1e-3
            leftmost
        Computed.holds
            "A grid of 0.01 in b does not see the wall's slope"
            (fun v -> v < 40.0)
            (fun v -> $"The largest slope between neighbours of the grid is {v}.")
            (grid "largest slope between neighbours in b")
        Computed.holds
            "A plain step on the wall throws every path out of the window"
            (fun v -> v > 1.0)
            (fun v -> $"Of the longest step of each path the shortest is {v} long.")
            (List.min (descent "plain" "longest step"))
        Computed.holds
            "With clipping no step is longer than rate times threshold, though the wall is met"
            (fun v -> v <= rate * threshold + 1e-12)
            (fun v ->
                let met = List.min (descent "clipped" "largest gradient norm")

                $"The longest is {v}; each path meets a gradient of norm \
                  {Computed.number met} or more.")
            (List.max (descent "clipped" "longest step"))
        Computed.holds
            "With clipping every path stays in the window"
            (fun v -> v = 0.0)
            (fun v -> $"{v} places lie outside.")
            (List.sum (outside "clipped"))
    ]

    let plateau = List.head (descent "plain" "last E_50")

    let value (target: Target) =
        Computed.metric "points" target.Series target.X "E_50" finished

    {
        Claim =
            "<p>Fig. 6 draws the error of a network with one hidden unit over its weight and its \
             bias: a wall of high curvature. Solid arrows show plain gradient descent thrown far \
             away from the valley by one step on the wall, dashed arrows the same with the \
             gradient's norm clipped, which stays near it. No number is printed.</p>"
        Summary =
            (let norm = Words.Number(round (wall "largest gradient norm at w=5"))

             Computed.summary
                 $"At w = 5 the gradient's norm on the wall is {norm}. One plain step there \
                   throws every path out of the window; with clipping every path stays."
                 claims)
        Values =
            Computed.rows context.Protocol context.Targets value
            @ [
                let row = Computed.row context.Protocol

                row "w=5" "wall" ("steepest b", "bias") (wall "steepest b at w=5")
                row "w=5" "wall" ("gradient norm", "norm") (wall "largest gradient norm at w=5")

                for i, (w, b) in List.indexed (starts s) do
                    for name in [ "plain"; "clipped" ] do
                        for metric, unit in
                            [
                                "longest step", ""
                                "last E_50", "squared error"
                                "last w", ""
                                "last b", "bias"
                            ] do
                            row
                                $"{name} descent"
                                $"w={label w} b={label b}"
                                (metric, unit)
                                (Computed.metric "descent" name (string i) metric finished)
            ]
        Orderings = claims
        Figures = [
            {
                Id = "surface"
                Caption =
                    "E₅₀ over b and w, its wall, and 150 steps of descent from two starts, plain \
                     and with the gradient's norm clipped at 1. Arrows leave the window."
                Chart = map context finished
                Note =
                    "Both kinds of path start alike and step to and fro across the groove. When \
                     a step begins on the wall, the plain path is thrown out of the window."
            }
            {
                Id = "wires"
                Caption =
                    $"The same surface as cuts behind one another, with {shownSteps} steps from \
                      the first start."
                Chart = wires context finished
                Note =
                    "Each cut has places on the wall, however steep it is. The arrow gives the \
                     direction of the plain path's throw, which ends far outside."
            }
            {
                Id = "cuts"
                Caption = "Cuts at five weights, and the wall at w = 5 from close by."
                Chart = cuts finished
                Note =
                    "Magnified, the wall is smooth: E₅₀ touches 0 in the groove beside it and \
                     climbs to its plateau within about 0.0001 of b."
            }
            {
                Id = "steepness"
                Caption = "How steep the wall is."
                Chart = steepness finished
                Note = "The gradient's norm grows exponentially with the weight."
            }
            {
                Id = "descent"
                Caption = "Error and gradient norm along the descents from the first start."
                Chart = descents finished
                Note =
                    $"Both paths step to and fro across the groove beside the wall. The plain \
                      one then lands on the wall and is thrown to a plateau with \
                      E₅₀ = {Format.measured 0.05 plateau}, where \
                      the gradient is next to nothing (drawn as 0.000001). The clipped one meets \
                      the wall again and again and stays."
            }
        ]
        Tables = []
    }

(**
## What was found

{{finding}} On the two sides of the wall the error is {{ours w=5/-2.613}} at b = −2.613 and {{ours
w=5/-2.612}} at b = −2.612.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-fig6"
    Script = "scripts/pascanu-fig6.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
