namespace Repro.Reports

open System

/// All values of the site in one table, and as JSON.
[<RequireQualifiedAccess>]
module internal LedgerHtml =
    let private e = Html.escape

    let private verdict (row: LedgerRow) =
        match row.Verdict with
        | None -> "–"
        | Some badge -> sprintf "<b class=%s>%s</b>" (ValueTables.tone badge) badge.Name

    let private scale (row: LedgerRow) = if row.N = 0 then "–" else row.Scale

    // A thousand rows have to fit a page: the first of an item alone is a link, and closing tags
    // of cells and rows, which HTML lets one leave out, are left out.
    let private row (paged: Set<string>) (isFirst: bool) (r: LedgerRow) =
        let id = LedgerRow.anchor r

        let item =
            if isFirst && paged.Contains r.Item then
                sprintf "<a href=\"../%s/index.html\">%s</a>" (Html.slug r.Item) (e r.Item)
            else
                e r.Item

        let metric =
            if r.Unit = "" then
                e (LedgerRow.metric r)
            else
                sprintf "%s, %s" (e (LedgerRow.metric r)) (e r.Unit)

        [
            item
            e (SeriesText.name r.Series)
            e (LedgerRow.place r)
            ValueTables.reference r
            e (LedgerRow.number r r.Ours)
            verdict r
            ValueTables.interval r
            (if r.N = 0 then "–" else string r.N)
            metric
            scale r
            sprintf "<a href=\"#%s\">#</a>" id
        ]
        |> List.map (fun cell ->
            match cell with
            | ""
            | "–" -> "<td class=absent>" + cell
            | cell -> "<td>" + cell)
        |> String.concat ""
        |> sprintf "<tr id=\"%s\">%s\n" id

    /// The page.
    let render (place: Shell.Place) (paged: Set<string>) (rows: LedgerRow list) : string =
        let head =
            [
                "Item"
                "Series"
                "At"
                "Published"
                "Ours"
                "Verdict"
                "Interval"
                "Runs"
                "Metric"
                "Scale"
                "Link"
            ]
            |> List.map (sprintf "<th scope=\"col\">%s</th>")
            |> String.concat ""

        let body =
            sprintf
                "<h1>The ledger</h1>\n<p class=\"lead\">All %d values: what was published, what \
                 was made here, its interval, and the verdict.</p>\n\
                 <p>Download: <a href=\"../ledger.csv\" download>CSV</a>, \
                 <a href=\"../ledger.json\" download>JSON</a>. The sign # at a row is a link to \
                 it that stays the same when numbers are made anew. A value has a verdict where \
                 it was published and ours was made at the paper's own scale.</p>\n\
                 <div data-filter=\"rows\">\n\
                 <div class=\"scroll\" role=\"region\" aria-label=\"All values, table\" \
                 tabindex=\"0\">\n<table class=\"cards ledger\">\n\
                 <thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody>\n</table>\n</div>\n</div>\n"
                rows.Length
                head
                (("", rows)
                 ||> List.mapFold (fun above r -> row paged (above <> r.Item) r, r.Item)
                 |> fst
                 |> String.concat "")

        Shell.page
            place
            "Ledger"
            "The ledger: all values"
            "All published values beside ours, with intervals and verdicts."
            "<style>main{max-width:84rem}</style>\n"
            body
            (Shell.listScript place)

    /// The same as JSON: numbers unrounded, absent ones null.
    let json (rows: LedgerRow list) : string =
        let text value =
            if value = "" then null else Json.text value

        let stated (value: string) =
            match Double.TryParse(value, Globalization.CultureInfo.InvariantCulture) with
            | true, number -> Json.number number
            | _ -> text value

        let row (r: LedgerRow) =
            Json.object' [
                "id", Json.text (LedgerRow.anchor r)
                "item", Json.text r.Item
                "series", Json.text r.Series
                "x", Json.text r.X
                "metric", Json.text r.Metric
                "unit", text r.Unit
                "published", stated r.Published
                "computed", stated r.Computed
                "provenance", text r.Provenance
                "ours", Json.number r.Ours
                "low", Json.number r.Low
                "high", Json.number r.High
                "interval", text r.IntervalKind
                "judged_low", Json.number r.JudgedLow
                "judged_high", Json.number r.JudgedHigh
                "runs", Json.number (float r.N)
                "scale", (if r.N = 0 then null else Json.text r.Scale)
                "verdict",
                (match r.Verdict with
                 | Some badge -> Json.text badge.Name
                 | None -> null)
            ]

        let lines = rows |> List.map (row >> Json.write) |> String.concat ",\n"
        "[\n" + lines + "\n]\n"
