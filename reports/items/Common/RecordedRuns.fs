namespace Repro.Reports.Items

open System
open System.Globalization
open System.Security.Cryptography
open System.Text
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// A recorded run.
type internal RecordedRun = {
    Id: string
    /// Items that record it.
    Items: string list
    Note: ProvenanceNote option
}

/// Whether a recorded run can be made anew.
type internal MadeAnew =
    | Makeable of IRunnable
    /// Its data cannot be had; the text says why, and how to get them.
    | WithoutData of string
    | Unmakeable of string

/// Which runs are recorded, and how to call one.
module internal RecordedRuns =
    /// The recorded runs of the items, each once.
    let ofItems (stores: TwoStores) (items: string list) : RecordedRun list =
        [
            for item in items do
                for id in stores.RecordedOf(item).Ids() -> id, item
        ]
        |> List.groupBy fst
        |> List.map (fun (id, entries) -> {
            Id = id
            Items = List.map snd entries
            Note = stores.ReadRecordedNote id |> Option.ofObj
        })

    /// Those of all items, each once.
    let all (stores: TwoStores) (items: Item list) : RecordedRun list =
        ofItems stores (items |> List.map _.Id)

    /// Its first item and its name for people.
    let labelOf (run: RecordedRun) =
        match run.Note with
        | Some note -> $"{run.Items.Head}: {note.Label}"
        | None -> run.Items.Head

    /// The recorded run whose id begins with the text.
    let private byId (all: RecordedRun list) (text: string) =
        match all |> List.filter _.Id.StartsWith(text, StringComparison.Ordinal) with
        | [ run ] -> run
        | [] -> raise (UsageError $"no recorded run has an id that begins with {text}")
        | several ->
            let some =
                several
                |> List.truncate 5
                |> List.map (fun run -> $"{run.Id.Substring(0, 16)} ({labelOf run})")

            let names = String.Join(", ", some)

            raise (
                UsageError
                    $"{several.Length} recorded runs have ids that begin with {text}: {names}; \
                      give more digits"
            )

    /// The recorded run of a planned cell, by its whole name.
    let private byName (items: Item list) plan (all: RecordedRun list) (text: string) =
        let slash = text.IndexOf '/'
        let itemId = if slash < 0 then text else text.Substring(0, slash)
        let known = items |> List.map _.Id

        let item =
            match items |> List.tryFind (fun item -> item.Id = itemId) with
            | Some item -> item
            | None ->
                let near =
                    match NearestWord.Of(itemId, known) with
                    | null -> ""
                    | near -> $" did you mean {near}?"

                raise (
                    UsageError
                        $"'{text}' is neither the beginning of an id nor ITEM/PART/SERIES/X/SEED: \
                          there is no item '{itemId}';{near} see --help"
                )

        let cells: Planned list = plan item
        let rest = if slash < 0 then "" else text.Substring(slash + 1)
        let named = cells |> List.filter (fun cell -> Plans.nameOf cell = rest)

        match named |> List.distinctBy (fun cell -> RunId.Of cell.Run) with
        | [ cell ] ->
            let id = RunId.Of cell.Run

            match all |> List.tryFind (fun run -> run.Id = id) with
            | Some run -> run
            | None ->
                raise (
                    UsageError
                        $"'{text}' is planned and not recorded yet; make it with dotnet fsi \
                          {item.Script} --profile paper --part {id.Substring(0, 12)}"
                )
        | _ ->
            let names = cells |> List.map Plans.nameOf |> List.distinct

            let some =
                names
                |> List.filter _.StartsWith(rest, StringComparison.Ordinal)
                |> List.truncate 5

            let near =
                match some, NearestWord.Of(rest, names) with
                | _ :: _, _ ->
                    let all = String.Join(", ", some |> List.map (fun n -> $"{itemId}/{n}"))
                    $"one of {all}, perhaps"
                | [], null -> $"see dotnet fsi {item.Script} --plan"
                | [], near -> $"did you mean {itemId}/{near}?"

            raise (UsageError $"no single run of {itemId} is named '{rest}'; {near}")

    /// So many of the runs, the same ones for the same seed: those whose hash with the seed comes
    /// first, so that a run recorded later changes the choice by one at most.
    let choose (seed: int64) (count: int) (runs: RecordedRun list) =
        let rank (run: RecordedRun) =
            let text = seed.ToString CultureInfo.InvariantCulture + ":" + run.Id
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))

        runs |> List.sortBy rank |> List.truncate count

    /// The recorded run that a text calls: an id, the beginning of one, or
    /// ITEM/PART/SERIES/X/SEED. Raises UsageError where there is none or more than one.
    let called (items: Item list) plan (all: RecordedRun list) (text: string) =
        if text.Length > 0 && Seq.forall Char.IsAsciiHexDigitLower text then
            byId all text
        else
            byName items plan all text

    /// A recorded run as something that can be made: as its item's plan has it, or by its own
    /// spec where no plan wants it.
    let makeable plan (items: Item list) (data: DataStore) (stores: TwoStores) run =
        let planned () =
            run.Items
            |> List.tryPick (fun id ->
                items
                |> List.find (fun item -> item.Id = id)
                |> plan
                |> List.tryFind (fun (cell: Planned) -> RunId.Of cell.Run = run.Id))

        let bySpec () =
            match stores.ReadRecorded run.Id with
            | :? Lookup.Found as found when string found.Record.Spec["kind"] = "training" ->
                let spec = SettingsNode("spec", found.Record.Spec)
                let seed = uint64 spec["seed"].Whole
                Makeable(TrainingRun.Read(labelOf run, spec, TaskSources data, seed))
            | :? Lookup.Found ->
                Unmakeable "no plan wants it any more, and its spec alone is not enough"
            | :? Lookup.Damaged as damaged -> Unmakeable damaged.Message
            | _ -> Unmakeable "its record has gone"

        try
            match planned () with
            | Some cell -> Makeable cell.Run
            | None ->
                match bySpec () with
                | Makeable made when RunId.Of made <> run.Id ->
                    Unmakeable
                        $"its spec makes the run {RunId.Of made} with this engine: a part's \
                          behaviour version was raised, or the record was altered"
                | other -> other
        with :? DataException as error ->
            WithoutData error.Message
