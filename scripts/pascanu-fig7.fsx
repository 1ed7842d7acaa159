(**
# Temporal order: how long a sequence each method can learn

Figure 7 of Pascanu, Mikolov and Bengio is their main result. A network reads symbols of which two,
somewhere in the first and the second half, are A or B; at the end it has to say which came first.
Plain stochastic gradient descent (MSGD) learns this for short sequences only, clipping the
gradient's norm (MSGD-C) takes it further, and clipping with the vanishing-gradient regulariser
(MSGD-CR) as far as the authors looked, from each of three initialisations.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

One run a curve, length and seed, with more seeds near the length at which the paper's curve falls.
A run stops when fewer than 100 of 10,000 fresh sequences are wrong, so its number of updates is a
result too. Parts are named after the initialisation, so that one panel can be run alone.

## What is made of them

The rate of success against length, the test of where it falls, and what the usual failure to
reproduce this paper comes from: the rate of success against the budget.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis = {
    Claim =
        "<p>Figure 7 claims that from each of three initialisations plain gradient descent stops \
         learning temporal order at a few dozen steps, that clipping the gradient's norm takes a \
         tanh network further (to about 55–100 steps), and that clipping with the \
         vanishing-gradient regulariser succeeds at every length up to 200, and nearly always at \
         250.</p>"
    Summary = OrderPages.summary context profile finished
    Values = OrderPages.rows context finished
    Orderings = OrderPages.tests context finished
    Figures = OrderPages.figures context profile finished
    Tables = OrderPages.tables context profile finished
}

let item: Item = {
    Id = "pascanu-fig7"
    Script = "scripts/pascanu-fig7.fsx"
    Needs = []
    Plan = OrderRuns.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
