namespace Repro.Reports.Items

open System.IO
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs

/// Finished runs, out of the stores and of what a pool made.
module Found =
    /// The record of a run, recorded or local.
    let find (stores: TwoStores) (run: IRunnable) =
        let id = RunId.Of run

        match stores.ReadRecorded(id).RecordOrNull with
        | null -> Option.ofObj (stores.Local.Read(id).RecordOrNull)
        | record -> Some record

    /// The record and the note of a run, recorded or local.
    let tryTimed (stores: TwoStores) (id: string) =
        let withNote (record: RunRecord) (note: ProvenanceNote | null) =
            note |> Option.ofObj |> Option.map (fun note -> record, note)

        match stores.ReadRecorded(id).RecordOrNull with
        | null ->
            match stores.Local.Read(id).RecordOrNull with
            | null -> None
            | record -> withNote record (stores.Local.ReadNote id)
        | record -> withNote record (stores.ReadRecordedNote id)

    let private delete (path: string) =
        // Runs that keep no checkpoint leave no folder for them, which Delete minds.
        if File.Exists path then
            File.Delete path

    /// Removes the local records of runs.
    let forgetRecords (stores: TwoStores) (ids: string list) =
        for id in ids do
            delete (stores.Local.RecordPath id)
            delete (stores.Local.NotePath id)

    /// Removes the local records of runs, and the checkpoints they would go on from.
    let forget (stores: TwoStores) (ids: string list) =
        forgetRecords stores ids

        for id in ids do
            delete (stores.Local.CheckpointPath id)

    /// What a pool made or found of a profile's cells.
    let ofOutcomes (stores: TwoStores) (profile: Profile) (ended: (Planned * PoolOutcome) list) = [
        for cell, outcome in ended do
            match outcome.Record with
            | null -> ()
            | record ->
                let note =
                    match stores.Local.ReadNote outcome.Id with
                    | null -> stores.ReadRecordedNote outcome.Id |> Option.ofObj
                    | note -> Some note

                {
                    Cell = cell
                    Id = outcome.Id
                    Record = record
                    Note = note
                    Source = outcome.Source
                    Matches = Option.ofNullable outcome.MatchesRecorded
                    Profile = profile
                }
    ]

    /// The runs of the paper's scale that are at hand, without making any.
    let atHand (stores: TwoStores) (cells: Planned list) = [
        for cell in cells do
            let id = RunId.Of cell.Run

            let found (record: RunRecord) source note = {
                Cell = cell
                Id = id
                Record = record
                Note = note |> Option.ofObj
                Source = source
                Matches = None
                Profile = Profile.Paper
            }

            match stores.ReadRecorded(id).RecordOrNull with
            | null ->
                match stores.Local.Read(id).RecordOrNull with
                | null -> ()
                | record -> found record PoolSource.Stored (stores.Local.ReadNote id)
            | record -> found record PoolSource.Recorded (stores.ReadRecordedNote id)
    ]

    /// What an item's page says of a recorded run that cannot be trusted. The cell is None where
    /// no plan wants the run any more.
    let damaged (stores: TwoStores) (cells: Planned list) (item: Item) : Damaged list =
        let byId = cells |> List.map (fun cell -> RunId.Of cell.Run, cell) |> Map.ofList

        [
            for found in stores.DamagedOf item.Id ->
                let id = string (Path.GetFileNameWithoutExtension found.Path)

                {
                    Id = id
                    Cell = Map.tryFind id byId
                    Reason = found.Reason
                }
        ]
