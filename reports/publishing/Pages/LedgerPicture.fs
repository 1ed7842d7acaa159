namespace Repro.Reports

/// What became of every published value, as one picture for a README or a talk: a bar a paper.
[<RequireQualifiedAccess>]
module internal LedgerPicture =
    [<Literal>]
    let FileName = "ledger.svg"

    let private e = Html.escape

    let private width = 760.0
    let private row = 74.0

    // The classes' colours are those of the index; in the dark they are lighter.
    let private style =
        "text{font:14px system-ui,sans-serif;fill:#1d232b}.t{font-weight:600;font-size:15px}\
         .good{fill:#2e8b5c}.half{fill:#d9a02b}.bad{fill:#c2483b}.other{fill:#7a7fb8}\
         .none{fill:#c4c9ce}@media(prefers-color-scheme:dark){text{fill:#e6e9ec}\
         .good{fill:#45a877}.half{fill:#d6a544}.bad{fill:#d9695c}.other{fill:#8f94d1}\
         .none{fill:#4b545c}}"

    let private bar (y: float) (shares: Share list) =
        let all = shares |> List.sumBy _.Count |> float

        (0.0, shares)
        ||> List.mapFold (fun x share ->
            let wide = width * float share.Count / all

            sprintf
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"20\"/>"
                share.Class
                (Number.fine x)
                (Number.fine y)
                // A gap between two parts; a part of one value is still seen.
                (Number.fine (max 1.0 (wide - 1.5))),
            x + wide)
        |> fst
        |> String.concat ""

    let private one (i: int) (summary: PaperSummary) =
        let shares = summary.Shares |> List.filter (fun s -> s.Count > 0)
        let top = float i * row

        let words =
            shares
            |> List.map (fun s -> sprintf "%d %s" s.Count s.Name)
            |> String.concat " · "

        sprintf
            "<text class=\"t\" x=\"0\" y=\"%s\">%s</text>%s<text x=\"0\" y=\"%s\">%s</text>\n"
            (Number.fine (top + 16.0))
            (e summary.Name)
            (bar (top + 24.0) shares)
            (Number.fine (top + 60.0))
            (e words)

    /// The picture of the papers that have published values; None where none has.
    let render (papers: PaperSummary list) : string option =
        let papers =
            papers |> List.filter (fun p -> p.Shares |> List.exists (fun s -> s.Count > 0))

        if papers.IsEmpty then
            None
        else
            let height = row * float papers.Length
            let text = papers |> List.mapi one |> String.concat ""

            sprintf
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" \
                 viewBox=\"0 0 %s %s\" role=\"img\" aria-labelledby=\"t\">\n\
                 <title id=\"t\">Published values by what became of them</title>\n\
                 <style>%s</style>\n%s</svg>\n"
                (Number.fine width)
                (Number.fine height)
                (Number.fine width)
                (Number.fine height)
                style
                text
            |> Some
