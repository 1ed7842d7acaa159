namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// The items of Pascanu, Mikolov and Bengio's supplement: what their protocols plan, and how
/// finished runs become verdicts.
module Supplement =
    let ids = [
        "pascanu-supp-table1-addition"
        "pascanu-supp-table2-multiplication"
        "pascanu-supp-table3-temporal-order-3bit"
        "pascanu-supp-table4-random-permutation"
        "pascanu-supp-table5-memorisation"
        "pascanu-supp-fig1"
        "pascanu-algorithm1"
    ]

    let root = Samples.root.Value

    let context id : Context =
        let folder = Path.Combine(root, "paper-figures", id)

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = DataStore(DataFolder.Resolve null)
            Find = fun _ -> None
        }

    let plan id profile = CellRuns.plan (context id) profile

    let runIds (cells: Planned list) =
        cells |> List.map (fun c -> RunId.Of c.Run) |> set

    /// A run of the plan that ended as told, with curves.
    let withCurves curves (cell: Planned) outcome updates (metrics: (string * float) list) =
        let named = SortedDictionary<string, float>(StringComparer.Ordinal)

        for name, value in metrics do
            named[name] <- value

        let drawn = SortedDictionary<string, Curve>(StringComparer.Ordinal)

        for name, (y: float list) in curves do
            drawn[name] <- Curve([| for i in 1 .. y.Length -> float i |], Array.ofList y)

        {
            Cell = cell
            Id = RunId.Of cell.Run
            Record = RunRecord.Of(cell.Run, RunResult(outcome, named, drawn, "", updates))
            Note = None
            Source = PoolSource.Stored
            Matches = None
            Profile = Profile.Paper
        }

    /// A run of the plan that ended as told.
    let finished cell outcome updates metrics =
        withCurves [] cell outcome updates metrics

    /// The main runs of the addition item at the paper's scale, each having `wrong` percent
    /// wrong at every length, or none when it failed.
    let addition (wrong: float option list) =
        let cells =
            plan "pascanu-supp-table1-addition" Profile.Paper
            |> List.filter (fun c -> c.Part = "main")

        List.zip cells wrong
        |> List.map (fun (cell, wrong) ->
            let metrics = [
                for t in [ 50; 100; 150; 200; 250; 300; 350; 400; 500; 600 ] ->
                    $"test correct at {t}", 1.0 - (wrong |> Option.defaultValue 36.0) / 100.0
            ]

            let outcome =
                match wrong with
                | Some _ -> Outcomes.Succeeded
                | None -> Outcomes.Futile

            finished cell outcome 1_000_000L metrics)

    let analysed wrong =
        TaskTables.analyse
            ""
            (context "pascanu-supp-table1-addition")
            Profile.Paper
            (addition wrong)

    let verdictAt (x: string) (analysis: Analysis) =
        analysis.Values
        |> List.find (fun row -> row.X = x && row.Metric = "misclassified")
        |> _.Verdict.Value

    let claim (words: string) (analysis: Analysis) =
        analysis.Orderings
        |> List.find (fun (text, _) -> text.Contains words)
        |> fun (_, judgement) -> judgement.Verdict

