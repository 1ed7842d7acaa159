namespace Repro.Reports.Items

open System
open Repro.Engine.Judging

/// What the figures of addition and multiplication claim, in words whose numbers are those of
/// their bars.
module PairClaims =
    // Of 10,000: the linear part (x1 + x2)/2 - 1/4 alone.
    let private linear = 4530.0
    let private reading = 150.0

    let private listed (bars: Target list) =
        String.Join(
            " and ",
            [ for b in bars -> $"{b.Series} at T = {b.X} with {Format.whole b.Value}" ]
        )

    /// The claim of the multiplication figure; HTML.
    let multiplication (targets: Target list) =
        let low = targets |> List.filter (fun t -> t.Series = "iRNN" || t.Series = "IRNN")

        let best = targets |> List.filter (fun t -> t.Series = "np-RNN")
        let isNear level (bar: Target) = abs (bar.Value - level) <= reading
        let onlyLinear, others = low |> List.partition (isNear linear)
        let worst = best |> List.map _.Value |> List.min

        let rest =
            match others with
            | [] -> ""
            | bars when List.forall (isNear PairConstant.multiplication) bars ->
                $" The exception is {listed bars}, the score of always answering 1/4."
            | bars -> $" The exception is {listed bars}."

        $"<p>The paper's Figure 4 claims that np-RNN learns the product at every length, with at \
          least {Format.whole worst} of 10,000 sequences right, while iRNN and IRNN never pass \
          5,000. Of their {low.Length} bars, {onlyLinear.Length} lie near {Format.whole linear}: \
          such networks learnt only the linear part of the product.{rest} nRNN and np-tanhRNN \
          lie between.</p>"
