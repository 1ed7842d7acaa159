namespace Repro.Reports

/// What is said of a claim once its runs are in; the rules stand in each item's protocol.
[<RequireQualifiedAccess>]
type Verdict =
    | Reproduced
    | Partly
    | NotReproduced
    | SubstituteData
    | NoData
    | NotRun

    /// The words on the page.
    member this.Name =
        match this with
        | Reproduced -> "reproduced"
        | Partly -> "partly"
        | NotReproduced -> "not reproduced"
        | SubstituteData -> "substitute data"
        | NoData -> "no data"
        | NotRun -> "not run"

    /// The verdict of a name, whatever its case, hyphens or spaces.
    static member ofName(name: string) =
        match name.ToLowerInvariant().Replace("-", "").Replace(" ", "").Replace("_", "") with
        | "reproduced" -> Reproduced
        | "partly" -> Partly
        | "notreproduced" -> NotReproduced
        | "substitutedata" -> SubstituteData
        | "nodata" -> NoData
        | "notrun" -> NotRun
        | _ ->
            invalidArg
                (nameof name)
                (sprintf
                    "'%s' is not a verdict. Use reproduced, partly, not reproduced, \
                     substitute data, no data or not run."
                    name)

/// One claim and what became of it.
type VerdictRow = {
    What: string
    Verdict: Verdict
    Reason: string
}

/// A figure of a page.
type Figure = {
    /// Used in the element's id; unique within the page.
    Id: string
    Caption: string
    Chart: GenericChart
    /// Under the caption; may be empty.
    Note: string
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
    Verdict: Verdict
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

/// An item that has no page.
type LeftOutItem = {
    Id: string
    Title: string
    Verdict: Verdict
    Reason: string
    /// What a reader could do about it; may be empty.
    HowToGet: string
}

/// The first page of the site.
type IndexPage = {
    Title: string
    /// HTML: what the site is and how verdicts are decided; empty takes the standard text.
    Intro: string
    Items: ItemPage list
    LeftOut: LeftOutItem list
    /// Relative to the index; empty leaves the link out.
    LedgerHref: string
}

/// A page of measurements that stands for no table or figure of a paper.
type MeasurementPage = {
    /// The page's name, such as "speed": also its folder.
    Id: string
    Title: string
    /// What the page shows, in a line.
    Shows: string
    /// Where it was measured: name and value.
    Environment: (string * string) list
    /// HTML: what was measured, and how.
    Method: string
    Tables: (string * Table) list
    Figures: Figure list
    /// HTML: what the numbers say; may be empty.
    Findings: string
    /// What a reader types to measure again.
    Command: string
    /// Where the numbers lie as CSV, relative to the page; may be empty.
    ValuesCsvHref: string
}
