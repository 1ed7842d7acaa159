(**
# UCF-101: validation accuracy over learning rate and dropout

Talathi and Vartak's Figure 6 is a grid search: the validation accuracy of four models over six
learning rates and three dropout rates. The paper concludes from it that np-RNN is less sensitive to
its settings than IRNN and iRNN. Each network has 100 hidden units. It sees a video clip frame by
frame, each frame as the features that an image network computed from it, and names the action at
the end.

The paper's features were never published. The page says what stands in for them, and why no value
here compares with the paper's. You can put features of your own, up to all 101 classes, into
`ucf101/own` of the data folder (the README's data section describes the files). The profile `paper`
then runs the grid on them too, as its part `own`.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Reports.Items

(**
## The grid

There is one run for each model and setting. Each part of the plan is a model: `--part np-RNN`
trains that model alone. Ridge regressions on single vectors of a clip (part `ridge`) show how much
can be had without any recurrent network.
*)

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-fig6"
    Script = "scripts/talathi-fig6.fsx"
    Needs = [ Catalogue.Ucf101 ]
    Plan = FeaturePages.planGrid
    Analyse = FeatureGrid.analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
