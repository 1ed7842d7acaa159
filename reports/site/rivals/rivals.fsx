(**
# Every method on one budget

Which method learns long dependencies, and what does it cost? The papers compare their methods
with few others, each on a budget of its own. Here all of them train on the same tasks until they
have learnt them or have seen the same number of sequences: plain gradient descent (SGD), with its
gradient clipped (SGD-C), with the regulariser of Pascanu, Mikolov and Bengio as well (SGD-CR),
Adam, and Hessian-free optimisation (HF) after its authors' released program, with and without
structural damping. A second part compares architectures under one optimiser: IRNN and np-RNN,
LSTM, GRU and the Clockwork RNN. A third asks whether Hessian-free optimisation reads enough
sequences an update for 200 steps. The others ask what becomes of it by two rules of the released
program: the reduction ratio, which the damping follows, measured on the matrix's sequences and
not on all of the gradient's; and every warm start kept, also one that is worse than none.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports.Items

(**
## The runs

One run a task, length, method and seed. All optimisers train the same tanh network from the same
weights. A run ends when it succeeds or when its budget of sequences is spent; a Gauss–Newton
product of a sequence counts like a gradient of it.
*)

let plan = RivalRuns.plan

(**
## What is made of them

A problem is a task at one length with one seed. A method's cost is what it spent until it solved
the problem: sequences, or the floating-point operations of the sweeps. A performance profile
shows both how often a method is the cheapest and how much it solves at all.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis = {
    Claim = RivalPages.claim context profile finished
    Summary = RivalPages.summary context profile finished
    Values = RivalPages.rows context finished
    Orderings = RivalPages.tests context finished
    Figures = RivalPages.figures context profile finished
    Tables = RivalPages.tables context profile finished
}

let item: Item = {
    Id = "rivals"
    Script = "scripts/rivals.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
