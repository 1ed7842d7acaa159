namespace Repro.Reports.Items

open System
open Repro.Reports

/// The commit that the sources of a site stand at, asked of git.
module internal Commit =
    /// What a site is made from. Published pages are not among it: a commit that adds them does
    /// not change what they say.
    let private sources = [
        "engine"
        "reports/items"
        "reports/publishing"
        "scripts"
        "paper-figures"
    ]

    /// "https://github.com/owner/name" of an address that git fetches from; "" of any other.
    let page (remote: string) =
        let plain = remote.Trim()

        let plain =
            if plain.EndsWith(".git", StringComparison.Ordinal) then
                plain.Substring(0, plain.Length - 4)
            else
                plain

        if plain.StartsWith("git@", StringComparison.Ordinal) && plain.Contains ':' then
            "https://" + plain.Substring(4).Replace(':', '/')
        elif plain.StartsWith("https://", StringComparison.Ordinal) then
            // A name or a token before the host is nobody's business.
            match plain.IndexOf '@' with
            | -1 -> plain
            | at -> "https://" + plain.Substring(at + 1)
        else
            ""

    /// The last commit of the sources; None outside a repository.
    let ofSources (root: string) : BuiltFrom option =
        match Checkout.git root ([ "log"; "-1"; "--format=%H %cs"; "--" ] @ sources) with
        | None -> None
        | Some line when line.Trim() = "" -> None
        | Some line ->
            let hash, date =
                match line.Trim().Split ' ' with
                | [| hash; date |] -> hash, date
                | _ -> line, ""

            let changed = Checkout.git root ([ "status"; "--porcelain"; "--" ] @ sources)
            let remote = Checkout.git root [ "remote"; "get-url"; "origin" ]

            Some {
                Commit = hash
                Date = date
                IsClean = (changed |> Option.exists (fun text -> text.Trim() = ""))
                Repository = remote |> Option.map page |> Option.defaultValue ""
            }
