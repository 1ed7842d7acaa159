(**
# Norm clipping: how much the threshold matters

Algorithm 1 scales a gradient whose norm reaches a threshold down to that threshold. How is the
threshold chosen? The paper's rule of thumb is to look at the average norm: values from half to
ten times the average still converge, though not at the same speed.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

Three questions, each a group of parts. `average` measures the average norm in a run of its own,
and `multiples` trains with thresholds from a tenth to twenty times it. `addition` and
`multiplication` compare the supplement's thresholds 1 and 6 with no clipping at all; the clipped
runs are those of Tables 1 and 2, trained once. `regulariser` leaves out the clipping of the item
pascanu-random-length.
*)

let claim =
    "<p>Thresholds from half to ten times the average norm still converge, though not at \
     the same speed. Addition takes 1,226,000 updates with the threshold µ = 1 and \
     1,299,000 with µ = 6, multiplication 1,728,000 and 3,418,000; without clipping (µ = ∞) \
     both fail. The regulariser without clipping usually fails, since gradients \
     explode.</p>"

let item: Item = {
    Id = "pascanu-algorithm1"
    Script = "scripts/pascanu-algorithm1.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = ClippingPages.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
