namespace Repro.Reports

/// What a page says of a claim: a word in a coloured frame. There is one for each that the style
/// sheet has a colour for; which runs earn which is decided elsewhere.
[<RequireQualifiedAccess>]
type Badge =
    | Reproduced
    | Consistent
    | Mixed
    | Undecided
    | NotReproduced
    | Inconsistent
    | SubstituteData
    | NoData
    | NotRun

    /// The words on the page.
    member this.Name =
        match this with
        | Reproduced -> "reproduced"
        | Consistent -> "consistent"
        | Mixed -> "mixed"
        | Undecided -> "undecided"
        | NotReproduced -> "not reproduced"
        | Inconsistent -> "inconsistent"
        | SubstituteData -> "substitute data"
        | NoData -> "no data"
        | NotRun -> "not run"

    /// The classes that give its colours in the style sheet.
    member this.Class = "chip " + Html.slug this.Name
