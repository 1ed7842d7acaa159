namespace Repro.Reports.Tests

open System
open System.Collections.Generic
open System.IO
open System.Text.Json.Nodes
open NUnit.Framework
open Plotly.NET
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports
open Repro.Reports.Items

/// The item `rivals`: its plan, its arithmetic on made-up ends of planned runs, and its page from
/// runs so small that they end at once.
[<TestFixture>]
module RivalTests =
    let private equal (expected: 'a list) = Is.EqualTo(box expected)

    let private text () =
        File.ReadAllText(
            Path.Combine(Samples.root.Value, "paper-figures", "rivals", "protocol.json")
        )

    let private contextOf (text: string) =
        let path = Path.Combine(Path.GetTempPath(), $"rivals-{Guid.NewGuid():N}.json")
        File.WriteAllText(path, text)

        try
            {
                Root = Samples.root.Value
                Protocol = Protocol.Load path
                Targets = []
                Data = DataStore(DataFolder.Resolve(Path.GetTempPath()))
                Find = fun _ -> None
            }
        finally
            File.Delete path

    let private context () = contextOf (text ())

    /// A run that ended; None where it did not succeed, else its sequences and operations.
    let private ended profile (cost: (float * float) option) (cell: Planned) : Finished =
        let sequences, operations = cost |> Option.defaultValue (2e7, 1e15)

        let metrics =
            Dictionary [
                KeyValuePair("sequences", sequences)
                KeyValuePair("operations", operations)
            ]

        let outcome =
            if cost.IsSome then
                Outcomes.Succeeded
            else
                Outcomes.Completed

        let result = RunResult(outcome, metrics, Dictionary<string, Curve>(), "", 1000L)

        {
            Cell = cell
            Id = RunId.Of cell.Run
            Record = RunRecord.Of(cell.Run, result)
            Note = None
            Source = PoolSource.Trained
            Matches = None
            Profile = profile
        }

    let private paper = ended Profile.Paper

    let private training (run: Planned) = run.Run.Spec["training"]

    let private optimisers context =
        RivalRuns.parts context Profile.Paper
        |> List.find (fun p -> p.Name = "optimisers")

    [<Test>]
    let ``Every run of the plan is read, with an id of its own and the profile's budget`` () =
        let context = context ()

        for profile, runs, shared, budget in
            [
                // Half of the runs of 'group sizes' and of 'reduction ratio' are of 'optimisers',
                // and half of those of 'warm starts' of 'reduction ratio'.
                Profile.Smoke, 2 * 6 + 5 + 2, 1, 2_000L
                Profile.Quick, (2 * 6 + 5) * 3, 0, 200_000L
                Profile.Paper,
                (6 * 3 * 7 + 2 * 3 * 5 + 2 * 2 + 2 * (2 * 3 * 2 + 2 * 2)) * 3,
                (2 + 2 * (2 * 3 + 2)) * 3,
                20_000_000L
            ] do
            let plan = RivalRuns.plan context profile
            Assert.That(plan, Has.Length.EqualTo runs)
            let ids = plan |> List.map (fun cell -> RunId.Of cell.Run) |> List.distinct
            Assert.That(ids, Has.Length.EqualTo(runs - shared))

            for cell in plan do
                let training = training cell
                let spent = training["budget"].["sequences"].GetValue<int64>()
                Assert.That(spent, Is.EqualTo budget)
                // No gradient run ends before its budget, and none goes on after it.
                if isNull training["hessianFree"] then
                    let updates = training["updates"].GetValue<int64>()
                    let batch = training["batch"].GetValue<int>()
                    Assert.That(updates * int64 batch, Is.InRange(budget, budget + 31L))

    [<Test>]
    let ``Optimisers differ in training and not in network, weights or task`` () =
        let context = context ()

        let cells =
            RivalRuns.plan context Profile.Paper
            |> List.filter (fun c ->
                c.Part = "optimisers" && c.Seed = 1UL && c.Series <> "SGD-CR, smart tanh")

        for x, mine in cells |> List.groupBy _.X do
            let shared (cell: Planned) =
                let spec = cell.Run.Spec

                [ "task"; "network"; "initializer" ]
                |> List.map (fun part -> spec[part].ToJsonString())

            Assert.That(mine |> List.map shared |> List.distinct, Has.Length.EqualTo 1, x)
            Assert.That(mine, Has.Length.EqualTo 6, x)

    [<Test>]
    let ``Random permutation has the rate and threshold of its own item`` () =
        let of' series x =
            RivalRuns.plan (context ()) Profile.Paper
            |> List.find (fun c -> c.Series = series && c.X = x)
            |> training

        let clipped = of' "SGD-C" "random permutation/50"
        Assert.That(clipped["learningRate"].GetValue<float>(), Is.EqualTo 0.001)
        Assert.That(clipped["threshold"].GetValue<float>(), Is.EqualTo 6.0)
        let order = of' "SGD-CR" "temporal order/50"
        Assert.That(order["learningRate"].GetValue<float>(), Is.EqualTo 0.01)
        Assert.That(order["regularizer"].["alpha"].GetValue<float>(), Is.EqualTo 4.0)

    // By hand: A needs 10, –, –, 8 and B 20, 5, –, 8 for four problems.
    let private example = [
        for problem, a, b in
            [
                "p1", 10.0, 20.0
                "p2", infinity, 5.0
                "p3", infinity, infinity
                "p4", 8.0, 8.0
            ] do
            {
                Problem = problem
                Method = "A"
                Cost = a
            }

            {
                Problem = problem
                Method = "B"
                Cost = b
            }
    ]

    [<Test>]
    let ``A performance profile is that of the example by hand`` () =
        let ratios = PerformanceProfile.ratios [ "A"; "B" ] example
        Assert.That(ratios |> List.map fst, equal [ "A"; "B" ])
        let a, b = snd ratios[0], snd ratios[1]
        Assert.That(a, equal [ 1.0; infinity; infinity; 1.0 ])
        Assert.That(b, equal [ 2.0; 1.0; infinity; 1.0 ])
        Assert.That(PerformanceProfile.share 1.0 a, Is.EqualTo 0.5)
        Assert.That(PerformanceProfile.share 100.0 a, Is.EqualTo 0.5)
        Assert.That(PerformanceProfile.share 1.0 b, Is.EqualTo 0.5)
        Assert.That(PerformanceProfile.share 1.99 b, Is.EqualTo 0.5)
        Assert.That(PerformanceProfile.share 2.0 b, Is.EqualTo 0.75)

        Assert.That(
            PerformanceProfile.corners 4.0 b,
            equal [ 1.0, 0.5; 2.0, 0.5; 2.0, 0.75; 4.0, 0.75 ]
        )

        Assert.That(PerformanceProfile.corners 4.0 a, equal [ 1.0, 0.5; 4.0, 0.5 ])

    [<Test>]
    let ``A problem that a method has not ended is left out of the profile`` () =
        let most =
            example |> List.filter (fun c -> not (c.Problem = "p4" && c.Method = "B"))

        let ratios = PerformanceProfile.ratios [ "A"; "B" ] most
        Assert.That(snd ratios[0], Has.Length.EqualTo 3)
        let none = PerformanceProfile.ratios [ "A"; "C" ] example
        Assert.That(PerformanceProfile.share 1.0 (snd none[0]), Is.NaN)

    [<Test>]
    let ``The second budget is the plain gradient of all sequences at the longest length`` () =
        // T' is at most 50 + 5 − 1 steps; H = 100, two inputs, one output.
        let forward = 54.0 * 100.0 * (3.0 + 100.0) + 101.0
        let backward = 54.0 * 100.0 * (3.0 + 200.0) + 201.0
        let budget = RivalRuns.operations (context ()) Profile.Paper "addition" 50L
        Assert.That(budget, Is.EqualTo(2e7 * 2.0 * (forward + backward)))

    [<Test>]
    let ``A success beyond the operations counts in sequences alone`` () =
        let context = context ()
        let cell = (RivalRuns.plan context Profile.Paper).Head
        let task, length = RivalRuns.split cell.X
        let limit = RivalRuns.operations context Profile.Paper task length

        let cost measure run =
            RivalCosts.toSuccess context measure run

        let late = paper (Some(1e6, limit * 1.01)) cell
        Assert.That(cost RivalCosts.Sequences late, Is.EqualTo 1e6)
        Assert.That(cost RivalCosts.Operations late, Is.EqualTo infinity)
        let within = paper (Some(1e6, limit)) cell
        Assert.That(cost RivalCosts.Operations within, Is.EqualTo limit)
        let never = paper None cell
        Assert.That(cost RivalCosts.Sequences never, Is.EqualTo infinity)

    /// SGD-CR solves everything, HF all but memorisation at seed 3, and the rest nothing; HF needs
    /// a tenth of the sequences.
    let private story (cell: Planned) =
        match cell.Series with
        | "SGD-CR" -> Some(1e6, 1e9)
        | "HF" when not (cell.X.StartsWith "memorisation" && cell.Seed = 3UL) -> Some(1e5, 2e9)
        | _ -> None

    let private told context =
        RivalRuns.plan context Profile.Paper |> List.map (fun c -> paper (story c) c)

    [<Test>]
    let ``Advice names who solves most and of these who is cheapest in either measure`` () =
        let context = context ()
        let part = optimisers context
        let said = RivalAdvice.sentences context Profile.Paper part (told context)
        let problems = 6 * 3 * 3
        Assert.That(said[0], Does.Contain $"Of the {problems} problems")
        Assert.That(said[0], Does.Contain $"SGD-CR solved most: {problems}")
        Assert.That(said[1], Does.Contain $"by HF ({problems - 3} times)")
        Assert.That(said[1], Does.Contain $"operations by SGD-CR ({problems} times)")
        Assert.That(said[2], Does.StartWith "Each of SGD; SGD-C; SGD-CR, smart tanh; ")
        Assert.That(said[2], Does.EndWith "; and Adam solved none.")

        let started = told context |> List.filter (fun f -> f.Cell.X = "temporal order/50")

        let first = (RivalAdvice.sentences context Profile.Paper part started).Head

        Assert.That(
            first,
            Does.StartWith
                $"Of the 3 problems of the part 'optimisers' that every method has ended \
                  ({problems} are planned), SGD-CR and HF each solved most: 3"
        )


        let _, table = (RivalAdvice.table context Profile.Paper part (told context)).Head

        let row task t =
            table.Rows
            |> List.map (List.map _.Text)
            |> List.find (fun r -> r[0] = task && r[1] = t)

        Assert.That(
            row "temporal order" "200",
            equal [
                "temporal order"
                "200"
                "SGD-CR; HF (3 of 3)"
                "HF (100,000)"
                "SGD-CR (1.0e9)"
            ]
        )

        Assert.That((row "memorisation" "50")[2], Is.EqualTo "SGD-CR (3 of 3)")

    [<Test>]
    let ``A task that nobody solves is said to have no method`` () =
        let context = context ()
        let part = optimisers context
        let none = RivalRuns.plan context Profile.Paper |> List.map (paper None)
        let _, table = (RivalAdvice.table context Profile.Paper part none).Head
        Assert.That(table.Rows |> List.map (fun r -> r[2].Text), Has.All.EqualTo "none")
        let said = RivalAdvice.sentences context Profile.Paper part none
        Assert.That(said, Has.Length.EqualTo 1)
        Assert.That(said[0], Does.Contain "No method")

    [<Test>]
    let ``While no problem was tried by all, the page says what each method solved`` () =
        let context = context ()

        let some =
            told context
            |> List.filter (fun f ->
                f.Cell.Series = "HF"
                && (f.Cell.X = "temporal order/50" || f.Cell.X = "memorisation/50"))

        let expected =
            "HF solved temporal order at T = 50 (3 of 3 seeds), memorisation at T = 50 (2 of 3 \
             seeds). That is 2 of the 126 pairs of a problem and a method in the part \
             'optimisers'; methods are compared on the problems that all of them have ended."

        Assert.That(RivalPages.summary context Profile.Paper some, Is.EqualTo expected)

        Assert.That(
            RivalPages.claim context Profile.Paper some,
            Does.Contain "<p>At most 20,000,000 sequences a run. HF solved temporal"
        )

        let part = optimisers context
        Assert.That(RivalAdvice.soFar context Profile.Paper part (told context), Is.Empty)

        // Beside a problem that all have ended, what some have ended on others is not lost.
        let mixed =
            told context
            |> List.filter (fun f ->
                f.Cell.X = "temporal order/50"
                || (f.Cell.Series = "HF" && f.Cell.X = "memorisation/50"))

        Samples.same
            [
                "Of problems that only some methods have ended:"
                "HF solved memorisation at T = 50 (2 of 3 seeds)."
                "Ended are 8 of the 126 pairs of a problem and a method in the part 'optimisers'; \
                 methods are compared on the problems that all of them have ended."
            ]
            (RivalAdvice.soFar context Profile.Paper part mixed)

        Assert.That(
            RivalPages.summary context Profile.Paper mixed,
            Does.StartWith
                "Of one case (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 1, by a factor of 10. HF needs more \
                 operations than SGD-CR in 1, by a factor of 2.0. Of the 3 problems of the part \
                 'optimisers' that every method has ended, so many are solved: SGD 0; SGD-C 0; \
                 SGD-CR 3;"
        )

        // Parts that vary one method's settings are on the page and not in the index.
        let every = told context
        let index = RivalPages.summary context Profile.Paper every
        let page = RivalPages.claim context Profile.Paper every

        for part in RivalRuns.parts context Profile.Paper do
            let named = $"the part '{part.Name}'"
            Assert.That(index.Contains named, Is.EqualTo((part.About = "")), named)
            Assert.That(page, Does.Contain(Html.escape named))

        // A headline has the lengths without a gap at which every seed succeeds.
        let headline runs =
            RivalHeadlines.hessianFree.Text context runs []

        Assert.That(
            headline some,
            Is.EqualTo(
                Some
                    "Hessian-free optimisation, after its authors' released program with two \
                     rules changed, solves temporal order up to T = 50 with each of 3 seeds."
            )
        )

        Assert.That(headline (some |> List.filter (fun f -> f.Cell.X = "memorisation/50")), Is.Null)

        // What larger groups solve from every seed, beyond what the small ones do.
        let larger =
            RivalRuns.plan context Profile.Paper
            |> List.filter (fun c ->
                c.Series = "HF, large groups" && (c.X = "temporal order/200" || c.Seed < 3UL))
            |> List.map (paper (Some(3e6, 1e9)))

        Assert.That(
            headline (some @ larger) |> Option.defaultValue "",
            Does.EndWith
                "with each of 3 seeds. 'HF, large groups' also solves temporal order \
                          at T = 200."
        )

        // A cell without one of its seeds is none.
        let seedless = some |> List.filter (fun f -> f.Cell.Seed <> 1UL)
        Assert.That(RivalPages.summary context Profile.Paper seedless, Is.EqualTo Runs.noneAtHand)

    [<Test>]
    let ``Two methods that the protocol names are laid beside each other where both have ended``
        ()
        =
        let context = context ()
        let pair = (RivalPairs.named context).Head
        Samples.same [ "HF"; "SGD-CR" ] [ pair.Method; pair.Other ]

        let said finished =
            RivalPairs.sentences context Profile.Paper pair finished

        // HF needs a tenth of the sequences and twice the operations, and misses memorisation's
        // third seed at every length.
        Samples.same
            [
                "Of 15 cases (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 15, by a factor of 10."
                "HF needs more operations than SGD-CR in 15, by a factor of 2.0."
                for length in [ 50; 100; 200 ] do
                    $"Of 3 seeds on memorisation at T = {length}, HF solves 2 and SGD-CR 3."
            ]
            (said (told context))

        // A case without one of either's seeds is none, and the others decide less and more.
        let some =
            RivalRuns.plan context Profile.Paper
            |> List.choose (fun c ->
                let cost =
                    match c.Series, c.X with
                    | "HF", "addition/50" -> Some 1e5
                    | "HF", "addition/100" -> Some 4e5
                    | "HF", "temporal order/50" -> Some 2.4e6
                    | "SGD-CR", ("addition/50" | "addition/100" | "temporal order/50") -> Some 1e6
                    | "HF", "addition/200" -> Some 1e5
                    | "SGD-CR", "addition/200" when c.Seed < 3UL -> Some 1e6
                    | _ -> None

                cost |> Option.map (fun n -> paper (Some(n, 1e9)) c))

        Samples.same
            [
                "Of 3 cases (a task at one length) that HF and SGD-CR solve with every seed, HF \
                 needs fewer sequences than SGD-CR in 2, by factors of 2.5 to 10, and more in 1, \
                 by a factor of 2.4."
            ]
            (said some)

        let title, table = (RivalPairs.tables context Profile.Paper some).Head
        Assert.That(title, Does.StartWith "HF beside SGD-CR")

        Samples.same
            [ "temporal order"; "50"; "3 of 3"; "3 of 3"; "2,400,000"; "1,000,000"; "2.40" ]
            (table.Rows.Head |> List.map _.Text |> List.truncate 7)

        Assert.That(table.Rows, Has.Length.EqualTo 3)
        Assert.That(said [], Is.Empty)
        Assert.That(RivalPairs.tables context Profile.Paper [], Is.Empty)

        // The headline takes the first of the sentences; the page and the index begin with them.
        Assert.That(
            RivalHeadlines.hessianFree.Text context some [] |> Option.defaultValue "",
            Does.EndWith "by a factor of 2.4."
        )

        Assert.That(
            RivalPages.summary context Profile.Paper some,
            Does.StartWith "Of 3 cases (a task at one length)"
        )

        Assert.That(
            RivalPages.claim context Profile.Paper some,
            Does.Contain "<p>At most 20,000,000 sequences a run. Of 3 cases"
        )

    [<Test>]
    let ``The headline on architectures names who learns every problem and who is the cheapest``
        ()
        =
        let context = context ()

        let runs solves =
            RivalRuns.plan context Profile.Paper
            |> List.filter (fun c -> c.Part = "architectures")
            |> List.map (fun c -> paper (solves c) c)

        let told =
            runs (fun c ->
                match c.Series with
                | "IRNN" -> Some((if c.X.EndsWith "/50" then 3e5 else 1e4), 1e9)
                | "np-RNN" -> Some(1e5, 1e9)
                | "GRU" when c.X.EndsWith "/200" -> None
                | "GRU" -> Some(2e5, 1e9)
                | _ -> None)

        let headline finished =
            RivalHeadlines.architectures.Text context finished []

        Assert.That(
            headline told,
            Is.EqualTo(
                Some
                    "On one budget IRNN and np-RNN learn Talathi and Vartak's tasks at every \
                     length up to T = 200 with each of 3 seeds; IRNN needs the fewest sequences \
                     in 12 of 18 cases."
            )
        )

        // Neither while a run is missing, nor where nobody learns every problem.
        Assert.That(headline (List.tail told), Is.Null)

        Assert.That(
            headline (runs (fun c -> if c.X.EndsWith "/50" then Some(1e5, 1e9) else None)),
            Is.Null
        )

    [<Test>]
    let ``Claims are tested over the seeds, and wait until every cell is there`` () =
        let context = context ()

        let verdicts finished =
            RivalPages.tests context finished |> List.map (fun (_, j) -> j.Verdict)

        // HF's seeds 1 and 2 solve as much as SGD-CR's: three seeds cannot tell. Of memorisation
        // HF solves two seeds' problems and HF without structural damping none.
        Assert.That(
            verdicts (told context),
            equal [ Verdict.Undecided; Verdict.Undecided; Verdict.Undecided ]
        )

        let clear =
            RivalRuns.plan context Profile.Paper
            |> List.map (fun c ->
                let solves =
                    List.contains c.Series [ "SGD-CR"; "np-RNN" ]
                    || c.Series = "HF" && c.X.StartsWith "memorisation"

                paper (if solves then Some(1e6, 1e9) else None) c)

        Assert.That(verdicts clear, Has.All.EqualTo Verdict.Reproduced)

        let most =
            clear
            |> List.filter (fun f ->
                not (f.Cell.Series = "HF" && f.Cell.X = "addition/50" && f.Cell.Seed = 2UL))

        Assert.That(verdicts most, equal [ Verdict.NotRun; Verdict.Reproduced; Verdict.Reproduced ])

        Assert.That(verdicts [], Has.All.EqualTo Verdict.NotRun)

    [<Test>]
    let ``Rates have Wilson's interval and costs the range of the seeds`` () =
        let context = context ()

        let rows =
            RivalPages.rows context (told context)
            |> List.filter (fun r -> r.Series = "HF" && r.X = "memorisation/50")

        let of' metric =
            rows |> List.find (fun r -> r.Metric = metric)

        let rate = of' "success"
        Assert.That(rate.Ours.Value, Is.EqualTo(2.0 / 3.0).Within 1e-12)
        // Wilson's interval of 2 of 3 at 95 %.
        Assert.That(rate.Low.Value, Is.EqualTo(0.2077).Within 5e-4)
        Assert.That(rate.High.Value, Is.EqualTo(0.9385).Within 5e-4)
        Assert.That((of' "sequences to success, median").Ours.Value, Is.EqualTo 1e5)

    [<Test>]
    let ``A page without a run says so, and one of a part has no figure of the other`` () =
        let context = context ()
        Assert.That(RivalPages.figures context Profile.Paper [], Is.Empty)
        Assert.That(RivalPages.tables context Profile.Paper [], Is.Empty)
        Assert.That(RivalPages.rows context [], Is.Empty)
        Assert.That(RivalPages.summary context Profile.Paper [], Is.EqualTo Runs.noneAtHand)

        let one = told context |> List.filter (fun f -> f.Cell.Part = "optimisers")

        let figures = RivalPages.figures context Profile.Paper one
        Assert.That(figures |> List.map _.Id, equal [ "profiles-optimisers-paper" ])
        let svg = Chart.toSvg figures.Head.Chart
        Assert.That(svg, Does.Contain "SGD-CR")

    /// The smoke profile with five hidden units, ten steps and forty sequences a run.
    let private tiny () =
        let node = JsonNode.Parse(text ())
        let smoke = node["settings"].["profiles"].["smoke"]
        smoke["sequences"] <- JsonValue.Create 40L
        smoke["run"].["network"].["hidden"] <- JsonValue.Create 7
        contextOf (node.ToJsonString())

    [<Test>]
    let ``Tiny runs of every method end within an update of the budget and make a page`` () =
        let context = tiny ()

        let folder = Directory.CreateTempSubdirectory "repro-rivals-"

        try
            let plan = RivalRuns.plan context Profile.Smoke

            let stores =
                TwoStores(
                    Path.Combine(folder.FullName, "recorded"),
                    Path.Combine(folder.FullName, "out"),
                    Profile.Smoke
                )

            let pool = Pool(stores)

            let outcomes = pool.Execute [| for cell in plan -> PoolItem("rivals", cell.Run) |]

            let finished = [
                for cell, outcome in Seq.zip plan outcomes ->
                    Assert.That(outcome.Error, Is.Null, cell.Run.Label)

                    {
                        Cell = cell
                        Id = outcome.Id
                        Record = outcome.Record
                        Note = None
                        Source = PoolSource.Trained
                        Matches = None
                        Profile = Profile.Smoke
                    }
            ]

            for run in finished do
                let sequences = run.Record.Metric "sequences"
                let isHessianFree = run.Cell.Series.StartsWith "HF"

                if not (Runs.succeeded run) then
                    let most = if isHessianFree then infinity else 40.0 + 31.0
                    Assert.That(sequences, Is.InRange(40.0, most), run.Cell.Run.Label)

                Assert.That(run.Record.Metric "operations", Is.GreaterThan 0.0)

            let figures = RivalPages.figures context Profile.Smoke finished
            Assert.That(figures, Has.Length.EqualTo 3)

            for figure in figures do
                Assert.That(Chart.toSvg figure.Chart, Does.StartWith "<svg")

            let tables = RivalPages.tables context Profile.Smoke finished
            Assert.That(tables, Has.Length.EqualTo 15)

            // Two parts have HF's run of temporal order, and the values have it once.
            let rows = RivalPages.rows context finished
            let keys = rows |> List.map (fun r -> r.Series, r.X, r.Metric)
            Assert.That(List.distinct keys, Has.Length.EqualTo keys.Length)
            let claim = RivalPages.claim context Profile.Smoke finished
            Assert.That(claim, Does.Contain "problems")
        finally
            folder.Delete true

    [<TestCase("\"gradientBatches\"", "\"gradientBatch\"", "gradientBatches")>]
    [<TestCase("\"sequences\": 2000,", "\"sequence\": 2000,", "sequences")>]
    let ``A misspelt member is refused and the nearest is named``
        (before: string, after: string, nearest: string)
        =
        let protocol = text ()
        let at = protocol.IndexOf("\"settings\": {", StringComparison.Ordinal)
        let place = protocol.IndexOf(before, at, StringComparison.Ordinal)
        Assert.That(place, Is.GreaterThan 0)
        let changed = protocol.Remove(place, before.Length).Insert(place, after)
        let mutable said = "nothing was refused"

        try
            RivalRuns.plan (contextOf changed) Profile.Smoke |> ignore
        with :? SettingsException as refused ->
            said <- refused.Message

        Assert.That(said, Does.Contain nearest)
