(**
# Products of Jacobians: what makes a gradient vanish or explode

The largest singular value of the recurrent matrix decides whether a gradient can explode. The
gradient that an error at step `t` sends to an earlier state is a product of Jacobians, one for each
step between (the paper's eq. 5). Each factor is the transposed recurrent matrix times the slopes of
the units, so its norm is at most the largest singular value times the largest slope (eq. 6). When
that is below 1 the gradient must fade exponentially (eq. 7); only when it is above 1 can it grow.
This page measures both bounds.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Records
open Repro.Engine.Runs.Theory
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items

let private matrix (s: Setting) =
    array2D [ for row in s["matrix"].List -> [ for v in row.List -> v.Number ] ]

let private names (s: Setting) = [ for network in s["networks"].List -> network["name"].Text ]

let private trained (s: Setting) = [
    for node in s["trained"].List -> node["name"].Text, node["alpha"].Number
]

let private updates (s: Setting) = [| for update in s["updates"].List -> update.Whole |]

let plan (context: Context) (_: Profile) : Planned list =
    let s = Setting.Of context.Protocol

    [
        Computed.planned "powers" "matrix" ""
        <| MatrixPowersRun(matrix s, int s["powers"].Whole)
        for network in s["networks"].List do
            Computed.planned "networks" network["name"].Text ""
            <| GradientDecayRun(
                network["activation"].Member<Activation>(fun a -> a.Word()),
                network["deviation"].Number,
                int s["hidden"].Whole,
                int s["steps"].Whole,
                int s["sequences"].Whole,
                uint64 s["seed"].Whole
            )
        for name, alpha in trained s do
            Computed.planned "trained" name ""
            <| TrainedDecayRun(
                s["initialisation"].Text,
                s["deviation"].Number,
                alpha,
                int s["trainedSteps"].Whole,
                updates s,
                uint64 s["seed"].Whole
            )
    ]

(**
## Why singular values and not eigenvalues

Both eigenvalues of `W = [[0.9, 3], [0, 0.9]]` are 0.9, so its powers shrink in the end. But its
largest singular value is above 3, and the first powers grow more than tenfold: a gradient may
explode over ten steps in a network whose spectral radius is below 1.
*)

let private log = StyleParam.AxisType.Log

let private powers finished =
    let l, norms = Computed.curve "powers" "matrix" "" MatrixPowersRun.Norms finished
    let norm = Computed.metric "powers" "matrix" "" "norm" finished
    let radius = Computed.metric "powers" "matrix" "" "spectral radius" finished

    // By repeated multiplication: no power function of the platform's.
    let geometric (q: float) =
        l |> Array.scan (fun p _ -> p * q) 1.0 |> Array.tail

    [
        Chart.Line(
            l,
            norms,
            Name = "‖Wˡ‖",
            ShowMarkers = true,
            LineWidth = 1.6,
            MarkerSymbol = StyleParam.MarkerSymbol.Circle
        )
        |> Chart.withMarkerStyle (Size = 5)
        Chart.Line(
            l,
            geometric radius,
            Name = "ρˡ, the spectral radius alone",
            LineDash = StyleParam.DrawingStyle.Dash
        )
        Chart.Line(
            l,
            geometric norm,
            Name = "‖W‖ˡ, the bound",
            LineDash = StyleParam.DrawingStyle.Dot
        )
    ]
    |> Chart.combine
    |> Chart.withHorizontalLine (1.0, Color = Color.ink)
    |> Chart.withXAxisStyle (TitleText = "power l", MinMax = (0.0, 61.0))
    |> Chart.withYAxisStyle (AxisType = log, MinMax = (-3.0, 3.0))
    |> Chart.withSize (760.0, 440.0)

(**
## Gradients over the lag, before training

The norm of the product is the sharpest bound there is. The one along the states takes the largest
slope at each state actually visited; the coarser one only knows that a slope is at most 1 (tanh)
or ¼ (logistic).
*)

let private panel finished name =
    let curve which =
        Computed.curve "networks" name "" which finished

    let line words which dash color width =
        let x, y = curve which

        Chart.Line(
            x,
            y,
            Name = words,
            LineDash = dash,
            LineColor = Color.fromString color,
            LineWidth = width
        )

    let x, largest = curve GradientDecayRun.Largest
    let _, smallest = curve GradientDecayRun.Smallest
    let _, median = curve GradientDecayRun.Median

    [
        Chart.Line(x, smallest, LineWidth = 0.0)
        Chart.Line(
            x,
            largest,
            LineWidth = 0.0,
            Fill = StyleParam.Fill.ToNext_y,
            FillColor = Color.fromString "rgba(0,114,178,.25)"
        )
        Chart.Line(
            x,
            median,
            Name = "measured (median, smallest to largest)",
            LineColor = Color.fromString "#0072B2"
        )
        line
            "norm of the product, eq. (5)"
            GradientDecayRun.Product
            StyleParam.DrawingStyle.Solid
            "#E69F00"
            1.6
        line
            "bound along the states, eq. (6)"
            GradientDecayRun.Bound
            StyleParam.DrawingStyle.Dash
            "#D55E00"
            1.8
        line
            "bound from ‖W‖ and γ, eq. (7)"
            GradientDecayRun.GlobalBound
            StyleParam.DrawingStyle.Dot
            "#009E73"
            1.8
    ]
    |> Chart.combine
    |> Chart.withXAxisStyle (TitleText = "lag")
    |> Chart.withYAxisStyle (TitleText = "share of ‖dE/dh‖", AxisType = log)

let private networks (context: Context) finished =
    let names = names (Setting.Of context.Protocol)

    names
    |> List.map (panel finished)
    |> Panels.grid 2 2 (names)
    |> Chart.withSize (1000.0, 720.0)

(**
## Gradients over the lag, while a network learns

The same is measured on a network while it learns temporal order. With the regulariser the recurrent
matrix grows until a gradient reaches the first mark. With clipping alone it does not within the
updates measured.
*)

let private lag finished (updates: int64[]) name =
    let shades = [| "#9ecae1"; "#6baed6"; "#3182bd"; "#08519c"; "#08306b" |]

    let line which (update: int64) shade dash (label: string) =
        let x, y = Computed.curve "trained" name "" (which update) finished

        Chart.Line(
            x,
            y,
            Name = label,
            LineDash = dash,
            LineColor = Color.fromString shade,
            LineWidth = 1.8
        )

    let after i =
        Format.whole (float updates[i]) + " updates"

    let at i = Chart.atStage (after i)

    [
        for i in 0 .. updates.Length - 1 do
            line
                TrainedDecayRun.Median
                updates[i]
                shades[i % shades.Length]
                StyleParam.DrawingStyle.Solid
                $"measured after {after i}"
            |> at i
        line
            TrainedDecayRun.Bound
            (Array.last updates)
            "#D55E00"
            StyleParam.DrawingStyle.Dash
            $"bound along the states after {after (updates.Length - 1)}"
        |> at (updates.Length - 1)
    ]
    |> Chart.combine
    |> Chart.withXAxisStyle (TitleText = "lag")
    |> Chart.withYAxisStyle (TitleText = "share of ‖dE/dh‖", AxisType = log)

let private learning (s: Setting) finished =
    let names = trained s |> List.map fst

    names
    |> List.map (lag finished (updates s))
    |> Panels.grid 1 names.Length names
    |> Chart.withSize (1000.0, 460.0)

(** ## What is claimed *)

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let settings = Setting.Of context.Protocol
    let moments = updates settings
    let trainedSteps = settings["trainedSteps"].Whole

    let learnt name metric (update: int64) =
        Computed.metric "trained" name "" $"{metric} at {update}" finished

    let names = names (Setting.Of context.Protocol)

    let power name =
        Computed.metric "powers" "matrix" "" name finished

    let network series name =
        Computed.metric "networks" series "" name finished

    let first = "first power that only shrinks"
    let share = "share at the first step"

    let vanishing = [
        for name in names do
            let factor = network name "largest factor of a step"

            if factor < 1.0 then
                Computed.holds
                    $"{name}: ‖W‖·γ is below 1, so the gradient fades at least that fast"
                    (fun v -> v <= 1.0)
                    (fun v ->
                        $"‖W‖·γ is {Computed.number factor}; the first step's share is {v} times \
                          its bound.")
                    (let _, bound =
                        Computed.curve "networks" name "" GradientDecayRun.GlobalBound finished

                     if bound.Length = 0 then
                         nan
                     else
                         network name "share at the first step" / Array.last bound)
    ]

    let claims =
        [
            Computed.near
                "The largest singular value of W is 3.249286 (to 1e-6)"
                3.249286
                1e-6
                (power "norm")
            // The matrix is defective: the eigenvalue itself is found to half the digits only.
            Computed.near "Its spectral radius is 0.9 (to 1e-6)" 0.9 1e-6 (power "spectral radius")
            Computed.near
                "Its powers grow up to the norm 11.635514 (to 1e-6)"
                11.635514
                1e-6
                (power "largest norm of a power")
            Computed.near "… at the ninth power" 9.0 0.0 (power "power of the largest norm")
            Computed.near "… and stay below 1 from the 49th power on" 49.0 0.0 (power first)
            Computed.holds
                "No measured gradient exceeds the bound of eq. (6), on any sequence at any lag"
                (fun v -> v = 0.0)
                (fun v -> $"{v} of the places measured lie above it.")
                (List.sum [ for name in names -> network name "places above the bound" ])
            Computed.holds
                "Nor does any while a network learns"
                (fun v -> v = 0.0)
                (fun v -> $"{v} of the places measured lie above it.")
                (List.sum [
                    for name, _ in trained settings do
                        for update in moments -> learnt name "places above the bound" update
                ])
        ]
        @ vanishing

    let cell = Format.number "G4"

    {
        Claim =
            "<p>The norm of a step's Jacobian is at most \
             \\(\\Vert W\\Vert\\cdot\\Vert\\diag \\sigma'\\Vert\\) (eq. 6). If that stays below \
             some \\(\\eta&lt;1\\), the gradient over a lag of \\(\\ell\\) steps is at most \
             \\(\\eta^{\\ell}\\) of what it was (eq. 7): with \\(\\lambda_1\\) the largest \
             singular value and \\(\\gamma\\) the largest slope, \
             \\(\\lambda_1&lt;1/\\gamma\\) suffices for vanishing, and \
             \\(\\lambda_1>1/\\gamma\\) is necessary for exploding.</p>"
        Summary =
            (let radius = Computed.number (power "spectral radius")
             let largest = Computed.number (power "largest norm of a power")

             Computed.summary
                 $"The largest singular value bounds how a gradient can grow, and the spectral \
                   radius does not: with a spectral radius of {radius} the powers of W grow to a \
                   norm of {largest}. No gradient measured exceeds the paper's bound."
                 claims)
        Values = [
            let row = Computed.row context.Protocol

            for metric in [ "norm"; "spectral radius"; "largest norm of a power"; first ] do
                row
                    "powers of W"
                    ""
                    (metric, (if metric = first then "power" else "norm"))
                    (power metric)

            for name in names do
                for metric in [ "norm"; "spectral radius"; share ] do
                    row
                        name
                        ""
                        (metric, (if metric = share then Units.Fraction else "norm"))
                        (network name metric)
        ]
        Orderings = claims
        Figures = [
            {
                Id = "powers"
                Caption = "Norms of the powers of W = [[0.9, 3], [0, 0.9]]."
                Chart = powers finished
                Note =
                    "The spectral radius says that the powers vanish in the end. The largest \
                     singular value bounds how far they can grow before."
            }
            {
                Id = "networks"
                Caption =
                    "‖dE/dh‖ at the last step's error, over the lag, as a share of its value at \
                     lag 0: 20 sequences of 100 steps, 50 hidden units, before training."
                Chart = networks context finished
                Note =
                    "The norm of the product (of the first sequence) is close to what is \
                     measured. The bounds are loose, because they take the worst direction anew \
                     at every step. A product ‖W‖·γ above 1 makes exploding possible, not certain."
            }
            {
                Id = "learning"
                Caption =
                    $"The same over the lag while basic tanh learns temporal order of \
                      {trainedSteps} steps: median of 20 sequences, one seed."
                Chart = learning settings finished
                Note =
                    "The bound already allows growth by many orders of magnitude while the \
                     measured gradient still fades."
            }
        ]
        Tables = [
            ("Networks before training",
             Table.ofStrings [
                 "network"
                 "‖W‖"
                 "spectral radius"
                 "‖W‖·γ"
                 "share left after 100 steps (median)"
             ] [
                 for name in names do
                     [
                         name
                         cell (network name "norm")
                         cell (network name "spectral radius")
                         cell (network name "largest factor of a step")
                         cell (network name "share at the first step")
                     ]
             ])
            ("A network while it learns",
             Table.ofStrings [
                 "method"
                 "updates"
                 "‖W‖"
                 "spectral radius"
                 $"share left after {trainedSteps} steps (median)"
             ] [
                 for name, _ in trained settings do
                     for update in moments ->
                         [
                             name
                             string update
                             cell (learnt name "norm" update)
                             cell (learnt name "spectral radius" update)
                             cell (learnt name "share" update)
                         ]
             ])
        ]
    }

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-jacobians"
    Script = "scripts/pascanu-jacobians.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
