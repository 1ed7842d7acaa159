namespace Repro.Reports.Items

open System
open System.IO

/// What verify.fsx was asked for.
type internal VerifyOptions = {
    /// One run by id or by name, or None for a sample.
    Run: string option
    Sample: int option
    /// Every recorded run, instead of one or a sample.
    All: bool
    Seed: int64
    /// Only runs that took less than so many seconds.
    Under: float
    Workers: int
    Data: string option
    Out: string
    Fresh: bool
    /// Whether what is found equal is written down for this machine.
    Attest: bool
    /// Whether the order of protocols and runs is asked, instead of making runs.
    Protocols: bool
    Help: bool
}

module internal VerifyOptions =
    /// The help text.
    let help =
        "Usage: dotnet fsi scripts/verify.fsx RUN [options]
       dotnet fsi scripts/verify.fsx --sample N [--attest] [options]
       dotnet fsi scripts/verify.fsx --all [--attest] [options]
       dotnet fsi scripts/verify.fsx --protocols

Makes a recorded run anew, from nothing, and compares it with its record: 'identical', or where
the two part. RUN is an id or the beginning of one, or ITEM/PART/SERIES/X/SEED.

  --sample N       N recorded runs chosen by the seed, instead of one by name
  --all            every recorded run
  --seed S         chooses the sample (default: 1)
  --under SECONDS  with --sample or --all: only runs that took less
  --attest         add what is found to this machine's file in paper-figures/attestations;
                   needs committed sources
  --protocols      make nothing; ask git whether each protocol was committed before its runs
  --workers N      runs made at once (default: one a processor)
  --data DIR       where data sets lie (default: REPRO_DATA, then the user's cache)
  --out DIR        where unfinished work lies (default: out/verify in the repository)
  --fresh          forget the checkpoint of an interrupted check
  --help           this text (dotnet fsi takes a bare --help itself: write -- --help, or help)

Interrupt with Ctrl-C (or SIGTERM, or SIGHUP); the same command goes on where it stopped.
Exit codes: 0 identical, 1 a run differs, is damaged or failed, 2 wrong use, 130 interrupted."

    let private flags = [ "--all"; "--fresh"; "--attest"; "--protocols"; "--help"; "-h" ]

    let private valued = [ "--sample"; "--seed"; "--under"; "--workers"; "--data"; "--out" ]

    /// Reads arguments; `root` is the repository's folder.
    /// Raises UsageError for an unknown option, a missing or a wrong value.
    let parse (root: string) (arguments: string list) : VerifyOptions =
        let given = Arguments.parse flags valued arguments
        let last name = Arguments.tryLast name given

        let whole name least most orElse =
            match last name with
            | Some text -> Arguments.whole name least most text
            | None -> orElse

        let isHelp =
            given.Flags.Contains "--help"
            || given.Flags.Contains "-h"
            || given.Words = [ "help" ]

        let isOfProtocols = given.Flags.Contains "--protocols"

        let isAll = given.Flags.Contains "--all"

        let run =
            match given.Words, last "--sample" with
            | _ when isHelp -> None
            | _ :: _, _ when isAll -> raise (UsageError "give a run or --all, not both")
            | _, Some _ when isAll ->
                raise (UsageError "--all is every recorded run and --sample some of them; give one")
            | [], None when isOfProtocols && not isAll -> None
            | _ when isOfProtocols ->
                raise (UsageError "--protocols asks about all recorded runs; give no run to make")
            | [], None when isAll -> None
            | [ word ], None -> Some word
            | [], Some _ -> None
            | [], None ->
                raise (
                    UsageError
                        "say which run, or --sample N for a sample of them, or --all; see --help"
                )
            | _, Some _ -> raise (UsageError "give a run or --sample, not both")
            | words, None ->
                let all = String.Join(", ", words)
                raise (UsageError $"one run is verified, or --sample N; given were {all}")

        if
            given.Flags.Contains "--attest"
            && (last "--sample").IsNone
            && not isAll
            && not isHelp
        then
            raise (
                UsageError
                    "--attest needs --sample N or --all: what is attested was not chosen by hand"
            )

        {
            Run = run
            Sample =
                last "--sample"
                |> Option.map (fun text -> int (Arguments.whole "--sample" 1L 1000000L text))
            All = isAll
            Seed = whole "--seed" 0L Int64.MaxValue 1L
            Under =
                (match last "--under" with
                 | Some text -> float (Arguments.whole "--under" 1L 1000000000L text)
                 | None -> infinity)
            Workers = int (whole "--workers" 1L 1024L (int64 Environment.ProcessorCount))
            Data = last "--data" |> Option.map Path.GetFullPath
            Out =
                match last "--out" with
                | Some folder -> Path.GetFullPath folder
                | None -> Path.Combine(root, "out", "verify")
            Fresh = given.Flags.Contains "--fresh"
            Attest = given.Flags.Contains "--attest"
            Protocols = isOfProtocols
            Help = isHelp
        }
