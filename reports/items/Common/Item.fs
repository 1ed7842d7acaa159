namespace Repro.Reports.Items

open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports

/// A run an item wants, and its place in the item's figure.
type Planned = {
    /// Part of the plan, such as "main" or "readings".
    Part: string
    /// As spelled in the targets.
    Series: string
    /// Abscissa, as spelled in the targets.
    X: string
    Seed: uint64
    Run: IRunnable
}

/// A recorded run whose file cannot be trusted.
type Damaged = {
    Id: string
    /// None where no plan wants the run.
    Cell: Planned option
    /// What is wrong with the file.
    Reason: string
}

/// A cell whose run has ended.
type Finished = {
    Cell: Planned
    Id: string
    Record: RunRecord
    Note: ProvenanceNote option
    Source: PoolSource
    /// Whether it has the bytes of the recorded run; None when that id is not recorded.
    Matches: bool option
    Profile: Profile
}

/// What an item's plan and analysis may read.
type Context = {
    /// The repository's folder.
    Root: string
    Protocol: Protocol
    Targets: Target list
    Data: DataStore
    /// The record of a run, if it was made; makes none.
    Find: IRunnable -> RunRecord option
} with

    /// The same with the protocol and the targets of another item, whose runs decide for this one.
    member context.Of(item: string) : Context =
        if context.Protocol.Item = item then
            context
        else
            let folder = Path.Combine(context.Root, "paper-figures", item)

            {
                context with
                    Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
                    Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            }

/// What an item's analysis says; the runner adds protocol, runs and cost to the page.
type Analysis = {
    /// HTML: what the paper claims and printed.
    Claim: string
    /// One line for the index.
    Summary: string
    Values: ValueRow list
    /// Verdicts on claims of their own (orderings), beside those of the values.
    Orderings: (string * Judgement) list
    Figures: Figure list
    Tables: (string * Table) list
}

/// A figure or table of a paper and everything needed to regenerate it.
type Item = {
    /// As in the targets, such as "talathi-fig3".
    Id: string
    /// The script that defines it, relative to the repository's folder.
    Script: string
    /// Data sets without which it cannot be made.
    Needs: DataSet list
    /// Runs of a profile. It may look at finished ones: as long as a plan grows when its runs
    /// have ended, it is asked for again.
    Plan: Context -> Profile -> Planned list
    /// Runs at hand of the profile asked for and of the profile 'paper' (recorded ones).
    Analyse: Context -> Profile -> Finished list -> Analysis
}

/// A finding worth a headline on the index: written from the records each time, so that nothing
/// is claimed that they do not support.
type Headline = {
    /// The item whose runs it rests on.
    Item: string
    /// The sentence with its numbers, or None where the runs do not support it: of the item's
    /// finished runs at the paper's scale and its values.
    Text: Context -> Finished list -> ValueRow list -> string option
}
