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

/// The item `clockwork` from made-up ends of planned runs: nothing is trained.
[<TestFixture>]
module ClockworkTests =
    let private contextOf (text: string) =
        let path = Path.Combine(Path.GetTempPath(), $"clockwork-{Guid.NewGuid():N}.json")
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

    let private text () =
        File.ReadAllText(
            Path.Combine(Samples.root.Value, "paper-figures", "clockwork", "protocol.json")
        )

    let private context () = contextOf (text ())

    let private ended outcome (error: float) (cell: Planned) : Finished =
        let metrics = Dictionary [ KeyValuePair("test normalised error", error) ]

        let result = RunResult(outcome, metrics, Dictionary<string, Curve>(), "", 2000L)

        {
            Cell = cell
            Id = RunId.Of cell.Run
            Record = RunRecord.Of(cell.Run, result)
            Note = None
            Source = PoolSource.Trained
            Matches = None
            Profile = Profile.Paper
        }

    let private completed = ended Outcomes.Completed

    /// Errors in the order that the paper claims, a little apart from seed to seed.
    let private claimed (cell: Planned) =
        let level =
            if cell.Series.StartsWith("CW", StringComparison.Ordinal) then
                0.01
            elif cell.Series.StartsWith("LSTM", StringComparison.Ordinal) then
                0.1
            else
                0.9

        level * (1.0 - 0.01 * float cell.Seed)

    let private verdicts context finished =
        ClockworkErrors.tests context finished
        |> List.map (fun (what, judgement) -> what, judgement.Verdict)

    [<Test>]
    let ``Every run of the plan is read, with an id of its own`` () =
        let context = context ()

        for profile, runs in [ Profile.Smoke, 4; Profile.Quick, 36; Profile.Paper, 480 + 324 ] do
            let plan = ClockworkRuns.plan context profile
            Assert.That(plan, Has.Length.EqualTo runs)

            let ids = plan |> List.map (fun cell -> RunId.Of cell.Run) |> List.distinct

            Assert.That(ids, Has.Length.EqualTo runs)

    [<Test>]
    let ``Parameters of the methods lie within 16 percent of their budgets`` () =
        let context = context ()

        for method in ClockworkRuns.methods context Profile.Paper do
            for budget in ClockworkRuns.budgets context Profile.Paper do
                let parameters, _ = ClockworkRuns.cost context method budget 320

                Assert.That(
                    float parameters,
                    Is.EqualTo(float budget).Within(16.0).Percent,
                    $"{method} {budget}"
                )

    // (n + 1)² of a simple network; 4(n² + n) + n + 1 of an LSTM; of 19 units in nine modules of
    // 3, 2, 2, … 2 the blocks of 3·19, 2·16, 2·14, …, and biases and readout. Products of a step
    // in which all modules work.
    [<TestCase("SRN", "100", 100, 81)>]
    [<TestCase("LSTM", "250", 232, 196)>]
    [<TestCase("CW-RNN", "250", 240, 201)>]
    let ``Parameters and products are those of the formulas``
        (method: string, budget: string, parameters: int, products: int)
        =
        let cost = ClockworkRuns.cost (context ()) method budget 1
        Assert.That(cost, Is.EqualTo((int64 parameters, int64 products)))

    [<Test>]
    let ``Errors in the paper's order at every size are a headline, in another order none`` () =
        let context = context ()
        let plan = ClockworkRuns.plan context Profile.Paper

        let headline error =
            let runs = plan |> List.map (fun cell -> completed (error cell) cell)
            ClockworkHeadlines.order.Text context runs []

        let said = headline claimed |> Option.defaultValue "nothing"
        Assert.That(said, Does.Contain "at each of 4 sizes")
        Assert.That(said, Does.Contain "0.0097, 0.097 and 0.87 at 1000 parameters")

        let swapped (cell: Planned) =
            let isSmall = cell.X.EndsWith("/100", StringComparison.Ordinal)
            if isSmall then 1.0 - claimed cell else claimed cell

        Assert.That(headline swapped, Is.Null)

    [<Test>]
    let ``Errors in the paper's order reproduce every ordering on substitute data`` () =
        let context = context ()

        let finished =
            ClockworkRuns.plan context Profile.Paper
            |> List.map (fun cell -> completed (claimed cell) cell)

        let said = verdicts context finished
        Assert.That(snd said.Head, Is.EqualTo Verdict.SubstituteData)
        Assert.That(said.Tail, Has.Length.EqualTo 14)

        for what, verdict in said.Tail do
            Assert.That(verdict, Is.EqualTo Verdict.Reproduced, what)

        Assert.That(Verdicts.OfItem(List.map snd said), Is.EqualTo Verdict.SubstituteData)

    [<Test>]
    let ``An ordering waits until every waveform and seed is there`` () =
        let context = context ()

        let most =
            ClockworkRuns.plan context Profile.Paper
            |> List.filter (fun cell -> not (cell.X = "chirp/1000" && cell.Seed = 5UL))
            |> List.map (fun cell -> completed (claimed cell) cell)

        for what, verdict in (verdicts context most).Tail do
            // Over all waveforms at 1000 parameters; the rates are tried with three seeds.
            let lacks =
                what.Contains "1000"
                && not (what.Contains "own best" || what.Contains "waveform")

            Assert.That(
                verdict,
                Is.EqualTo(if lacks then Verdict.NotRun else Verdict.Reproduced),
                what
            )

        let none = verdicts context []
        Assert.That(none |> List.map snd, Has.All.EqualTo Verdict.NotRun)

    [<Test>]
    let ``A run that diverged or ended above the best constant counts as one`` () =
        let cell = (ClockworkRuns.plan (context ()) Profile.Smoke).Head
        Assert.That(ClockworkRuns.error (completed 0.25 cell), Is.EqualTo 0.25)
        Assert.That(ClockworkRuns.error (completed 1e5 cell), Is.EqualTo 1.0)
        Assert.That(ClockworkRuns.error (ended Outcomes.Diverged nan cell), Is.EqualTo 1.0)
        Assert.That(ClockworkRuns.error (ended Outcomes.Diverged 0.1 cell), Is.EqualTo 1.0)

    [<TestCase("\"nesterov\"", "\"nestero\"", "nesterov")>]
    [<TestCase("\"periods\"", "\"period\"", "periods")>]
    [<TestCase("\"rateSeeds\": 0", "\"rateSeed\": 0", "rateSeeds")>]
    [<TestCase("\"off-grid\"]", "\"off-gird\"]", "off-grid")>]
    let ``A misspelt member or word is refused and the nearest is named``
        (before: string, after: string, nearest: string)
        =
        let protocol = text ()
        let at = protocol.IndexOf("\"settings\": {", StringComparison.Ordinal)
        let place = protocol.IndexOf(before, at, StringComparison.Ordinal)
        Assert.That(place, Is.GreaterThan 0)

        let changed = protocol.Remove(place, before.Length).Insert(place, after)

        let mutable said = "nothing was refused"

        try
            ClockworkRuns.plan (contextOf changed) Profile.Smoke |> ignore
        with :? SettingsException as refused ->
            said <- refused.Message

        Assert.That(said, Does.Contain $"'{nearest}', perhaps")
