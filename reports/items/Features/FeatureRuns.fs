namespace Repro.Reports.Items

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks
open Repro.Engine.Training
open Repro.Engine.Training.Optimizers
open Repro.Engine.Training.Rules

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
    let settings (context: Context) =
        if context.Protocol.Item = gridItem then
            Setting.Of context.Protocol
        else
            Path.Combine(context.Root, "paper-figures", gridItem, "protocol.json")
            |> Protocol.Load
            |> Setting.Of

    /// Whether there are features of one's own.
    let hasOwn (context: Context) =
        Path.Combine([| context.Data.Folder.Path; yield! Ucf101OwnFeatures.DefaultKey.Split '/' |])
        |> Directory.Exists

    /// The features.
    let features (context: Context) (source: Source) =
        match source with
        | Pack -> Ucf101Features.Load context.Data
        | Own -> Ucf101OwnFeatures.Load context.Data

    let private budget (context: Context) (profile: Profile) =
        (settings context).["main"].[profile.Name()]

    let private task (context: Context) (profile: Profile) (source: Source) =
        let budget = budget context profile
        let features = features context source

        let frames =
            if budget.Has "frames" then
                Nullable(int budget["frames"].Whole)
            else
                Nullable()

        Ucf101Task(
            features,
            int (settings context).["validationGroup"].Whole,
            frames,
            int budget["pool"].Whole
        )

    /// The models' names, in the order of the paper's panels.
    let models (context: Context) =
        (settings context).["models"].List |> List.map (fun m -> m["series"].Text)

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

    let private optimizer (settings: Setting) =
        RmsProp(settings["decay"].Number, settings["epsilon"].Number)

    /// Updates that make so many epochs.
    let private updatesOf (batch: int) (clips: Nullable<int64>) (epochs: float) =
        int64 (Math.Round(epochs * float clips.Value / float batch))

    let private training (settings: Setting) (budget: Setting) (task: Ucf101Task) (place: Place) =
        let batch = int settings["batch"].Whole
        let epochs = budget["epochs"].Number
        let updates = updatesOf batch (task.Count Fold.Training)
        let scale = epochs / settings["scheduleEpochs"].Number

        let schedule =
            Schedule [|
                for step in settings["schedule"].List ->
                    ScheduleStep(updates (scale * step.At(0).Number), step.At(1).Number)
            |]

        let rules: TrainingRule list =
            match number place.Dropout with
            | 0.0 -> []
            | share -> [ DropoutRule share ]

        TrainingSpec(
            BatchSize = batch,
            Updates = updates epochs,
            LearningRate = number place.Rate,
            Schedule = schedule,
            Optimizer = optimizer settings,
            Rules = Array.ofList rules,
            EvaluateEvery = max 1L (updates budget["epochsPerPoint"].Number),
            ValidationSequences = int (task.Count Fold.Validation).Value
        )

    /// A run of one model at one place.
    let private run context profile source (task: Ucf101Task) (model: Setting) place seed =
        let settings = settings context
        let budget = budget context profile
        let name = model["series"].Text
        let isLstm = model.Has "forgetBias"

        let scales =
            WeightScales(
                UseAlpha = settings["alpha"].Flag,
                AlphaSize = settings["alphaSize"].Case<SizeRule>(),
                InputVarianceSize = settings["inputVarianceSize"].Case<SizeRule>()
            )

        let setup: NetworkSetup =
            if isLstm then
                LstmInitializer(ForgetBias = model["forgetBias"].Number)
            else
                SimpleSetup(Variant.Named name, scales)

        let epochs = budget["epochs"].Number

        let whose =
            match source with
            | Pack -> "UCF-101"
            | Own -> "UCF-101 (own features)"

        TrainingRun(
            $"{name}, {whose}, {x place}, {epochs} epochs, seed {seed}",
            Func<uint64, SequenceTask>(fun _ -> task),
            setup,
            training settings budget task place,
            int settings["hidden"].Whole,
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
        let models = (settings context).["models"].List

        [
            for name, place in wanted do
                let model = models |> List.find (fun m -> m["series"].Text = name)

                for seed in 1UL .. uint64 seeds do
                    {
                        Part = part name
                        Series = name
                        X = x place
                        Seed = seed
                        // A task holds one run's frames at work, so each run has its own.
                        Run =
                            run
                                context
                                profile
                                source
                                (task context profile source)
                                model
                                place
                                seed
                    }
        ]

    /// Every place of a profile's grid for every model.
    let places (context: Context) (profile: Profile) : (string * Place) list =
        let rates, dropouts = axes context profile

        [
            for name in models context do
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
                    Run = RidgeRun(task context profile Pack, view, penalties)
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
