(**
# Every table and figure

Builds what is needed, trains what the stores lack, writes figures, tables and pages, and prints
the verdicts. Each item is a script of its own beside this one.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"
#load "shared/items.fsx"

open Repro.Reports.Items

// Findings for the top of the index. Each is written from the records, or not at all.
let headlines = [
    PairHeadlines.irnnAhead
    PairHeadlines.falling
    PairHeadlines.unlearnt
    PairHeadlines.multiplied
    PairHeadlines.sensitivity
    MnistHeadlines.accuracy
    OrderHeadlines.randomLengths
    OrderHeadlines.fewerUpdates
    TaskHeadlines.thresholds "pascanu-supp-table1-addition" "addition"
    TaskHeadlines.thresholds "pascanu-supp-table2-multiplication" "multiplication"
    RivalHeadlines.architectures
    RivalHeadlines.hessianFree
    ClockworkHeadlines.order
]

exit (Runner.site Prelude.root Items.all headlines Prelude.arguments)
