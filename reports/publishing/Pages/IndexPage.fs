namespace Repro.Reports

/// An item that has no page.
type LeftOutItem = {
    Id: string
    Title: string
    /// The paper's name, as in `PaperPlace`.
    Paper: string
    Shows: string
    Verdict: Badge
    Reason: string
    /// What a reader could do about it; may be empty.
    HowToGet: string
}

/// A part of a paper's published values.
type Share = {
    /// In words, such as "within the margin".
    Name: string
    /// The style sheet's class of its colour: "good", "bad", "half", "other" or "none".
    Class: string
    Count: int
}

/// A paper's part of the index.
type PaperSummary = {
    /// As in `PaperPlace`.
    Name: string
    Title: string
    /// Authors, venue and year.
    Citation: string
    Links: (string * string) list
    /// What the paper says and how far it is regenerated: three sentences.
    Sentences: string list
    /// Its published values by what became of them; all of them together.
    Shares: Share list
}

/// A finding worth a headline, and the item whose records it is written from.
type HeadlineText = { Item: string; Text: string }

/// The whole site.
type SitePages = {
    Title: string
    /// HTML: what the site is and how verdicts are decided; empty takes the standard text.
    Intro: string
    Papers: PaperSummary list
    Headlines: HeadlineText list
    Items: ItemPage list
    LeftOut: LeftOutItem list
    /// All values of all items.
    Ledger: LedgerRow list
    /// Pages of measurements; one that lies in the folder from before stays beside them.
    Measurements: MeasurementPage list
    /// The library's public types, where they are at hand.
    Reference: ApiReference option
    /// None outside a repository.
    BuiltFrom: BuiltFrom option
}
