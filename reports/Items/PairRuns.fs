namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Experiments
open Repro.Engine.Networks.Initializers
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
}

/// Runs of the addition and multiplication tasks from the settings of a protocol.
module PairRuns =
    let private text (node: JsonNode) (key: string) = node[key].GetValue<string>()
    let private whole (node: JsonNode) (key: string) = node[key].GetValue<int64>()
    let private number (node: JsonNode) (key: string) = node[key].GetValue<float>()

    let private case<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>
        (node: JsonNode)
        (key: string)
        =
        match Enum.TryParse<'t>(text node key, true) with
        | true, value -> value
        | _ -> failwith $"the protocol's '{key}' is '{text node key}', which is no {typeof<'t>.Name}"

    /// The reading that the settings call `base`, with the changes of `node`.
    let reading (settings: JsonObject) (node: JsonNode) =
        let merged = settings["base"].DeepClone().AsObject()

        for change in node.AsObject() do
            merged[change.Key] <- change.Value.DeepClone()

        let threshold = number merged "threshold"
        let kind = case<ClippingKind> merged "clipping"

        {
            Name = text merged "name"
            Text = text merged "text"
            Scales =
                WeightScales(
                    UseAlpha = merged["alpha"].GetValue<bool>(),
                    AlphaSize = case<SizeRule> merged "alphaSize",
                    InputVarianceSize = case<SizeRule> merged "inputVarianceSize",
                    Readout = case<ReadoutScale> merged "readoutScale"
                )
            Clipping = ClippingSpec(kind, (if kind = ClippingKind.None then 0.0 else threshold))
            LossFactor = number merged "lossFactor"
            Marks = case<MarkPlacement> merged "marks"
            IsFresh = merged["fresh"].GetValue<bool>()
        }

    /// The readings of the grid, in the protocol's order.
    let readings (settings: JsonObject) =
        [ for node in settings["readings"].AsArray() -> reading settings node ]

    /// The reading the runs of the figure use.
    let chosen (settings: JsonObject) =
        let name = settings["chosen"].GetValue<string>()

        readings settings
        |> List.tryFind (fun r -> r.Name = name)
        |> Option.defaultWith (fun () ->
            failwith $"the protocol chooses the reading '{name}', which is not among its readings")

    /// The budget of a profile under `key`, such as "main".
    let budget (settings: JsonObject) (key: string) (profile: Profile) =
        let node = settings[key][profile.Name()]

        {
            Lengths = [ for length in node["lengths"].AsArray() -> length.GetValue<int>() ]
            Updates = whole node "updates"
            BatchSize = int (whole settings "batch")
            TrainingSequences = whole node "trainingSequences"
            ValidationSequences = int (whole node "validationSequences")
            TestSequences = int (whole node "testSequences")
            Points = whole node "points"
        }

    let private schedule (settings: JsonObject) (updates: int64) = [|
        for step in settings["schedule"].AsArray() ->
            LearningRateStep(
                int64 (Math.Round(step[0].GetValue<float>() * float updates)),
                step[1].GetValue<float>()
            )
    |]

    /// One run.
    let run
        (settings: JsonObject)
        (target: PairTarget)
        (budget: Budget)
        (reading: Reading)
        (series: string)
        (length: int)
        (seed: uint64)
        =
        let count =
            if reading.IsFresh then Nullable() else Nullable budget.TrainingSequences

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
                LearningRate = number settings "learningRate",
                Schedule = schedule settings budget.Updates,
                Clipping = reading.Clipping,
                LossFactor = reading.LossFactor,
                EvaluateEvery = max 1L (budget.Updates / budget.Points),
                ValidationSequences = budget.ValidationSequences
            )

        TrainingRun(
            $"{series} T={length} seed {seed}, reading '{reading.Name}'",
            task,
            Variant.Named series,
            reading.Scales,
            training,
            int (whole settings "hidden"),
            seed
        )
