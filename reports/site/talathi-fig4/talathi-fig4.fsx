(**
# Multiplication: which initialisation learns the product

Talathi and Vartak's Figure 4 repeats the addition problem with a product: at the last step the
network has to say the product of the two marked numbers. Three scores have a meaning. A network
that always says 1/4 scores 11.12 % with a squared error of 7/144. One that has learnt only the
linear part, (x1 + x2)/2 - 1/4, scores 45.3 % with a squared error of 1/144: all of the paper's bars
near 4,500 are such networks. The rest is the product itself.

gRNN and oRNN are left out of the paper's figure, and so they are here.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

let metric = "test sequences with |error|<0.04 of 10000"

(**
## The runs

Every variant at every length with every seed. The settings stand in the protocol file, which was
committed before the runs. Where stage A of the addition item chooses another reading of what the
paper leaves open, the part *stage-D* trains that at every length.
*)

let plan (context: Context) (profile: Profile) : Planned list =
    let settings = PairRuns.settings context
    let main = PairRuns.budget settings "main" profile
    let reading = PairRuns.chosen settings

    [
        for length in PairRuns.lengths main do
            for series in settings["series"].List do
                for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                    {
                        Part = "main"
                        Series = series.Text
                        X = string length
                        Seed = seed
                        Run = PairRuns.run context main reading series length seed
                    }

        yield! PairChosen.plan PairChosen.multiplication context profile
    ]

(**
## What is made of them

The score is a count out of 10,000, so a run on fewer test sequences is scaled. Published bars are
judged by the protocol's rule, on the runs of the chosen reading once all of them are at hand; runs
at other lengths or budgets stand in rows of their own.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let runs = PairChosen.judged PairChosen.multiplication context finished
    let groups = PairChosen.groups runs

    let values = Judging.rows context.Protocol context.Targets metric groups

    {
        Claim =
            PairClaims.multiplication context.Targets
            + PairAccount.multiplication context finished
        Summary =
            PairPages.summary PairConstant.multiplication profile "np-RNN" groups
            |> Runs.withSentence (
                PairPages.unlearnt PairConstant.multiplication context.Targets values
            )
        Values = values
        Orderings = Judging.orderings context.Protocol groups
        Figures =
            (PairFigures.all context profile groups runs
             |> PairChosen.noted PairChosen.multiplication context finished)
            @ PairFigures.curves PairConstant.multiplication profile runs
        Tables =
            PairPages.comparisons PairConstant.multiplication profile "np-RNN" groups
            @ PairPredictions.multiplication context groups
            @ PairChosen.seenFirst PairChosen.multiplication context "50" finished
    }

(**
## What was found

{{finding}} At 200 steps the paper has np-RNN at {{paper np-RNN/200}} and IRNN at {{paper IRNN/200}}
of 10,000 sequences. Ours, with the interval for one more run: np-RNN {{ours np-RNN/200}}, IRNN
{{ours IRNN/200}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-fig4"
    Script = "scripts/talathi-fig4.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
