(**
# UCF-101: accuracy at each model's best setting

Talathi and Vartak's Table 3 prints validation and test accuracy of iRNN, IRNN, np-RNN and an LSTM,
each at the learning rate and dropout rate that were best on validation in their Figure 6.

The runs of the grid are those of the item `talathi-fig6`, made once for both. When the grid of a
model is complete, its best setting is chosen and trained with more seeds (part `main`). The paper's
features were never published; the page says what stands in for them. With features of your own in
`ucf101/own` of the data folder, the profile `paper` does the same on them (parts `own-grid` and
`own`).
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Reports.Items

(**
## What was found

{{finding}} On the paper's own data np-RNN names {{paper np-RNN/lr=1e-3 dropout=0.5: test accuracy}}
% of the test clips; on the substitute it is {{ours np-RNN/lr=1e-3 dropout=0.5: test accuracy}}. The
two do not compare, and the verdict on that value is *{{verdict np-RNN/lr=1e-3 dropout=0.5: test
accuracy}}*.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-table3"
    Script = "scripts/talathi-table3.fsx"
    Needs = [ Catalogue.Ucf101 ]
    Plan = FeaturePages.planBest
    Analyse = FeatureBest.analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
