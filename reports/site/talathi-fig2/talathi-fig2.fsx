(**
# Phase portraits of two rectified units

Why should the largest eigenvalue be 1 and all others smaller? Talathi and Vartak look at two
rectified units without input, whose recurrent matrix is positive definite, in the coordinates of
its eigenvectors (eq. 8). Each step multiplies a positive coordinate by its eigenvalue and sets a
negative one to 0. With both eigenvalues 1 (IRNN) every state stays where it is, so whatever an
input adds stays too. With the second below 1 (np-RNN) every state comes to rest on a line.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs.Theory
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports
open Repro.Reports.Items

let private numbers (s: Setting) = [| for v in s.List -> v.Number |]

let private caseNames (s: Setting) = [ for case in s["cases"].List -> case["name"].Text ]

let private axisNames (s: Setting) = [ for axis in s["axes"].List -> axis["name"].Text ]

(**
The runs are eq. (8) in the four cases, and case (c) once more as the network itself computes it,
with its first eigenvector inside the positive quadrant and outside it.
*)

let plan (context: Context) (_: Profile) : Planned list =
    let s = Setting.Of context.Protocol
    let starts = [| for start in s["starts"].List -> numbers start |]
    let steps = int s["steps"].Whole

    [
        for case in s["cases"].List do
            Computed.planned "eigen" case["name"].Text ""
            <| RectifierPlaneRun(case["first"].Number, case["second"].Number, starts, steps, null)

        let third = s["cases"].At 2

        for axis in s["axes"].List do
            Computed.planned "units" axis["name"].Text ""
            <| RectifierPlaneRun(
                third["first"].Number,
                third["second"].Number,
                starts,
                steps,
                numbers axis["axis"]
            )
    ]

let private blue = Color.fromString "#0072B2"
let private shade = Color.fromString "rgba(230,159,0,.18)"

/// Ends of the window, and of what the units can never reach: a negative output.
let private low, high = -0.35, 1.25

let private quadrants =
    let rectangle x0 x1 y0 y1 =
        Shape.init (
            ShapeType = StyleParam.ShapeType.Rectangle,
            X0 = x0,
            X1 = x1,
            Y0 = y0,
            Y1 = y1,
            FillColor = shade,
            Opacity = 1.0,
            Line = Line.init (Width = 0.0)
        )

    [ rectangle low 0.0 low high; rectangle 0.0 high low 0.0 ]

let private portrait part name count finished =
    let orbits = [
        for i in 0 .. count - 1 ->
            let x, y = Computed.curve part name "" (RectifierPlaneRun.CurveName i) finished

            Array.zip x y
    ]

    let inside (x, y) =
        x >= low && x <= high && y >= low && y <= high

    let arrows = [
        for orbit in orbits do
            for (x0, y0), (x1, y1) in Array.pairwise orbit do
                // Steps too short for an arrow are left out.
                if inside (x0, y0) && abs (x1 - x0) + abs (y1 - y0) > 0.025 then
                    Mark.arrow blue 1.2 (x0, y0) (x1, y1)
    ]

    let first = orbits |> List.filter (fun o -> o.Length > 0) |> List.map Array.head
    let last = orbits |> List.filter (fun o -> o.Length > 0) |> List.map Array.last

    [
        Chart.Point(
            List.map fst last,
            List.map snd last,
            Name = "after 60 steps",
            MarkerColor = Color.fromString "#D55E00",
            MarkerSymbol =
                StyleParam.MarkerSymbol.Modified(
                    StyleParam.MarkerSymbol.Circle,
                    StyleParam.SymbolStyle.Open
                )
        )
        |> Chart.withMarkerStyle (Size = 11)
        Chart.Point(
            List.map fst first,
            List.map snd first,
            Name = "start",
            MarkerColor = blue,
            MarkerSymbol = StyleParam.MarkerSymbol.Circle
        )
        |> Chart.withMarkerStyle (Size = 7)
    ]
    |> Chart.combine
    |> Chart.withShapes quadrants
    |> Chart.withAnnotations arrows

let private framed x y chart =
    let ticks = [ 0.0; 0.5; 1.0 ]

    chart
    |> Chart.withXAxisStyle (TitleText = x, MinMax = (low, high), ZeroLine = true)
    |> Chart.withYAxisStyle (TitleText = y, MinMax = (low, high), ZeroLine = true)
    |> Chart.withXTicks ticks
    |> Chart.withYTicks ticks

(** ## What is claimed *)

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let s = Setting.Of context.Protocol
    let cases, axes = caseNames s, axisNames s
    let count = s["starts"].List.Length

    let value part name metric =
        Computed.metric part name "" metric finished

    let case i metric = value "eigen" cases[i] metric
    let moved = "largest displacement"
    let farthest = "largest final distance from the origin"
    let nearest = "smallest final distance from the origin"
    let off = "largest final distance from the first axis"

    let sideways =
        let shifts = [
            for i in 0 .. count - 1 do
                let x, _ =
                    Computed.curve "eigen" cases[2] "" (RectifierPlaneRun.CurveName i) finished

                if x.Length = 0 then nan else abs (Array.last x - x[0])
        ]

        List.max shifts

    let small = (fun v -> v < 1e-3), (fun v -> $"After 60 steps it is at most {v}.")

    let claims = [
        Computed.holds
            "(a) With both eigenvalues 1 every state is a fixed point"
            (fun v -> v = 0.0)
            (fun v -> $"The largest displacement is {v}.")
            (case 0 moved)
        Computed.holds
            "(b) With both below 1 every state goes to the origin: its distance falls below 0.001"
            (fst small)
            (snd small)
            (case 1 farthest)
        Computed.holds
            "(c) With the second below 1 every state goes to the first axis: its distance falls \
             below 0.001"
            (fst small)
            (snd small)
            (case 2 off)
        Computed.holds
            "(c) … and keeps its first coordinate: the axis is a line of fixed points"
            (fun v -> v = 0.0)
            (fun v -> $"The first coordinate moves by {v}.")
            sideways
        Computed.holds
            "(d) With both above 1 every state leaves: its distance from the origin exceeds 10"
            (fun v -> v > 10.0)
            (fun v -> $"After 60 steps it is at least {v}.")
            (case 3 nearest)
    ]

    {
        Claim =
            "<p>Fig. 2 sketches the four cases of eq. (8): (a) both eigenvalues 1, every point \
             neutrally stable (IRNN); (b) both below 1, all flow to the origin; (c) one 1 and one \
             below, all flow to a line, on which they stay (the idea of np-RNN); (d) both above \
             1, all diverge. Only the positive quadrant can be reached; the others are \
             shaded.</p>"
        Summary =
            Computed.summary
                "Only with one eigenvalue at 1 and the other below does a state come to rest \
                 where it still says something: on a line. With both at 1 nothing ever fades, \
                 with both below 1 all does, with both above 1 all grows."
                claims
        Values = [
            let row = Computed.row context.Protocol

            for name in cases do
                for metric in [ moved; nearest; farthest; off ] do
                    row name "eq. (8)" (metric, "") (value "eigen" name metric)

            for name in axes do
                for metric in [ nearest; farthest; off ] do
                    row name "network" (metric, "") (value "units" name metric)
        ]
        Orderings = claims
        Figures = [
            {
                Id = "portraits"
                Caption = "Orbits of eq. (8) in the figure's four cases; an arrow is one step."
                Chart =
                    cases
                    |> List.map (fun name ->
                        portrait "eigen" name count finished |> framed "h′₀" "h′₁")
                    |> Panels.grid 2 2 (cases)
                    |> Chart.withSize (860.0, 800.0)
                Note = "Shaded: what a rectified coordinate cannot reach."
            }
            {
                Id = "units"
                Caption =
                    "Case (c) in the units' own coordinates, where the network rectifies: \
                     h ← max(0, Wh) with eigenvalues 1 and 0.8."
                Chart =
                    axes
                    |> List.map (fun name ->
                        portrait "units" name count finished |> framed "h₀" "h₁")
                    |> Panels.grid 1 2 (axes)
                    |> Chart.withEqualAspect ()
                    |> Chart.withSize (860.0, 470.0)
                Note =
                    "With the first eigenvector in the positive quadrant, the picture of eq. (8) \
                     holds, rotated. With an eigenvector of mixed signs, its line lies where no \
                     state can be. At each step the rectifier cuts off what leaves the quadrant, \
                     and every state goes to the origin although the largest eigenvalue is 1. \
                     Random matrices of many units have eigenvectors of mixed signs."
            }
        ]
        Tables = []
    }

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-fig2"
    Script = "scripts/talathi-fig2.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
