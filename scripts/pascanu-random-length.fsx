(**
# Temporal order learnt on 50 to 200 steps and tested on 5,000

One network, trained on minibatches whose length is drawn anew between 50 and 200 steps, gets no
sequence wrong at lengths up to 5,000: 25 times longer than any it was trained on. The authors read
this as a sign that it holds the marks in attractors rather than counting steps.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

One a seed. The curves keep the spectral radius and the largest singular value of the recurrent
weights, which start near .7 and 1.4 and have to grow before a gradient can reach back 200 steps.
*)

let plan (context: Context) (profile: Profile) : Planned list =
    let settings = Setting.Of context.Protocol
    let run = CellRuns.shared settings settings["profiles"].[profile.Name()]

    let shortest, longest =
        run["task"].["shortest"].Whole, run["task"].["longest"].Whole

    let x = $"{shortest}-{longest}"

    [
        for seed in 1UL .. uint64 context.Protocol.Seeds[profile] ->
            {
                Part = "main"
                Series = "basic-tanh/MSGD-CR"
                X = x
                Seed = seed
                Run = CellRuns.run context run $"random length {x} seed {seed}" seed
            }
    ]

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis = {
    Claim =
        "<p>Trained on random lengths of 50 to 200 steps (basic tanh, α = 2), all five seeds \
         reach no error on 10,000 sequences, and the trained network gets none of 10,000 wrong \
         at each of ten lengths from 50 to 5,000 steps.</p>"
    Summary = LengthPages.summary profile finished
    Values = LengthPages.rows context finished
    Orderings = []
    Figures = LengthPages.figures context profile finished
    Tables = LengthPages.tables profile finished
}

let item: Item = {
    Id = "pascanu-random-length"
    Script = "scripts/pascanu-random-length.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
