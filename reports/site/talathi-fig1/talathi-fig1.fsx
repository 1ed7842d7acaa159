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

open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
open Repro.Engine.Numerics
open Repro.Engine.Runs.Theory
open Repro.Reports.Items

let private spec (s: Setting) =
    NetworkSpec(
        int s["inputs"].Whole,
        int s["hidden"].Whole,
        int s["outputs"].Whole,
        Activation.Relu
    )

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

let private drawn = {
    Network = spec
    Letters = {
        Input = "x"
        Hidden = "h"
        Output = "o"
    }
    Loss = "L"
    Claim =
        "<p>Fig. 1 shows the simple recurrent network: \
         \\(s_t=W_{hx}x_t+W_{hh}h_{t-1}+b\\), \\(h_t=\\max(0,s_t)\\), and outputs \\(o_t\\) \
         read from the hidden units.</p>"
    Finding =
        fun parameters steps ->
            $"The drawing is the network that the engine runs: each of its {parameters} \
              parameters once, and the same ones in all {steps} unrolled copies."
    FoldedCaption = "The network: inputs x, hidden units h, output o."
    UnrolledCaption =
        fun steps ->
            $"The same network over {steps} steps. Column 0 is the state before the first input; \
              h(t) is the state, L(t) the loss of step t."
}

let analyse (context: Context) (_: Profile) (finished: Finished list) : Analysis =
    NetworkPages.analyse drawn context.Protocol finished

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
