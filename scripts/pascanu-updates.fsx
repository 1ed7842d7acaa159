(**
# Temporal order: how many updates each method needs

Beside Figure 7 the supplement says how long its runs took: at T = 20, from the initialisation
"smart tanh", 21,000 updates for plain gradient descent, 11,000 with clipping and 2,000 with the
regulariser; at T = 200, with the regulariser, 434,000 to 685,000 updates. Attempts to reproduce the
paper that stop at 50,000 updates therefore see nothing.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Judging
open Repro.Reports
open Repro.Reports.Items

(**
## The runs

They are runs of Figure 7, which are trained once: equal specs are equal runs.
*)

let metric = "mean updates to converge"

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let groups = UpdatesPages.groups context finished

    {
        Claim =
            "<p>The supplement gives the mean number of updates until a network gets fewer than \
             1 % of 10,000 sequences wrong, over five seeds: at T = 20 from smart tanh 21,000 \
             (MSGD), 11,000 (MSGD-C) and 2,000 (MSGD-CR); at T = 200 with MSGD-CR 685,000 \
             (sigmoid), 476,000 (basic tanh) and 434,000 (smart tanh).</p>"
        Summary = UpdatesPages.summary context profile finished
        Values =
            Judging.rows context.Protocol context.Targets metric groups
            |> List.map (Judging.possible infinity)
        Orderings = Judging.orderings context.Protocol groups
        Figures = UpdatesPages.figures context profile finished
        Tables = UpdatesPages.tables context profile finished
    }

let item: Item = {
    Id = "pascanu-updates"
    Script = "scripts/pascanu-updates.fsx"
    Needs = []
    Plan = OrderRuns.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
