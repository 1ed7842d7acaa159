namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Networks.Initializers
open Repro.Engine.Runs
open Repro.Engine.Tasks
open Repro.Engine.Training

/// One way to read what Talathi and Vartak leave open about addition and multiplication.
type Reading = {
    Name: string
    Text: string
    Scales: WeightScales
    Clipping: ClippingSpec
    LossFactor: float
    Marks: MarkPlacement
    IsFresh: bool
}

/// Scale of a plan: how long the sequences are and how long is trained.
type Budget = {
    Lengths: int list
    Updates: int64
    BatchSize: int
    TrainingSequences: int64
    ValidationSequences: int
    TestSequences: int
    Points: int64
    LearningRate: float
    Schedule: Schedule
}

/// Runs of the addition and multiplication tasks from the settings of a protocol.
module PairRuns =
    /// The reading that the settings call `base`, with the changes of `node`.
    let reading (settings: Setting) (node: Setting) =
        let merged = settings["base"].With node
        let kind = merged["clipping"].Case<ClippingKind>()

        let threshold =
            if kind = ClippingKind.None then
                0.0
            else
                merged["threshold"].Number

        {
            Name = merged["name"].Text
            Text = merged["text"].Text
            Scales =
                WeightScales(
                    UseAlpha = merged["alpha"].Flag,
                    AlphaSize = merged["alphaSize"].Case<SizeRule>(),
                    InputVarianceSize = merged["inputVarianceSize"].Case<SizeRule>(),
                    Readout = merged["readoutScale"].Case<ReadoutScale>()
                )
            Clipping = ClippingSpec(kind, threshold)
            LossFactor = merged["lossFactor"].Number
            Marks = merged["marks"].Case<MarkPlacement>()
            IsFresh = merged["fresh"].Flag
        }

    /// The readings of the grid, in the protocol's order.
    let readings (settings: Setting) =
        settings["readings"].List |> List.map (reading settings)

    /// The reading the runs of the figure use.
    let chosen (settings: Setting) =
        let name = settings["chosen"].Text

        match readings settings |> List.tryFind (fun r -> r.Name = name) with
        | Some reading -> reading
        | None ->
            raise (
                ProtocolException(
                    $"the protocol chooses the reading '{name}', which is not in its list"
                )
            )

    let private schedule (node: Setting) (updates: int64) =
        Schedule [|
            for step in node["schedule"].List ->
                let from = step.At(0).Number * float updates
                ScheduleStep(int64 (Math.Round from), step.At(1).Number)
        |]

    /// The budget of a profile under `key`, such as "main".
    let budget (settings: Setting) (key: string) (profile: Profile) =
        let node = settings[key].[profile.Name()]

        {
            Lengths = node["lengths"].List |> List.map (fun length -> int length.Whole)
            Updates = node["updates"].Whole
            BatchSize = int settings["batch"].Whole
            TrainingSequences = node["trainingSequences"].Whole
            ValidationSequences = int node["validationSequences"].Whole
            TestSequences = int node["testSequences"].Whole
            Points = node["points"].Whole
            LearningRate = node["learningRate"].Number
            Schedule = schedule node node["updates"].Whole
        }

    /// One run.
    let run
        (settings: Setting)
        (target: PairTarget)
        (budget: Budget)
        (reading: Reading)
        (series: string)
        (length: int)
        (seed: uint64)
        =
        let count =
            if reading.IsFresh then
                Nullable()
            else
                Nullable budget.TrainingSequences

        let task seed =
            MarkedPairTask(
                target,
                length,
                seed,
                reading.Marks,
                count,
                max budget.ValidationSequences 1,
                budget.TestSequences
            )
            :> SequenceTask

        let training =
            TrainingSpec(
                BatchSize = budget.BatchSize,
                Updates = budget.Updates,
                LearningRate = budget.LearningRate,
                Schedule = budget.Schedule,
                Clipping = reading.Clipping,
                LossFactor = reading.LossFactor,
                EvaluateEvery = max 1L (budget.Updates / budget.Points),
                ValidationSequences = budget.ValidationSequences
            )

        TrainingRun(
            $"{series} T={length} seed {seed}, reading '{reading.Name}'",
            task,
            SimpleSetup(Variant.Named series, reading.Scales),
            training,
            int settings["hidden"].Whole,
            seed
        )
