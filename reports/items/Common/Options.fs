namespace Repro.Reports.Items

open System
open System.IO
open System.Globalization
open Repro.Engine.Judging
open Repro.Engine.Records

/// Wrong use of a command: exit code 2.
exception UsageError of message: string

/// What the command line asks for.
type Options = {
    Profile: Profile
    /// Items asked for by name, in the order given; empty means all.
    Only: string list
    /// Parts of an item's plan asked for; empty means all.
    Parts: string list
    Workers: int
    Data: string option
    Out: string
    Fresh: bool
    Record: bool
    /// Make no run: pages of what there is of the paper's scale.
    AtHand: bool
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
  --part PART,...              these parts of the plans only, such as readings or main/150
  --workers N                  runs made at once (default: one a processor)
  --data DIR                   where data sets lie (default: REPRO_DATA, then the user's cache)
  --out DIR                    where results go (default: out in the repository)
  --fresh                      forget the local records of the runs asked for and train anew
  --record                     copy finished runs of the profile 'paper' to paper-figures
  --at-hand                    make no run: publish what there is of the paper's scale
  --why                        say of each run whether and why it would be made, and stop
  --plan                       print the planned runs of every profile with their ids, and stop
  --list                       list the items and stop
  --help                       this text (dotnet fsi takes a bare --help itself: write
                               -- --help, or help)

Interrupt with Ctrl-C; the same command goes on where it stopped.
Exit codes: 0 done, 1 something failed, 2 wrong use."""

    let private known = [
        "--profile"
        "--only"
        "--part"
        "--workers"
        "--data"
        "--out"
        "--fresh"
        "--record"
        "--at-hand"
        "--why"
        "--plan"
        "--list"
        "--help"
    ]

    let private names (text: string) =
        text.Split(',', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        |> List.ofArray

    let private parseProfile (text: string) =
        match text with
        | "smoke" -> Profile.Smoke
        | "quick" -> Profile.Quick
        | "paper" -> Profile.Paper
        | _ -> raise (UsageError $"there is no profile '{text}'; choose smoke, quick or paper")

    let private parseWorkers (text: string) =
        match Int32.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture) with
        | true, n when n >= 1 && n <= 1024 -> n
        | _ -> raise (UsageError $"--workers is '{text}'; a whole number from 1 to 1024 is needed")

    let private isKnown (option: string) = List.contains option known

    /// Reads arguments; `root` is the repository's folder.
    /// Raises UsageError for an unknown option, a missing or a wrong value.
    let parse (root: string) (arguments: string list) =
        let rec read options arguments =
            match arguments with
            | [] -> options
            | "--fresh" :: rest -> read { options with Fresh = true } rest
            | "--record" :: rest -> read { options with Record = true } rest
            | "--at-hand" :: rest -> read { options with AtHand = true } rest
            | "--why" :: rest -> read { options with Why = true } rest
            | "--plan" :: rest -> read { options with Plan = true } rest
            | "--list" :: rest -> read { options with List = true } rest
            | ("--help" | "-h" | "help") :: rest -> read { options with Help = true } rest
            | (option: string) :: rest when option.Contains '=' && option.StartsWith "--" ->
                let at = option.IndexOf '='
                read options (option.Substring(0, at) :: option.Substring(at + 1) :: rest)
            | option :: value :: rest when isKnown option && not (value.StartsWith "--") ->
                match option with
                | "--profile" -> {
                    options with
                        Profile = parseProfile value
                  }
                | "--only" -> {
                    options with
                        Only = options.Only @ names value
                  }
                | "--part" -> {
                    options with
                        Parts = options.Parts @ names value
                  }
                | "--workers" -> {
                    options with
                        Workers = parseWorkers value
                  }
                | "--data" -> {
                    options with
                        Data = Some(Path.GetFullPath value)
                  }
                | _ -> {
                    options with
                        Out = Path.GetFullPath value
                  }
                |> fun options -> read options rest
            | option :: _ when isKnown option ->
                raise (UsageError $"{option} needs a value; see --help")
            | option :: _ ->
                let all = String.Join(", ", known)
                raise (UsageError $"there is no option '{option}'; known are {all}")

        let start = {
            Profile = Profile.Quick
            Only = []
            Parts = []
            Workers = Environment.ProcessorCount
            Data = None
            Out = Path.Combine(root, "out")
            Fresh = false
            Record = false
            AtHand = false
            Why = false
            Plan = false
            List = false
            Help = false
        }

        let options = read start arguments

        if options.Record && options.Profile <> Profile.Paper then
            raise (UsageError "--record needs --profile paper: only those runs are recorded")

        options
