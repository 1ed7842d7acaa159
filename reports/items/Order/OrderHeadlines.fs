namespace Repro.Reports.Items

open System
open System.Globalization
open Repro.Engine.Judging

/// Findings on temporal order that are worth a headline.
module OrderHeadlines =
    let private inWords n =
        match n with
        | 0 -> "none"
        | 1 -> "one"
        | 2 -> "two"
        | 3 -> "three"
        | 4 -> "four"
        | 5 -> "five"
        | n -> string n

    /// Networks trained on random lengths and tested on longer sequences.
    let randomLengths: Headline = {
        Item = "pascanu-random-length"
        Text =
            fun context finished _ ->
                let runs = finished |> List.distinctBy _.Id

                if runs.Length < context.Protocol.Seeds[Profile.Paper] then
                    None
                else
                    let longest =
                        runs |> List.collect (LengthPages.wrongAt >> List.map fst) |> List.max

                    // At most 1 % of 10,000 sequences wrong at each length.
                    let holds run =
                        LengthPages.wrongAt run |> List.forall (fun (_, wrong) -> wrong <= 100.0)

                    let held = runs |> List.filter holds |> List.length
                    let trained = runs.Head.Cell.X

                    Some
                        $"Trained on random lengths of {trained} steps, networks for temporal \
                          order hold to T = {Format.whole (float longest)} with at most 1 %% \
                          wrong for {inWords held} of {inWords runs.Length} seeds."
    }

    /// Updates to success with the regulariser against those printed.
    let fewerUpdates: Headline = {
        Item = "pascanu-updates"
        Text =
            fun _ _ values ->
                let ratios = [
                    for row in values do
                        let isRegularised =
                            row.Series.EndsWith("/MSGD-CR", StringComparison.Ordinal)

                        if isRegularised && row.Paper <> "" && row.N > 0 && row.Ours.HasValue then
                            let printed = Double.Parse(row.Paper, CultureInfo.InvariantCulture)
                            printed / row.Ours.Value
                ]

                // One initialisation alone, or a mixed picture, is no finding.
                if ratios.Length < 2 || List.exists (fun r -> r < 1.5) ratios then
                    None
                else
                    let number = Format.number "0.0"

                    Some
                        $"With clipping and the regulariser (MSGD-CR) temporal order takes \
                          {number (List.min ratios)} to {number (List.max ratios)} times fewer \
                          updates than printed, in all {inWords ratios.Length} settings run."
    }
