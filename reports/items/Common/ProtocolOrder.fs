namespace Repro.Reports.Items

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open Repro.Engine.Records

/// How it is known that a rule stood before a run.
type Precedence =
    /// The run's note names the commit that made it, and the protocol is in that commit.
    | ByCommit of commit: string
    /// The note names no commit; the run began after the protocol's first commit.
    | ByDate
    /// The run began before the protocol's first commit.
    | After
    /// Why it cannot be known.
    | Unknown of reason: string

/// A recorded run and the protocol of its item.
type OrderedRun = {
    Item: string
    Id: string
    Found: Precedence
    /// Commits that changed the protocol after the run began.
    ChangesSince: int
}

/// Whether each protocol was committed before the runs that it judges, asked of git.
module ProtocolOrder =
    let private time (text: string) =
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)

    /// The commits of a file with their dates, the first one first; None without a repository.
    let private commits (root: string) (path: string) =
        Checkout.git root [ "log"; "--reverse"; "--format=%H %cI"; "--"; path ]
        |> Option.map (fun text -> [
            for line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
                match line.Split ' ' with
                | [| hash; date |] -> hash, time date
                | _ -> ()
        ])

    let private succeeds root arguments = (Checkout.git root arguments).IsSome

    let private ofCommit root path commit =
        if not (succeeds root [ "merge-base"; "--is-ancestor"; commit; "HEAD" ]) then
            Unknown $"its commit {commit} is not among those before this one"
        elif succeeds root [ "cat-file"; "-e"; $"{commit}:./{path}" ] then
            ByCommit commit
        else
            After

    let private judge
        (byCommit: string -> Precedence)
        (commits: (string * DateTimeOffset) list)
        (note: ProvenanceNote)
        =
        match Option.ofObj note.Commit, commits with
        | None, [] -> Unknown "its protocol is not committed"
        | None, (_, first) :: _ ->
            if DateTimeOffset note.StartedUtc > first then
                ByDate
            else
                After
        | Some commit, _ -> byCommit commit

    /// Every recorded run of the items, in their order.
    let all (root: string) (stores: TwoStores) (items: string list) : OrderedRun list = [
        for item in items do
            let path = $"paper-figures/{item}/protocol.json"
            let store = stores.RecordedOf item
            let ids = List.ofSeq (store.Ids())

            // Many runs of an item name one commit, and git is asked in a process of its own.
            let asked = Dictionary<string, Precedence>()

            let byCommit commit =
                match asked.TryGetValue commit with
                | true, found -> found
                | false, _ ->
                    let found = ofCommit root path commit
                    asked[commit] <- found
                    found

            let known = if ids.IsEmpty then Some [] else commits root path

            for id in ids do
                match known, Option.ofObj (store.ReadNote id) with
                | None, _ -> {
                    Item = item
                    Id = id
                    Found = Unknown "this folder is no git repository"
                    ChangesSince = 0
                  }
                | _, None -> {
                    Item = item
                    Id = id
                    Found = Unknown "it has no whole note"
                    ChangesSince = 0
                  }
                | Some commits, Some note -> {
                    Item = item
                    Id = id
                    Found = judge byCommit commits note
                    ChangesSince =
                        commits
                        |> List.filter (fun (_, date) -> date > DateTimeOffset note.StartedUtc)
                        |> List.length
                  }
    ]

    /// What was found, in lines for people; the last one counts.
    let lines (runs: OrderedRun list) : string list =
        let count test = runs |> List.filter test |> List.length

        [
            for item, those in runs |> List.groupBy _.Item do
                let first = those |> List.map _.ChangesSince |> List.max

                let changed =
                    if first = 0 then
                        "not changed since"
                    else
                        $"changed in {first} commits after the earliest run"

                $"{item}: {those.Length} runs; protocol {changed}"

            for run in runs do
                let name = $"{run.Item}: {run.Id.Substring(0, 12)}"

                match run.Found with
                | ByCommit _
                | ByDate -> ()
                | After -> $"exception: {name} began before its protocol was committed"
                | Unknown reason -> $"exception: {name}: {reason}"

            let byCommit = count (fun run -> run.Found.IsByCommit)
            let byDate = count (fun run -> run.Found.IsByDate)

            $"{runs.Length} recorded runs: the protocol came first in {byCommit} by the commit \
              that their notes name, in {byDate} by date alone; \
              {runs.Length - byCommit - byDate} exceptions"
        ]

    /// Whether a run has no rule that is known to have stood before it.
    let hasExceptions (runs: OrderedRun list) =
        runs
        |> List.exists (fun run -> not (run.Found.IsByCommit || run.Found.IsByDate))
