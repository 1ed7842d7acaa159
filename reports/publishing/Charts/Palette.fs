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

    /// The place of each method in colours and symbols: a method looks the same on every page.
    /// The two papers' methods never meet in a figure, and so share places.
    let methods = [
        "np-RNN", 0
        "IRNN", 1
        "iRNN", 2
        "nRNN", 3
        "np-tanhRNN", 6
        "gRNN", 5
        "oRNN", 7
        "LSTM", 4
        "MSGD", 0
        "MSGD-C", 1
        "MSGD-CR", 2
    ]

    /// The place of the method that a series is named by, as "sigmoid/MSGD-C", "IRNN (RMSProp)"
    /// or "np-RNN, paper"; None for other names. Source: Pascanu et al. write MSGD-C in the text
    /// and MSGD+C in Table 1 for the same.
    let ofMethod (series: string) : int option =
        let last = Array.last (series.Split '/')
        let bare = (last.Split " (")[0]

        let name =
            [ ", paper"; ", mean" ]
            |> List.fold
                (fun (name: string) ending ->
                    if name.EndsWith(ending, System.StringComparison.Ordinal) then
                        name.Substring(0, name.Length - ending.Length)
                    else
                        name)
                bare

        let name = name.Replace("MSGD+", "MSGD-")
        methods |> List.tryFind (fst >> (=) name) |> Option.map snd

    /// Places for series in their order: a method's own, and for others the first that is free.
    let places (series: string list) : int list =
        let taken = series |> List.choose ofMethod
        let free = Seq.initInfinite id |> Seq.filter (fun i -> not (List.contains i taken))

        (0, series)
        ||> List.mapFold (fun others name ->
            match ofMethod name with
            | Some place -> place, others
            | None -> Seq.item others free, others + 1)
        |> fst
