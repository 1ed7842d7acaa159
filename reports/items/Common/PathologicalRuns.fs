namespace Repro.Reports.Items

open System
open Repro.Engine.Judging
open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
open Repro.Engine.Records
open Repro.Engine.Runs
open Repro.Engine.Tasks
open Repro.Engine.Training
open Repro.Engine.Training.Rules

/// Runs of Pascanu, Mikolov and Bengio's synthetic tasks from the settings of a protocol. A cell
/// is the protocol's `base` with the members of its profile and of the cell in their place.
module PathologicalRuns =
    let private failSetting (message: string) = raise (ProtocolException message)

    /// The three methods the paper compares, and the regulariser without clipping.
    type private Method = { Clips: bool; Regularises: bool }

    let private methodOf (name: string) =
        match name with
        | "MSGD" -> { Clips = false; Regularises = false }
        | "MSGD-C" -> { Clips = true; Regularises = false }
        | "MSGD-CR" -> { Clips = true; Regularises = true }
        | "MSGD-R" -> { Clips = false; Regularises = true }
        | other ->
            failSetting $"there is no method '{other}'; there are MSGD, MSGD-C, MSGD-CR and MSGD-R"

    let private taskOf (cell: Setting) : uint64 -> SequenceTask =
        let range = cell["length"]
        let length = SequenceLength(int (range.At(0).Whole), int (range.At(1).Whole))
        let tests = int cell["testSequences"].Whole

        match cell["task"].Text with
        | "temporal order" -> fun seed -> TemporalOrderTask(length, seed, testCount = tests)
        | "3-bit temporal order" ->
            fun seed -> TemporalOrderTask(length, seed, TemporalOrder.ThreeMarks, testCount = tests)
        | "addition" ->
            fun seed -> PascanuPairTask(PairOperation.Addition, length, seed, testCount = tests)
        | "multiplication" ->
            fun seed ->
                PascanuPairTask(PairOperation.Multiplication, length, seed, testCount = tests)
        | "random permutation" -> fun seed -> RandomPermutationTask(length, seed, testCount = tests)
        | "memorisation, original" ->
            fun seed -> MemorisationTask(length, seed, 5, 2, allPatterns = true)
        | "memorisation, extended" ->
            fun seed ->
                MemorisationTask(length, seed, 10, 5, allPatterns = false, testCount = tests)
        | other -> failSetting $"there is no task '{other}'"

    /// Standard deviation of input and readout weights.
    let private deviationOf (initialisation: string) =
        match initialisation with
        | "basic tanh" -> 0.1
        | "sigmoid"
        | "smart tanh" -> 0.01
        | other ->
            failSetting
                $"there is no initialisation '{other}'; there are sigmoid, basic tanh and \
                  smart tanh"

    let private optional (cell: Setting) (key: string) =
        if cell.Has key then Some cell[key] else None

    let private trainingOf (cell: Setting) =
        let method = methodOf cell["method"].Text
        let updates = cell["updates"].Whole
        let guard = cell["guard"]

        TrainingSpec(
            BatchSize = int cell["batch"].Whole,
            Updates = updates,
            LearningRate = cell["learningRate"].Number,
            Clipping =
                (if method.Clips then
                     ClippingSpec(ClippingKind.Norm, cell["threshold"].Number)
                 else
                     ClippingSpec()),
            Rules = [|
                if method.Regularises then
                    RegularizerSchedule(Alpha = cell["alpha"].Number)

                GradientGuard(guard.At(0).Number, guard.At(1).Number)

                match optional cell "success" with
                | Some s -> SuccessRule(int s["wrong"].Whole, int s["of"].Whole, s["every"].Whole)
                | None -> ()

                match optional cell "futility" with
                | Some f -> FutilityRule(f["at"].Whole, f["lossAbove"].Number)
                | None -> ()

                match optional cell "spectrum" with
                | Some flag when flag.Flag -> SpectrumRule()
                | _ -> ()

                match optional cell "trace" with
                | Some t -> TraceWindow(t.At(0).Whole, t.At(1).Whole)
                | None -> ()

                match optional cell "testLengths" with
                | Some lengths -> TestLengths [| for l in lengths.List -> int l.Whole |]
                | None -> ()
            |],
            EvaluateEvery = max 1L (updates / cell["points"].Whole),
            TestSequences = Nullable(int cell["testSequences"].Whole)
        )

    /// The settings of one cell.
    let cell (settings: Setting) (changes: Setting list) =
        changes |> List.fold (fun (merged: Setting) c -> merged.With c) settings["base"]

    /// One run of a cell.
    let run (cell: Setting) (label: string) (seed: uint64) : IRunnable =
        let initialisation = cell["initialisation"].Text

        TrainingRun(
            label,
            Func<uint64, SequenceTask>(taskOf cell),
            SimpleSetup(
                Variant.Named initialisation,
                WeightScales(Deviation = Nullable(deviationOf initialisation))
            ),
            trainingOf cell,
            int cell["hidden"].Whole,
            seed
        )
