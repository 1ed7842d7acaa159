namespace Repro.Reports.Items

open System
open System.IO
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports

/// An item's runs and analysis as a page.
module internal Pages =
    let private number (v: float) = Words.Number v

    /// What re-makes a recorded run and compares it. Twelve digits of an id are enough to tell
    /// it from some hundred others.
    let private verifyCommand (id: string) =
        $"dotnet fsi scripts/verify.fsx {id.Substring(0, 12)}"

    let private runRow (f: Finished) : RunRow =
        let source =
            match f.Source, f.Matches with
            | PoolSource.Recorded, _ -> "recorded"
            | _, Some true -> "made here, equals the recorded run"
            | _, Some false -> "made here, differs from the recorded run"
            | _ -> "made here"

        {
            Label = f.Cell.Run.Label
            Seed = int f.Cell.Seed
            Outcome = f.Record.Result.Outcome
            Metric =
                String.Join(
                    ", ",
                    [ for m in f.Record.Result.Metrics -> $"{m.Key} {number m.Value}" ]
                )
            Id = f.Id
            Weights = f.Record.Result.WeightsSha256
            Source = $"{f.Profile.Name()}, {source}"
            Seconds = f.Note |> Option.map _.Seconds |> Option.defaultValue nan
            Verify =
                (match f.Source, f.Matches with
                 | PoolSource.Recorded, _
                 | _, Some _ -> verifyCommand f.Id
                 | _ -> "")
            Spec = CanonicalJson.Write f.Cell.Run.Spec
        }

    // A damaged run must not vanish: the page would show fewer runs than were made.
    let private damagedRow (d: Damaged) : RunRow = {
        Label =
            (match d.Cell with
             | Some cell -> cell.Run.Label
             | None -> "a run that no plan wants")
        Seed = d.Cell |> Option.map (fun cell -> int cell.Seed) |> Option.defaultValue 0
        Outcome = "damaged"
        Metric = $"not shown: its file cannot be trusted, {d.Reason}"
        Id = d.Id
        Weights = ""
        Source = "recorded, damaged"
        Seconds = nan
        Verify = ""
        Spec = ""
    }

    let private cost (finished: Finished list) =
        let finished = Twins.distinct finished

        let seconds =
            finished
            |> List.sumBy (fun f -> f.Note |> Option.map _.Seconds |> Option.defaultValue 0.0)

        let machines =
            finished
            |> List.choose (fun f ->
                f.Note
                |> Option.map (fun n ->
                    $"{n.Machine.Cpu} ({n.Machine.InstructionSet}, .NET {n.Machine.DotNet})"))
            |> List.distinct

        let on =
            if machines.IsEmpty then
                ""
            else
                " on " + String.Join("; ", machines)

        $"{finished.Length} runs, {ProgressLine.Duration seconds} of one core in all{on}."

    let private rowVerdicts (analysis: Analysis) =
        analysis.Values |> List.choose (fun row -> Option.ofNullable row.Verdict)

    /// The verdict of an item: over the paper's rows, or over its claims where the paper prints
    /// no number or the protocol says that they decide. A claim that rests on the same runs as
    /// another counts once.
    let overall (protocol: Protocol) (analysis: Analysis) =
        let tests =
            analysis.Orderings
            |> List.filter (fun (_, j) -> isNull j.SameAs)
            |> List.map (fun (_, j) -> j.Verdict)

        match rowVerdicts analysis with
        | [] -> tests
        | _ when protocol.TestsDecide -> tests
        | rows -> rows
        |> Verdicts.OfItem

    /// Counts of verdicts in words, such as "3 reproduced, 32 not run".
    let counts (analysis: Analysis) =
        match rowVerdicts analysis with
        | [] -> "none printed"
        | verdicts ->
            verdicts
            |> List.countBy _.Text()
            |> List.map (fun (text, n) -> $"{n} {text}")
            |> fun parts -> String.Join(", ", parts)

    /// The page.
    let page
        (root: string)
        (item: Item)
        (protocol: Protocol)
        (profile: Profile)
        (analysis: Analysis)
        (paperIds: Set<string>)
        (finished: Finished list)
        (damaged: Damaged list)
        : ItemPage =
        // A quick plan whose runs are all in the paper's plan too is at the paper's scale.
        let isPaperScale =
            let idsOf (wanted: Profile) =
                finished
                |> List.filter (fun f -> f.Profile = wanted)
                |> List.map _.Id
                |> Set.ofList

            Set.isSubset (idsOf profile) paperIds && not finished.IsEmpty

        let rules =
            [ protocol.Rule.Text ]
            |> List.map (fun text -> $"<p>{Html.escape text}</p>")
            |> String.concat "\n"

        {
            Id = item.Id
            Title = protocol.Title
            Paper = protocol.Paper
            Shows = protocol.Shows
            Profile = (if isPaperScale then "paper" else profile.Name())
            Verdict = Badges.ofVerdict (overall protocol analysis)
            Summary =
                (let isDamaged =
                    match damaged with
                    | [] -> ""
                    | [ _ ] -> "One recorded run is damaged. "
                    | all -> $"{all.Length} recorded runs are damaged. "

                 match rowVerdicts analysis with
                 | [] -> isDamaged + analysis.Summary
                 | _ -> $"{isDamaged}{counts analysis}. {analysis.Summary}")
            Claim =
                analysis.Claim
                + $"\n<h3>What is measured</h3>\n<p>{Html.escape protocol.Measure}</p>\n"
                + $"<h3>How it is judged</h3>\n{rules}"
            Verdicts = [
                for text, judgement in analysis.Orderings ->
                    {
                        What = text
                        Verdict = Badges.ofVerdict judgement.Verdict
                        Reason = judgement.Reason
                    }
            ]
            Figures = analysis.Figures
            Tables =
                (if analysis.Values.IsEmpty then
                     []
                 else
                     ("The paper's numbers and ours", ValueTables.ofRows analysis.Values)
                     :: ValueTables.undecided analysis.Values)
                @ analysis.Tables
                @ Twins.tables finished
            Settled = [ for s in protocol.Settled -> s.Question, s.Paper, s.Ours, s.Why ]
            Deviations = [ for d in protocol.Deviations -> d.Aspect, d.Paper, d.Ours, d.Why ]
            Runs =
                List.map damagedRow damaged @ (Twins.distinct finished |> List.map runRow)
            CostText = cost finished
            Command = $"dotnet fsi {item.Script} --profile {profile.Name()}"
            LiterateHtml = Literate.renderFile (Path.Combine(root, item.Script))
            ValuesCsvHref = "values.csv"
        }
