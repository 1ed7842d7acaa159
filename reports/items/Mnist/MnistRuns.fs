namespace Repro.Reports.Items

open System
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Repro.Engine.Runs
open Repro.Engine.Tasks
open Repro.Engine.Training
open Repro.Engine.Training.Optimizers

/// Runs of sequential MNIST from the settings of a protocol, shared by the items that show them.
module MnistRuns =
    /// Training images of the real files.
    let private trainingImages = 60000.0

    /// The epoch an update count stands for, at a batch size.
    let epochOf (batch: int) (updates: float) = updates * float batch / trainingImages

    /// The task of a profile: images are read once and shared.
    let private task (data: DataStore) (pool: int) : Func<uint64, SequenceTask> =
        Func<uint64, SequenceTask>(fun _ -> MnistTask.Load(data, 0, Nullable(), pool))

    /// One run of a series of the figure.
    /// `budget` is the profile's part of the settings; `epochs` may differ from its own.
    let run
        (context: Context)
        (budget: Setting)
        (series: Setting)
        (epochs: float)
        (epochsPerPoint: float)
        (seed: uint64)
        =
        let settings = Setting.Of context.Protocol
        let batch = int settings["batch"].Whole
        let perEpoch = trainingImages / float batch
        let updatesAt epoch = int64 (Math.Round(epoch * perEpoch))
        // Quick runs pass through the whole schedule; longer ones than the paper's keep its end.
        let scale = min 1.0 (epochs / settings["scheduleEpochs"].Number)

        let schedule =
            Schedule [|
                for step in series["schedule"].List ->
                    ScheduleStep(updatesAt (scale * step.At(0).Number), step.At(1).Number)
            |]

        let optimizer =
            match series["optimizer"].Text.ToLowerInvariant() with
            | "rmsprop" -> RmsProp(series["decay"].Number, series["epsilon"].Number) :> Optimizer
            | "sgd" -> Sgd()
            | other ->
                raise (
                    ProtocolException $"there is no optimiser '{other}'; there are sgd and rmsprop"
                )

        let training =
            TrainingSpec(
                BatchSize = batch,
                Updates = updatesAt epochs,
                LearningRate =
                    series["learningRate"].Number
                    * budget["learningRateScale"].[series["variant"].Text].Number,
                Schedule = schedule,
                Optimizer = optimizer,
                EvaluateEvery = max 1L (updatesAt epochsPerPoint),
                TestCurve = true,
                TestSequences =
                    (match budget["testSequences"].Whole with
                     | 0L -> Nullable()
                     | n -> Nullable(int n))
            )

        let scales =
            WeightScales(
                UseAlpha = settings["alpha"].Flag,
                AlphaSize = settings["alphaSize"].Case<SizeRule>(),
                InputVarianceSize = settings["inputVarianceSize"].Case<SizeRule>()
            )

        let variant = series["variant"].Text

        TrainingRun(
            $"{variant}, sequential MNIST, {epochs} epochs, seed {seed}",
            task context.Data (int budget["pool"].Whole),
            SimpleSetup(Variant.Named variant, scales),
            training,
            int settings["hidden"].Whole,
            seed
        )

    /// Values of a curve at given epochs; None where the run has no point there.
    let at (batch: int) (name: string) (epoch: float) (run: Finished) =
        Runs.curve name run
        ||> Array.zip
        |> Array.tryFind (fun (x, _) -> abs (epochOf batch x - epoch) < 1e-6)
        |> Option.map snd
