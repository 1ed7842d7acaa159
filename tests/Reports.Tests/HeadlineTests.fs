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

/// Headlines of made-up ends of planned runs: nothing is trained.
[<TestFixture>]
module HeadlineTests =
    let private context item =
        let root = Samples.root.Value
        let folder = Path.Combine(root, "paper-figures", item)

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = DataStore(DataFolder.Resolve(Path.GetTempPath()))
            Find = fun _ -> None
        }

    let private ended
        (metrics: (string * float) list)
        (curves: (string * Curve) list)
        (cell: Planned)
        =
        let metrics = metrics |> List.map KeyValuePair |> Dictionary
        let curves = curves |> List.map KeyValuePair |> Dictionary
        let result = RunResult(Outcomes.Succeeded, metrics, curves, "", 1000L)

        {
            Cell = cell
            Id = RunId.Of cell.Run
            Record = RunRecord.Of(cell.Run, result)
            Note = None
            Source = PoolSource.Trained
            Matches = None
            Profile = Profile.Paper
        }

    let private text (headline: Headline) context finished values =
        headline.Text context finished values |> Option.defaultValue "nothing"

    /// Each seed's sequences wrong at the longest length, none at the others.
    let private lengths (wrong: float list) =
        let context = context "pascanu-random-length"

        let settings = Setting.Of context.Protocol
        let shared = CellRuns.shared settings settings["profiles"].["paper"]

        let at (length: int) wrong =
            sprintf "test correct at %d" length, 1.0 - wrong / 10000.0

        let runs = [
            for i, wrong in List.indexed wrong do
                let seed = uint64 (i + 1)

                ended [ at 50 0.0; at 5000 wrong ] [] {
                    Part = "main"
                    Series = "basic-tanh/MSGD-CR"
                    X = "50-200"
                    Seed = seed
                    Run = CellRuns.run context shared $"seed {seed}" seed
                }
        ]

        text OrderHeadlines.randomLengths context runs []

    [<Test>]
    let ``Lengths at which the paper's network learns and none of ours does are named`` () =
        let context = context "talathi-fig3"

        let finding count (ours: Target -> float) =
            text PairHeadlines.unlearnt context [] [
                for target in context.Targets do
                    let judgement =
                        Judgement(
                            Verdict.Undecided,
                            Nullable(ours target),
                            Nullable(),
                            count target,
                            ""
                        )

                    ValueRow.Of(target, judgement, Profile.Paper)
            ]

        let fails (target: Target) =
            if int target.X >= 400 then 780.0 else 5000.0

        let all _ = 3

        Assert.That(
            finding all fails,
            Is.EqualTo
                "On addition over 400 and 500 steps none of the paper's networks learns under \
                 the reading in use: np-RNN scores 780 and 780 of 10,000, where always answering \
                 the same scores 784 and the paper has 8,359 and 7,549."
        )

        let oneLearns (target: Target) =
            if target.Series = "IRNN" && target.X = "400" then
                3000.0
            else
                fails target

        Assert.That(finding all oneLearns, Does.StartWith "On addition over 500 steps")
        Assert.That(finding all _.Value, Is.EqualTo "nothing")

        let inPart (target: Target) = if target.Series = "oRNN" then 1 else 3

        Assert.That(finding inPart fails, Is.EqualTo "nothing")

    [<Test>]
    let ``Multiplication is a finding where IRNN is ahead and the paper has it behind`` () =
        let context = context "talathi-fig4"

        let finding (scores: (string * string * int * float) list) =
            text PairHeadlines.multiplied context [] [
                for series, x, count, ours in scores do
                    let target =
                        context.Targets |> List.find (fun t -> t.Series = series && t.X = x)

                    let judgement =
                        Judgement(Verdict.NotReproduced, Nullable ours, Nullable(), count, "")

                    ValueRow.Of(target, judgement, Profile.Paper)
            ]

        let at50 = [ "IRNN", "50", 3, 8400.0; "np-RNN", "50", 3, 5500.0 ]

        Assert.That(
            finding at50,
            Is.EqualTo
                "On multiplication at T = 50 IRNN scores 8,400 of 10,000, where the paper has \
                 4,508; np-RNN scores 5,500, where it has 9,891."
        )

        Assert.That(
            finding (at50 @ [ "IRNN", "100", 3, 4500.0; "np-RNN", "100", 3, 4600.0 ]),
            Does.Contain("T = 50 IRNN").And.EndsWith "At T = 100 it is not so."
        )

        Assert.That(
            finding (at50 @ [ "IRNN", "100", 2, 9000.0; "np-RNN", "100", 3, 4600.0 ]),
            Does.Not.Contain "100"
        )

        Assert.That(finding at50.Tail, Is.EqualTo "nothing")

    [<Test>]
    let ``Seeds that hold to the longest length are counted from their records`` () =
        Assert.That(
            lengths [ 0.0; 100.0; 101.0; 5000.0; 9000.0 ],
            Does.Contain("T = 5,000").And.Contain "for two of five seeds."
        )

        Assert.That(lengths [ 0.0; 0.0; 0.0; 0.0; 0.0 ], Does.Contain "for five of five seeds.")

    [<Test>]
    let ``With a seed missing nothing is claimed of the seeds`` () =
        Assert.That(lengths [ 0.0; 0.0; 0.0; 0.0 ], Is.EqualTo "nothing")

    let private updates (ours: (string * float) list) =
        let row (series, ours: float) =
            ValueRow(
                "pascanu-updates",
                series,
                "200",
                "mean updates to converge",
                Units.Updates,
                "400000",
                "",
                Nullable ours,
                Nullable(),
                Nullable(),
                "",
                Nullable(),
                Nullable(),
                5,
                Profile.Paper,
                Nullable Verdict.NotReproduced
            )

        text OrderHeadlines.fewerUpdates (context "pascanu-updates") [] (List.map row ours)

    [<Test>]
    let ``Fewer updates than printed are a headline where every setting needs fewer`` () =
        Assert.That(
            updates [ "a/MSGD-CR", 100000.0; "b/MSGD-CR", 200000.0; "b/MSGD", 900000.0 ],
            Does.Contain "2.0 to 4.0 times fewer updates than printed, in all two settings"
        )

        Assert.That(updates [ "a/MSGD-CR", 100000.0; "b/MSGD-CR", 400000.0 ], Is.EqualTo "nothing")

        Assert.That(updates [ "a/MSGD-CR", 100000.0 ], Is.EqualTo "nothing")

    /// IRNN's and np-RNN's scores under each reading of the grid.
    let private addition (scores: (float * float) list) =
        let context = context "talathi-fig3"
        let names = PairRuns.readings (PairRuns.settings context) |> List.map _.Name

        let runs = [
            for name, (irnn, np) in List.zip (List.truncate scores.Length names) scores do
                for series, score in [ "IRNN", irnn; "np-RNN", np ] ->
                    ended [] [ "validation correct", Curve([| 1.0 |], [| score / 10000.0 |]) ] {
                        Part = "readings"
                        Series = series
                        X = name
                        Seed = 1UL
                        Run =
                            PairRuns.run
                                context
                                (PairRuns.budget (PairRuns.settings context) "grid" Profile.Paper)
                                (PairRuns.chosen (PairRuns.settings context))
                                (PairRuns.settings context).["readingsOf"].List.Head
                                150
                                1UL
                    }
        ]

        text PairHeadlines.irnnAhead context runs []

    [<Test>]
    let ``IRNN is said to be ahead under the readings in which either network learns`` () =
        // The last reading teaches neither, and does not count.
        let finding =
            addition [ 9000.0, 5000.0; 8000.0, 4000.0; 6000.0, 700.0; 700.0, 790.0 ]

        Assert.That(
            finding,
            Does.Contain("T = 150").And.Contain("each of the 3 readings").And.Contain
                "6,000 to 9,000 against 700 to 5,000"
        )

        let mixed = addition [ 9000.0, 5000.0; 8000.0, 4000.0; 4000.0, 6000.0 ]
        Assert.That(mixed, Does.Contain "under 2 of the 3 readings")

    [<Test>]
    let ``Where np-RNN is ahead under most readings nothing is said of IRNN`` () =
        let finding = addition [ 5000.0, 9000.0; 4000.0, 8000.0; 9000.0, 5000.0 ]
        Assert.That(finding, Is.EqualTo "nothing")

    [<Test>]
    let ``A reading that may be chosen counts once every seed of both networks has ended`` () =
        let context = context "talathi-fig3"

        let stage = [
            for cell in PairStage.plan PairStage.deciding context Profile.Paper do
                if cell.Series = "IRNN" || cell.Series = "np-RNN" then
                    let score = if cell.Series = "IRNN" then 0.9 else 0.5
                    ended [] [ "validation correct", Curve([| 1.0 |], [| score |]) ] cell
        ]

        let finding runs =
            text PairHeadlines.irnnAhead context runs []

        // A6 changes gRNN and oRNN alone: of these two networks it is A1.
        Assert.That(finding stage, Does.Contain "each of the 8 readings")

        let missing =
            stage
            |> List.filter (fun f ->
                not (f.Cell.X = "A0" && f.Cell.Series = "IRNN" && f.Cell.Seed = 12UL))

        Assert.That(finding missing, Does.Contain "each of the 7 readings")

    [<Test>]
    let ``A reading of the grid that stage A trains too counts once, with the stage's seeds`` () =
        let context = context "talathi-fig3"

        let runs (planned: Planned list) scores = [
            for cell in planned do
                match List.tryFind (fst >> (=) cell.Series) scores with
                | Some(_, score) ->
                    ended [] [ "validation correct", Curve([| 1.0 |], [| score |]) ] cell
                | None -> ()
        ]

        let stage = PairStage.plan PairStage.deciding context Profile.Paper

        let stage =
            runs (stage |> List.filter (fun c -> List.contains c.X [ "A0"; "A1"; "A3" ])) [
                "IRNN", 0.9
                "np-RNN", 0.5
            ]

        let grid =
            runs [
                for name in [ "as printed"; "input N"; "fresh" ] do
                    for series in [ "IRNN"; "np-RNN" ] ->
                        {
                            stage.Head.Cell with
                                Part = "readings"
                                Series = series
                                X = name
                                Seed = 1UL
                        }
            ] [ "IRNN", 0.8; "np-RNN", 0.4 ]

        let finding = text PairHeadlines.irnnAhead context (grid @ stage) []

        Assert.That(
            finding,
            Does.Contain("each of the 4 readings").And.Contain
                "8,000 to 9,000 against 4,000 to 5,000"
        )

        let only = grid |> List.filter (fun f -> f.Cell.X <> "fresh")
        let finding = text PairHeadlines.irnnAhead context (only @ stage) []

        Assert.That(
            finding,
            Does.Contain("each of the 3 readings").And.Contain
                "9,000 to 9,000 against 5,000 to 5,000"
        )
