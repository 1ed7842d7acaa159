(**
# Temporal order of three marks over 600 steps

A sequence holds three marks among distractors, each A or B. At the end the network has to say which
of the eight orders it saw. It is trained on 50 to 200 steps. The paper's network is right up to 300
steps and begins to fail beyond.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

There is one run for each seed.
*)

let claim =
    "<p>Networks are trained by MSGD-CR (gradient descent with clipping at µ and the \
     vanishing-gradient regulariser of weight α) on random lengths of 50 to 200 steps: 100 \
     units, learning rate 0.01, µ = 1, α = 2. All five seeds learn to tell the eight \
     orders, in 569,000 updates on average. One trained network gets at most 0.06 % of \
     10,000 sequences wrong up to 300 steps, then 2.75 % at 350, 14.13 % at 400 and 24.81 % \
     at 600. A guess is wrong in 87.5 % of the sequences.</p>"

(**
## What was found

{{finding}} At 600 steps the paper's network gets {{paper MSGD-CR/600}} % of the sequences wrong;
ours {{ours MSGD-CR/600}} %.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-supp-table3-temporal-order-3bit"
    Script = "scripts/pascanu-supp-table3-temporal-order-3bit.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = TaskTables.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
