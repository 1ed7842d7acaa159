(**
# Addition: which initialisation learns at which length

Talathi and Vartak's Figure 3 trains seven recurrent networks of 100 hidden units on the addition
problem. A sequence has two channels: numbers uniform in [0, 1), and a mask that is one at two
steps. At the last step the network has to say the sum of the two marked numbers. The score counts
the test sequences out of 10,000 with an error below 0.04. A network that always says 1 scores 784
of 10,000, and its squared error is 1/6.

The seven differ in their recurrent weights before training, and in nothing else.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

let metric = "test sequences with |error|<0.04 of 10000"

(**
## The runs

The main part trains every variant at every length with every seed. The paper leaves open how
several of its settings are meant; the part called *readings* changes one of them at a time, for
np-RNN and IRNN, and is scored on validation sequences. The part called *stage-A* asks which reading
of what all seven share comes closest to the paper's seven bars. Where its rule chooses another than
the present one, the part *stage-B* trains that at every length; it is planned when the last run of
stage A is recorded. The part *stage-E* asks what becomes of the bars when the learning rate falls,
which the paper does not print, and the part *stage-F* draws the whole figure so; they decide
nothing. The part *sensitivity* asks in how many pairs of learning rate and clipping
threshold each variant learns. The settings of the parts, and the rules by which readings are
chosen, stand in the protocol file, which was committed before the runs.
*)

let plan (context: Context) (profile: Profile) : Planned list =
    let settings = PairRuns.settings context
    let main = PairRuns.budget settings "main" profile
    let grid = PairRuns.budget settings "grid" profile
    let seeds = context.Protocol.Seeds[profile]
    let gridSeeds = int settings["readingsSeeds"].[profile.Name()].Whole

    let cell part series x seed run = {
        Part = part
        Series = series
        X = x
        Seed = seed
        Run = run
    }

    [
        for length in PairRuns.lengths main do
            for series in settings["series"].List do
                for seed in 1UL .. uint64 seeds do
                    PairRuns.run context main (PairRuns.chosen settings) series length seed
                    |> cell "main" series.Text (string length) seed

        for reading in PairRuns.readings settings do
            for series in settings["readingsOf"].List do
                for length in PairRuns.lengths grid do
                    for seed in 1UL .. uint64 gridSeeds do
                        PairRuns.run context grid reading series length seed
                        |> cell "readings" series.Text reading.Name seed

        yield! PairStage.plan PairStage.deciding context profile
        yield! PairChosen.plan PairChosen.addition context profile
        yield! PairStage.plan PairStage.falling context profile
        yield! PairFallingLengths.plan context profile
        yield! PairSensitivity.plan context profile
    ]

(**
## What is made of them

The score is a count out of 10,000, so a run on fewer test sequences is scaled. Published bars are
judged by the protocol's rule, on the runs of the chosen reading once all of them are at hand; runs
at other lengths or budgets stand in rows of their own.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let runs = PairChosen.judged PairChosen.addition context finished
    let groups = PairChosen.groups runs

    let values = Judging.rows context.Protocol context.Targets metric groups

    let settings = PairRuns.settings context
    let deciding = PairStage.rows PairStage.deciding context Profile.Paper
    let falling = PairStage.rows PairStage.falling context Profile.Paper
    let length = PairStage.length context

    {
        Claim =
            "<p>The paper's Figure 3 claims that np-RNN solves addition at every length up to 500 \
             steps and scores highest throughout: 9,519 of 10,000 at T = 150 and 7,549 at T = 500, \
             where IRNN is down to 1,422. gRNN and oRNN learn nothing at any length; iRNN, nRNN \
             and np-tanhRNN fail from some length on.</p>\n"
            + PairAccount.addition metric context deciding falling finished
        Summary =
            PairPages.summary PairConstant.addition profile "np-RNN" groups
            |> Runs.withSentence (PairPages.unlearnt PairConstant.addition context.Targets values)
            |> Runs.withSentence (
                if profile = Profile.Paper then
                    PairSensitivity.headline context "np-RNN" finished
                else
                    ""
            )
        Values = values
        Orderings =
            Judging.orderings context.Protocol groups
            @ PairSensitivity.claims context finished
        Figures =
            (PairFigures.all context profile groups runs
             |> PairChosen.noted PairChosen.addition context finished)
            @ PairFallingLengths.figures context finished
            @ PairFigures.curves PairConstant.addition profile runs
            @ PairReadings.figures settings profile finished
            @ PairSensitivity.figures context finished
        Tables =
            PairPages.comparisons PairConstant.addition profile "np-RNN" groups
            @ PairChosen.seenFirst PairChosen.addition context length finished
            @ PairReadings.tables context settings finished
            @ PairAccount.stageTables PairStage.deciding context deciding
            @ PairAccount.stageTables PairStage.falling context falling
            @ PairFallingLengths.tables metric context finished
            @ PairSensitivity.tables context finished
            @ PairPredictions.addition metric context deciding falling finished
    }

(**
## What was found

{{finding}} At 150 steps the paper has np-RNN at {{paper np-RNN/150}} and IRNN at {{paper IRNN/150}}
of 10,000 sequences. Ours, with the interval for one more run: np-RNN {{ours np-RNN/150}}, IRNN
{{ours IRNN/150}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-fig3"
    Script = "scripts/talathi-fig3.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
