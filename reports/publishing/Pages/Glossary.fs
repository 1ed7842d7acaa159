namespace Repro.Reports

open System
open System.Collections.Generic
open System.Text.RegularExpressions

/// A word of the papers that a reader may not know.
type Term = {
    /// Used in the element's id; unique within a glossary.
    Id: string
    /// Ways it is written; the first is the heading of its definition.
    Spellings: string list
    /// HTML; formulas as `\(…\)`.
    Definition: string
}

/// Links the first use of each term of a page to its definition, and defines those that are used.
[<RequireQualifiedAccess>]
module Glossary =
    /// Elements whose text is left alone: links would be wrong or no text in them is prose.
    let private closed =
        Set [
            "a"
            "button"
            "code"
            "h1"
            "h2"
            "h3"
            "h4"
            "h5"
            "h6"
            "math"
            "nav"
            "pre"
            "script"
            "style"
            "summary"
            "svg"
            "td"
            "th"
        ]

    /// The pattern of all spellings, the longest first; neither part of a longer word.
    let private pattern (terms: Term list) =
        let spellings =
            terms
            |> List.collect _.Spellings
            |> List.sortWith (fun a b ->
                match compare b.Length a.Length with
                | 0 -> String.CompareOrdinal(a, b)
                | order -> order)
            |> List.map (fun s -> Regex.Escape(Html.escape s))

        Regex(@"(?<![\w&-])(?:" + String.concat "|" spellings + @")(?![\w-])")

    /// The HTML with first uses in prose linked, and the terms used in the order of their first
    /// use. Cells of a table count as a use and are not linked.
    let mark (terms: Term list) (html: string) : string * Term list =
        if terms.IsEmpty then
            html, []
        else
            let find = pattern terms
            let used, linked = List<Term>(), HashSet<string>()

            let link isProse (m: Match) =
                let isThis (spelling: string) = Html.escape spelling = m.Value

                let term = terms |> List.find (fun t -> List.exists isThis t.Spellings)

                if not (used.Contains term) then
                    used.Add term

                if isProse && linked.Add term.Id then
                    sprintf "<a class=\"term\" href=\"#term-%s\">%s</a>" (Html.slug term.Id) m.Value
                else
                    m.Value

            let change within text =
                match within with
                | None -> find.Replace(text, MatchEvaluator(link true))
                | Some "td" -> find.Replace(text, MatchEvaluator(link false))
                | Some _ -> text

            HtmlText.map closed change html, List.ofSeq used

    /// Definitions as a list; empty without terms.
    let define (terms: Term list) : string =
        if terms.IsEmpty then
            ""
        else
            terms
            |> List.map (fun term ->
                sprintf
                    "<dt id=\"term-%s\">%s</dt>\n<dd>%s</dd>\n"
                    (Html.slug term.Id)
                    (Html.escape term.Spellings.Head)
                    (MathMl.inHtml term.Definition))
            |> String.concat ""
            |> sprintf "<dl class=\"terms\">\n%s</dl>\n"
