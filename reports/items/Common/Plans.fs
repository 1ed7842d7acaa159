namespace Repro.Reports.Items

open System
open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs

/// An item whose inputs are at hand, with its plans.
type Ready = {
    Item: Item
    Context: Context
    /// Runs of the profile asked for.
    Wanted: Planned list
    /// Runs of the paper's scale, where another profile is asked for.
    Recorded: Planned list
}

/// Which runs a command is about.
module Plans =
    /// The folder of an item's targets, protocol and recorded runs.
    let folderOf root (item: Item) =
        Path.Combine(root, "paper-figures", item.Id)

    /// The whole name of a run within its item: part, series, x and seed.
    let nameOf (cell: Planned) =
        $"{cell.Part}/{cell.Series}/{cell.X}/{cell.Seed}"

    // Fewer letters could be a part's name, such as "fade".
    let private shortestId = 8

    let private isIdStart (text: string) =
        text.Length >= shortestId && Seq.forall Char.IsAsciiHexDigitLower text

    /// Whether a name calls a cell: "main" its part, "main/150" the cells of one abscissa,
    /// "main/IRNN" those of a series, "main/IRNN/150", "main/IRNN/150/2" with the seed, or the
    /// beginning of the run's id.
    let isOfPart (name: string) (cell: Planned) =
        name = cell.Part
        || name = $"{cell.Part}/{cell.X}"
        || name = $"{cell.Part}/{cell.Series}"
        || name = $"{cell.Part}/{cell.Series}/{cell.X}"
        || name = nameOf cell
        || isIdStart name && (RunId.Of cell.Run).StartsWith(name, StringComparison.Ordinal)

    // The names in one value whose pieces a comma parted: the longest that calls a cell, or the
    // first piece.
    let rec private namesIn (cells: Planned list) (pieces: string list) =
        match pieces with
        | [] -> []
        | first :: _ ->
            let name, taken =
                [ pieces.Length .. -1 .. 1 ]
                |> List.map (fun n -> String.Join(",", List.truncate n pieces).Trim(), n)
                |> List.tryFind (fun (name, _) -> List.exists (isOfPart name) cells)
                |> Option.defaultValue (first.Trim(), 1)

            name :: namesIn cells (List.skip taken pieces)

    /// The names in the values of --part. A comma parts two names, unless it is within one: some
    /// series and abscissae have commas.
    let partNames (values: string list) (cells: Planned list) =
        values
        |> List.collect (fun value -> namesIn cells (List.ofArray (value.Split ',')))
        |> List.filter (fun name -> name <> "")

    /// The items asked for. Raises UsageError for an unknown name.
    let choose (options: Options) (items: Item list) =
        let known = items |> List.map _.Id

        for name in options.Only do
            if not (List.contains name known) then
                let all = String.Join(", ", known)

                raise (
                    match NearestWord.Of(name, known) with
                    | null -> UsageError $"there is no item '{name}'; there are {all}"
                    | near ->
                        UsageError
                            $"there is no item '{name}'; did you mean {near}? There are {all}"
                )

        if options.Only.IsEmpty then
            items
        else
            items |> List.filter (fun item -> List.contains item.Id options.Only)

    /// Whether the options ask for a cell's run.
    let isAsked (options: Options) (cells: Planned list) =
        let names = partNames options.Parts cells

        fun (cell: Planned) ->
            not options.AtHand
            && (names.IsEmpty || names |> List.exists (fun name -> isOfPart name cell))

    /// Names in --part that no cell answers to.
    let absentParts (options: Options) (cells: Planned list) =
        partNames options.Parts cells
        |> List.filter (fun part -> not (List.exists (isOfPart part) cells))

    /// What to say of a part that an item lacks.
    let noPart (item: Item) (cells: Planned list) (part: string) =
        let parts = cells |> List.map _.Part |> List.distinct
        let all = String.Join(", ", parts)

        let names =
            parts
            @ (cells
               |> List.collect (fun cell -> [
                   $"{cell.Part}/{cell.X}"
                   $"{cell.Part}/{cell.Series}"
                   $"{cell.Part}/{cell.Series}/{cell.X}"
                   nameOf cell
               ])
               |> List.distinct)

        let near =
            match NearestWord.Of(part, names) with
            | null -> ""
            | near -> $"did you mean {near}? "

        $"{item.Id} has no part '{part}'; {near}it has {all}, and PART/X for one abscissa"

    let private fetch (terminal: Terminal) (store: DataStore) (sets: DataSet list) =
        let mutable last = DateTime.MinValue

        let progress = {
            new IProgress<DownloadProgress> with
                member _.Report p =
                    if DateTime.UtcNow - last > TimeSpan.FromSeconds 5.0 then
                        last <- DateTime.UtcNow
                        terminal.Say $"  downloading {p.File.Key}: {p.Bytes} bytes"
        }

        for set in sets do
            store.Require(set, progress) |> ignore

    /// What an item's plan may read. Raises DataException where its data cannot be had.
    let contextOf terminal root (data: DataStore) (stores: TwoStores) (item: Item) =
        let folder = folderOf root item
        fetch terminal data item.Needs

        {
            Root = root
            Protocol = Protocol.Load(Path.Combine(folder, "protocol.json"))
            Targets = List.ofSeq (Targets.Load(Path.Combine(folder, "targets.csv")))
            Data = data
            Find = Found.find stores
        }

    /// An item with its data and plans. Raises DataException where its data cannot be had, and
    /// UsageError where it has none of the parts asked for.
    let ready terminal (options: Options) root (data: DataStore) (stores: TwoStores) (item: Item) =
        let context = contextOf terminal root data stores item
        let wanted = item.Plan context options.Profile
        let names = partNames options.Parts wanted
        let absent = absentParts options wanted

        // One of several may be a part that the others' runs decide on.
        if not absent.IsEmpty && absent.Length = names.Length then
            raise (UsageError(noPart item wanted absent.Head))

        {
            Item = item
            Context = context
            Wanted = wanted
            Recorded =
                if options.Profile = Profile.Paper then
                    []
                else
                    item.Plan context Profile.Paper
        }

    /// Cells that an item's plan has gained since it was made, its runs having ended.
    let gained (options: Options) (ready: Ready) =
        let key (cell: Planned) =
            cell.Part, cell.Series, cell.X, cell.Seed, RunId.Of cell.Run

        let known = ready.Wanted |> List.map key |> Set.ofList

        ready.Item.Plan ready.Context options.Profile
        |> List.filter (fun cell -> not (known.Contains(key cell)))

    /// Prints each planned run of each profile with the id that its settings give it,
    /// tab-separated: item, profile, part, series, x, seed, id, label.
    let print (readies: Ready list) =
        for r in readies do
            for profile in Enum.GetValues<Profile>() do
                for cell in r.Item.Plan r.Context profile do
                    Console.Out.WriteLine(
                        String.Join(
                            '\t',
                            r.Item.Id,
                            profile.Name(),
                            cell.Part,
                            cell.Series,
                            cell.X,
                            string cell.Seed,
                            RunId.Of cell.Run,
                            cell.Run.Label
                        )
                    )
