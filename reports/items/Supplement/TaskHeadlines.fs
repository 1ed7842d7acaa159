namespace Repro.Reports.Items

open Repro.Engine.Judging

/// Findings on tasks learnt at random lengths that are worth a headline.
module TaskHeadlines =
    /// How many networks of each clipping threshold keep the promise that an item's claim of the
    /// rule "below" repeats, once all runs of both have ended. `learnt` names the task.
    let thresholds (item: string) (learnt: string) : Headline = {
        Item = item
        Text =
            fun context finished _ ->
                let settings = Setting.Of context.Protocol
                let claim = settings["claims"].List |> List.find (fun c -> c["rule"].Text = "below")
                let low, high = claim["lengths"].At(0).Whole, claim["lengths"].At(1).Whole
                let most = claim["atMost"].Number

                let keeps run =
                    Runs.succeeded run && CellRuns.mostWrongFrom low high run < most

                let main = Runs.ofPart Profile.Paper "main" finished
                let other = Runs.ofPart Profile.Paper TaskErrors.otherPart finished
                let seeds = context.Protocol.Seeds[Profile.Paper]

                if main.Length < seeds || other.Length < seeds then
                    None
                else
                    let kept runs =
                        $"{runs |> List.filter keeps |> List.length} of {List.length runs}"

                    let threshold (run: Finished) =
                        match run.Cell.Run.Spec["training"] with
                        | null -> "none"
                        | training -> string training["threshold"]

                    Some
                        $"Trained on random lengths of {main.Head.Cell.X} steps, networks for \
                          {learnt} get less than {most} %% wrong at each length up to \
                          T = {high}, as the paper says, for {kept other} seeds with a clipping \
                          threshold of {threshold other.Head} and for {kept main} with \
                          {threshold main.Head}."
    }
