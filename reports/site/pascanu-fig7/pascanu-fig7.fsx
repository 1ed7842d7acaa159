(**
# Temporal order: how long a sequence each method can learn

Figure 7 of Pascanu, Mikolov and Bengio is their main result: how long a sequence each method can
learn. A network reads a sequence of symbols. One in the first half and one in the second half are A
or B, and all others are distractors. At the end the network has to say which of the four pairs it
saw. Three methods are compared, each from three initialisations:

- **MSGD**, plain stochastic gradient descent on minibatches, learns short sequences only;
- **MSGD-C**, the same with the gradient's norm clipped at µ, learns longer ones from two of the
  three initialisations;
- **MSGD-CR**, clipping and the vanishing-gradient regulariser Ω with weight α, learns nearly every
  length that the authors tried.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

There is one run for each curve, length and seed, with more seeds near the length at which the
paper's curve falls. A run stops when fewer than 100 of 10,000 fresh sequences are wrong, so its
number of updates is a result too. Each part of the plan is an initialisation, so one panel can be
run alone.

## What is made of them

The page shows the rate of success against length, a test of the length at which it falls, and the
rate of success against the number of updates. The last is there because a run that is cut short
looks like a method that fails.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis = {
    Claim =
        "<p>Figure 7 makes three claims. From each of three initialisations, plain gradient \
         descent (MSGD) stops learning temporal order at a few dozen steps. Clipping the \
         gradient's norm (MSGD-C) takes a tanh network further, to about 55 to 100 steps. \
         Clipping with the vanishing-gradient regulariser (MSGD-CR) succeeds at every length up \
         to 200, and nearly always at 250.</p>"
    Summary = OrderPages.summary context profile finished
    Values = OrderPages.rows context finished
    Orderings = OrderPages.tests context finished
    Figures = OrderPages.figures context profile finished
    Tables = OrderPages.tables context profile finished
}

(**
## What was found

{{finding}} At 200 steps from basic tanh the share of seeds that MSGD-CR teaches is {{ours
basic-tanh/MSGD-CR/200}}; the paper's is {{paper basic-tanh/MSGD-CR/200}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-fig7"
    Script = "scripts/pascanu-fig7.fsx"
    Needs = []
    Plan = OrderRuns.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
