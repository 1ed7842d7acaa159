(**
# The simple recurrent network

Fig. 1 of Talathi and Vartak shows the network of their equations 1 to 4: inputs `x`, hidden units
`h` that feed themselves, and outputs `o`. It is drawn here from a network of the engine with the
paper's own initial weights. Each circle is one unit and each arrow one parameter. Two properties of
np-RNN's recurrent matrix can be seen: it is symmetric, and its diagonal is large and positive,
which makes the loops thick.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Dynamics
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
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
        Activation.Relu
    )

let private letters = {
    Input = "x"
    Hidden = "h"
    Output = "o"
}

let plan (context: Context) (_: Profile) : Planned list =
    let s = Setting.Of context.Protocol
    let steps, seed = int s["steps"].Whole, uint64 s["seed"].Whole

    [
        Computed.planned "main" "graph" ""
        <| NetworkGraphRun(spec s, Variant.Named s["variant"].Text, 0.0, steps, seed)
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
        NetworkDrawing.text (column t + 0.8) (outputs + 0.4) $"L({t})"
        NetworkDrawing.text (column t - 1.75) (0.55 - outputs) $"∂h({t})/∂h({t - 1})"
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
            "<p>Fig. 1 shows the simple recurrent network: \
             \\(s_t=W_{hx}x_t+W_{hh}h_{t-1}+b\\), \\(h_t=\\max(0,s_t)\\), and outputs \\(o_t\\) \
             read from the hidden units.</p>"
        Summary =
            (let parameters = Computed.number (value "parameters")

             Computed.summary
                 $"The drawing is the network that the engine runs: each of its {parameters} \
                   parameters once, and the same ones in all {steps} unrolled copies."
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
                    Caption = "The network: inputs x, hidden units h, output o."
                    Chart = NetworkDrawing.folded letters folded |> Chart.withSize (560.0, 620.0)
                    Note = "The thicker an arrow, the larger its weight."
                }

                {
                    Id = "unrolled"
                    Caption =
                        $"The same network over {steps} steps. Column 0 is the state before the \
                          first input; h(t) is the state, L(t) the loss of step t."
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
    Id = "talathi-fig1"
    Script = "scripts/talathi-fig1.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
