(**
# The gradient's norm during a run

The gradients of a recurrent network do not grow slowly: for thousands of updates their norm is
below 1, and then a single update has one that is larger by many orders of magnitude. This is the
picture behind clipping.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

Temporal order on 50 to 200 steps with the threshold 6, to the end of the budget whether or not
the task is learnt meanwhile. The record keeps the largest norm of each stretch of updates, and a
window of updates in finer steps.
*)

let claim =
    "<p>Left panel: over 5,000,000 updates the norm is flat but for a spike of 2.8e9 at \
     update 1,030,000 (and one of 1.2e8 at 534,000). Right panel: within updates 174,000 to \
     181,000 the base is just under 1 and spikes reach 9 to 16.</p>"

let item: Item = {
    Id = "pascanu-supp-fig1"
    Script = "scripts/pascanu-supp-fig1.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = NormPages.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
