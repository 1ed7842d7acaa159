namespace Repro.Reports.Items

open System
open Repro.Engine.Data
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
open Repro.Engine.Numerics
open Repro.Engine.Runs
open Repro.Engine.Tasks
open Repro.Engine.Training
open Repro.Engine.Training.Rules

/// Runs on music and text from the settings of a protocol. A cell is the settings of a data set
/// with the members of the method and of the profile in their place.
module NaturalRuns =
    let private optional (cell: Setting) (key: string) =
        if cell.Has key then Some cell[key] else None

    let private taskOf (data: DataStore) (cell: Setting) : SequenceTask =
        let chunk = int cell["chunk"].Whole

        match cell["task"].Text with
        | "music" -> MusicTask(MusicSet.Load(data, cell["set"].Case<MusicCollection>()), chunk)
        | "characters" ->
            let prefix =
                optional cell "characters"
                |> Option.map (fun n -> int n.Whole)
                |> Option.toNullable

            CharacterTask(
                CharacterText.PennTreebank data,
                int cell["ahead"].Whole,
                int cell["batch"].Whole,
                chunk,
                prefix
            )
        | other ->
            raise (
                ProtocolException
                    $"there is no task '{other}'; there are music and \
                                              characters"
            )

    /// The score by which a task's states are selected and its rates halved.
    let metricOf (cell: Setting) =
        match cell["task"].Text with
        | "music" -> MetricNames.NegativeLogLikelihood
        | _ -> MetricNames.BitsPerCharacter

    let private halvedBy (cell: Setting) =
        match cell["halving"].Text with
        | "training" -> TrainingCurves.TrainingLoss
        | "validation" -> metricOf cell
        | other ->
            raise (
                ProtocolException
                    $"the rate is halved by '{other}'; it can be by training and validation"
            )

    let private initialisationOf (cell: Setting) =
        match cell["initialisation"].Text with
        | "smart" -> Variant("smart sigmoid", SparseSpectral(), Activation.Sigmoid), 0.01
        | "gaussian" ->
            let deviation = cell["deviation"].Number

            Variant("plain sigmoid", IndependentGaussian deviation, Activation.Sigmoid), deviation
        | other ->
            raise (
                ProtocolException
                    $"there is no initialisation '{other}'; there are smart and gaussian"
            )

    /// α over the updates: constant, divided by max(1, t − from) in epoch t = 1, 2, …, or halved
    /// after so many updates.
    let private regularizerOf (cell: Setting) (perEpoch: int64) (epochs: int64) =
        let steps =
            match optional cell "alphaByEpochFrom" with
            | None -> Schedule.Constant
            | Some from ->
                Schedule [|
                    for t in from.Whole + 2L .. epochs ->
                        ScheduleStep((t - 1L) * perEpoch, 1.0 / float (t - from.Whole))
                |]

        RegularizerSchedule(
            Alpha = cell["alpha"].Number,
            Steps = steps,
            DecayUpdates =
                (optional cell "alphaHalvesAfter" |> Option.map _.Number |> Option.toNullable)
        )

    let private isClipped (method: string) = method.Contains "+C"
    let private isRegularised (method: string) = method.EndsWith "R"

    let private trainingOf (cell: Setting) (task: SequenceTask) =
        let method = cell["method"].Text
        let batch = int cell["batch"].Whole

        let count fold key =
            let all = task.Count(fold).Value

            match optional cell key with
            | Some limit -> int (min all limit.Whole)
            | None -> int all

        let trained = task.Count(Fold.Training).Value
        let perEpoch = (trained + int64 batch - 1L) / int64 batch

        let epochs, updates =
            match optional cell "updates" with
            | Some n -> 1L, n.Whole
            | None -> cell["epochs"].Whole, perEpoch * cell["epochs"].Whole

        let metric = metricOf cell

        TrainingSpec(
            BatchSize = batch,
            Updates = updates,
            LearningRate =
                cell["learningRate"].Number
                * (optional cell "learningRateScale"
                   |> Option.map _.Number
                   |> Option.defaultValue 1.0),
            Clipping =
                (if isClipped method then
                     ClippingSpec(ClippingKind.Norm, cell["threshold"].Number)
                 else
                     ClippingSpec()),
            Rules = [|
                if isRegularised method then
                    regularizerOf cell perEpoch epochs

                HalvingRule(halvedBy cell, false)
                SelectionRule(metric, false, int cell["patience"].Whole)

                if not cell["biases"].Flag then
                    FrozenBiases()

                match count Fold.Training "trainingSequences" with
                | 0 -> ()
                | n -> TrainingScore n
            |],
            EvaluateEvery = min perEpoch updates,
            ValidationSequences = count Fold.Validation "validationSequences",
            TestSequences = Nullable(count Fold.Test "testSequences")
        )

    /// One run of a cell.
    let run (data: DataStore) (cell: Setting) (label: string) (seed: uint64) : IRunnable =
        let variant, deviation = initialisationOf cell
        let task = taskOf data cell

        let leaks =
            match optional cell "leaky" with
            | None -> null
            | Some l -> LeakRule(int (l.At(0).Whole), l.At(1).Number, l.At(2).Number)

        TrainingRun(
            label,
            Func<uint64, SequenceTask>(fun _ -> taskOf data cell),
            SimpleSetup(variant, WeightScales(Deviation = Nullable deviation), leaks),
            trainingOf cell task,
            int cell["hidden"].Whole,
            seed
        )

    // A profile runs the data sets it names.
    let private isWanted (profile: Setting) (set: Setting) = profile.Has(set["part"].Text)

    /// Every data set of a profile with every method and seed; the abscissa of a cell is its
    /// seed, so that seeds can be run one by one.
    let plan (context: Context) (profile: Profile) : Planned list =
        let settings = Setting.Of context.Protocol
        let budget = settings["profiles"].[profile.Name()]

        [
            for set in settings["sets"].List |> List.filter (isWanted budget) do
                let part = set["part"].Text
                let own = budget[part]

                for method in set["methods"].List do
                    let cell = set.With(method).With(own)
                    let series = set["series"].Text + "/" + method["method"].Text

                    for seed in 1UL .. uint64 context.Protocol.Seeds[profile] ->
                        {
                            Part = part
                            Series = series
                            X = string seed
                            Seed = seed
                            Run = run context.Data cell $"{series} seed {seed}" seed
                        }
        ]

    /// The epochs of a curve, from its updates: evaluations are an epoch apart.
    let epochs (finished: Finished) (updates: float[]) =
        match finished.Cell.Run.Spec["training"] with
        | null -> updates
        | training ->
            match training["evaluateEvery"] with
            | null -> updates
            | every -> updates |> Array.map (fun u -> u / float (every.GetValue<int64>()))
