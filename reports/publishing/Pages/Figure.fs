namespace Repro.Reports

open Plotly.NET

/// A figure of a page.
type Figure = {
    /// Used in the element's id; unique within the page.
    Id: string
    Caption: string
    Chart: GenericChart
    /// Under the caption; may be empty.
    Note: string
}
