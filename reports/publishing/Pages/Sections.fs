namespace Repro.Reports

open System
open Plotly.NET
open Repro.Reports

/// The parts of a page, each a piece of HTML that is empty when there is nothing to show.
[<RequireQualifiedAccess>]
module internal Sections =
    let private e = Html.escape

    let chip (badge: Badge) =
        sprintf "<span class=\"%s\">%s</span>" badge.Class badge.Name

    let section (id: string) (title: string) (body: string) =
        if body = "" then
            ""
        else
            sprintf
                "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n%s</section>\n"
                id
                id
                (e title)
                body

    /// A table whose cells are HTML, in its own scrolling container.
    let rawTable (style: string) (label: string) (headers: string list) (rows: string list list) =
        if rows.IsEmpty then
            ""
        else
            let head = headers |> List.map (fun h -> sprintf "<th scope=\"col\">%s</th>" (e h))

            let row cells =
                cells
                |> List.map (fun c -> "<td>" + c + "</td>")
                |> String.concat ""
                |> sprintf "<tr>%s</tr>\n"

            sprintf
                "<div class=\"%s\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n<table>\n\
                 <thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody>\n</table>\n</div>\n"
                (("scroll " + style).Trim())
                (e label)
                (String.concat "" head)
                (rows |> List.map row |> String.concat "")

    let banner (profile: string) =
        match profile with
        | "paper" -> ""
        | _ ->
            sprintf
                "<p class=\"banner\" role=\"note\">Our numbers on this page were made at the \
                 <code>%s</code> profile, on a smaller scale than the paper's, unless they are \
                 marked <code>paper</code>. They show trends, not the paper's result, and carry \
                 no verdict.</p>\n"
                (e profile)

    let verdicts (rows: VerdictRow list) =
        rows
        |> List.map (fun r -> [ e r.What; chip r.Verdict; e r.Reason ])
        |> rawTable "wide" "Verdicts" [ "What"; "Verdict"; "Reason" ]

    /// The file of the i-th figure of a page, counted from 0, in a format.
    let figureFile (format: string) i =
        if i = 0 then
            "figure." + format
        else
            sprintf "figure-%d.%s" (i + 1) format

    let figure i (figure: Figure) =
        let note =
            if figure.Note = "" then
                ""
            else
                sprintf " <span class=\"note\">%s</span>" (e figure.Note)

        sprintf
            "<figure class=\"chart\" id=\"%s\">\n<div class=\"still\">\n%s</div>\n\
             <figcaption><strong>Figure %d.</strong> %s%s</figcaption>\n\
             <div class=\"tools\"><a href=\"%s\" download>SVG</a> \
             <a href=\"%s\" download>CSV</a></div>\n\
             <script type=\"application/json\">%s</script>\n</figure>\n"
            ("fig-" + Html.slug figure.Id)
            (Chart.toSvg figure.Chart)
            (i + 1)
            (e figure.Caption)
            note
            (figureFile "svg" i)
            (figureFile "csv" i)
            (Chart.toJson figure.Chart)

    let choices first label rows =
        rows
        |> List.map (fun (a, b, c, d) -> [ e a; e b; e c; e d ])
        |> rawTable "wide" label [ first; "Paper"; "Ours"; "Why" ]

    let private seconds (s: float) =
        if not (Double.IsFinite s) then "–"
        elif s < 10.0 then Number.fixedPoint 1 s + " s"
        elif s < 7200.0 then Number.fixedPoint 0 s + " s"
        else Number.fixedPoint 1 (s / 3600.0) + " h"

    let private spec (text: string) =
        if text = "" then
            "–"
        else
            sprintf "<details><summary>spec</summary><pre>%s</pre></details>" (e text)

    let private verify (r: RunRow) =
        if r.Verify = "" then
            "–"
        elif Double.IsNaN r.Seconds then
            sprintf "<code>%s</code>" (e r.Verify)
        else
            sprintf "<code>%s</code> (about %s)" (e r.Verify) (seconds r.Seconds)

    let runs (rows: RunRow list) =
        let table =
            rows
            |> List.map (fun r -> [
                e r.Label
                string r.Seed
                e r.Outcome
                e r.Metric
                Html.shortHash 10 r.Id
                Html.shortHash 10 r.Weights
                e r.Source
                seconds r.Seconds
                verify r
                spec r.Spec
            ])
            |> rawTable "" "Runs" [
                "Run"
                "Seed"
                "Outcome"
                "Result"
                "Id"
                "Weights"
                "Source"
                "Time"
                "Verify"
                "Spec"
            ]

        if rows.Length <= 12 then
            table
        else
            sprintf "<details><summary>All %d runs</summary>\n%s</details>\n" rows.Length table

    /// Items by verdict, in words.
    let counts (rows: VerdictRow list) =
        [
            Badge.Reproduced
            Badge.Consistent
            Badge.Mixed
            Badge.Undecided
            Badge.NotReproduced
            Badge.Inconsistent
            Badge.SubstituteData
            Badge.NoData
            Badge.NotRun
        ]
        |> List.choose (fun v ->
            match rows |> List.filter (fun r -> r.Verdict = v) |> List.length with
            | 0 -> None
            | n -> Some(sprintf "%d %s" n v.Name))
        |> String.concat ", "
