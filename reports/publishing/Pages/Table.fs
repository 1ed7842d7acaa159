namespace Repro.Reports

open System

/// How a column of a table is set.
type Alignment =
    | Left
    | Right

/// A cell: plain text, and a CSS class that may be empty.
type Cell = {
    Text: string
    Class: string
} with

    /// Plain text.
    static member text(value: string) : Cell = { Text = value; Class = "" }

    /// A number with a fixed number of decimals, "–" when it is not finite.
    static member number (decimals: int) (value: float) : Cell = {
        Text = Number.fixedPoint decimals value
        Class = ""
    }

    /// A badge.
    static member badge(badge: Badge) : Cell = {
        Text = badge.Name
        Class = badge.Class
    }

/// A table: as many headers as each row has cells.
type Table = {
    Headers: string list
    Rows: Cell list list
    /// One a column; columns without one are aligned by what they hold.
    Alignments: Alignment list
}

/// Tables as HTML and CSV.
[<RequireQualifiedAccess>]
module Table =
    /// A table whose columns of numbers are set right and all others left.
    let create (headers: string list) (rows: Cell list list) : Table =
        rows
        |> List.iteri (fun i row ->
            if row.Length <> headers.Length then
                invalidArg
                    (nameof rows)
                    (sprintf
                        "Row %d of a table has %d cells under %d headers. Give one cell a header."
                        (i + 1)
                        row.Length
                        headers.Length))

        {
            Headers = headers
            Rows = rows
            Alignments = []
        }

    /// A table of plain texts.
    let ofStrings (headers: string list) (rows: string list list) : Table =
        create headers (rows |> List.map (List.map Cell.text))

    let private numeric (text: string) =
        let start = text.Trim().TrimStart('-', '−', '+', '±', '<', '≥', '≤', '≈', '–')
        start = "" || Char.IsDigit start[0] || start[0] = '∞'

    let private alignment (table: Table) column =
        match List.tryItem column table.Alignments with
        | Some given -> given
        | None ->
            let texts = table.Rows |> List.map (fun row -> row[column].Text)
            let some = texts |> List.exists (fun t -> t.Trim() <> "")
            if some && List.forall numeric texts then Right else Left

    /// The table in its own scrolling container; `caption` is plain text and may be empty.
    let toHtml (caption: string) (table: Table) : string =
        let right = [| for i in 0 .. table.Headers.Length - 1 -> alignment table i = Right |]

        let classOf i extra =
            if right[i] then (extra + " num").Trim() else extra

        let attribute value =
            if value = "" then
                ""
            else
                sprintf " class=\"%s\"" (Html.escape value)

        // A long header breaks, so that it does not take the room of the columns beside it.
        let head =
            table.Headers
            |> List.mapi (fun i text ->
                let style = classOf i (if text.Length > 24 then "long" else "")
                sprintf "<th scope=\"col\"%s>%s</th>" (attribute style) (Html.escape text))
            |> String.concat ""

        // On a narrow screen each row is a card with the headers beside its cells.
        let labels = table.Headers |> List.map Html.escape |> Array.ofList

        let cell i (c: Cell) =
            let text = Html.escape (SeriesText.name c.Text)

            if c.Class.StartsWith("chip", StringComparison.Ordinal) then
                sprintf
                    "<td data-label=\"%s\"><span class=\"%s\">%s</span></td>"
                    labels[i]
                    (Html.escape c.Class)
                    text
            else
                let absent = if c.Text = "" || c.Text = "–" then " absent" else ""

                sprintf
                    "<td data-label=\"%s\"%s>%s</td>"
                    labels[i]
                    (attribute ((classOf i c.Class + absent).Trim()))
                    text

        let rows =
            table.Rows
            |> List.map (fun row ->
                "<tr>" + (row |> List.mapi cell |> String.concat "") + "</tr>\n")
            |> String.concat ""

        let captioned =
            if caption = "" then
                ""
            else
                sprintf "<caption>%s</caption>\n" (Html.escape caption)

        let label = if caption = "" then "Table" else caption

        sprintf
            "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">\n\
             <table class=\"cards\">\n%s\
             <thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody>\n</table>\n</div>\n"
            (Html.escape label)
            captioned
            head
            rows

    let private field (text: string) =
        if text.IndexOfAny [| ','; '"'; '\n'; '\r' |] >= 0 then
            "\"" + text.Replace("\"", "\"\"") + "\""
        else
            text

    /// The table as CSV (RFC 4180 quoting, "\n" line ends).
    let toCsv (table: Table) : string =
        let line cells =
            (cells |> List.map field |> String.concat ",") + "\n"

        let rows = table.Rows |> List.map (List.map _.Text >> line)
        line table.Headers + String.concat "" rows
