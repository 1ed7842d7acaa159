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

        let runs = Runs.counted finished.Length "run"
        $"{runs}, {Duration.inWords seconds} of one core in all{on}."

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

    /// Verdicts with their numbers, the good ones first and what was not run last.
    let private tally (verdicts: Verdict list) =
        verdicts
        |> List.map Badges.ofVerdict
        |> List.countBy id
        |> List.sortBy fst
        |> List.map (fun (badge, n) -> $"{n} {badge.Name}")
        |> fun parts -> String.Join(", ", parts)

    /// Counts of verdicts in words, such as "3 reproduced, 32 not run".
    let counts (analysis: Analysis) =
        match rowVerdicts analysis with
        | [] -> "none printed"
        | verdicts -> tally verdicts

    let private orNaN (value: Nullable<float>) =
        if value.HasValue then value.Value else nan

    /// Rows of values.csv as rows of the ledger, with how the published values were had.
    let ledger (targets: Target list) (rows: ValueRow list) : LedgerRow list =
        let provenance =
            targets |> List.map (fun t -> (t.Series, t.X, t.Metric), t.Provenance) |> dict

        [
            for row in rows ->
                {
                    Item = row.Item
                    Series = row.Series
                    X = row.X
                    Metric = row.Metric
                    Unit = row.Unit
                    Published = row.Paper
                    Computed = row.Computed
                    Provenance =
                        (match provenance.TryGetValue((row.Series, row.X, row.Metric)) with
                         | true, how when row.Paper <> "" -> how
                         | _ -> "")
                    Ours = orNaN row.Ours
                    Low = orNaN row.Low
                    High = orNaN row.High
                    IntervalKind = row.IntervalKind
                    JudgedLow = orNaN row.JudgedLow
                    JudgedHigh = orNaN row.JudgedHigh
                    N = row.N
                    Scale = row.Profile.Name()
                    Verdict = row.Verdict |> Option.ofNullable |> Option.map Badges.ofVerdict
                }
        ]

    /// A summary as a sentence: the name of its profile gone, a capital first, a full stop last.
    let internal sentence (profile: Profile) (summary: string) =
        let name = profile.Name()

        let rest =
            [ $"{name}: "; $"{name}, " ]
            |> List.tryPick (fun start ->
                if summary.StartsWith(start, StringComparison.Ordinal) then
                    Some(summary.Substring start.Length)
                else
                    None)
            |> Option.defaultValue summary

        if rest = "" then
            ""
        else
            let first = rest.Substring(0, 1).ToUpperInvariant()
            let isNamed = rest.Length > 1 && Char.IsUpper rest[1] || rest.StartsWith "np-"
            let text = (if isNamed then rest else first + rest.Substring 1)
            if text.EndsWith '.' then text else text + "."

    /// What an item's runs came to: at the paper's scale, and with those of a smaller one.
    type Analyses = {
        /// Of the runs at the paper's scale alone; None without any.
        Paper: Analysis option
        /// Of all runs.
        All: Analysis
    }

    let private damage (damaged: Damaged list) =
        match damaged with
        | [] -> ""
        | [ _ ] -> "One recorded run is damaged. "
        | all -> $"{all.Length} recorded runs are damaged. "

    /// Counts of the verdicts on claims in words; empty without any.
    let private claimCounts (analysis: Analysis) =
        analysis.Orderings |> List.map (fun (_, j) -> j.Verdict) |> tally

    let private reason (protocol: Protocol) (analysis: Analysis) =
        let tests = claimCounts analysis

        let values =
            match analysis.Values |> List.partition (fun r -> r.Paper <> "") with
            | _, own when own |> List.forall (fun r -> r.Computed = "") -> "published values"
            | [], _ -> "values computed from its equations"
            | _ -> "published and computed values"

        match rowVerdicts analysis, tests with
        | [], "" -> "Nothing was judged."
        | [], tests -> $"The paper prints no number here; of its claims: {tests}."
        | _, "" -> $"Of the {values}: {counts analysis}."
        | _, tests ->
            let which = if protocol.TestsDecide then " The claims decide." else ""
            $"Of the {values}: {counts analysis}; of the claims: {tests}.{which}"

    /// Figures of the smaller scale that are not among those of the paper's.
    let private quickOf (profile: Profile) (analyses: Analyses) (rows: LedgerRow list) =
        match analyses.Paper with
        | _ when profile = Profile.Paper -> None
        | paper ->
            let shown = paper |> Option.map _.Figures |> Option.defaultValue []

            let drawn =
                shown |> List.map (fun f -> f.Caption, FigureText.json f.Chart) |> Set.ofList

            let isShown (figure: Figure) =
                drawn.Contains(figure.Caption, FigureText.json figure.Chart)

            let tables = paper |> Option.map _.Tables |> Option.defaultValue []
            let isListed table = tables |> List.contains table

            let known = shown |> List.map (fun f -> Html.slug f.Id) |> Set.ofList

            Some {
                Profile = profile.Name()
                Summary = sentence profile analyses.All.Summary
                Figures = [
                    for figure in analyses.All.Figures do
                        if not (isShown figure) then
                            if known.Contains(Html.slug figure.Id) then
                                {
                                    figure with
                                        Id = $"{figure.Id}-{profile.Name()}"
                                }
                            else
                                figure
                ]
                Tables = analyses.All.Tables |> List.filter (isListed >> not)
                Values =
                    rows
                    |> List.filter (fun r ->
                        not (LedgerRow.isReferred r) && r.Scale = profile.Name())
            }

    let private isEmpty (quick: QuickCheck) =
        quick.Figures.IsEmpty && quick.Tables.IsEmpty && quick.Values.IsEmpty

    /// The page.
    let page
        (root: string)
        (item: Item)
        (protocol: Protocol)
        (targets: Target list)
        (profile: Profile)
        (analyses: Analyses)
        (paperIds: Set<string>)
        (finished: Finished list)
        (damaged: Damaged list)
        : ItemPage =
        // A quick plan whose runs are those of the paper's plan is at the paper's scale.
        let isPaperScale =
            let idsOf (wanted: Profile) =
                finished
                |> List.filter (fun f -> f.Profile = wanted)
                |> List.map _.Id
                |> Set.ofList

            idsOf profile = paperIds && not finished.IsEmpty

        let analyses =
            if isPaperScale && analyses.Paper.IsNone then
                {
                    analyses with
                        Paper = Some analyses.All
                }
            else
                analyses

        let main = analyses.Paper |> Option.defaultValue analyses.All
        let rows = ledger targets analyses.All.Values
        let quick = if isPaperScale then None else quickOf profile analyses rows

        let atScale =
            rows
            |> List.filter (fun r ->
                LedgerRow.isReferred r || isPaperScale || r.Scale = Profile.Paper.Name())

        let counted =
            let own = finished |> List.filter (fun f -> f.Profile = Profile.Paper)
            if own.IsEmpty then finished else own

        let notes = counted |> List.distinctBy _.Id |> List.choose _.Note

        let attached = [
            for path in
                [
                    item.Script
                    $"paper-figures/{item.Id}/protocol.json"
                    $"paper-figures/{item.Id}/targets.csv"
                ] do
                let full = Path.Combine(root, path)

                if File.Exists full then
                    string (Path.GetFileName path), path, File.ReadAllText full
        ]

        let verdict = Badges.ofVerdict (overall protocol analyses.All)

        let finding =
            match analyses.Paper with
            | Some paper when isPaperScale -> sentence profile paper.Summary
            | Some paper -> sentence Profile.Paper paper.Summary
            | None -> "Not yet run at the paper's own scale."

        let seeds = counted |> List.distinctBy _.Cell.Seed |> List.length
        let cost = cost finished

        let date =
            if notes.IsEmpty then
                ""
            else
                (notes |> List.map _.StartedUtc |> List.max).ToString "yyyy-MM-dd"

        let orNone text = if text = "" then "none" else text

        let spliced =
            [
                "finding", finding
                "verdict", verdict.Name
                "reason", reason protocol analyses.All
                "verdicts", counts analyses.All
                "claims", orNone (claimCounts analyses.All)
                "runs", string (Twins.distinct counted).Length
                "seeds", string seeds
                "cost", cost
                "date", orNone date
            ]
            @ Splices.ofRows rows

        {
            Id = item.Id
            Title = protocol.Title
            Paper = Papers.place protocol
            Profile = (if analyses.Paper.IsSome then "paper" else profile.Name())
            Verdict = verdict
            Reason = damage damaged + reason protocol analyses.All
            Finding = finding
            Claim =
                main.Claim
                + $"\n<h3>What is measured</h3>\n<p>{Html.escape protocol.Measure}</p>\n"
                + $"<h3>How it is judged</h3>\n<p>{Html.escape protocol.Rule.Text}</p>"
            Verdicts = [
                for text, judgement in analyses.All.Orderings ->
                    {
                        What = text
                        Verdict = Badges.ofVerdict judgement.Verdict
                        Reason = judgement.Reason
                    }
            ]
            Figures = (if analyses.Paper.IsSome then main.Figures else [])
            Values = atScale
            Tables =
                Undecided.tables analyses.All.Values
                @ (if analyses.Paper.IsSome then main.Tables else [])
                @ Twins.tables finished
            Quick = quick |> Option.filter (isEmpty >> not)
            Settled = [ for s in protocol.Settled -> s.Question, s.Paper, s.Ours, s.Why ]
            Deviations = [ for d in protocol.Deviations -> d.Aspect, d.Paper, d.Ours, d.Why ]
            Runs = List.map damagedRow damaged @ (Twins.distinct finished |> List.map runRow)
            CostText = cost
            Seeds = seeds
            Seconds = (if notes.IsEmpty then nan else notes |> List.sumBy _.Seconds)
            Date = date
            Command = $"dotnet fsi {item.Script} --profile {profile.Name()}"
            LiterateHtml =
                Literate.renderFile
                    (Splices.lookup item.Script spliced)
                    (Path.Combine(root, item.Script))
            Attached = attached
            ValuesCsvHref = "values.csv"
        }

    /// An item without a page, since nothing of it could be shown.
    let leftOut (item: Item) (protocol: Protocol) (verdict: Verdict) reason remedy : LeftOutItem = {
        Id = item.Id
        Title = protocol.Title
        Paper = protocol.Paper
        Shows = protocol.Shows
        Verdict = Badges.ofVerdict verdict
        Reason = reason
        HowToGet = remedy
    }