type SupplementTests() =
    [<Test>]
    member _.``Every profile of every item plans runs that differ``() =
        for id in Supplement.ids do
            for profile in Enum.GetValues<Profile>() do
                let cells = Supplement.plan id profile
                Assert.That(cells, Is.Not.Empty, id)
                let differing = (Supplement.runIds cells).Count
                Assert.That(differing, Is.EqualTo cells.Length, $"{id} {profile.Name()}")

    [<Test>]
    member _.``Every published value has runs in the plan of the paper's scale``() =
        for id in Supplement.ids do
            let cells = Supplement.plan id Profile.Paper

            for target in (Supplement.context id).Targets do
                let runs = cells |> List.filter (fun c -> c.Series = target.Series)

                let isPlanned =
                    runs
                    |> List.exists (fun c ->
                        let tested =
                            match c.Run.Spec["training"] with
                            | null -> []
                            | training ->
                                match training["testLengths"] with
                                | null -> []
                                | lengths -> [ for l in lengths.AsArray() -> string l ]

                        c.X = target.X || List.contains target.X tested)

                Assert.That(isPlanned, $"{id}, {target.Series} at {target.X}")

    [<Test>]
    member _.``The thresholds of Algorithm 1 are the stated multiples of the average norm``() =
        let settings = Setting.Of (Supplement.context "pascanu-algorithm1").Protocol

        for profile in Enum.GetValues<Profile>() do
            let node = settings["profiles"].[profile.Name()]
            let average = node["averageNorm"].Number

            for cell in node["cells"].List do
                if cell["part"].Text = "multiples" && cell["x"].Text <> "none" then
                    let wanted = average * float cell["x"].Text
                    let stated = cell["set"].["training"].["threshold"].Number
                    Assert.That(stated, Is.EqualTo(wanted).Within(1e-9 * wanted), cell["x"].Text)

    [<Test>]
    member _.``Algorithm 1 shares the clipped runs of the tables and of the random lengths``() =
        let mine (part: string) (series: string) =
            Supplement.plan "pascanu-algorithm1" Profile.Paper
            |> List.filter (fun c -> c.Part = part && c.Series.EndsWith series)
            |> Supplement.runIds

        let ofItem id part =
            Supplement.plan id Profile.Paper
            |> List.filter (fun c -> c.Part = part)
            |> Supplement.runIds

        for task, id in
            [
                "addition", "pascanu-supp-table1-addition"
                "multiplication", "pascanu-supp-table2-multiplication"
            ] do
            Assert.That(mine task "µ = 1", Is.EqualTo(ofItem id "main" :> obj), task)
            Assert.That(mine task "µ = 6", Is.EqualTo(ofItem id "threshold-6" :> obj), task)

        let lengths = Supplement.context "pascanu-random-length"
        let settings = Setting.Of lengths.Protocol

        let run = CellRuns.shared settings settings["profiles"].["paper"]

        let wanted =
            set [
                for seed in 1UL .. uint64 lengths.Protocol.Seeds[Profile.Paper] ->
                    RunId.Of(CellRuns.run lengths run "" seed)
            ]

        Assert.That(mine "regulariser" "with clipping", Is.EqualTo(wanted :> obj))

    [<Test>]
    member _.``Five networks as good as the paper's reproduce a length``() =
        let analysis =
            Supplement.analysed [ for w in [ 0.0; 0.01; 0.02; 0.1; 0.05 ] -> Some w ]

        Assert.That(Supplement.verdictAt "50" analysis, Is.EqualTo Verdict.Reproduced)
        Assert.That(Supplement.verdictAt "600" analysis, Is.EqualTo Verdict.NotReproduced)
        let learns = Supplement.claim "All five seeds succeed with µ = 1" analysis
        Assert.That(learns, Is.EqualTo Verdict.Reproduced)
        Assert.That(Supplement.claim "Less than 1 %" analysis, Is.EqualTo Verdict.Reproduced)
        Assert.That(Supplement.claim "with µ = 6" analysis, Is.EqualTo Verdict.NotRun)

    [<Test>]
    member _.``A seed that fails is not tested, and four others cannot decide``() =
        let analysis =
            Supplement.analysed [ Some 0.0; Some 0.01; None; Some 0.02; Some 0.01 ]

        let row = analysis.Values |> List.find (fun r -> r.X = "50")
        Assert.That(row.Ours.Value, Is.EqualTo(0.01).Within 1e-9)
        Assert.That(row.N, Is.EqualTo 4)
        Assert.That(row.Verdict.Value, Is.EqualTo Verdict.Undecided)
        let learns = Supplement.claim "All five seeds succeed with µ = 1" analysis
        Assert.That(learns, Is.EqualTo Verdict.NotReproduced)

    [<Test>]
    member _.``The summary says what the other threshold changes once all its seeds have ended``() =
        let main = Supplement.addition [ for _ in 1..5 -> Some 0.0 ]

        let wrongAtLast = [ "test correct at 50", 1.0; "test correct at 600", 0.95 ]

        let others (updates: (string * int64) list) =
            let cells =
                Supplement.plan "pascanu-supp-table1-addition" Profile.Paper
                |> List.filter (fun c -> c.Part = "threshold-6")
                |> List.truncate updates.Length

            [
                for cell, (outcome, ended) in List.zip cells updates ->
                    Supplement.finished cell outcome ended wrongAtLast
            ]

        let summary others =
            (TaskTables.analyse
                ""
                (Supplement.context "pascanu-supp-table1-addition")
                Profile.Paper
                (main @ others))
                .Summary

        let learnt = List.map (fun updates -> Outcomes.Succeeded, updates)
        Assert.That(summary [], Does.Not.Contain "µ")
        Assert.That(summary (others (learnt [ 1L; 2L ])), Does.Not.Contain "µ")

        // All of main end at 1,000,000: larger in each of the 252 ways but the seen one.
        let apart =
            summary (others (learnt [ 2_000_000L; 2_100_000L; 2_200_000L; 2_300_000L; 2_400_000L ]))

        Assert.That(
            apart,
            Does.EndWith
                " 5 of 5 seeds succeed with µ = 6, after 2,200,000 updates on average (a \
                 difference that chance does not explain, p = 0.0079), and get 5 % wrong at \
                 T = 600."
        )

        let alike =
            summary (others (learnt [ 900_000L; 1_100_000L; 1_000_000L; 950_000L; 1_050_000L ]))

        Assert.That(
            alike,
            Does.Contain
                "1,000,000 updates on average (a difference that chance may explain, p = 1), and"
        )

        let lost =
            summary (
                others ((Outcomes.Futile, 2_000_000L) :: learnt [ 800_000L; 900_000L; 1L; 2L ])
            )

        Assert.That(
            lost,
            Does.EndWith
                " 4 of 5 seeds succeed with µ = 6, after 425,001 updates on average, and get 5 % \
                 wrong at T = 600."
        )

    [<Test>]
    member _.``The headline counts the networks of each threshold that keep the paper's promise``
        ()
        =
        let main = Supplement.addition [ Some 0.0; Some 0.9; Some 1.0; None; Some 2.0 ]

        let others =
            Supplement.plan "pascanu-supp-table1-addition" Profile.Paper
            |> List.filter (fun c -> c.Part = "threshold-6")
            |> List.map (fun cell ->
                // The promise ends at T = 500: what comes after it does not count.
                Supplement.finished cell Outcomes.Succeeded 900_000L [
                    "test correct at 500", 0.999
                    "test correct at 600", 0.5
                ])

        let headline runs =
            (TaskHeadlines.thresholds "pascanu-supp-table1-addition" "addition").Text
                (Supplement.context "pascanu-supp-table1-addition")
                runs
                []

        Assert.That(
            headline (main @ others) |> Option.defaultValue "",
            Is.EqualTo
                "Trained on random lengths of 50-200 steps, networks for addition get less than \
                 1 % wrong at each length up to T = 500, as the paper says, for 5 of 5 seeds with \
                 a clipping threshold of 6 and for 2 of 5 with 1."
        )

        Assert.That(headline (main @ List.tail others), Is.EqualTo None)
        Assert.That(headline (List.tail main @ others), Is.EqualTo None)

    [<Test>]
    member _.``Without a network that succeeds no length is reproduced``() =
        let analysis = Supplement.analysed [ None; None; None; None; None ]
        Assert.That(Supplement.verdictAt "200" analysis, Is.EqualTo Verdict.NotReproduced)
        Assert.That(Supplement.claim "Less than 1 %" analysis, Is.EqualTo Verdict.NotReproduced)

    [<Test>]
    member _.``Without runs every published value is listed as not run``() =
        for id in Supplement.ids |> List.filter (fun id -> id.Contains "table") do
            let context = Supplement.context id

            let analyse =
                if id.Contains "memorisation" then
                    MemoryPages.analyse
                else
                    TaskTables.analyse

            let values = (analyse "" context Profile.Paper []).Values
            Assert.That(values.Length, Is.EqualTo context.Targets.Length, id)

            Assert.That(values |> List.map _.Verdict.Value, Is.All.EqualTo Verdict.NotRun, id)

    [<Test>]
    member _.``A count of successes is reproduced within one of the paper's``() =
        let id = "pascanu-supp-table4-random-permutation"
        let cells = Supplement.plan id Profile.Paper

        let verdict successes =
            let runs = [
                for cell in cells do
                    let learnt = cell.Seed <= uint64<int> successes
                    let outcome = if learnt then Outcomes.Succeeded else Outcomes.Futile
                    let right = [ for t in [ 50; 200; 600 ] -> $"test correct at {t}", 1.0 ]
                    Supplement.finished cell outcome 900_000L right
            ]

            (TaskTables.analyse "" (Supplement.context id) Profile.Paper runs).Values
            |> List.find (fun row -> row.Metric = "seeds that succeed of 5")

        Assert.That((verdict 0).Verdict.Value, Is.EqualTo Verdict.NotReproduced)
        Assert.That((verdict 1).Verdict.Value, Is.EqualTo Verdict.Reproduced)
        Assert.That((verdict 4).Verdict.Value, Is.EqualTo Verdict.NotReproduced)
        Assert.That((verdict 4).Ours.Value, Is.EqualTo 4.0)
        // The paper's 2 lies outside the bounds shown, which are those that judged.
        Assert.That((verdict 4).JudgedLow.Value, Is.EqualTo 3.0)
        Assert.That((verdict 4).JudgedHigh.Value, Is.EqualTo 5.0)
        Assert.That((verdict 4).Low.HasValue, Is.False, "a count has no interval of its own")
        Assert.That((verdict 4).N, Is.EqualTo 5)

    [<Test>]
    member _.``A figure's claims rest on its window and on the whole run``() =
        let id = "pascanu-supp-fig1"

        let verdicts spike =
            let runs = [
                for cell in Supplement.plan id Profile.Paper do
                    let noise = 1.0 + 0.02 * float cell.Seed

                    let curves = [
                        "gradient norm by update", [ 0.9; noise; 16.0 * noise; 0.8; 1.0 ]
                        "largest gradient norm", [ 3.0; spike * noise; 5.0 ]
                    ]

                    Supplement.withCurves curves cell Outcomes.Completed 5_000_000L []
            ]

            let analysis = NormPages.analyse "" (Supplement.context id) Profile.Paper runs

            [ for _, judgement in analysis.Orderings -> judgement.Verdict ]

        let yes, no = Verdict.Reproduced, Verdict.NotReproduced
        // base, peak, spike, peak over base, spike over base
        Samples.same [ yes; yes; yes; yes; yes ] (verdicts 2e9)
        Samples.same [ yes; yes; no; yes; no ] (verdicts 1e3)

    [<Test>]
    member _.``The claims about clipping hold for runs as the paper tells them``() =
        let id = "pascanu-algorithm1"

        let analysis (fails: Planned -> bool) =
            let runs = [
                for cell in Supplement.plan id Profile.Paper do
                    let outcome = if fails cell then Outcomes.Futile else Outcomes.Succeeded

                    let slow =
                        if cell.Series.EndsWith "µ = 6" then
                            2_000_000L
                        else
                            1_000_000L

                    let updates = slow + 1000L * int64 cell.Seed
                    let curves = [ "gradient norm", [ 1.0; 12.0; 30.0 ] ]
                    Supplement.withCurves curves cell outcome updates []
            ]

            ClippingPages.analyse "" (Supplement.context id) Profile.Paper runs

        let unclipped (cell: Planned) =
            cell.Series = "MSGD"
            || cell.Series.EndsWith "no clipping"
            || cell.Series = "regulariser without"

        let told = analysis unclipped
        Assert.That(told.Orderings, Has.Length.EqualTo 7)

        for text, judgement in told.Orderings do
            Assert.That(judgement.Verdict, Is.EqualTo Verdict.Reproduced, text)

        let never = analysis (fun _ -> false)
        Assert.That(Supplement.claim "Addition without" never, Is.EqualTo Verdict.NotReproduced)
        Assert.That(Supplement.claim "half to ten" never, Is.EqualTo Verdict.Reproduced)

        let high = analysis (fun c -> unclipped c || c.X = "10")

        Assert.That(Supplement.claim "half to ten" high, Is.EqualTo Verdict.Mixed)

    [<Test>]
    member _.``Before Algorithm 1's own runs the summary tells what shared runs say``() =
        let id = "pascanu-algorithm1"

        let runs = [
            for cell in Supplement.plan id Profile.Paper do
                if cell.Part = "addition" && not (cell.Series.EndsWith "no clipping") then
                    Supplement.finished cell Outcomes.Succeeded 900_000L []
        ]

        let analysis = ClippingPages.analyse "" (Supplement.context id) Profile.Paper runs

        Assert.That(
            analysis.Summary,
            Is.EqualTo
                "The runs that vary the threshold of temporal order are not made yet. Seeds of \
                 other tasks that succeed, and their mean updates: addition, µ = 1: 5 of 5 \
                 (900,000); addition, µ = 6: 5 of 5 (900,000)."
        )

    [<Test>]
    member _.``Memorisation is judged by its mean and by its successes``() =
        let id = "pascanu-supp-table5-memorisation"

        let analysis (wrong: Planned -> float) =
            let runs = [
                for cell in Supplement.plan id Profile.Paper do
                    let share = wrong cell
                    let learnt = share < 0.01
                    let outcome = if learnt then Outcomes.Succeeded else Outcomes.Futile
                    Supplement.finished cell outcome 200_000L [ "test correct", 1.0 - share ]
            ]

            MemoryPages.analyse "" (Supplement.context id) Profile.Paper runs

        let below (cell: Planned) =
            if cell.Series = "original" then
                0.0
            else
                0.007 + 0.0003 * float cell.Seed

        let told = analysis below

        for row in told.Values do
            Assert.That(row.Verdict.Value, Is.EqualTo Verdict.Reproduced, $"{row.Series} {row.X}")

        let forgets (cell: Planned) =
            if cell.X = "200" then 1.0 else below cell

        let mixed = analysis forgets
        Assert.That(Supplement.claim "original task" mixed, Is.EqualTo Verdict.Mixed)

        for row in mixed.Values |> List.filter (fun r -> r.X = "200") do
            Assert.That(row.Verdict.Value, Is.EqualTo Verdict.NotReproduced, row.Series)

