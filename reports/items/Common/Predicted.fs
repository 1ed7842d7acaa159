namespace Repro.Reports.Items

open Repro.Reports

/// A part of what a protocol predicted before its runs, beside what came.
type Prediction = {
    /// The protocol's own words.
    Said: string
    /// Where it is held against the runs, such as a length; empty where the words say it.
    At: string
    /// What was found.
    Came: string
    /// Whether that is as predicted; None where the words set no bound.
    IsSo: bool option
}

/// Predictions that protocols state, held against the runs.
module Predicted =
    let private plain said came isSo = {
        Said = said
        At = ""
        Came = came
        IsSo = isSo
    }

    /// One that the words give a bound for.
    let bound said came isSo = plain said came (Some isSo)

    /// One whose words set no bound.
    let unbound said came = plain said came None

    /// Predictions beside what came; nothing before the runs of the first are there.
    /// `about` says whose runs, `unit` of what the numbers are; `node` holds the text
    /// `predictions`, in which the words of each stand.
    let table (about: string) (unit: string) (node: Setting) (predictions: Prediction list) =
        let text = node["predictions"]

        for p in predictions do
            if not (text.Text.Contains(p.Said, System.StringComparison.Ordinal)) then
                raise (text.Expected $"a text with '{p.Said}', which the page holds against runs")

        let bounded = predictions |> List.choose _.IsSo
        let kept = bounded |> List.filter id |> List.length
        let isPlaced = predictions |> List.exists (fun p -> p.At <> "")

        if predictions.IsEmpty then
            []
        else
            [
                $"What was predicted before the runs{about}, and what came{unit}: {kept} of \
                  {bounded.Length} as predicted",
                Table.ofStrings [
                    "predicted"
                    if isPlaced then
                        "at"
                    "came"
                    "as predicted"
                ] [
                    for p in predictions ->
                        [
                            p.Said
                            if isPlaced then
                                p.At
                            p.Came
                            match p.IsSo with
                            | Some true -> "yes"
                            | Some false -> "no"
                            | None -> "sets no bound"
                        ]
                ]
            ]
