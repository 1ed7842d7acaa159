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

/// What a smaller scale than the paper's shows: trends, and no verdict.
type QuickCheck = {
    /// "quick" or "smoke".
    Profile: string
    Summary: string
    Figures: Figure list
    Tables: (string * Table) list
    Values: LedgerRow list
}

/// Where an item's claim is printed.
type PaperPlace = {
    /// As one cites it in a line, such as "Talathi & Vartak 2016".
    Name: string
    /// The figure, table or section, such as "Fig. 3".
    Shows: string
    /// "figure", "table" or "text"; "own" of an item that no paper has.
    Kind: string
    /// Addresses by name, such as "arXiv" and "DOI".
    Links: (string * string) list
    /// Words that the paper's pages define at their first use.
    Terms: Term list
}

/// The page of one table or figure of a paper. Text is plain unless said otherwise.
type ItemPage = {
    /// The item's name, such as "talathi-fig3": also its folder.
    Id: string
    Title: string
    Paper: PaperPlace
    /// "paper" where there are runs at the paper's own scale, else "quick" or "smoke".
    Profile: string
    Verdict: Badge
    /// Why the verdict is what it is, in a sentence.
    Reason: string
    /// What was found, in a sentence.
    Finding: string
    /// HTML: what the paper claims and printed, what is measured and how it is judged; of an item
    /// that no paper has, what the runs say.
    Claim: string
    Verdicts: VerdictRow list
    /// At the paper's scale; the first stands at the top of the page and on the index.
    Figures: Figure list
    /// Published values and ours at the paper's scale.
    Values: LedgerRow list
    Tables: (string * Table) list
    Quick: QuickCheck option
    /// Question, the paper's words, our choice, why.
    Settled: (string * string * string * string) list
    /// Aspect, the paper's, ours, why.
    Deviations: (string * string * string * string) list
    Runs: RunRow list
    CostText: string
    /// Distinct seeds of the runs at the paper's scale.
    Seeds: int
    /// Seconds of one core that all runs took; NaN when unknown.
    Seconds: float
    /// Day of the latest run, such as "2026-11-24"; empty without runs.
    Date: string
    /// What a sceptic types.
    Command: string
    /// HTML of the script (see `Literate.render`); may be empty.
    LiterateHtml: string
    /// Files beside the page: name, the repository's path and text of each.
    Attached: (string * string * string) list
    /// Where the numbers lie as CSV, relative to the page; may be empty.
    ValuesCsvHref: string
}
