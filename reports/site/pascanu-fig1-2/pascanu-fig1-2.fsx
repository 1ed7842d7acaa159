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

open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Numerics
open Repro.Engine.Runs.Theory
open Repro.Reports.Items

let private spec (s: Setting) =
    NetworkSpec(
        int s["inputs"].Whole,
        int s["hidden"].Whole,
        int s["outputs"].Whole,
        Activation.Tanh
    )

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

let private drawn = {
    Network = spec
    Letters = {
        Input = "u"
        Hidden = "x"
        Output = "o"
    }
    Loss = "E"
    Claim =
        "<p>Fig. 1: the recurrent connections of the hidden layer let information persist \
         from one input to the next. Fig. 2: unrolled in time, the network is a deep one with \
         a copy of the layer for each step; \\(E_t\\) is the error that the outputs of step \
         \\(t\\) give.</p>"
    Finding =
        fun parameters steps ->
            $"Folded or unrolled, the drawing is the network that the engine runs: each of \
              its {parameters} parameters once, and the same ones in all {steps} copies."
    FoldedCaption = "The network, after Fig. 1: inputs u, hidden units x, outputs o."
    UnrolledCaption =
        fun steps ->
            $"The same network over {steps} steps, after Fig. 2. Column 0 is the state before \
              the first input; x(t) is the state, E(t) the error of step t."
}

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    NetworkPages.analyse drawn context.Protocol finished

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
