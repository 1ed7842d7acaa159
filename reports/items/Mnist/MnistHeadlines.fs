namespace Repro.Reports.Items

open Repro.Engine.Judging

/// What the runs of the table of sequential MNIST say that is worth a headline.
module MnistHeadlines =
    /// The two networks at the table's first number of epochs, once each has its seeds.
    let accuracy: Headline = {
        Item = "talathi-table2"
        Text =
            fun context finished _ ->
                let epochs = context.Targets.Head.X

                let runs =
                    MnistStage.judged context finished
                    |> Runs.ofProfile Profile.Paper
                    |> List.filter (fun f -> f.Cell.X = epochs)

                let seeds = context.Protocol.Rule.MinSeeds

                let ours series =
                    match runs |> List.filter (fun f -> f.Cell.Series = series) with
                    | own when own.Length < seeds -> None
                    | own ->
                        let percent (f: Finished) = 100.0 * f.Record.Metric "test correct"
                        Some(MnistPages.meanOf "%" "0.#" percent own)

                let paper series =
                    Judging.published context.Targets series epochs |> Format.number "0.#"

                let rival, subject = "IRNN (RMSProp)", "np-RNN (SGD)"

                match ours rival, ours subject with
                | Some theirs, Some own ->
                    Some(
                        $"On sequential MNIST after {epochs} epochs IRNN with RMSprop has a mean \
                          test accuracy of {theirs}, and np-RNN with SGD of {own}"
                        + $"; the paper has {paper rival} and {paper subject} %%."
                    )
                | _ -> None
    }
