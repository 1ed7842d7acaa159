namespace Repro.Reports.Items

open System
open System.Diagnostics
open System.ComponentModel

/// The state of the sources as git knows it.
type Checkout = {
    /// The commit checked out.
    Commit: string
    /// Files that decide results or pages and hold changes that are not committed, relative to
    /// the repository's folder.
    Changed: string list
}

module Checkout =
    /// Whether a command writes the file: recorded runs and what is drawn from them do not make a
    /// tree dirty.
    let isGenerated (path: string) =
        match List.ofArray (path.Split '/') with
        | "paper-figures" :: _ :: [ "figure.svg" | "table.csv" ] -> true
        | "paper-figures" :: "attestations" :: _ -> true
        | "paper-figures" :: _ :: "runs" :: _ :: _ -> true
        | "reports" :: "site" :: _ -> true
        | _ -> false

    /// The output of a git command, or None where it fails or there is no git.
    let internal git (root: string) (arguments: string list) =
        let start =
            ProcessStartInfo(
                "git",
                "-C" :: root :: arguments,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        try
            match Process.Start start with
            | null -> None
            | started ->
                use running = started
                let errors = running.StandardError.ReadToEndAsync()
                let output = running.StandardOutput.ReadToEnd()
                running.WaitForExit()
                errors.Wait()
                if running.ExitCode = 0 then Some output else None
        with :? Win32Exception ->
            None

    // Entries of `git status -z`: two letters, a space and a path; after a renamed file's new
    // path comes its old one.
    let rec private paths (entries: string list) =
        match entries with
        | entry :: old :: rest when entry.Length > 3 && entry.Substring(0, 2).Contains 'R' ->
            entry.Substring 3 :: old :: paths rest
        | entry :: rest when entry.Length > 3 -> entry.Substring 3 :: paths rest
        | _ :: rest -> paths rest
        | [] -> []

    /// The state of a folder; None where git does not know it.
    let read (root: string) : Checkout option =
        let head = git root [ "rev-parse"; "HEAD" ]
        let prefix = git root [ "rev-parse"; "--show-prefix" ]

        let status =
            git root [ "status"; "--porcelain=v1"; "-z"; "--untracked-files=all"; "--"; "." ]

        match head, prefix, status with
        | Some commit, Some prefix, Some status ->
            let prefix = prefix.Trim()

            Some {
                Commit = commit.Trim()
                Changed =
                    status.Split('\000', StringSplitOptions.RemoveEmptyEntries)
                    |> List.ofArray
                    |> paths
                    |> List.filter _.StartsWith(prefix, StringComparison.Ordinal)
                    |> List.map _.Substring(prefix.Length)
                    |> List.filter (isGenerated >> not)
            }
        | _ -> None

    /// Raises UsageError unless every file that decides results is committed, so that what an
    /// option makes can name its commit.
    let requireCleanFor (option: string) (what: string) (checkout: Checkout option) =
        match checkout with
        | Some { Changed = [] } -> ()
        | Some { Changed = first :: rest } ->
            let more = if rest.IsEmpty then "" else $" and {rest.Length} more"

            raise (
                UsageError
                    $"{option} needs committed sources, and {first}{more} changed; commit or \
                      stash first, so that each {what} can name the commit that made it"
            )
        | None ->
            raise (
                UsageError
                    $"{option} needs a git checkout, so that each {what} can name the \
                     commit that made it"
            )

    /// Raises UsageError unless every file that decides results is committed: a recorded run says
    /// which commit made it.
    let requireClean (checkout: Checkout option) =
        requireCleanFor "--record" "recorded run" checkout
