namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Reports

/// Readings that stage C does not choose, trained over Figure 5's whole length beside the one it
/// does. They change no verdict.
module MnistFullLength =
    /// The part of the plan.
    [<Literal>]
    let part = "full-length"

    let private number = Format.numberOr "–" "0.0"
    let private nats = Format.numberOr "–" "0.00"

    /// What the protocol states of it.
    let settings (context: Context) : Setting =
        (MnistRuns.settings (context.Of MnistStage.item)).["fullLength"].Only [
            "text"
            "predictions"
            "readings"
            "seed"
        ]

    /// The readings trained, in the protocol's order.
    let readings (context: Context) : MnistReading list =
        let all = MnistStage.readings context

        [
            for name in (settings context).["readings"].List do
                match all |> List.tryFind (fun r -> r.Name = name.Text) with
                | Some reading -> reading
                | None -> raise (name.Expected "a reading of stage C")
        ]

    /// One run of each reading at the paper's scale, of the first at smoke; quick has none.
    let plan (context: Context) (profile: Profile) : Planned list =
        let context = context.Of MnistStage.item
        let budget, numbers = MnistRuns.budget context profile
        let seed = uint64 (settings context).["seed"].Whole

        let count =
            match profile with
            | Profile.Smoke -> 1
            | Profile.Quick -> 0
            | Profile.Paper -> Int32.MaxValue
            | _ -> raise (ArgumentOutOfRangeException(nameof profile, profile, "not a profile"))

        [
            for reading in readings context |> List.truncate count do
                let series = MnistStage.seriesOf context reading.Network

                {
                    Part = part
                    Series = series["series"].Text
                    X = reading.Name
                    Seed = seed
                    Run = MnistStage.fullRun context budget numbers.Head series reading seed
                }
        ]

    /// What a run came to.
    type End = {
        Which: MnistReading
        Diverged: bool
        /// Whole epochs trained.
        Epochs: float
        /// On the test images after the last epoch, nats; NaN where the run diverged.
        CrossEntropy: float
        /// Likewise, percent.
        Accuracy: float
        /// After the best of its epochs, percent.
        Highest: float
    }

    let private own (finished: Finished list) = Runs.ofPart Profile.Paper part finished

    /// Its runs at hand, in the protocol's order.
    let ends (context: Context) (finished: Finished list) : End list = [
        for reading in readings context do
            match own finished |> List.tryFind (fun f -> f.Cell.X = reading.Name) with
            | None -> ()
            | Some run ->
                let x, right = MnistRuns.curve "test correct" run
                let finite = right |> Array.filter Double.IsFinite

                let batch = MnistRuns.batchOf run.Cell.Run
                let isLost = (Runs.diverged run).IsSome

                {
                    Which = reading
                    Diverged = isLost
                    Epochs =
                        if isLost then
                            MnistRuns.epochOf batch (float run.Record.Result.Updates) |> floor
                        else
                            Array.last x
                    CrossEntropy = run.Record.Metric "test cross-entropy"
                    Accuracy = 100.0 * run.Record.Metric "test correct"
                    Highest = if finite.Length = 0 then nan else 100.0 * Array.max finite
                }
    ]

    /// The paper's cross-entropy and accuracy of the readings' network at its curve's end.
    let private published (context: Context) =
        let figure = context.Of MnistStage.item
        let table = context.Of "talathi-table2"
        let network = (readings context).Head.Network
        let last = figure.Targets |> List.map (fun t -> float t.X) |> List.max
        let series = (MnistStage.seriesOf table network).["series"].Text

        Judging.published figure.Targets network (string last),
        Judging.published table.Targets series (string (last + 1.0))

    /// Whether every reading's run is among them.
    let isWhole (context: Context) (ends: End list) = ends.Length = (readings context).Length

    /// What came, in a sentence; nothing before a run is there.
    let outcome (context: Context) (finished: Finished list) =
        let ends = ends context finished
        let wanted = (readings context).Length

        if ends.IsEmpty then
            ""
        elif not (isWhole context ends) then
            $"Recorded so far: {ends.Length} of {wanted} readings, one seed each, trained over \
              the figure's whole length."
        else
            let said (e: End) =
                if e.Diverged then
                    $"{e.Which.Name} diverges after {e.Epochs} epochs"
                else
                    $"{e.Which.Name} ends at {nats e.CrossEntropy} nats and {number e.Accuracy} \
                      %% of the test images"

            let loss, right = published context

            $"Trained over the figure's whole length, one seed each: \
              {ends |> List.map said |> Runs.listed}. The paper has {nats loss} nats and \
              {number right} %%."

    /// Each reading's end beside the paper's.
    let tables (context: Context) (finished: Finished list) : (string * Table) list = [
        let ends = ends context finished

        if not ends.IsEmpty then
            let loss, right = published context
            let paper = [ "paper"; ""; ""; nats loss; number right; "" ]

            let row (e: End) = [
                let epochs = string e.Epochs
                e.Which.Name
                e.Which.Text
                if e.Diverged then epochs + ", diverged" else epochs
                nats e.CrossEntropy
                number e.Accuracy
                number e.Highest
            ]

            "Readings trained over the figure's whole length, one seed each: test images",
            Table.ofStrings
                [
                    "reading"
                    "what it is"
                    "epochs"
                    "cross-entropy, nats"
                    "right, percent"
                    "right after the best epoch, percent"
                ]
                (paper :: List.map row ends)
    ]

    /// Their test curves with the paper's points, as soon as there is one.
    let figures (context: Context) (finished: Finished list) : Figure list = [
        let runs = own finished
        let curve = MnistRuns.curve "test cross-entropy"

        if not runs.IsEmpty then
            let figure = context.Of MnistStage.item
            let network = (readings context).Head.Network

            let ours: CurveSeries list = [
                for run in runs ->
                    {
                        Name = run.Cell.X
                        Seeds = []
                        Mean = curve run
                        Paper = [||], [||]
                    }
            ]

            let paper: CurveSeries = {
                Name = "the paper's points"
                Seeds = []
                Mean = [||], [||]
                Paper =
                    figure.Targets
                    |> List.filter (fun t -> t.Series = network)
                    |> List.map (fun t -> float t.X + 1.0, t.Value)
                    |> Array.ofList
                    |> Array.unzip
            }

            {
                Id = part
                Caption =
                    $"Readings of {network} over the figure's whole length, one seed each: \
                      cross-entropy on the test images, with the paper's points."
                Chart =
                    Compare.curves (ours @ [ paper ])
                    |> Diverged.onto (runs |> Runs.divergedEnds curve |> Diverged.atEnds)
                    |> MnistPages.lossAxes "test"
                Note = (settings context).["text"].Text
            }
    ]
