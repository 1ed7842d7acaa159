namespace Repro.Reports.Items

open Repro.Engine.Judging

/// What the runs of the table of sequential MNIST say that is worth a headline.
module MnistHeadlines =
    /// The two networks at the table's first number of epochs, once each has its seeds.
    let accuracy: Headline = {
        Item = "talathi-table2"
        Text =
            fun context _ values ->
                let epochs = context.Targets.Head.X
                let rival, subject = "IRNN (RMSProp)", "np-RNN (SGD)"

                let score series =
                    values
                    |> List.tryFind (fun row ->
                        row.Profile = Profile.Paper
                        && row.Series = series
                        && row.X = epochs
                        && row.N >= context.Protocol.Rule.MinSeeds)
                    |> Option.bind (fun row -> Option.ofNullable row.Ours)

                let paper series =
                    Judging.published context.Targets series epochs

                let percent = Format.number "0.#"

                match score rival, score subject with
                | Some theirs, Some own ->
                    let order =
                        if (theirs > own) = (paper rival > paper subject) then
                            "in the same order"
                        else
                            "in the other order"

                    Some
                        $"On sequential MNIST after {epochs} epochs IRNN with RMSprop names \
                          {percent theirs} %% of the test images and np-RNN with SGD \
                          {percent own} %%; the paper has {percent (paper rival)} %% and \
                          {percent (paper subject)} %%, {order}."
                | _ -> None
    }
