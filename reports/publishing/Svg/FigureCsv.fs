namespace Repro.Reports.Svg

open System
open Repro.Reports

/// The numbers that a figure shows, as CSV: a line a point, bar or cell, and the columns that the
/// figure has anything in. A place that an axis has a name for has it beside its number. A run that
/// diverged has no value; its note says at which update.
[<RequireQualifiedAccess>]
module FigureCsv =
    let private field (text: string) =
        if text.IndexOfAny [| ','; '"'; '\n'; '\r' |] >= 0 then
            "\"" + text.Replace("\"", "\"\"") + "\""
        else
            text

    let private number (v: float) =
        if Double.IsFinite v then
            Number.roundTrip (Number.carried v)
        else
            ""

    let private at (values: Values) i =
        match values with
        | Numbers v -> number v[i]
        | Labels l -> defaultArg l[i] ""

    let private ends (errors: ErrorBars option) (values: Values) i =
        match errors, values with
        | Some e, Numbers v when i < e.Plus.Length && i < e.Minus.Length -> [
            number (v[i] - e.Minus[i])
            number (v[i] + e.Plus[i])
          ]
        | _ -> [ ""; "" ]

    let private rows (panel: string) (names: string[]) (trace: Trace) = [
        let series = defaultArg trace.Name ""

        match trace.Heatmap with
        | Some cells ->
            for row in 0 .. cells.Z.Length - 1 do
                for column in 0 .. cells.Z[row].Length - 1 do
                    let x, y = at trace.X column, at trace.Y row
                    [ panel; series; x; ""; y; number (cells.Z[row][column]); ""; ""; "" ]
        | None ->
            for i in 0 .. trace.X.Length - 1 do
                let note =
                    if trace.Unscored.IsSome && i < trace.Text.Length then
                        trace.Text[i]
                    else
                        ""

                let name =
                    match trace.X with
                    | Numbers v -> TickNames.nearest names v[i] |> Option.defaultValue ""
                    | Labels _ -> ""

                [ panel; series; at trace.X i; name; at trace.Y i; "" ]
                @ ends trace.YError trace.Y i
                @ [ note ]
    ]

    /// The figure's numbers, with a header line; values that are not numbers are empty.
    let write (json: string) : string =
        let figure = FigureJson.read json

        let header = [ "panel"; "series"; "x"; "x_name"; "y"; "z"; "low"; "high"; "note" ]

        let rows = [
            for cell in figure.Cells do
                let names = TickNames.ofAxis cell.Layout.XAxis

                for trace in cell.Traces do
                    yield! rows (defaultArg cell.Title "") names trace
        ]

        let used =
            (Array.create header.Length false, rows)
            ||> List.fold (fun used row ->
                row |> List.iteri (fun i text -> used[i] <- used[i] || text <> "")
                used)

        let isKept i name = used[i] || name = "x" || name = "y"

        header :: rows
        |> List.map (fun row ->
            List.zip header row
            |> List.indexed
            |> List.filter (fun (i, (name, _)) -> isKept i name)
            |> List.map (snd >> snd >> field)
            |> String.concat ",")
        |> String.concat "\n"
        |> fun text -> text + "\n"
