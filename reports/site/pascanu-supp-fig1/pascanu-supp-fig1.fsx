(**
# The gradient's norm during a run

Gradients do not explode gradually. In the paper's run their norm stays below 1 for thousands of
updates; then a single update has a norm that is larger by many orders of magnitude. Clipping is
made for such updates.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

The task is temporal order on 50 to 200 steps, with the clipping threshold 6. A run goes on to the
end of its budget, whether or not it learns the task. The record keeps the largest norm of each
stretch of updates, and one window of updates in finer steps.
*)

let claim =
    "<p>Left panel: over 5,000,000 updates the norm is flat, except for a spike of \
     2.8 × 10⁹ at update 1,030,000 and one of 1.2 × 10⁸ at update 534,000. Right \
     panel: in updates 174,000 to 181,000 the base is just under 1 and spikes reach 9 to \
     16.</p>"

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-supp-fig1"
    Script = "scripts/pascanu-supp-fig1.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = NormPages.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