type ClaimTests() =
    let most share = share <= 0.4
    let seeds (n: int) (learnt: int) = [ for i in 1..n -> i <= learnt ]

    let successes cells = (Claims.successes 5 most cells).Verdict

    [<Test>]
    member _.``Successes are counted in each cell, and cells that differ are mixed``() =
        Assert.That(successes [ "1", seeds 5 2 ], Is.EqualTo Verdict.Reproduced)
        Assert.That(successes [ "1", seeds 5 3 ], Is.EqualTo Verdict.NotReproduced)
        Assert.That(successes [ "1", seeds 5 0; "6", seeds 5 5 ], Is.EqualTo Verdict.Mixed)

    [<Test>]
    member _.``Cells with seeds missing are undecided, and without any are not run``() =
        Assert.That(successes [ "1", seeds 5 0; "6", [] ], Is.EqualTo Verdict.Undecided)
        Assert.That(successes [ "1", seeds 4 0 ], Is.EqualTo Verdict.Undecided)
        let missing = Claims.successes 5 most [ "1", seeds 3 0; "6", seeds 5 0 ]
        Assert.That(missing.Reason, Does.Contain "2 of the 10 runs that would decide are missing")
        Assert.That(successes [ "1", []; "6", [] ], Is.EqualTo Verdict.NotRun)
        let judged = Claims.successes 5 most [ "6", seeds 5 1 ]
        Assert.That(judged.Reason, Does.Contain "6: 1 of 5")

    [<Test>]
    member _.``A norm is near the paper's within a factor, whatever its size``() =
        let rule = VerdictRule(RuleKind.Prediction, 0.95, 0.3, Nullable 1.0, 3, "")
        let verdict paper values = (Claims.near rule paper values).Verdict

        for size in [ 1e-6; 1.0; 1e9 ] do
            let values = [ for v in [ 0.9; 1.0; 1.1 ] -> v * size ]
            Assert.That(verdict (2.0 * size) values, Is.EqualTo Verdict.Reproduced)
            Assert.That(verdict (9.0 * size) values, Is.EqualTo Verdict.NotReproduced)

        Assert.That(verdict 1.0 [ 1e-3; 1.0; 1e3 ], Is.EqualTo Verdict.Undecided)
        Assert.That(verdict 1.0 [], Is.EqualTo Verdict.NotRun)

    [<Test>]
    member _.``Every seed has to hold, and too few decide nothing``() =
        let verdict values =
            (Claims.everySeed 3 (fun v -> v >= 10.0) values).Verdict

        Assert.That(verdict [ 10.0; 11.0; 12.0 ], Is.EqualTo Verdict.Reproduced)
        Assert.That(verdict [ 9.0; 11.0; 12.0 ], Is.EqualTo Verdict.Mixed)
        Assert.That(verdict [ 9.0; 1.0; nan ], Is.EqualTo Verdict.NotReproduced)
        Assert.That(verdict [ 10.0; 11.0 ], Is.EqualTo Verdict.Undecided)
