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

/// Made-up ends of the planned runs of `rivals`, and its protocol: nothing is trained.
module internal RivalSamples =
    let equal (expected: 'a list) = Is.EqualTo(box expected)

    let text () =
        File.ReadAllText(
            Path.Combine(Samples.root.Value, "paper-figures", "rivals", "protocol.json")
        )

    let contextOf (text: string) =
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

    let context () = contextOf (text ())

    /// A run that ended; None where it did not succeed, else its sequences and operations.
    let ended profile (cost: (float * float) option) (cell: Planned) : Finished =
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

    let paper = ended Profile.Paper

    let training (run: Planned) = run.Run.Spec["training"]

    let optimisers context =
        RivalRuns.parts context Profile.Paper
        |> List.find (fun p -> p.Name = "optimisers")

    /// SGD-CR solves everything, HF all but memorisation at seed 3, and the rest nothing; HF needs
    /// a tenth of the sequences.
    let story (cell: Planned) =
        match cell.Series with
        | "SGD-CR" -> Some(1e6, 1e9)
        | "HF" when not (cell.X.StartsWith "memorisation" && cell.Seed = 3UL) -> Some(1e5, 2e9)
        | _ -> None

    let told context =
        RivalRuns.plan context Profile.Paper |> List.map (fun c -> paper (story c) c)
