(**
# Sequential MNIST: accuracy after 100 and 500 epochs

Talathi and Vartak's Table 2 prints the test accuracy of the two networks of their Figure 5 after
100 and after 500 epochs. The text calls 500 epochs "937500" updates; at the batch size of 16 that
it states, 500 epochs are 1,875,000.

What the paper leaves open is settled as on the page of Figure 5. The part *stage-C* is that
figure's; the parts *chosen* and, with one seed, *chosen-500* are planned when it is complete.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items

let metric = "test accuracy after so many epochs"

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let percent (f: Finished) = 100.0 * f.Record.Metric "test correct"

    let groups = [
        for part, runs in MnistStage.judged context finished |> List.groupBy _.Cell.Part do
            yield! Judging.groups part percent runs
    ]

    let chart scale =
        Compare.curves (
            MnistPages.curves context scale "test correct" 100.0 (_.X >> float) finished
        )
        |> Diverged.onto (MnistPages.diverged context scale "test correct" 100.0 finished)
        |> Chart.withXAxisStyle (TitleText = "epochs")
        |> Chart.withYAxisStyle (TitleText = "test accuracy, percent", MinMax = (0.0, 100.0))
        |> Chart.withSize (960.0, 460.0)

    {
        Claim =
            "<p>The paper's Table 2 prints 83 % and 93 % for IRNN with RMSprop after 100 and 500 \
             epochs, and 92 % and 96.8 % for np-RNN with gradient descent: np-RNN learns faster \
             and ends higher.</p>\n"
            + MnistStagePages.shortAccount context
        Summary = MnistPages.summary context profile finished "%" percent
        Values = Judging.rows context.Protocol context.Targets metric groups
        Orderings = Judging.orderings context.Protocol groups
        Figures = [
            if profile <> Profile.Paper then
                {
                    Id = "quick"
                    Caption = $"Our test accuracy at {Runs.scaleName profile}, every seed thin."
                    Chart = chart profile
                    Note =
                        "Images averaged over 4×4 pixels (49 steps) and four epochs at larger \
                         learning rates: not the paper's scale."
                }
            {
                Id = "paper"
                Caption =
                    "The table's cells as points; ours at the paper's own scale as lines, where \
                     recorded: seeds thin, the mean of those that reach the end thick."
                Chart = chart Profile.Paper
                Note = MnistStagePages.whose context finished
            }
        ]
        Tables = []
    }

(**
## What was found

{{finding}} After 100 epochs the paper has np-RNN at {{paper np-RNN (SGD)/100}} % and IRNN at
{{paper IRNN (RMSProp)/100}} %. Ours: np-RNN {{ours np-RNN (SGD)/100}}, IRNN {{ours IRNN
(RMSProp)/100}}.

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-table2"
    Script = "scripts/talathi-table2.fsx"
    Needs = [ Catalogue.Mnist ]
    Plan = MnistPages.plan
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
