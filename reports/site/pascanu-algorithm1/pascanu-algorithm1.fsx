(**
# Norm clipping: how much the threshold matters

Algorithm 1 scales a gradient down when its norm reaches a threshold µ. The paper's rule for
choosing µ is to look at the average norm of the gradient: every threshold from half to ten times
the average still converges, though not equally fast. This page tests the rule, and what happens
without clipping.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

The plan has three groups of parts. `average` measures the average norm in one run, and `multiples`
trains with thresholds from a tenth to twenty times that norm. `addition` and `multiplication`
compare the supplement's thresholds 1 and 6 with no clipping; the runs with a threshold are those of
the supplement's Tables 1 and 2, trained once. `regulariser` repeats the runs of the item
pascanu-random-length without their clipping.
*)

let claim =
    "<p>Thresholds from half to ten times the average norm still converge, though not equally \
     fast. Addition takes 1,226,000 updates with the threshold µ = 1 and 1,299,000 with \
     µ = 6; multiplication takes 1,728,000 and 3,418,000. Without clipping (µ = ∞) both \
     fail. The vanishing-gradient regulariser without clipping usually fails too, because \
     gradients explode.</p>"

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-algorithm1"
    Script = "scripts/pascanu-algorithm1.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = ClippingPages.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
