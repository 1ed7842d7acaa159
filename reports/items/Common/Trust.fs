namespace Repro.Reports.Items

open System
open System.Globalization
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Reports

/// The page that says why the numbers may be believed, written from files: notes and records,
/// attestations, and the figures that `tests/Torture` left.
module Trust =
    /// What a form of torture came to, and the command that did it.
    type private Torture = {
        Command: string
        Machine: SettingsNode
        Figures: SettingsNode
    }

    let private text (value: string) = Cell.text value

    let private grouped (value: int64) =
        value.ToString("N0", CultureInfo.InvariantCulture)

    let private count (value: int64) = Cell.text (grouped value)

    let private read (folder: string) (form: string) : Torture option =
        let path = Path.Combine(folder, "torture", form + ".json")

        if not (File.Exists path) then
            None
        else
            try
                let root =
                    SettingsNode($"'{path}'", JsonNode.Parse(File.ReadAllText path))
                        .Only([ "command"; "machine"; "figures" ])

                Some {
                    Command = root["command"].Text
                    Machine = root["machine"]
                    Figures = root["figures"]
                }
            with :? JsonException as error ->
                raise (FormatException $"'{path}' is not JSON ({error.Message})")

    /// The names of a trial's files: its own, and its own with a dash and more.
    let private formsOf (folder: string) (form: string) =
        let torture = Path.Combine(folder, "torture")

        if not (Directory.Exists torture) then
            []
        else
            Directory.GetFiles(torture, form + "*.json")
            |> Seq.map (Path.GetFileNameWithoutExtension >> string)
            |> Seq.filter (fun name ->
                name = form || name.StartsWith(form + "-", StringComparison.Ordinal))
            |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))
            |> List.ofSeq

    let private processor (machine: MachineFacts) =
        $"{machine.Cpu}, {machine.Architecture}, {machine.InstructionSet}"

    /// Whether two machines surely have different processors. Notes were written without family and
    /// model once, so a name alone may be that of either.
    let private isAnother (one: MachineFacts) (other: MachineFacts) =
        let mayBe (short: string) (long: string) =
            long = short || long.StartsWith(short + ", family ", StringComparison.Ordinal)

        let sameName = mayBe one.Cpu other.Cpu || mayBe other.Cpu one.Cpu

        not sameName
        || (one.Architecture, one.InstructionSet)
           <> (other.Architecture, other.InstructionSet)

    /// One row a kind of machine: who made the recorded runs, and who made how many of them anew.
    let private machines (recorded: RecordedRun list) (attested: Attestation list) =
        let notes = recorded |> List.choose _.Note

        let madeOn =
            recorded |> List.choose (fun run -> run.Note |> Option.map (fun n -> run.Id, n))

        let byId = Map.ofList madeOn

        let keyOf (machine: MachineFacts) =
            processor machine, machine.Os, machine.DotNet

        let own = notes |> List.countBy (fun note -> keyOf note.Machine)

        let madeElsewhere (machine: MachineFacts) id =
            match byId.TryFind id with
            | Some note -> isAnother machine note.Machine
            | None -> false

        List.map fst own @ (attested |> List.map (fun a -> keyOf a.Machine))
        |> List.distinct
        |> List.sort
        |> List.map (fun key ->
            let name, system, runtime = key

            let recordedHere = own |> List.tryFind (fun (k, _) -> k = key) |> Option.map snd

            let here = attested |> List.filter (fun a -> keyOf a.Machine = key)

            let distinct (ids: Attestation -> string list) =
                here |> List.collect ids |> List.distinct |> List.length |> int64

            let different (a: Attestation) =
                a.Checks |> Seq.collect _.Different |> List.ofSeq

            let elsewhere (a: Attestation) =
                List.ofSeq a.Equal |> List.filter (madeElsewhere a.Machine)

            [
                text name
                text $"{system}, .NET {runtime}"
                count (recordedHere |> Option.defaultValue 0 |> int64)
                count (distinct (fun a -> List.ofSeq a.Equal))
                count (distinct elsewhere)
                count (distinct different)
            ])
        |> Table.create [
            "Processor"
            "System"
            "Runs recorded"
            "Made anew, equal"
            "Of these recorded on another processor"
            "Different"
        ]

    /// One row an item: how many of its recorded runs each processor has made anew and found equal.
    let private items (recorded: RecordedRun list) (attested: Attestation list) =
        let processors =
            attested
            |> List.map (fun a -> processor a.Machine)
            |> List.distinct
            |> List.sort

        let equal name =
            attested
            |> List.filter (fun a -> processor a.Machine = name)
            |> List.collect (fun a -> List.ofSeq a.Equal)
            |> Set.ofList

        let sets = processors |> List.map equal

        recorded
        |> List.collect (fun run -> run.Items |> List.map (fun item -> item, run.Id))
        |> List.groupBy fst
        |> List.sortBy fst
        |> List.map (fun (item, those) -> [
            text item
            count (int64 those.Length)

            for set in sets do
                count (
                    those |> List.filter (fun (_, id) -> set.Contains id) |> List.length |> int64
                )
        ])
        |> Table.create ([ "Item"; "Recorded runs" ] @ processors)

    let private functions (torture: Torture) =
        torture.Figures.Elements
        |> List.ofSeq
        |> List.map (fun f -> [
            text f["function"].Text
            text f["domain"].Text
            text (
                if f["worstUlps"].IsAbsent then
                    "not measured"
                else
                    Number.fixedPoint 3 f["worstUlps"].Number
            )
            text (f["paths"].Elements |> Seq.map _.Text |> String.concat ", ")
            text f["sha256"].Text
        ])
        |> Table.create [
            "Function"
            "Error measured for"
            "Worst error, units in the last place"
            "Paths with these bytes"
            "SHA-256 of all values"
        ]

    /// What was tried, how often, and how many results were lost or wrong: a row each time that
    /// it was, `kills.json` and then `kills-2.json` and the like.
    let private trials (folder: string) =
        [
            let row form what (tried: SettingsNode -> string) (wrong: SettingsNode -> int64) = [
                for form in formsOf folder form do
                    match read folder form with
                    | Some t -> [
                        text what
                        text (tried t.Figures)
                        count (wrong t.Figures)
                        text t.Command
                      ]
                    | None -> ()
            ]

            let whole (name: string) (node: SettingsNode) = grouped node[name].Whole

            let numbers (first: string) (firstIs: string) (second: string) (secondIs: string) node =
                $"{whole first node} {firstIs}, {whole second node} {secondIs}"

            let lost (node: SettingsNode) = node["lostOrWrong"].Whole

            row
                "kills"
                "A process killed (SIGKILL) at random instants"
                (numbers "kills" "kills" "records" "records looked at")
                lost

            row
                "disks"
                "The n-th operation of the disk fails, or the power is cut there, for every n"
                (numbers "operations" "operations" "jobs" "jobs")
                lost

            row
                "damage"
                "Stored files cut, flipped, zeroed and made longer at offsets along the file"
                (fun node -> whole "damages" node + " damages")
                lost

            row
                "fuzz"
                "Mutated inputs for every reader"
                (fun node ->
                    let inputs = node.Elements |> Seq.sumBy (fun f -> f["inputs"].Whole)
                    $"{grouped inputs} inputs, {Seq.length node.Elements} readers")
                (fun node -> node.Elements |> Seq.sumBy (fun f -> f["wrong"].Whole))
        ]
        |> List.concat
        |> Table.create [ "What was done"; "How often"; "Lost or wrong"; "Command" ]

    /// The final weights of the same short trainings on each architecture and path.
    let private architectures (torture: Torture) =
        Seq.zip torture.Figures["paths"].Elements torture.Figures["weights"].Elements
        |> Seq.map (fun (path, weights) -> [ text path.Text; text weights.Text ])
        |> List.ofSeq
        |> Table.create [ "Path"; "SHA-256 of the final weights" ]

    let private order (runs: OrderedRun list) =
        runs
        |> List.groupBy _.Item
        |> List.map (fun (item, those) ->
            let number test =
                those |> List.filter test |> List.length |> int64 |> count

            [
                text item
                count (int64 those.Length)
                number (fun run -> run.Found.IsByCommit)
                number (fun run -> run.Found.IsByDate)
                number (fun run -> not (run.Found.IsByCommit || run.Found.IsByDate))
            ])
        |> Table.create [
            "Item"
            "Recorded runs"
            "First by commit"
            "First by date alone"
            "Not known"
        ]

    let private method' =
        "<p>A run's id is the SHA-256 of its settings, its data and the versions of the parts it \
         uses; its record is the same bytes wherever it is made. <em>Equal</em> means that the run \
         was made anew, from nothing, and every byte of its record came out again: outcome, \
         scores, curves and the hash of the final weights. The runs made anew are a sample chosen \
         by a \
         seed, not by hand.</p>\n\
         <p>An attestation is a machine's word. Who distrusts it makes the runs anew with the \
         command below.</p>\n\
         <p>A note that names no commit was written before notes had one; the order of protocol \
         and run then rests on two dates, which prove less than a commit does.</p>\n"

    /// The page of a repository's folder.
    let page (root: string) (items': string list) : MeasurementPage =
        let folder = Path.Combine(root, "paper-figures", "attestations")

        let stores =
            TwoStores(
                Path.Combine(root, "paper-figures"),
                Path.Combine(root, "out", "store"),
                Profile.Quick
            )

        let recorded = RecordedRuns.ofItems stores items'
        let attested = List.ofSeq (Attestation.ReadAll folder)
        let scanned = read folder "functions"

        let mutants =
            formsOf folder "mutants"
            |> List.choose (read folder)
            |> List.map (fun t -> Mutants.sample t.Command t.Figures)

        let equal =
            attested
            |> List.collect (fun a -> List.ofSeq a.Equal)
            |> List.distinct
            |> List.filter (fun id -> recorded |> List.exists (fun run -> run.Id = id))

        {
            Id = "trust"
            Title = "Why these numbers may be believed"
            Shows =
                [
                    $"{Format.whole recorded.Length} runs are recorded. \
                      {Format.whole equal.Length} of them have been made anew and came out equal, \
                      byte for byte."
                    Mutants.headline mutants
                ]
                |> List.filter (fun sentence -> sentence <> "")
                |> String.concat " "
            Environment = [
                match scanned with
                | Some t ->
                    let fact (name: string) = t.Machine[name].Text
                    let name, system, runtime = fact "cpu", fact "os", fact "dotNet"
                    "Functions and faults", $"{name}, {system}, .NET {runtime}"
                | None -> ()

                for a in attested do
                    let last = Seq.last a.Checks
                    let day = last.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                    "Runs made anew", $"{processor a.Machine}: {last.Command}, last on {day}"
            ]
            Method = method'
            Tables = [
                ("Recorded runs by machine", machines recorded attested)
                ("Runs found equal, by item and processor", items recorded attested)
                ("Attempts to lose or falsify a result", trials folder)
                match scanned with
                | Some torture ->
                    ($"Elementary functions at all 2^32 floats: {torture.Command}",
                     functions torture)
                | None -> ()
                match read folder "arm64" with
                | Some torture ->
                    let emulator = torture.Machine["emulator"].Text

                    ($"Weights on two architectures, Arm64 by {emulator}: {torture.Command}",
                     architectures torture)
                | None -> ()
                yield! Mutants.tables mutants
                ("Was the protocol first? dotnet fsi scripts/verify.fsx --protocols",
                 order (ProtocolOrder.all root stores items'))
            ]
            Figures = []
            Findings = ""
            Command = "dotnet fsi scripts/verify.fsx --sample 60 --under 10 --attest"
            ValuesCsvHref = ""
        }
