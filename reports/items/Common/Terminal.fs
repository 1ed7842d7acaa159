namespace Repro.Reports.Items

open System
open Repro.Engine.Runs

/// Plain lines on the console. Nothing moves the cursor and nothing is coloured, so that a log
/// file reads like the screen.
type Terminal() =
    let started = DateTime.UtcNow
    let mutable lastLine = DateTime.MinValue
    let gate = obj ()

    /// A line.
    member _.Say(text: string) =
        lock gate (fun () -> Console.Out.WriteLine text)

    /// A line on the error stream.
    member _.Warn(text: string) =
        lock gate (fun () -> Console.Error.WriteLine text)

    /// A line about a pool's progress, at most one in five seconds but for the last.
    member this.Progress(progress: PoolProgress) =
        let now = DateTime.UtcNow
        let isLast = progress.Done = progress.Total

        if isLast || now - lastLine > TimeSpan.FromSeconds 5.0 then
            lastLine <- now
            this.Say("  " + ProgressLine.Format progress)

    /// Time since the command began.
    member _.Elapsed = ProgressLine.Duration (DateTime.UtcNow - started).TotalSeconds

    /// Lines of cells in columns as wide as they need, no cell wider than 60 characters.
    member this.Columns(rows: string list list) =
        let shorten (text: string) =
            if text.Length <= 60 then
                text
            else
                text.Substring(0, 59) + "…"

        let rows = rows |> List.map (List.map shorten)

        let widths = [
            for column in 0 .. List.length (List.head rows) - 1 ->
                rows |> List.map (fun row -> row[column].Length) |> List.max
        ]

        for row in rows do
            let cells = List.map2 (fun (w: int) (cell: string) -> cell.PadRight w) widths row
            this.Say("  " + String.Join("  ", cells).TrimEnd())
