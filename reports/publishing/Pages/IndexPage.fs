namespace Repro.Reports

/// An item that has no page.
type LeftOutItem = {
    Id: string
    Title: string
    Verdict: Badge
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
