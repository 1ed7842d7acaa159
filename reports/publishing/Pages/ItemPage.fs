namespace Repro.Reports

/// One claim and what became of it.
type VerdictRow = {
    What: string
    Verdict: Badge
    Reason: string
}

/// One training run behind an item.
type RunRow = {
    Label: string
    Seed: int
    Outcome: string
    /// The run's result, as text.
    Metric: string
    /// The run's id and the hash of its final weights, in hexadecimal.
    Id: string
    Weights: string
    /// Where the record lies: recorded, local, …
    Source: string
    /// NaN when unknown.
    Seconds: float
    /// The command that makes the run anew and compares it; empty where nothing is recorded.
    Verify: string
    /// The run's specification as JSON; may be empty.
    Spec: string
}

/// The page of one table or figure of a paper. Text is plain unless said otherwise.
type ItemPage = {
    /// The item's name, such as "talathi-fig3": also its folder.
    Id: string
    Title: string
    /// The paper, as one cites it.
    Paper: string
    /// What the item shows, in a line.
    Shows: string
    /// "paper", "quick" or "smoke".
    Profile: string
    /// The item's verdict and the sentence that goes with it on the index.
    Verdict: Badge
    Summary: string
    /// HTML: what the paper claims and printed.
    Claim: string
    Verdicts: VerdictRow list
    Figures: Figure list
    Tables: (string * Table) list
    /// Question, the paper's words, our choice, why.
    Settled: (string * string * string * string) list
    /// Aspect, the paper's, ours, why.
    Deviations: (string * string * string * string) list
    Runs: RunRow list
    CostText: string
    /// What a sceptic types.
    Command: string
    /// HTML of the script (see `Literate.render`); may be empty.
    LiterateHtml: string
    /// Where the numbers lie as CSV, relative to the page; may be empty.
    ValuesCsvHref: string
}
