namespace Repro.Reports

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
