(**
# Temporal order learnt on 50 to 200 steps and tested on 5,000

The paper reports one network that gets no sequence wrong at lengths up to 5,000 steps. It was
trained on minibatches whose length is drawn anew between 50 and 200 steps, so the longest test is
25 times the longest it was trained on.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

There is one run for each seed. Its curves keep the spectral radius and the largest singular value
of the recurrent weights. They start near 0.7 and 1.4: random weights of standard deviation 0.1 in
50 units have a spectral radius of about 0.1·√50 and a largest singular value of twice that.
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
        "<p>Networks are trained by MSGD-CR on random lengths of 50 to 200 steps (basic tanh: \
         weights of standard deviation 0.1; regulariser's weight α = 2). All five seeds reach \
         no error on 10,000 sequences. One trained network gets none of 10,000 wrong at each of \
         ten lengths from 50 to 5,000 steps.</p>"
    Summary = LengthPages.summary profile finished
    Values = LengthPages.rows context finished
    Orderings = []
    Figures = LengthPages.figures context profile finished
    Tables = LengthPages.tables profile finished
}

(**
## What was found

{{finding}} At 5,000 steps the paper's network has {{paper basic-tanh/MSGD-CR/5000}} of 10,000
sequences wrong; ours, over the seeds, {{ours basic-tanh/MSGD-CR/5000}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-random-length"
    Script = "scripts/pascanu-random-length.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
