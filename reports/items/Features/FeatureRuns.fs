namespace Repro.Reports.Items

open System
open System.Globalization
open System.IO
open System.Text.Json.Nodes
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks

/// Runs on UCF-101 features from the settings of the grid's protocol, shared by both items.
module FeatureRuns =
    /// Which features.
    type Source =
        /// The pack of 14 classes that anyone can make.
        | Pack
        /// One's own, in the folder ucf101/own of the data folder.
        | Own

    /// A place in the grid, as spelled in the targets.
    type Place = { Rate: string; Dropout: string }

    /// The item whose protocol states the grid.
    [<Literal>]
    let gridItem = "talathi-fig6"

    let private number (text: string) =
        Double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)

    /// The settings of the grid.
    let settings (context: Context) : Setting =
        let protocol =
            if context.Protocol.Item = gridItem then
                context.Protocol
            else
                Path.Combine(context.Root, "paper-figures", gridItem, "protocol.json")
                |> Protocol.Load

        (Setting.Of protocol).Only [ "run"; "models"; "own"; "claims"; "penalties"; "main" ]

    /// Whether there are features of one's own.
    let hasOwn (context: Context) =
        Path.Combine([| context.Data.Folder.Path; yield! Ucf101OwnFeatures.DefaultKey.Split '/' |])
        |> Directory.Exists

    /// The features.
    let features (context: Context) (source: Source) =
        match source with
        | Pack -> Ucf101Features.Load context.Data
        | Own -> Ucf101OwnFeatures.Load context.Data

    let private sources (context: Context) (source: Source) =
        TaskSources(context.Data, Features = fun _ -> features context source)

    /// A profile's part of the settings.
    let budget (context: Context) (profile: Profile) : Setting =
        (settings context).["main"].[profile.Name()].Only [
            "run"
            "epochs"
            "learningRates"
            "dropouts"
        ]

    // What all runs of a profile share.
    let private common (context: Context) (profile: Profile) =
        RunSettings.merged (settings context).["run"] [ (budget context profile).["run"] ]

    let private models (context: Context) : Setting list =
        (settings context).["models"].List |> List.map _.Only([ "series"; "run" ])

    /// The models' names, in the order of the paper's panels.
    let modelNames (context: Context) =
        models context |> List.map (fun model -> model["series"].Text)

    /// A profile's learning rates, rising, and dropout rates, rising.
    let axes (context: Context) (profile: Profile) =
        let texts (name: string) =
            (budget context profile).[name].List |> List.map _.Text

        texts "learningRates", texts "dropouts"

    /// A place as the targets write it.
    let x (place: Place) =
        $"lr={place.Rate} dropout={place.Dropout}"

    /// The place the targets write so.
    let placeOf (x: string) =
        match x.Split([| "lr="; " dropout=" |], StringSplitOptions.None) with
        | [| ""; rate; dropout |] -> { Rate = rate; Dropout = dropout }
        | _ -> raise (FormatException $"'{x}' is no place in the grid, such as lr=1e-3 dropout=0.5")

    // A place as a change of settings; a rate of 0 is no dropout.
    let private changes (place: Place) =
        let dropout = number place.Dropout

        RunSettings.change "training" [
            "learningRate", JsonValue.Create(number place.Rate)
            if dropout <> 0.0 then
                "dropout", JsonValue.Create dropout
        ]

    /// What a number of clips changes in a run's settings of training: the protocol states updates
    /// for the pack's clips, and for features of one's own, of which there may be any number, the
    /// epochs that the updates make.
    let ofClips (own: Setting) (batch: int) (training: int64) (validation: int64) : Setting =
        own.Only [ "epochs"; "epochsPerPoint"; "schedule" ] |> ignore

        let updates (epochs: Setting) =
            int64 (Math.Round(epochs.Number * float training / float batch))

        let schedule = JsonArray()

        for step in own["schedule"].List do
            let from = JsonValue.Create(updates (step.At 0))
            schedule.Add(JsonArray(from, JsonValue.Create(step.At(1).Number)))

        RunSettings.change "training" [
            "updates", JsonValue.Create(updates own["epochs"])
            "evaluateEvery", JsonValue.Create(max 1L (updates own["epochsPerPoint"]))
            "validation", JsonValue.Create validation
            "schedule", schedule
        ]

    let private task context profile source =
        SequenceTasks.Read((common context profile).["task"], sources context source, 1UL)

    /// Runs of a profile: of a model at a place with a seed.
    let private runs context profile source =
        let common = common context profile
        let epochs = (budget context profile).["epochs"].Number

        let whose, clips =
            match source with
            | Pack -> "UCF-101", []
            | Own ->
                let task = task context profile source
                let count (fold: Fold) = task.Count(fold).Value
                let own = (settings context).["own"]
                let batch = common["training"].["batch"].Count

                "UCF-101 (own features)",
                [ ofClips own batch (count Fold.Training) (count Fold.Validation) ]

        fun (model: Setting) place seed ->
            let name = model["series"].Text

            TrainingRun.Read(
                $"{name}, {whose}, {x place}, {epochs} epochs, seed {seed}",
                RunSettings.merged common (model["run"] :: clips @ [ changes place ]),
                sources context source,
                seed
            )

    /// Cells of some models and places with every seed asked for.
    let cells
        (context: Context)
        (profile: Profile)
        (source: Source)
        (part: string -> string)
        (wanted: (string * Place) list)
        (seeds: int)
        : Planned list =
        let models = models context
        let run = runs context profile source

        [
            for name, place in wanted do
                let model = models |> List.find (fun m -> m["series"].Text = name)

                for seed in 1UL .. uint64 seeds do
                    {
                        Part = part name
                        Series = name
                        X = x place
                        Seed = seed
                        Run = run model place seed
                    }
        ]

    /// Every place of a profile's grid for every model.
    let places (context: Context) (profile: Profile) : (string * Place) list =
        let rates, dropouts = axes context profile

        [
            for name in modelNames context do
                for dropout in dropouts do
                    for rate in rates -> name, { Rate = rate; Dropout = dropout }
        ]

    /// The ridge regressions beside the networks.
    let ridges (context: Context) (profile: Profile) : Planned list =
        let penalties =
            (settings context).["penalties"].List |> List.map _.Number |> Array.ofList

        [
            for view, name in
                [
                    ClipView.TimeMean, "ridge regression, mean of the frames"
                    ClipView.MiddleFrame, "ridge regression, middle frame"
                ] do
                {
                    Part = "ridge"
                    Series = name
                    X = "chosen penalty"
                    Seed = 1UL
                    Run = RidgeRun(task context profile Pack :?> Ucf101Task, view, penalties)
                }
        ]

    /// Validation accuracy at the end of training, NaN where the run diverged.
    let validation (record: RunRecord) =
        match record.Result.Curves.TryGetValue "validation correct" with
        | true, curve when record.Result.Outcome <> Outcomes.Diverged -> Array.last curve.Y
        | _ -> nan

    let private entropy (record: RunRecord) =
        Array.last record.Result.Curves["validation cross-entropy"].Y

    /// A model's best place in the grid, by the validation accuracy of seed 1 and, where that is
    /// equal, by the lower validation cross-entropy; None until every run of the model is there.
    let best
        (find: IRunnable -> RunRecord option)
        (model: string)
        (grid: Planned list)
        : Place option =
        let mine = grid |> List.filter (fun c -> c.Series = model && c.Seed = 1UL)

        let records =
            mine |> List.choose (fun c -> find c.Run |> Option.map (fun r -> c.X, r))

        if records.Length < mine.Length then
            None
        else
            match records |> List.filter (snd >> validation >> Double.IsFinite) with
            | [] -> None
            | finite ->
                finite
                |> List.minBy (fun (_, r) -> -(validation r), entropy r)
                |> fst
                |> placeOf
                |> Some
