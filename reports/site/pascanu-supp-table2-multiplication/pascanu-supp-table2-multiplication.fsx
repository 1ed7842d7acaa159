(**
# Multiplication: the product of two marked numbers over 600 steps

The task is that of addition, except that the answer is the product of the two marked numbers. The
hyper-parameters are copied from addition.

The tolerance is even more generous here. The product of two uniform numbers is below 0.4 in 77 % of
the sequences, so a network that always answers 0.2 gets that many right.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Reports.Items

(**
## The runs

There is one part for each clipping threshold whose number of updates the supplement prints, µ = 1
and µ = 6. The table's networks are those of µ = 1.
*)

let claim =
    "<p>The settings are those of addition: MSGD-CR (gradient descent with clipping at µ \
     and the vanishing-gradient regulariser of weight α), 50 units, basic tanh, learning \
     rate 0.01, α = 0.5. All five seeds learn multiplication, in 1,728,000 updates on \
     average with µ = 1 and 3,418,000 with µ = 6. One trained network gets at most 0.73 % of \
     10,000 sequences wrong at lengths up to 400, and 2.11 % at 600. A sequence is wrong \
     when the answer is off by more than 0.2; always answering 0.2 gets 77 % right.</p>"

(**
## What was found

{{finding}} At 600 steps the paper's network gets {{paper MSGD-CR/600}} % of the sequences wrong;
ours {{ours MSGD-CR/600}} %.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-supp-table2-multiplication"
    Script = "scripts/pascanu-supp-table2-multiplication.fsx"
    Needs = []
    Plan = CellRuns.plan
    Analyse = TaskTables.analyse claim
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
