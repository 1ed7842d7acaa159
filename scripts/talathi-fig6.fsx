(**
# UCF-101: validation accuracy over learning rate and dropout

A network of 100 hidden units sees the frames of a video clip one at a time, each as the features
that an image network computed of it, and names the action at the end. Talathi and Vartak's
Figure 6 is a grid search: validation accuracy of four models over six learning rates and three
dropout rates. It carries the paper's point that np-RNN is less sensitive to its settings than IRNN
and iRNN.

The paper's features were never published. What stands in for them, and why no value here compares
with the paper's, is said on the page. Features of one's own, up to all 101 classes, are used when
they lie in `ucf101/own` of the data folder (the README's data section describes the files): the
profile `paper` then runs the grid on them too, as its part `own`.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Reports.Items

(**
## The grid

One run a cell, a part of the plan a model: `--part np-RNN` trains that model's cells alone. Ridge
regressions on single vectors of a clip (part `ridge`) show what needs no recurrent network at all.
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
