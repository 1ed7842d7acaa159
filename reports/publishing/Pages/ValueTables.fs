namespace Repro.Reports

open System

/// Values of an item or of the ledger as HTML.
[<RequireQualifiedAccess>]
module internal ValueTables =
    let private e = Html.escape

    let private isRun (row: LedgerRow) = row.N > 0

    let private orDash (text: string) = if text = "" then "–" else text

    /// The published value with how it was had, unless it is printed as a number.
    let published (row: LedgerRow) =
        match row.Published, row.Provenance with
        | "", _ -> "–"
        | _, ("printed" | "") -> e (LedgerRow.published row)
        | _, how -> sprintf "%s <small>%s</small>" (e (LedgerRow.published row)) (e how)

    /// The same for a table without a column for values computed from the paper's equations,
    /// which are none of the paper's and say so.
    let reference (row: LedgerRow) =
        if row.Published = "" && row.Computed <> "" then
            sprintf "– <small>computed: %s</small>" (e (LedgerRow.computed row))
        else
            published row

    let interval (row: LedgerRow) =
        match LedgerRow.interval row with
        | "–" -> "–"
        | text when row.IntervalKind = "" -> e text
        | text -> sprintf "%s <small>%s</small>" (e text) (e row.IntervalKind)

    let private isSingle (pick: LedgerRow -> string) (rows: LedgerRow list) =
        rows |> List.distinctBy pick |> List.length <= 1

    /// Rows as a table. A metric or unit that all rows share stands above it.
    let table (label: string) (rows: LedgerRow list) =
        if rows.IsEmpty then
            ""
        else
            let oneMetric = isSingle _.Metric rows
            let oneUnit = isSingle _.Unit rows
            let isPublished = rows |> List.exists (fun r -> r.Published <> "")
            let isComputed = rows |> List.exists (fun r -> r.Computed <> "")
            let isJudged = rows |> List.exists (fun r -> LedgerRow.judged r <> "–")
            let oneKind = isSingle _.IntervalKind (rows |> List.filter isRun)

            let shared = [
                if oneMetric then
                    "Metric: " + e (LedgerRow.metric rows.Head)
                if oneUnit && rows.Head.Unit <> "" then
                    "unit: " + e rows.Head.Unit
                match rows |> List.filter isRun with
                | first :: _ when oneKind && first.IntervalKind <> "" ->
                    "interval: " + e first.IntervalKind
                | _ -> ()
            ]

            let note =
                if shared.IsEmpty then
                    ""
                else
                    sprintf "<p class=\"meta\">%s.</p>\n" (String.concat "; " shared)

            let headers = [
                "Series"
                "At"
                if not oneMetric then
                    "Metric"
                if not oneUnit then
                    "Unit"
                if isPublished then
                    "Published"
                if isComputed then
                    "Computed"
                "Ours"
                "Interval"
                if isJudged then
                    "Agrees within"
                "Runs"
                if rows |> List.exists (fun r -> r.Verdict.IsSome) then
                    "Verdict"
            ]

            let cells (r: LedgerRow) = [
                e (SeriesText.name r.Series)
                e (LedgerRow.place r)
                if not oneMetric then
                    e (LedgerRow.metric r)
                if not oneUnit then
                    e r.Unit
                if isPublished then
                    published r
                if isComputed then
                    orDash (e (LedgerRow.computed r))
                e (LedgerRow.number r r.Ours)
                (if oneKind then e (LedgerRow.interval r) else interval r)
                if isJudged then
                    e (LedgerRow.judged r)
                (if r.N = 0 then "–" else string r.N)
                if headers |> List.contains "Verdict" then
                    r.Verdict |> Option.map Sections.chip |> Option.defaultValue "–"
            ]

            note + (rows |> List.map cells |> Sections.rawTable "values" label headers)

    /// The style sheet's class of a verdict's colour.
    let tone (badge: Badge) =
        match badge.Name with
        | "reproduced"
        | "consistent" -> "good"
        | "not reproduced" -> "bad"
        | "not run"
        | "no data" -> "none"
        | _ -> "half"

    /// A sign for each verdict, read in words by a screen reader.
    let private dot (badge: Badge option) =
        let sign, words =
            match badge with
            | None -> "·", "not published"
            | Some badge ->
                let sign =
                    match tone badge with
                    | "good" -> "●"
                    | "bad" -> "✕"
                    | "none" -> "○"
                    | _ -> "◐"

                sign, badge.Name

        let style =
            match badge with
            | Some badge -> "dot " + tone badge
            | None -> "dot"

        sprintf
            "<span class=\"%s\" role=\"img\" aria-label=\"%s\" title=\"%s\">%s</span>"
            style
            (e words)
            (e words)
            sign

    /// Series against abscissa with a sign a value; empty where a table says it as well.
    let matrix (rows: LedgerRow list) =
        let series = rows |> List.map _.Series |> List.distinct

        let place (x: string) =
            match Double.TryParse(x, Globalization.CultureInfo.InvariantCulture) with
            | true, value -> value
            | _ -> infinity

        let xs = rows |> List.map _.X |> List.distinct |> List.sortBy place

        if
            not (isSingle _.Metric rows)
            || rows.Length < 12
            || series.Length < 2
            || xs.Length < 2
            || xs.Length > 14
        then
            ""
        else
            let cell name x =
                rows
                |> List.tryFind (fun r -> r.Series = name && r.X = x)
                |> Option.bind _.Verdict
                |> dot
                |> sprintf "<td>%s</td>"

            let row name =
                sprintf
                    "<tr><th scope=\"row\">%s</th>%s</tr>\n"
                    (e (SeriesText.name name))
                    (xs |> List.map (cell name) |> String.concat "")

            sprintf
                "<p class=\"meta\">A sign for each published value: ● within the margin, ✕ not, \
                 ◐ cannot be decided or does not compare, ○ not run, · none published.</p>\n\
                 <div class=\"scroll\" role=\"region\" aria-label=\"Verdicts by series, table\" \
                 tabindex=\"0\">\n<table class=\"dots\">\n<thead><tr>\
                 <th scope=\"col\">Series</th>%s</tr></thead>\n<tbody>\n%s</tbody>\n\
                 </table>\n</div>\n"
                (xs
                 |> List.map (LedgerRow.placeText >> e >> sprintf "<th scope=\"col\">%s</th>")
                 |> String.concat "")
                (series |> List.map row |> String.concat "")

    /// The published values of an item: a matrix of signs, those that were run as a table, the
    /// others behind one line.
    let ofItem (rows: LedgerRow list) =
        let published, own = rows |> List.partition LedgerRow.isReferred
        let run, missing = published |> List.partition isRun

        let folded =
            match missing.Length with
            | 0 -> ""
            | n ->
                sprintf
                    "<details><summary>%s not run at the paper's scale</summary>\n%s</details>\n"
                    (if n = 1 then
                         "1 published value"
                     else
                         sprintf "%d published values" n)
                    (table "Published values not run" missing)

        let others =
            match own with
            | [] -> ""
            | _ when published.IsEmpty -> table "Values" own
            | _ ->
                sprintf
                    "<details><summary>%s of ours without a published one</summary>\n\
                     %s</details>\n"
                    (if own.Length = 1 then
                         "1 value"
                     else
                         sprintf "%d values" own.Length)
                    (table "Values without a published one" own)

        matrix published + table "Published values and ours" run + folded + others
