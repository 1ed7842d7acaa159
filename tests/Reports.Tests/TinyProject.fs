namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Text.Json.Nodes
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// A run of no time whose result follows from its seed.
type TinyRun(name: string, seed: uint64, onRun: unit -> unit) =
    interface IRunnable with
        member _.Label = $"{name} seed {seed}"

        member _.Spec =
            let spec = JsonObject()
            spec["kind"] <- JsonValue.Create "tiny"
            spec["name"] <- JsonValue.Create name
            spec["seed"] <- JsonValue.Create seed
            spec

        member _.Behaviour = Dictionary [ KeyValuePair("tiny", 1) ]
        member _.DataHashes = Dictionary<string, string>()
        member _.EstimatedCost = 1.0

        member _.Execute context =
            onRun ()
            context.Cancellation.ThrowIfCancellationRequested()
            let y = [| 1.0; 1.0 / float seed |]

            RunResult(
                "completed",
                Dictionary [ KeyValuePair("score", float seed) ],
                Dictionary [ KeyValuePair("loss", Curve([| 0.0; 100.0 |], y)) ],
                String.replicate 64 (string (seed % 10UL)),
                100L
            )

/// A project in a temporary folder: items of tiny runs, under git.
type TinyProject() =
    let folder = Directory.CreateTempSubdirectory "repro-project-"

    let protocol =
        """{ "schema": 1, "item": "ITEM", "title": "Tiny", "paper": "Nobody 2000",
  "shows": "Figure 0", "measure": "The score.", "unit": "the seed",
  "seeds": { "smoke": 1, "quick": 1, "paper": 2 },
  "verdict": { "decidedBy": "tests", "rule": "mean", "confidence": 0.95, "margin": 0,
    "minSeeds": 2, "text": "None." },
  "orderings": [], "settled": [], "deviations": [], "settings": {} }"""

    let git (arguments: string list) =
        let start = ProcessStartInfo("git", "-C" :: folder.FullName :: arguments)
        start.RedirectStandardOutput <- true
        start.RedirectStandardError <- true

        for name in [ "AUTHOR"; "COMMITTER" ] do
            start.Environment[$"GIT_{name}_NAME"] <- "T"
            start.Environment[$"GIT_{name}_EMAIL"] <- "t@example.org"

        use running = Process.Start start
        running.WaitForExit()
        Assert.That(running.ExitCode, Is.Zero, running.StandardError.ReadToEnd())

    let write (path: string) (text: string) =
        let whole = Path.Combine(folder.FullName, path)
        Directory.CreateDirectory(Path.GetDirectoryName whole) |> ignore
        File.WriteAllText(whole, text)

    do
        for item in [ "one"; "two" ] do
            write $"paper-figures/{item}/protocol.json" (protocol.Replace("ITEM", item))

            write
                $"paper-figures/{item}/targets.csv"
                "item,series,x,metric,value,unit,provenance,tolerance\n"

            write $"scripts/{item}.fsx" "(**\n# Tiny\n*)\nlet x = 1\n"

        write ".gitignore" "out/\n"
        git [ "init"; "-q" ]
        git [ "add"; "-A" ]
        git [ "commit"; "-q"; "-m"; "Begin" ]

    member _.Root = folder.FullName
    member _.Write path text = write path text

    /// Commits everything that changed.
    member _.Commit(message: string) =
        git [ "add"; "-A" ]
        git [ "commit"; "-q"; "-m"; message ]

    /// The item "one" or "two": a part "main" of two series with a comma in its abscissa.
    /// `onRun` is called as each run begins, `onPlan` as its plan is made.
    member _.Item(id: string, ?onRun: string -> unit, ?onPlan: unit -> unit) : Item =
        let onRun = defaultArg onRun ignore
        let onPlan = defaultArg onPlan ignore

        {
            Id = id
            Script = $"scripts/{id}.fsx"
            Needs = []
            Plan =
                fun context profile ->
                    onPlan ()

                    [
                        for series in [ "a"; "b" ] do
                            for seed in 1UL .. uint64 context.Protocol.Seeds[profile] do
                                let name = $"{id} {series}"

                                {
                                    Part = "main"
                                    Series = series
                                    X = "5, wide"
                                    Seed = seed
                                    Run = TinyRun(name, seed, fun () -> onRun $"{name} {seed}")
                                }
                    ]
            Analyse =
                fun _ _ finished -> {
                    Claim = ""
                    Summary = $"{finished.Length} runs"
                    Values = []
                    Orderings = []
                    Figures = []
                    Tables = []
                }
        }

    member _.Recorded(id: string) =
        let runs = Path.Combine(folder.FullName, "paper-figures", id, "runs")

        if Directory.Exists runs then
            Directory.GetFiles(runs, "*.json")
            |> Array.filter (fun path -> not (path.EndsWith ".note.json"))
            |> Array.sort
            |> List.ofArray
        else
            []

    member _.Page(id: string) =
        File.ReadAllText(Path.Combine(folder.FullName, "out", id, "index.html"))

    interface IDisposable with
        member _.Dispose() = folder.Delete true

/// A command run in this process, with what it wrote.
module Said =
    let run (command: unit -> int) : int * string * string =
        let out, error = Console.Out, Console.Error
        use output = new StringWriter()
        use errors = new StringWriter()
        Console.SetOut output
        Console.SetError errors

        try
            let code = command ()
            code, string output, string errors
        finally
            Console.SetOut out
            Console.SetError error
