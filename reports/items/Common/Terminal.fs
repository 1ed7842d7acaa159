namespace Repro.Reports.Items

open System
open System.IO
open Repro.Engine.Runs
open Spectre.Console

/// What a command says. On a terminal a bar shows how far the runs are; elsewhere, and where
/// NO_COLOR is set, there are plain lines that nothing colours or moves, so that a log file reads
/// like the screen.
type Terminal(console: IAnsiConsole option) =
    let started = DateTime.UtcNow
    let mutable lastLine = DateTime.MinValue
    let mutable bar: (ProgressContext * ProgressTask) option = None
    let gate = obj ()

    /// The screen, where it is one that a bar can be shown on.
    static let screen () =
        let isSet (name: string) =
            not (String.IsNullOrEmpty(Environment.GetEnvironmentVariable name))

        let isPlain =
            Console.IsOutputRedirected
            || isSet "NO_COLOR"
            || isSet "CI"
            || Environment.GetEnvironmentVariable "TERM" = "dumb"

        if isPlain then None else Some AnsiConsole.Console

    // A terminal that was closed, or a reader that has gone, must not end the runs.
    let write (action: unit -> unit) =
        lock gate (fun () ->
            try
                action ()
            with :? IOException ->
                ())

    let line (target: TextWriter) (text: string) =
        match bar, console with
        // Above the bar, which is then drawn anew below it.
        | Some _, Some console -> console.WriteLine text
        | _ -> target.WriteLine text

    let describe (progress: PoolProgress) =
        let left =
            match Option.ofNullable progress.SecondsLeft with
            | Some seconds when progress.Done < progress.Total ->
                $", about {ProgressLine.Duration seconds} left"
            | _ -> ""

        let atWork =
            match List.ofSeq progress.Active with
            | [] -> ""
            | first :: rest ->
                let more = if rest.IsEmpty then "" else $" and {rest.Length} more"
                $"; {first.Label}{more}"

        Markup.Escape $"{progress.Done}/{progress.Total} runs{left}{atWork}"

    /// The screen, or plain lines where there is none.
    new() = Terminal(screen ())

    /// A line.
    member _.Say(text: string) = write (fun () -> line Console.Out text)

    /// A line on the error stream.
    member _.Warn(text: string) =
        write (fun () ->
            if Console.IsErrorRedirected then
                Console.Error.WriteLine text
            else
                line Console.Error text)

    /// Does work during which `Progress` moves a bar, where there is a terminal.
    member _.Working(work: unit -> 'a) : 'a =
        match console with
        | None -> work ()
        | Some console ->
            let columns: ProgressColumn[] = [|
                ProgressBarColumn(Width = Nullable 30)
                PercentageColumn()
                TaskDescriptionColumn(Alignment = Justify.Left)
            |]

            console
                .Progress()
                .AutoClear(true)
                .AutoRefresh(false)
                .Columns(columns)
                .Start(fun context ->
                    let task = context.AddTask("runs", maxValue = 1.0)
                    lock gate (fun () -> bar <- Some(context, task))

                    try
                        work ()
                    finally
                        lock gate (fun () -> bar <- None))

    /// How far a pool is: the bar, and a line for each run that ended; without a bar, a line at
    /// most every five seconds and one for the last run.
    member this.Progress(progress: PoolProgress) =
        match bar with
        | Some(context, task) ->
            write (fun () ->
                task.Value <- progress.Fraction
                task.Description <- describe progress
                context.Refresh()

                if progress.JustEnded.HasValue then
                    let struct (label, source) = progress.JustEnded.Value

                    // Hundreds of runs may be there already.
                    if source <> PoolSource.Stored && source <> PoolSource.Recorded then
                        line Console.Out $"  {ProgressLine.Word source} {label}")
        | None ->
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
