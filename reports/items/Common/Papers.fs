namespace Repro.Reports.Items

open Repro.Engine.Judging
open Repro.Reports

/// The papers: how they are cited and reached, and the words of theirs that pages define.
module Papers =
    /// A paper and what the index says of it before any number.
    type Paper = {
        /// As the protocols spell it.
        Name: string
        Title: string
        Citation: string
        ArXiv: string
        /// What it says, in a sentence.
        Says: string
        /// What it says where no published value of its is compared.
        Uncompared: string
        Terms: Term list
    }

    let private term id spellings definition = {
        Id = id
        Spellings = spellings
        Definition = definition
    }

    // Source of the formulas: eqs. (2), (9), (10) and Algorithm 1 of the paper; (10) and the
    // authors' program have the ratio of squared norms where (9) prints that of norms.
    let private pascanu = {
        Name = "Pascanu, Mikolov & Bengio 2013"
        Title = "On the difficulty of training recurrent neural networks"
        Citation = "R. Pascanu, T. Mikolov and Y. Bengio, ICML 2013"
        ArXiv = "1211.5063"
        Says =
            "It explains why gradients explode or vanish over many steps, and proposes to clip \
             their norm and to add a regulariser that keeps them from vanishing."
        Uncompared = "No published value of it has been compared yet."
        Terms = [
            term
                "msgd"
                [ "MSGD" ]
                "Minibatch stochastic gradient descent: each update follows the gradient of a few \
                 sequences, with nothing added."
            term
                "msgd-c"
                [ "MSGD-C"; "MSGD+C" ]
                "MSGD with the gradient's norm clipped: where the norm \\(\\Vert g\\Vert\\) is at \
                 least the threshold \\(\\mu\\), the gradient \\(g\\) becomes \
                 \\(\\frac{\\mu}{\\Vert g\\Vert}g\\) (Algorithm 1)."
            term
                "msgd-cr"
                [ "MSGD-CR"; "MSGD+CR" ]
                "MSGD with the gradient's norm clipped and with the regulariser \\(\\Omega\\) \
                 added to the error."
            term
                "omega"
                [ "Ω" ]
                "The regulariser against vanishing gradients (eq. 9): \
                 \\[\\Omega=\\sum_{k}(\\frac{\\Vert\\frac{\\partial E}{\\partial x_{k+1}}\
                 \\frac{\\partial x_{k+1}}{\\partial x_k}\\Vert}{\\Vert\\frac{\\partial E}\
                 {\\partial x_{k+1}}\\Vert}-1)^{2}\\] It is small where the gradient keeps its \
                 norm from step to step. Eq. (10) and the authors' program use squared norms in \
                 the ratio, and so do the runs here."
            term "alpha" [ "α" ] "The weight of \\(\\Omega\\) in what is minimised."
            term "mu" [ "µ"; "μ" ] "The threshold at which the gradient's norm is clipped."
            term
                "smart-tanh"
                [ "smart tanh"; "smart-tanh" ]
                "An initialisation: tanh units, 15 recurrent weights a unit that are not zero, \
                 scaled to a spectral radius of 0.95; other weights normal with standard \
                 deviation 0.01."
            term
                "basic-tanh"
                [ "basic tanh"; "basic-tanh" ]
                "An initialisation: tanh units, all weights normal with standard deviation 0.1."
        ]
    }

    // Source of the formulas: eqs. (9) and (10) and Table 1 of the paper.
    let private talathi = {
        Name = "Talathi & Vartak 2016"
        Title = "Improving performance of recurrent neural network with relu nonlinearity"
        Citation = "S. S. Talathi and A. Vartak, 2016"
        ArXiv = "1511.03771"
        Says =
            "It proposes np-RNN, a normalised positive-definite initialisation of rectified \
             recurrent networks, and reports that it learns what other initialisations do not."
        Uncompared = "No published value of it has been compared yet."
        Terms = [
            term
                "np-rnn"
                [ "np-RNN" ]
                "A rectified network that begins with \\(W_{hh}=\\frac{I+A}{e}\\), where \
                 \\(A=\\frac{1}{N}R^{T}R\\), \\(R\\) has standard normal entries and \\(e\\) is \
                 the largest eigenvalue of \\(A+I\\) (eq. 9): positive definite, the largest \
                 eigenvalue 1."
            term "np-tanhrnn" [ "np-tanhRNN" ] "np-RNN with tanh in place of the rectifier."
            term
                "irnn-identity"
                [ "IRNN" ]
                "A rectified network whose recurrent matrix begins as the identity."
            term
                "irnn-small"
                [ "iRNN" ]
                "A rectified network whose recurrent matrix begins as 0.01 times the identity."
            term
                "nrnn"
                [ "nRNN" ]
                "A rectified network whose recurrent matrix begins as a Gaussian one divided by \
                 its spectral radius."
            term
                "ornn"
                [ "oRNN" ]
                "A rectified network whose recurrent matrix begins as a random orthogonal one."
            term
                "grnn"
                [ "gRNN" ]
                "A rectified network whose recurrent matrix begins as a Gaussian one."
            term
                "alpha"
                [ "α" ]
                "The factor of the input weights of np-RNN: \
                 \\(\\alpha=\\sqrt{2}\\exp(\\frac{1.2}{\\max(N,6)-2.4})\\), with \\(N\\) the \
                 number of hidden units (eq. 10)."
            term "w-hh" [ "W_hh" ] "The recurrent weights."
        ]
    }

    let private koutnik = {
        Name = "Koutník, Greff, Gomez & Schmidhuber 2014"
        Title = "A Clockwork RNN"
        Citation = "J. Koutník, K. Greff, F. Gomez and J. Schmidhuber, 2014"
        ArXiv = "1402.3511"
        Says =
            "It proposes a network whose hidden units work in modules, each at a rate of its own."
        Uncompared =
            "Its recordings are not public, so that no published value stands beside ours; the \
             order of its methods is tested on waveforms stated by formula."
        Terms = []
    }

    /// The papers, in the order of the index.
    let all = [ talathi; pascanu; koutnik ]

    let private links (paper: Paper) = [
        "arXiv:" + paper.ArXiv, "https://arxiv.org/abs/" + paper.ArXiv
        "DOI", "https://doi.org/10.48550/arXiv." + paper.ArXiv
    ]

    /// "figure", "table" or "text", of what an item shows; "own" where no paper shows it.
    let kind (shows: string) =
        if shows.StartsWith "no figure" then "own"
        elif shows.Contains "Fig" then "figure"
        elif shows.Contains "Table" then "table"
        else "text"

    /// Where the item's claim is printed. A paper that is none of the two has no links.
    let place (protocol: Protocol) : PaperPlace =
        let paper = all |> List.tryFind (fun p -> p.Name = protocol.Paper)

        {
            Name = protocol.Paper
            Shows = protocol.Shows
            Kind = kind protocol.Shows
            Links = paper |> Option.map links |> Option.defaultValue []
            Terms = paper |> Option.map _.Terms |> Option.defaultValue []
        }

    /// The colour that a verdict has in a paper's bar, and the words beside it.
    let private share (verdict: Badge) =
        match verdict.Name with
        | "reproduced"
        | "consistent" -> "within the margin", "good"
        | "not reproduced" -> "not within the margin", "bad"
        | "substitute data" -> "made on substitute data", "other"
        | "no data" -> "without data", "none"
        | "not run" -> "not yet run", "none"
        // Undecided, mixed: run at the paper's scale, and the runs cannot tell.
        | _ -> "undecided", "half"

    let private order = [
        "within the margin"
        "undecided"
        "not within the margin"
        "made on substitute data"
        "without data"
        "not yet run"
    ]

    /// Published values by what became of them, in the bar's order. What was computed from the
    /// paper's equations was not published.
    let shares (rows: LedgerRow list) : Share list =
        rows
        |> List.filter (fun row -> row.Published <> "")
        |> List.choose _.Verdict
        |> List.countBy share
        |> List.map (fun ((name, style), n) -> {
            Name = name
            Class = style
            Count = n
        })
        |> List.sortBy (fun s -> List.findIndex ((=) s.Name) order)

    let private count n one many =
        if n = 1 then
            $"1 {one}"
        else
            $"{Format.whole (float n)} {many}"

    /// The index's part of a paper: what it says, how far it is regenerated, what is missing,
    /// unless it has no published value here.
    let summary (paper: Paper) (rows: LedgerRow list) : PaperSummary =
        let shares = shares rows

        let number names =
            shares
            |> List.filter (fun s -> List.contains s.Name names)
            |> List.sumBy _.Count

        let all = shares |> List.sumBy _.Count
        let good, half = number [ "within the margin" ], number [ "undecided" ]
        let bad = number [ "not within the margin" ]
        let made = good + half + bad
        let values = count all "published value" "published values"
        let substitute = number [ "made on substitute data" ]
        let missing = number [ "not yet run"; "without data" ]

        let second =
            if all = 0 then
                paper.Uncompared
            elif made = 0 then
                $"None of its {values} is regenerated at \
                  the paper's own scale yet."
            else
                let are = if made = 1 then "is" else "are"
                let lie = if good = 1 then "lies" else "lie"
                let doNot = if bad = 1 then "does not" else "do not"

                $"Of its {values}, {made} {are} regenerated at the paper's own scale: {good} \
                  {lie} within the margin stated before the runs, {bad} {doNot}, and {half} \
                  cannot be decided by the runs at hand."

        let third =
            match substitute, missing with
            | 0, 0 when all = 0 -> ""
            | 0, 0 -> "None is left to run."
            | 0, n -> $"Still to run: {n}."
            | s, 0 -> $"Another {s} rest on data that cannot be had and were made on a substitute."
            | s, n ->
                $"Another {s} rest on data that cannot be had and were made on a substitute; still \
                  to run: {n}."

        {
            Name = paper.Name
            Title = paper.Title
            Citation = paper.Citation
            Links = links paper
            Sentences = [ paper.Says; second; third ] |> List.filter ((<>) "")
            Shares = shares
        }
