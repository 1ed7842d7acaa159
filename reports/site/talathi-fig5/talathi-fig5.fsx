(**
# Sequential MNIST: test loss during training

A network of 100 hidden units sees the 784 pixels of a digit one at a time and names the digit at
the end. Talathi and Vartak's Figure 5 draws the cross-entropy on the test images after each of
100 epochs for two networks: IRNN trained by RMSprop at a rate of 1e-6, since they could not train
it by plain gradient descent, and np-RNN trained by gradient descent at 1e-4, cooled by ten at
epochs 33 and 66.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open Repro.Engine.Data
open Repro.Engine.Judging
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items

let metric = "test cross-entropy at epoch"
let curve = "test cross-entropy"

(**
## The readings

The paper leaves open how pixels are scaled, which N is meant, whether the step has momentum, and
how large IRNN's input weights are. The part *stage-C* trains thirteen readings of that for 12
epochs on 55,000 images; the rule in the protocol chooses one for each network by the other 5,000.
Their runs of the figure's length are the part *chosen*, planned when stage C is complete. The part
*full-length* trains other readings of np-RNN as long, one seed each; it changes no verdict.

The figure's first point, its epoch 0, is the one after the first epoch.
*)

let epochsTrained (target: Target) = float target.X + 1.0

(**
## What is made of the runs

Each run keeps the test cross-entropy at every epoch. The points digitised from the paper's figure
are judged against the interval of one more run of ours, of the chosen reading where all its runs
are at hand; the quick profile draws its own curves and is not judged.
*)

let analyse (context: Context) (profile: Profile) (finished: Finished list) : Analysis =
    let paperEpochs =
        context.Targets |> List.map (fun t -> t.X, epochsTrained t) |> List.distinct

    let groups =
        MnistPages.groupsAt context Profile.Paper curve 1.0 paperEpochs finished
        @ (if profile = Profile.Paper then
               []
           else
               let epochs = MnistPages.epochsOf context profile 4 finished
               MnistPages.groupsAt context profile curve 1.0 epochs finished)

    let chart scale =
        Compare.curves (MnistPages.curves context scale curve 1.0 epochsTrained finished)
        |> Diverged.onto (MnistPages.diverged context scale curve 1.0 finished)
        |> MnistPages.lossAxes "test"

    {
        Claim =
            "<p>The paper's Figure 5 claims that np-RNN, trained by plain gradient descent, ends \
             below IRNN trained by RMSprop: 0.28 against 0.38 nats at epoch 99. Its np-RNN \
             curve is very noisy before epoch 33, with spikes up to 2.6 nats.</p>\n"
            + MnistStagePages.account context
            + MnistStagePages.fullLength context finished
        Summary =
            MnistPages.summary context profile finished "nats" (fun f ->
                f.Record.Metric "test cross-entropy")
        Values = Judging.rows context.Protocol context.Targets metric groups
        Orderings = Judging.orderings context.Protocol groups
        Figures = [
            if profile <> Profile.Paper then
                {
                    Id = "quick"
                    Caption = $"Our test curves at {Runs.scaleName profile}, every seed thin."
                    Chart = chart profile
                    Note =
                        "Images averaged over 4×4 pixels (49 steps) and four epochs at larger \
                         learning rates: not the paper's scale."
                }
            {
                Id = "paper"
                Caption =
                    "The paper's curves as points; ours at its own scale as lines, where recorded: \
                     seeds thin, the mean of those that reach the end thick. The learning rate of \
                     np-RNN falls at the vertical lines."
                Chart =
                    chart Profile.Paper
                    |> Chart.withVerticalLine (33.0, Dash = StyleParam.DrawingStyle.DashDot)
                    |> Chart.withVerticalLine (66.0, Dash = StyleParam.DrawingStyle.DashDot)
                Note =
                    MnistStagePages.whose context finished
                    + " The paper's point at epoch e stands at e + 1, the epochs trained by then."
            }
            yield! MnistFullLength.figures context finished
            yield! MnistStagePages.figures context finished
        ]
        Tables =
            MnistFullLength.tables context finished
            @ MnistStagePages.tables context
            @ MnistPredictions.table context
            @ MnistPredictions.ofFullLength context finished
    }

(**
## What was found

{{finding}}

The verdict is *{{verdict}}*. {{reason}} This took {{cost}}
*)

let item: Item = {
    Id = "talathi-fig5"
    Script = "scripts/talathi-fig5.fsx"
    Needs = [ Catalogue.Mnist ]
    Plan =
        fun context profile ->
            MnistPages.plan context profile @ MnistFullLength.plan context profile
    Analyse = analyse
}

if Prelude.isMain __SOURCE_FILE__ then
    exit (Runner.item Prelude.root item Prelude.arguments)
