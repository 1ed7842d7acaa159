namespace Repro.Reports.Items

open System
open System.IO
open Repro.Engine.Judging
open Repro.Engine.Records

/// How runs are handed to Slurm.
type SlurmOptions = {
    /// Tasks of the array, at most.
    Tasks: int
    /// Time limit of a task, as sbatch takes it.
    Time: string
    /// Further options of sbatch, without their dashes.
    Sbatch: string list
    /// Stay until the pages are written.
    Waits: bool
}

/// What the command line asks for.
type Options = {
    Profile: Profile
    /// Items asked for by name, in the order given; empty means all.
    Only: string list
    /// Parts of an item's plan or runs asked for, as written; empty means all.
    Parts: string list
    Workers: int
    Threads: int
    Data: string option
    Out: string
    Fresh: bool
    Record: bool
    /// Make no run: pages of what there is of the paper's scale.
    AtHand: bool
    /// Make runs beside other processes and machines until none is left to take, and no pages.
    Work: bool
    Slurm: SlurmOptions option
    Why: bool
    /// Print the planned runs of every profile with their ids and stop.
    Plan: bool
    List: bool
    Help: bool
}

module Options =
    /// The help text of both commands.
    let help (command: string) =
        $"""Usage: dotnet fsi {command} [options]

Trains what the stores lack, then writes figures, tables and pages.

  --profile smoke|quick|paper  how much is run: seconds, minutes (default), the paper's own scale
  --only ITEM,...              these items only (see --list)
  --part PART,...              these parts of the plans only, such as readings or main/150, or
                               one run: PART/SERIES/X/SEED, or the beginning of its id
  --workers N                  runs made at once (default: one a processor)
  --threads N                  most threads of one run (default 1; more only on an idle machine):
                               runs share the cores of workers that have none; with --workers 1
                               one run at a time has them all; results are the same
  --data DIR                   where data sets lie (default: REPRO_DATA, then the user's cache)
  --out DIR                    where results go (default: out in the repository)
  --fresh                      forget the local records of the runs asked for and train anew
  --record                     copy each run of the profile 'paper' to paper-figures as it ends
  --at-hand                    make no run: publish what there is of the paper's scale
  --work                       make runs beside other processes, on this machine or others, that
                               work in the same --out; stop when none is left to take; no pages
  --on slurm                   hand the runs to Slurm and publish when they have ended
  --tasks N                    tasks of Slurm at once (default 16, each with --workers, default 1)
  --time LIMIT                 time limit of a task (default 4:00:00); what is not done by then
                               goes on in the next
  --sbatch OPTION=VALUE        a further option of sbatch, such as partition=cpu; may be repeated
  --wait                       with --on: stay until the pages are written
  --why                        say of each run whether and why it would be made, then of each item
                               and in all how many and how long, and stop
  --plan                       print the planned runs of every profile with their ids, and stop
  --list                       list the items and stop
  --help                       this text (dotnet fsi takes a bare --help itself: write
                               -- --help, or help)

Interrupt with Ctrl-C (or SIGTERM, or SIGHUP); the same command goes on where it stopped.
Exit codes: 0 done, 1 something failed, 2 wrong use, 130 interrupted."""

    let private flags = [
        "--fresh"
        "--record"
        "--at-hand"
        "--work"
        "--wait"
        "--why"
        "--plan"
        "--list"
        "--help"
        "-h"
    ]

    let private valued = [
        "--profile"
        "--only"
        "--part"
        "--workers"
        "--threads"
        "--data"
        "--out"
        "--on"
        "--tasks"
        "--time"
        "--sbatch"
    ]

    let private usualTasks = 16
    let private usualTime = "4:00:00"

    let private names (text: string) =
        text.Split(',', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        |> List.ofArray

    let private parseProfile (text: string) =
        match text with
        | "smoke" -> Profile.Smoke
        | "quick" -> Profile.Quick
        | "paper" -> Profile.Paper
        | _ -> raise (UsageError $"there is no profile '{text}'; choose smoke, quick or paper")

    // What stands in a comment of a script must be one word there.
    let private isWord (text: string) =
        text <> ""
        && text |> Seq.forall (fun c -> not (Char.IsWhiteSpace c || Char.IsControl c))

    let private parseSlurm (given: Arguments.Parsed) =
        let last name = Arguments.tryLast name given

        match last "--on" with
        | Some "slurm" ->
            let time = last "--time" |> Option.defaultValue usualTime
            let sbatch = Arguments.all "--sbatch" given

            for name, value in ("--time", time) :: [ for o in sbatch -> "--sbatch", o ] do
                if not (isWord value) || value.StartsWith '-' then
                    raise (
                        UsageError
                            $"{name} is '{value}'; one word is needed, such as \
                              --time 12:00:00 or --sbatch partition=cpu"
                    )

            Some {
                Tasks =
                    match last "--tasks" with
                    | Some text -> int (Arguments.whole "--tasks" 1L 100_000L text)
                    | None -> usualTasks
                Time = time
                Sbatch = sbatch
                Waits = given.Flags.Contains "--wait"
            }
        | Some other -> raise (UsageError $"--on is '{other}'; runs can be handed to slurm")
        | None ->
            for name in [ "--tasks"; "--time"; "--sbatch" ] do
                if (last name).IsSome then
                    raise (UsageError $"{name} needs --on slurm")

            if given.Flags.Contains "--wait" then
                raise (UsageError "--wait needs --on slurm")

            None

    /// Reads arguments; `root` is the repository's folder.
    /// Raises UsageError for an unknown option, a missing or a wrong value.
    let parse (root: string) (arguments: string list) =
        let given = Arguments.parse flags valued arguments
        let last name = Arguments.tryLast name given
        let has name = given.Flags.Contains name

        for word in given.Words do
            if word <> "help" then
                let all = String.Join(", ", valued @ flags)
                raise (UsageError $"there is no option '{word}'; known are {all}")

        let slurm = parseSlurm given

        let options = {
            Profile =
                last "--profile" |> Option.map parseProfile |> Option.defaultValue Profile.Quick
            Only = Arguments.all "--only" given |> List.collect names
            Parts = Arguments.all "--part" given
            Workers =
                match last "--workers" with
                | Some text -> int (Arguments.whole "--workers" 1L 1024L text)
                | None -> if slurm.IsSome then 1 else Environment.ProcessorCount
            Threads =
                match last "--threads" with
                | Some text -> int (Arguments.whole "--threads" 1L 1024L text)
                | None -> 1
            Data = last "--data" |> Option.map Path.GetFullPath
            Out =
                match last "--out" with
                | Some folder -> Path.GetFullPath folder
                | None -> Path.Combine(root, "out")
            Fresh = has "--fresh"
            Record = has "--record"
            AtHand = has "--at-hand"
            Work = has "--work"
            Slurm = slurm
            Why = has "--why"
            Plan = has "--plan"
            List = has "--list"
            Help = has "--help" || has "-h" || List.contains "help" given.Words
        }

        if options.Record && options.Profile <> Profile.Paper then
            raise (UsageError "--record needs --profile paper: only those runs are recorded")

        let isShared = options.Work || slurm.IsSome

        if options.Work && slurm.IsSome then
            raise (UsageError "--work is what the tasks of --on slurm do; give one of them")

        if isShared && options.Fresh then
            raise (UsageError "--fresh would forget runs that others have made; use another --out")

        if isShared && options.AtHand then
            raise (UsageError "--at-hand makes no run; there is nothing to share")

        options
