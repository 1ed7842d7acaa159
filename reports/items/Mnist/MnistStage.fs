namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Reports

/// A way to read what the paper leaves open about one of the two networks on sequential MNIST.
type MnistReading = {
    Name: string
    Text: string
    /// The variant it is a reading of.
    Network: string
    /// Whether the rule may choose it.
    IsEligible: bool
    /// Whether it is what the part main trains.
    IsPresent: bool
    Changes: Setting
}

/// Readings of Figure 5's settings, judged on held-out training images by their distance from the
/// paper's first points, and the runs that the rule then asks for.
module MnistStage =
    /// The part of the plan whose runs decide.
    [<Literal>]
    let part = "stage-C"

    /// The part of the runs of the chosen readings.
    [<Literal>]
    let chosenPart = "chosen"

    /// The item whose protocol states the stage; the table shares it.
    [<Literal>]
    let item = "talathi-fig5"

    /// The curve that decides.
    [<Literal>]
    let curve = "validation cross-entropy"

    /// An item's context with protocol and targets of the figure.
    let private ofFigure (context: Context) = context.Of item

    /// The settings of the stage.
    let settings (context: Context) : Setting =
        (MnistRuns.settings (ofFigure context)).["stageC"].Only [
            "text"
            "scouted"
            "code"
            "predictions"
            "rule"
            "near"
            "seeds"
            "longSeeds"
            "readings"
            "smoke"
            "paper"
        ]

    /// The readings, in the protocol's order.
    let readings (context: Context) : MnistReading list = [
        for reading in (settings context).["readings"].List do
            reading.Only [ "name"; "text"; "network"; "eligible"; "present"; "run" ]
            |> ignore

            {
                Name = reading["name"].Text
                Text = reading["text"].Text
                Network = reading["network"].Text
                IsEligible = reading["eligible"].Flag
                IsPresent = reading.Has "present" && reading["present"].Flag
                Changes = reading["run"]
            }
    ]

    /// The series of a variant in an item's settings, which may call it otherwise.
    let seriesOf (context: Context) (network: string) =
        MnistRuns.series context
        |> List.tryFind (fun s -> s["variant"].Text = network)
        |> Option.defaultWith (fun () ->
            raise (
                (MnistRuns.settings context).["series"].Expected
                    $"a list with a series of {network}, which stage C reads"
            ))

    /// The runs that decide: every reading with every seed at the paper's scale, one seed at
    /// smoke; quick has none.
    let plan (context: Context) (profile: Profile) : Planned list =
        let context = ofFigure context
        let stage = settings context

        if not (stage.Has(profile.Name())) then
            []
        else
            let budget = stage[profile.Name()].Only [ "run"; "variants"; "points" ]

            let seeds =
                stage["seeds"].List
                |> List.map (fun s -> uint64 s.Whole)
                |> List.truncate (if profile = Profile.Smoke then 1 else Int32.MaxValue)

            [
                for reading in readings context do
                    let series = seriesOf context reading.Network
                    let settings = MnistRuns.merged context budget [ reading.Changes ] series

                    for seed in seeds do
                        let label =
                            $"{reading.Network}, sequential MNIST, reading {reading.Name}, \
                              seed {seed}"

                        {
                            Part = part
                            Series = reading.Network
                            X = reading.Name
                            Seed = seed
                            Run = MnistRuns.read context label settings seed
                        }
            ]

    /// The points compared, for one network: the paper's epoch as in the targets, the number of
    /// epochs trained, and the paper's cross-entropy. The figure's first point, epoch 0, is after
    /// one epoch.
    let points (context: Context) (profile: Profile) (network: string) =
        let context = ofFigure context
        let node = (settings context).[profile.Name()].["points"]

        [
            for point in node[network].List do
                let x = point.At(0).Text
                x, point.At(1).Number, Judging.published context.Targets network x
        ]

    /// Mean absolute difference between means of ours and the paper's points; infinite where a
    /// run diverged before a point, NaN where a value is missing.
    let distance (points: (float * float) list) =
        points |> List.averageBy (fun (ours, paper) -> abs (ours - paper))

    /// The nearest eligible reading by name and distance, the first listed of equals; None where
    /// every one diverged, or while a distance is missing.
    let choose (distances: (string * bool * float) list) =
        if distances |> List.exists (fun (_, _, d) -> Double.IsNaN d) then
            None
        else
            distances
            |> List.filter (fun (_, isEligible, d) -> isEligible && Double.IsFinite d)
            |> function
                | [] -> None
                | rows ->
                    let name, _, d = rows |> List.minBy (fun (_, _, d) -> d)
                    Some(name, d)

    /// A run's held-out cross-entropy after some epochs; infinite where it diverged before.
    let valueAt (run: IRunnable) (record: RunRecord) (epochs: float) =
        let batch = MnistRuns.batchOf run

        let found =
            match record.Result.Curves.TryGetValue curve with
            | true, c ->
                Seq.zip c.X c.Y
                |> Seq.tryFind (fun (x, _) -> abs (MnistRuns.epochOf batch x - epochs) < 1e-6)
                |> Option.map snd
            | _ -> None

        match found with
        | Some y when Double.IsFinite y -> y
        | Some _ -> infinity
        | None when record.Result.Outcome = Outcomes.Diverged -> infinity
        | None -> nan

    /// One reading with the means of its seeds at the points, NaN while a seed is missing.
    type Row = {
        Which: MnistReading
        /// Seeds recorded, of those wanted.
        Recorded: int
        Wanted: int
        Means: float list
        Distance: float
    }

    /// The readings of one network with what is recorded of them.
    let rows (context: Context) (profile: Profile) (network: string) : Row list =
        let planned = plan context profile
        let points = points context profile network

        [
            for reading in readings context |> List.filter (fun r -> r.Network = network) do
                let cells = planned |> List.filter (fun c -> c.X = reading.Name)

                let records =
                    cells |> List.choose (fun c -> context.Find c.Run |> Option.map (fun r -> c, r))

                let means = [
                    for _, epochs, _ in points ->
                        if records.IsEmpty || records.Length < cells.Length then
                            nan
                        else
                            records |> List.averageBy (fun (c, r) -> valueAt c.Run r epochs)
                ]

                {
                    Which = reading
                    Recorded = records.Length
                    Wanted = cells.Length
                    Means = means
                    Distance = List.zip means (points |> List.map (fun (_, _, p) -> p)) |> distance
                }
        ]

    /// The networks that have readings, in the protocol's order.
    let networks (context: Context) =
        readings context |> List.map _.Network |> List.distinct

    /// The reading that the rule chooses for a network, with its distance; None while runs are
    /// missing.
    let chosen (context: Context) (profile: Profile) (network: string) =
        if not ((settings context).Has(profile.Name())) then
            None
        else
            let rows = rows context profile network

            choose [ for r in rows -> r.Which.Name, r.Which.IsEligible, r.Distance ]
            |> Option.map (fun (name, d) ->
                (rows |> List.find (fun r -> r.Which.Name = name)).Which, d)

    /// The part of the runs of an item's later numbers of epochs.
    let private partOf (index: int) (epochs: Setting) =
        if index = 0 then
            chosenPart
        else
            let count = epochs["epochs"].Number
            $"{chosenPart}-{count}"

    /// A run of a reading over one of an item's numbers of epochs, on all training images.
    let fullRun context budget (epochs: Setting) (series: Setting) reading seed =
        let network = series["variant"].Text
        let count = epochs["epochs"].Number

        let label =
            $"{network}, sequential MNIST, reading {reading.Name}, {count} epochs, seed {seed}"

        let settings =
            MnistRuns.merged context budget [ epochs["run"]; reading.Changes ] series

        MnistRuns.read context label settings seed

    /// The runs of the chosen readings at the item's numbers of epochs: every seed for the first,
    /// the protocol's few for longer ones. None of a network before its readings are complete.
    let planChosen (context: Context) (profile: Profile) : Planned list =
        let budget, numbers = MnistRuns.budget context profile
        let few = (settings context).["longSeeds"].Count

        let reading =
            networks context
            |> List.map (fun network -> network, chosen context profile network)
            |> Map.ofList

        [
            for i, epochs in List.indexed numbers do
                for series in MnistRuns.series context do
                    let network = series["variant"].Text

                    match Map.tryFind network reading |> Option.flatten with
                    | None -> ()
                    | Some(reading, _) ->
                        let seeds = if i = 0 then context.Protocol.Seeds[profile] else few

                        for seed in 1UL .. uint64 seeds do
                            {
                                Part = partOf i epochs
                                Series = series["series"].Text
                                X = Format.number "0.###" epochs["epochs"].Number
                                Seed = seed
                                Run = fullRun context budget epochs series reading seed
                            }
        ]

    /// The runs that figure and table are judged by, and whether they are of a chosen reading: of
    /// a cell, those of the chosen reading once all of them are at hand, else those of the part
    /// main. Runs of other profiles have no choice.
    let judged (context: Context) (finished: Finished list) : Finished list =
        let planned = planChosen context Profile.Paper
        let key (c: Planned) = c.Series, c.X

        let isChosen (f: Finished) =
            f.Cell.Part = chosenPart
            || f.Cell.Part.StartsWith(chosenPart + "-", StringComparison.Ordinal)

        let isWhole (series, x) =
            let wanted = planned |> List.filter (fun c -> key c = (series, x))

            let atHand =
                finished
                |> List.filter (fun f ->
                    f.Profile = Profile.Paper && isChosen f && key f.Cell = (series, x))
                |> List.distinctBy _.Cell.Seed

            not wanted.IsEmpty && atHand.Length >= wanted.Length

        let whole =
            planned |> List.map key |> List.distinct |> List.filter isWhole |> Set.ofList

        finished
        |> List.filter (fun f ->
            if f.Profile = Profile.Paper && whole.Contains(key f.Cell) then
                isChosen f
            else
                f.Cell.Part = "main")
