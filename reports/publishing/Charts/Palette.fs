namespace Repro.Reports

/// Colours and shapes that stay apart for colour-blind readers and in grey print.
[<RequireQualifiedAccess>]
module Palette =
    /// Source: Okabe and Ito, "Color Universal Design", 2008; its black is a grey here, so
    /// that marks in the page's text colour show on it; yellow is faint on white and comes last.
    let colors = [|
        "#0072B2"
        "#D55E00"
        "#009E73"
        "#CC79A7"
        "#E69F00"
        "#56B4E9"
        "#7A7A7A"
        "#F0E442"
    |]

    /// plotly's names of the shapes that series take in turn.
    let symbols = [|
        "circle"
        "square"
        "triangle-up"
        "diamond"
        "cross"
        "triangle-down"
        "x"
        "star"
    |]
