(**
# Bifurcations of a single unit

A small change of a parameter can move the state of a network far away after many steps, which is
one way for a gradient to explode. A recurrent network without input applies the same map again and
again, and its state settles to one of the map's attractors. When a parameter passes a bifurcation,
an attractor appears or vanishes. Pascanu, Mikolov and Bengio take the smallest example from Doya
(1993), one logistic unit that feeds itself, `x ← σ(5x + b)`, and draw where it settles as `b`
varies.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Engine.Runs.Theory
open Plotly.NET
open Plotly.NET.LayoutObjects
open Repro.Reports
open Repro.Reports.Items

let private settings (context: Context) = Setting.Of context.Protocol

(**
The runs are the fixed points with the saddle-nodes between them, one orbit for each arrow of the
figure, and the four orbits of its two pairs of circles.
*)

let private crossing (settings: Setting) = [
    let before = settings["bifurcation"].["before"].Number
    let after = settings["bifurcation"].["after"].Number
    let basin = settings["basin"]
    // The state that the unit has settled to before the bias moves.
    "bifurcation", "before", before, 0.9
    "bifurcation", "after", after, 0.9
    "basin", "before", basin["before"].Number, basin["state"].Number
    "basin", "after", basin["after"].Number, basin["state"].Number
]

let plan (context: Context) (_: Profile) : Planned list =
    let s = settings context
    let weight = s["weight"].Number
    let steps = int s["steps"].Whole
    let biases = s["biases"]

    [
        Computed.planned "main" "saddle-node" ""
        <| BifurcationRun(
            weight,
            biases["low"].Number,
            biases["high"].Number,
            int biases["orbits"].Whole
        )
        for i, flow in List.indexed s["flows"].List do
            Computed.planned "flow" "arrow" (string i)
            <| UnitOrbitRun(weight, flow.At(0).Number, flow.At(1).Number, steps)
        for name, side, bias, start in crossing s do
            Computed.planned "crossing" name side (UnitOrbitRun(weight, bias, start, steps))
    ]

(**
## The figure

Bold lines are attractors, the dashed line is the boundary between their basins. An arrow leads
from a start to the state that its orbit reaches.
*)

let private ink = Color.ink
let private blue = Color.fromString "#0072B2"
let private red = Color.fromString "#D55E00"

let private diagram (context: Context) finished =
    let s = settings context
    let b1 = Computed.metric "main" "saddle-node" "" "b1" finished
    let b2 = Computed.metric "main" "saddle-node" "" "b2" finished

    let branch name curve dash width showLegend =
        let x, y = Computed.curve "main" "saddle-node" "" curve finished

        Chart.Line(
            x,
            y,
            Name = name,
            ShowLegend = showLegend,
            LineColor = blue,
            LineWidth = width,
            LineDash = dash
        )

    let at series x metric part =
        Computed.metric part series x metric finished

    let arrows = [
        for i, flow in List.indexed s["flows"].List do
            let first = at "arrow" (string i) "first" "flow"
            let last = at "arrow" (string i) "last" "flow"

            if abs (last - first) > 0.04 then
                let x = flow.At(0).Number
                // Short of the line, so that the head is seen.
                let tip = last - 0.012 * float (sign (last - first))
                Mark.arrow (Color.fromString "#8A8F94") 1.2 (x, first) (x, tip)
    ]

    let crossings = [
        for name, symbol, words in
            [
                "bifurcation", StyleParam.MarkerSymbol.Circle, "across the bifurcation b₂"
                "basin",
                StyleParam.MarkerSymbol.Modified(
                    StyleParam.MarkerSymbol.Circle,
                    StyleParam.SymbolStyle.Open
                ),
                "across the basin boundary"
            ] do
            let sides = [ "before"; "after" ]

            Chart.Point(
                sides |> List.map (fun side -> at name side "bias" "crossing"),
                sides |> List.map (fun side -> at name side "last" "crossing"),
                Name = words,
                MarkerColor = red,
                MarkerSymbol = symbol
            )
            |> Chart.withMarkerStyle (Size = 10)
    ]

    [
        branch "attractor" BifurcationRun.Upper StyleParam.DrawingStyle.Solid 3.5 true
        branch "attractor" BifurcationRun.Lower StyleParam.DrawingStyle.Solid 3.5 false
        branch "basin boundary" BifurcationRun.Boundary StyleParam.DrawingStyle.Dash 2.0 true
    ]
    @ crossings
    |> Chart.combine
    |> Chart.withAnnotations arrows
    |> Chart.withVerticalLine (
        b2,
        Text = $"b₂ = {b2:F6}",
        Color = ink,
        Dash = StyleParam.DrawingStyle.Dot
    )
    |> Chart.withVerticalLine (
        b1,
        Text = $"b₁ = {b1:F6}",
        Color = ink,
        Dash = StyleParam.DrawingStyle.Dot
    )
    |> Chart.withXAxisStyle (TitleText = "b", MinMax = (-3.15, -1.85))
    |> Chart.withYAxisStyle (TitleText = "x after many steps", MinMax = (0.0, 1.0))
    |> Chart.withSize (760.0, 500.0)

let private settling finished =
    [
        for name, side, words in
            [
                "bifurcation", "before", "b = −2.63"
                "bifurcation", "after", "b = −2.68"
                "basin", "before", "b = −2.49"
                "basin", "after", "b = −2.51"
            ] do
            let t, x = Computed.curve "crossing" name side UnitOrbitRun.Orbit finished

            let start = if name = "bifurcation" then "from 0.9" else "from 0.5"

            Chart.Line(
                Array.truncate 61 t,
                Array.truncate 61 x,
                Name = $"{words}, {start}",
                LineDash =
                    (if side = "before" then
                         StyleParam.DrawingStyle.Solid
                     else
                         StyleParam.DrawingStyle.Dash),
                LineColor = (if name = "bifurcation" then red else blue)
            )
    ]
    |> Chart.combine
    |> Chart.withXAxisStyle (TitleText = "step")
    |> Chart.withYAxisStyle (TitleText = "x", MinMax = (0.0, 1.0))
    |> Chart.withSize (760.0, 380.0)

(** ## What is claimed *)

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let value name =
        Computed.metric "main" "saddle-node" "" name finished

    let jump name =
        let last side =
            Computed.metric "crossing" name side "last" finished

        last "before" - last "after"

    let claims = [
        Computed.holds
            "b₁ and b₂ agree with the closed form x = ½ ± √(¼ − 1/w) to 1e-12"
            (fun v -> v <= 1e-12)
            (fun v -> $"The two differ by at most {v}.")
            (value "distance from the closed form")
        Computed.holds
            "There are three fixed points between b₂ and b₁ and one elsewhere, and every orbit \
             settles to the attractor on its side of the boundary"
            (fun v -> v = 0.0)
            (fun v -> $"{v} of the biases and orbits tried do otherwise.")
            (value "orbits that miss their attractor")
        Computed.holds
            "A change of b by 0.05 across b₂ moves the settled state by more than 0.5"
            (fun v -> v > 0.5)
            (fun v -> $"It moves by {v}.")
            (jump "bifurcation")
        Computed.holds
            "Without any bifurcation, a change of b by 0.02 that moves the boundary past the \
             state moves the settled state by more than 0.5"
            (fun v -> v > 0.5)
            (fun v -> $"It moves by {v}.")
            (jump "basin")
    ]

    {
        Claim =
            "<p>For a logistic unit with the recurrent weight 5 the paper draws the state after \
             many steps over the bias: one attractor for large \\(b\\), a second one from \
             \\(b_1\\) down, the first one gone from \\(b_2\\) down. Crossing \\(b_2\\) throws \
             the state far away (filled circles), and so does, between the two, a change of \
             \\(b\\) that moves the boundary of the basins past the state (open circles).</p>"
        Summary =
            (let across = Computed.number (jump "bifurcation")
             let within = Computed.number (jump "basin")

             Computed.summary
                 $"A change of the bias by 0.05 across a bifurcation moves the settled state by \
                   {across}. A change by 0.02 without a bifurcation moves it by {within}, where \
                   the boundary of the basins passes the state."
                 claims)
        Values =
            Computed.rows context.Protocol context.Targets (fun t -> value t.Metric)
            @ [
                let row = Computed.row context.Protocol
                row "saddle-node" "b1" ("state", "") (value "state at b1")
                row "saddle-node" "b2" ("state", "") (value "state at b2")
            ]
        Orderings = claims
        Figures = [
            {
                Id = "bifurcation"
                Caption =
                    "Where the unit x ← σ(5x + b) settles. Each arrow is an orbit of 400 steps."
                Chart = diagram context finished
                Note = "The two pairs of circles are the paper's two ways for a state to jump."
            }
            {
                Id = "crossings"
                Caption = "The four orbits behind the circles."
                Chart = settling finished
                Note =
                    "Just past b₂ the orbit lingers where the attractor was, and only then falls. \
                     A few steps alone do not show the bifurcation."
            }
        ]
        Tables = []
    }

(**
## What was found

{{finding}} The equations give b₁ = {{paper saddle-node/x=0.276393}} and b₂ = {{paper
saddle-node/x=0.723607}}. The runs find {{ours saddle-node/x=0.276393: b1}} and {{ours
saddle-node/x=0.723607: b2}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-fig3"
    Script = "scripts/pascanu-fig3.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
