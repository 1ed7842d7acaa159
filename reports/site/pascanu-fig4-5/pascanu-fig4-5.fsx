(**
# Two trajectories, and the map taken apart

Two neighbouring states may lie on different sides of a boundary between basins of attraction. Then
the same maps drive them apart step after step, and the gradient of the last state with respect to
the first is large. The paper's Fig. 4 draws such a pair. With inputs the map changes at each step.
Fig. 5 therefore splits it into a constant part, `F̃(x) = Wσ(x) + b`, and a shift that the input
makes, `U(x) = x + W_in·u`. The attractors and the boundary are those of `F̃`, and an input may push
the state across the boundary. Both figures are schematic in the paper; here a network draws them.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Engine.Runs.Theory
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports
open Repro.Reports.Items

let private numbers (s: Setting) = [| for v in s.List -> v.Number |]

(**
The runs are both starts with the inputs, and both without, which shows what the inputs do.
*)

let plan (context: Context) (_: Profile) : Planned list =
    let s = Setting.Of context.Protocol
    let recurrent = array2D [ for row in s["recurrent"].List -> numbers row ]
    let input = array2D [ for row in s["input"].List -> numbers row ]
    let pushes = numbers s["inputs"]

    [
        for i, start in List.indexed s["starts"].List do
            for name, scale in [ "driven", 1.0; "free", 0.0 ] do
                let inputs = [| for u in pushes -> [| scale * u |] |]

                Computed.planned "main" name (string i)
                <| StateOrbitRun(recurrent, numbers s["bias"], input, inputs, numbers start)
    ]

let private colors = [ Color.fromString "#0072B2"; Color.fromString "#D55E00" ]
let private grey = Color.fromString "#8A8F94"

let private states name i finished =
    Computed.curve "main" name (string i) StateOrbitRun.States finished

let private mapped i finished =
    Computed.curve "main" "driven" (string i) StateOrbitRun.Mapped finished

let private arrow color width (x0, y0) (x1, y1) =
    Mark.arrow color width (x0, y0) (x1, y1)

let private plane finished chart =
    let boundary = Computed.metric "main" "driven" "0" "boundary" finished

    chart
    |> Chart.withVerticalLine (
        boundary,
        Text = "basin boundary of F̃",
        Color = Color.ink,
        Dash = StyleParam.DrawingStyle.Dot
    )
    |> Chart.withXAxisStyle (TitleText = "x₁", MinMax = (-4.0, 4.0))
    |> Chart.withYAxisStyle (TitleText = "x₂", MinMax = (-1.95, 1.55))

(**
## Fig. 4: two trajectories of the same maps

Each arrow is one step. The starts are the two dots that nearly touch.
*)

let private trajectories finished =
    let points =
        [
            for i in 0..1 do
                let x, y = states "driven" i finished

                Chart.Point(
                    x,
                    y,
                    Name = $"from start {i + 1}",
                    MarkerColor = colors[i],
                    MarkerSymbol = StyleParam.MarkerSymbol.Circle
                )
                |> Chart.withMarkerStyle (Size = 6)
        ]
        |> Chart.combine

    let steps = [
        for i in 0..1 do
            let x, y = states "driven" i finished

            for a, b in Array.pairwise (Array.zip x y) do
                arrow colors[i] 1.5 a b
    ]

    let ends label at =
        let place i =
            let x, y = states "driven" i finished
            if x.Length = 0 then nan, nan else at (Array.zip x y)

        let (x0, y0), (x1, y1) = place 0, place 1

        [
            Chart.Line(
                [ x0; x1 ],
                [ y0; y1 ],
                Name = label,
                ShowLegend = false,
                LineColor = Color.ink,
                LineDash = StyleParam.DrawingStyle.Dot,
                LineWidth = 1.2
            )
            |> Chart.withAnnotation (
                (if label = "Δx₀" then
                     Mark.text 14.0 StyleParam.XAnchorPosition.Right (x0 - 0.12) ((y0 + y1) / 2.0)
                 else
                     Mark.text
                         14.0
                         StyleParam.XAnchorPosition.Center
                         ((x0 + x1) / 2.0)
                         ((y0 + y1) / 2.0 + 0.1))
                    label
            )
        ]

    points :: ends "Δx₀" Array.head @ ends "Δx₁₂" Array.last
    |> Chart.combine
    |> Chart.withAnnotations steps
    |> plane finished
    |> Chart.withSize (800.0, 520.0)

(**
## Fig. 5: the same steps taken apart

From each dot a grey arrow shows where `F̃` alone would lead, always away from the boundary, and a
coloured one what the input adds.
*)

let private parts finished =
    let points =
        [
            for i in 0..1 do
                let x, y = states "driven" i finished

                Chart.Point(
                    x,
                    y,
                    Name = $"state, from start {i + 1}",
                    MarkerColor = colors[i],
                    MarkerSymbol = StyleParam.MarkerSymbol.Circle
                )
                |> Chart.withMarkerStyle (Size = 5)
        ]
        |> Chart.combine

    // Entries of the legend for what the arrows are.
    let entries =
        [ ("F̃: the network alone", grey) ]
        |> List.map (fun (words, color) ->
            Chart.Line([ nan ], [ nan ], Name = words, LineColor = color, LineWidth = 1.5))

    let steps = [
        for i in 0..1 do
            let x, y = states "driven" i finished
            let mx, my = mapped i finished

            for t in 0 .. mx.Length - 1 do
                arrow grey 1.3 (x[t], y[t]) (mx[t], my[t])
                arrow colors[i] 1.7 (mx[t], my[t]) (x[t + 1], y[t + 1])
    ]

    points :: entries
    |> Chart.combine
    |> Chart.withAnnotations steps
    |> plane finished
    |> Chart.withXAxisStyle (MinMax = (-1.0, 1.0))
    |> Chart.withYAxisStyle (MinMax = (-1.85, -0.35))
    |> Chart.withSize (800.0, 520.0)

(** ## What is claimed *)

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let gap name pick =
        match states name 0 finished, states name 1 finished with
        | ([||], _), _
        | _, ([||], _) -> nan
        | (x0, y0), (x1, y1) ->
            let i = pick x0
            let dx, dy = x1[i] - x0[i], y1[i] - y0[i]
            sqrt (dx * dx + dy * dy)

    let first, last = (fun _ -> 0), (fun (x: float[]) -> x.Length - 1)
    let ratio = gap "driven" last / gap "driven" first

    let side name i =
        Computed.metric "main" name (string i) "last x1" finished

    let wholes = [
        for i in 0..1 ->
            Computed.metric "main" "driven" (string i) "parts against the whole" finished
    ]

    let claims = [
        Computed.holds
            "The two trajectories end more than ten times as far apart as they start"
            (fun v -> v > 10.0)
            (fun v -> $"They end {v} times as far apart.")
            ratio
        Computed.holds
            "Without inputs both starts go to the same side: they lie in one basin of F̃"
            (fun v -> v > 0.0)
            (fun _ ->
                let a, b = Computed.number (side "free" 0), Computed.number (side "free" 1)
                $"x₁ ends at {a} and at {b}.")
            (side "free" 0 * side "free" 1)
        Computed.holds
            "With the inputs they go to different sides: the input carries one across the boundary"
            (fun v -> v < 0.0)
            (fun _ ->
                let a, b = Computed.number (side "driven" 0), Computed.number (side "driven" 1)
                $"x₁ ends at {a} and at {b}.")
            (side "driven" 0 * side "driven" 1)
        Computed.holds
            "A step of the network is U after F̃, to 1e-12"
            (fun v -> v <= 1e-12)
            (fun v -> $"The two differ by at most {v}.")
            (List.max wholes)
    ]

    {
        Claim =
            "<p>Fig. 4 sketches two trajectories of the same maps \\(F_1,F_2,\\dots\\) from two \
             neighbouring states: a small \\(\\Delta x_0\\) becomes a large \
             \\(\\Delta x_t\\). Fig. 5 sketches how each map is a constant one, \
             \\(\\tilde{F}\\), with a boundary between basins, followed by a shift \\(U_t\\) \
             that the input makes.</p>"
        Summary =
            Computed.summary
                $"Driven by the same inputs, two neighbouring states end {Computed.number ratio} \
                  times as far apart as they start. Without inputs they go to the same side."
                claims
        Values = [
            let row = Computed.row context.Protocol
            row "driven" "start" ("distance", "") (gap "driven" first)
            row "driven" "end" ("distance", "") (gap "driven" last)
            row "free" "end" ("distance", "") (gap "free" last)
        ]
        Orderings = claims
        Figures = [
            {
                Id = "trajectories"
                Caption = "Two orbits of one network with the same inputs, after Fig. 4."
                Chart = trajectories finished
                Note =
                    "Both starts lie left of the boundary; the first input carries one across, \
                     and from there the steps lead apart."
            }
            {
                Id = "parts"
                Caption = "The first steps in their two parts, after Fig. 5."
                Chart = parts finished
                Note = "Grey: F̃, always away from the boundary. Coloured: the input's shift U."
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
    Id = "pascanu-fig4-5"
    Script = "scripts/pascanu-fig4-5.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
