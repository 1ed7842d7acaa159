(**
# Temporal order: how many updates each method needs

The supplement says how many updates the runs of Figure 7 took. At T = 20, from the initialisation
"smart tanh", plain gradient descent (MSGD) took 21,000, clipping (MSGD-C) 11,000, and clipping with
the vanishing-gradient regulariser (MSGD-CR) 2,000. At T = 200, MSGD-CR took 434,000 to 685,000. A
run that stops much earlier says nothing about these lengths.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

They are runs of Figure 7. A run with the same settings is the same run, so they are trained once.
The part *grid* is the search by which the authors found those settings, at T = 100: learning rate,
clipping threshold µ and weight α of the regulariser, and each without the regulariser. What was
expected of it stands in the protocol file, which was committed before the runs.
*)

let metric = "mean updates to converge"

let plan (context: Context) (profile: Profile) =
    OrderRuns.plan context profile @ OrderGrid.plan context profile

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let groups = UpdatesPages.groups context finished

    {
        Claim =
            "<p>The supplement gives the mean number of updates until a network gets fewer than \
             1 % of 10,000 sequences wrong, over five seeds: at T = 20 from smart tanh 21,000 \
             (MSGD), 11,000 (MSGD-C) and 2,000 (MSGD-CR); at T = 200 with MSGD-CR 685,000 \
             (sigmoid), 476,000 (basic tanh) and 434,000 (smart tanh).</p>\n"
            + OrderGridPages.account context finished
        Summary =
            UpdatesPages.summary context profile finished
            |> Runs.withSentence (
                if profile = Profile.Paper then
                    OrderGridPages.headline context finished
                else
                    ""
            )
        Values = Judging.rows context.Protocol context.Targets metric groups
        Orderings = Judging.orderings context.Protocol groups @ OrderGrid.claims context finished
        Figures =
            UpdatesPages.figures context profile finished
            @ OrderGridPages.figures context finished
        Tables =
            UpdatesPages.tables context profile finished
            @ OrderGridPages.tables context finished
            @ OrderPredictions.table context finished
    }

(**
## What was found

{{finding}} At 20 steps from smart tanh, clipping with the regulariser takes {{ours
smart-tanh/MSGD-CR/20}} updates, where the paper prints {{paper smart-tanh/MSGD-CR/20}}; clipping
alone takes {{ours smart-tanh/MSGD-C/20}}, where it prints {{paper smart-tanh/MSGD-C/20}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "pascanu-updates"
    Script = "scripts/pascanu-updates.fsx"
    Needs = []
    Plan = plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
