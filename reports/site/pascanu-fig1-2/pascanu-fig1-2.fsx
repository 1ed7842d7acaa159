(**
# A recurrent network, folded and unrolled

Fig. 1 of the paper shows a network whose hidden units feed themselves, so that its state carries
information from one input to the next. Fig. 2 unrolls it into one copy for each time step; all
copies share their weights. Back-propagation through time follows the arrows of the unrolled network
backwards. Gradients vanish or explode because of the product of the Jacobians between neighbouring
columns. Both drawings are made here from a network of the engine: each circle is one of its units,
each arrow one of its parameters.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Dynamics
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Numerics
open Repro.Engine.Runs.Theory
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items

let private spec (s: Setting) =
    NetworkSpec(
        int s["inputs"].Whole,
        int s["hidden"].Whole,
        int s["outputs"].Whole,
        Activation.Tanh
    )

let private letters = {
    Input = "u"
    Hidden = "x"
    Output = "o"
}

let plan (context: Context) (_: Profile) : Planned list =
    let s = Setting.Of context.Protocol
    let steps, seed = int s["steps"].Whole, uint64 s["seed"].Whole

    [
        Computed.planned "main" "graph" ""
        <| NetworkGraphRun(spec s, null, s["deviation"].Number, steps, seed)
    ]

(**
The record holds the network's parameters; the graph is read off them and the layout.
*)

let private graphs (context: Context) finished =
    let s = Setting.Of context.Protocol

    let _, parameters =
        Computed.curve "main" "graph" "" NetworkGraphRun.Parameters finished

    if parameters.Length = 0 then
        None
    else
        Some(
            NetworkGraph.Folded(spec s, parameters),
            NetworkGraph.Unrolled(spec s, parameters, int s["steps"].Whole)
        )

let private texts steps (column: int -> float) (outputs: float) = [
    for t in 0..steps do
        NetworkDrawing.text (column t) (-outputs - 0.4) $"t = {t}"

    for t in 1..steps do
        NetworkDrawing.text (column t + 0.8) (outputs + 0.4) $"E({t})"
        NetworkDrawing.text (column t - 1.75) (0.55 - outputs) $"∂x({t})/∂x({t - 1})"
]

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    let s = Setting.Of context.Protocol
    let steps = int s["steps"].Whole

    let value name =
        Computed.metric "main" "graph" "" name finished

    let claims = [
        Computed.near
            "The folded drawing has every parameter once: arrows and biases"
            (value "parameters")
            0.0
            (value "edges and biases")
        Computed.near
            $"The {steps} unrolled copies use the same weights"
            (value "edges")
            0.0
            (value "parameters on edges unrolled")
        Computed.holds
            "Values passed along the drawn arrows are the engine's outputs, to 1e-12"
            (fun v -> v <= 1e-12)
            (fun v -> $"The largest difference over all steps and outputs is {v}.")
            (value "difference from the engine")
    ]

    {
        Claim =
            "<p>Fig. 1: the recurrent connections of the hidden layer let information persist \
             from one input to the next. Fig. 2: unrolled in time, the network is a deep one with \
             a copy of the layer for each step; \\(E_t\\) is the error that the outputs of step \
             \\(t\\) give.</p>"
        Summary =
            (let parameters = Computed.number (value "parameters")

             Computed.summary
                 $"Folded or unrolled, the drawing is the network that the engine runs: each of \
                   its {parameters} parameters once, and the same ones in all {steps} copies."
                 claims)
        Values = [
            for name in [ "parameters"; "edges"; "nodes"; "edges unrolled"; "nodes unrolled" ] ->
                Computed.row context.Protocol "graph" "" (name, Units.Count) (value name)
        ]
        Orderings = claims
        Figures = [
            match graphs context finished with
            | None -> ()
            | Some(folded, unrolled) ->
                {
                    Id = "folded"
                    Caption = "The network, after Fig. 1: inputs u, hidden units x, outputs o."
                    Chart = NetworkDrawing.folded letters folded |> Chart.withSize (560.0, 620.0)
                    Note = "The thicker an arrow, the larger its weight."
                }

                {
                    Id = "unrolled"
                    Caption =
                        $"The same network over {steps} steps, after Fig. 2. Column 0 is the \
                          state before the first input; x(t) is the state, E(t) the error of \
                          step t."
                    Chart =
                        NetworkDrawing.unrolled letters (texts steps) unrolled
                        |> Chart.withSize (960.0, 520.0)
                    Note = "Arrows of one kind are the same parameters in every column."
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
    Id = "pascanu-fig1-2"
    Script = "scripts/pascanu-fig1-2.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
