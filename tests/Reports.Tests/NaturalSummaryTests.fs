namespace Repro.Reports.Tests

open System.Collections.Generic
open System.IO
open NUnit.Framework
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports.Items

/// What the page on music and text says of made-up losses: nothing is trained.
[<TestFixture>]
module NaturalSummaryTests =
    let private tested profile series (losses: float list) = {
        Series = series
        X = "test"
        Profile = profile
        Values = losses |> List.mapi (fun i loss -> uint64 (i + 1), loss)
    }

    let private piano = [
        tested Profile.Paper "Piano-midi.de/MSGD" [ 8.0; 8.2 ]
        tested Profile.Paper "Piano-midi.de/MSGD+C" [ 7.9; 7.9 ]
        tested Profile.Paper "Piano-midi.de/MSGD+CR" [ 7.7; 7.7 ]
    ]

    let private fiveSteps = [
        tested Profile.Paper "PTB-5-step/MSGD+C" [ 3.9 ]
        tested Profile.Paper "PTB-5-step/MSGD+CR" [ 3.8 ]
    ]

    let private summary groups =
        NaturalSummary.summary Profile.Paper groups []

    // A run that was made, with these validation losses after each epoch and this learning rate at
    // its end, from 1; which network it trained does not matter.
    let private onText (rate: float) (validation: float list) : Finished =
        let root = Samples.root.Value
        let folder = Path.Combine(root, "paper-figures", "pascanu-random-length")

        let context = {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = []
            Data = DataStore(DataFolder.Resolve(Path.GetTempPath()))
            Find = fun _ -> None
        }

        let settings = Setting.Of context.Protocol
        let shared = CellRuns.shared settings settings["profiles"].["paper"]
        let run = CellRuns.run context shared "seed 1" 1UL
        let updates = [| for i in 0 .. validation.Length - 1 -> float i |]

        let curves =
            Dictionary [
                KeyValuePair(
                    "validation bits per character",
                    Curve(updates, Array.ofList validation)
                )
                KeyValuePair("learning rate", Curve([| 0.0; 1.0 |], [| 1.0; rate |]))
            ]

        let result = RunResult(Outcomes.Completed, Dictionary(), curves, "", 8L)

        {
            Cell = {
                Part = "ptb-1"
                Series = "PTB-1-step/MSGD"
                X = "1"
                Seed = 1UL
                Run = run
            }
            Id = RunId.Of run
            Record = RunRecord.Of(run, result)
            Note = None
            Source = PoolSource.Trained
            Matches = None
            Profile = Profile.Paper
        }

    [<Test>]
    let ``The best method is that of most data sets, and the gain is from first to last`` () =
        Assert.That(
            summary piano,
            Is.EqualTo
                "MSGD+CR has the lowest mean test loss on 1 of 1 data sets run with all three \
                 methods. From MSGD to MSGD+CR the loss falls by 4.9 to 4.9 %."
        )

    [<Test>]
    let ``A set that lacks a method has its losses said and is not counted`` () =
        let told = summary (piano @ fiveSteps)
        Assert.That(told, Does.Contain "on 1 of 1 data sets run with all three methods")

        Assert.That(
            told,
            Does.EndWith "Test losses: PTB 5 steps, MSGD+C 3.90 and PTB 5 steps, MSGD+CR 3.80."
        )

        Assert.That(summary fiveSteps, Does.StartWith "Test losses: PTB 5 steps")

    [<Test>]
    let ``A method that diverged is never the lowest and has no gain`` () =
        let diverged = tested Profile.Paper "Piano-midi.de/MSGD" [ nan; 8.2 ]

        Assert.That(
            summary (diverged :: piano.Tail),
            Is.EqualTo
                "MSGD+CR has the lowest mean test loss on 1 of 1 data sets run with all three \
                 methods."
        )

    [<Test>]
    let ``Text whose validation loss still falls in the last epoch is said to`` () =
        let falling = [ onText 1.0 [ 6.0; 2.5; 2.25 ]; onText 1.0 [ 6.0; 2.5; 2.0 ] ]
        let ended = onText 0.5 [ 6.0; 2.0; 2.1 ]

        let told runs =
            NaturalSummary.summary Profile.Paper fiveSteps runs

        Assert.That(
            told (ended :: falling),
            Does.EndWith
                "On text the validation loss still fell in the last epoch of 2 of 3 runs, by up \
                 to 0.5 bits per character, and the learning rate was halved in 1: longer runs \
                 would end lower."
        )

        Assert.That(told falling, Does.Match "of 2 of 2 runs.* halved in none")
        Assert.That(told [ ended ], Does.Not.Contain "still fell")

    [<Test>]
    let ``Without a run nothing is claimed`` () =
        Assert.That(summary [], Is.EqualTo "no runs at hand")
