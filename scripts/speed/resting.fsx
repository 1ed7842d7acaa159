// How many rectified units rest: the engine leaves out what their zeros would multiply.

module Resting

open System
open Repro.Engine.Networks
open Shapes

/// The most sequences that the engine sweeps together.
let private together = 20

let private block (views: ParameterView list) (parameters: float32 array) role =
    let view = views |> List.find (fun view -> view.Role = role)

    Array.init view.Rows (fun r ->
        Array.sub parameters (view.Offset + r * view.Columns) view.Columns)

/// h_t = max(0, W_hhᵀ·h_{t−1} + W_hxᵀ·x_t + b) of each step, [T][H], for one sequence.
let private states (shape: Shape) inputs recurrent (bias: float32 array) (x: int -> float32 array) =
    let after (h: float32 array) t =
        let sums = Array.copy bias

        let add (weights: float32 array array) (source: float32 array) =
            for i in 0 .. source.Length - 1 do
                if source[i] <> 0.0f then
                    let row = weights[i]
                    let value = source[i]

                    for j in 0 .. sums.Length - 1 do
                        sums[j] <- sums[j] + value * row[j]

        add inputs (x t)
        add recurrent h
        sums |> Array.map (max 0.0f)

    seq { 0 .. shape.Steps - 1 }
    |> Seq.scan after (Array.zeroCreate shape.Spec.HiddenSize)
    |> Seq.tail
    |> Array.ofSeq

/// The share of units and steps at rest in all sequences swept together, with the subject's
/// weights as they are; None where units never rest.
let share (subject: Subject) =
    let shape = subject.Shape

    if shape.Cell <> Simple || shape.Spec.Activation <> Activation.Relu || shape.OneHot then
        None
    else
        let values = block subject.Views subject.Parameters
        let inputs = values ParameterRole.InputWeights
        let recurrent = values ParameterRole.RecurrentWeights
        let bias = (values ParameterRole.Bias)[0]
        let size = shape.Spec.InputSize

        let row b t =
            subject.Batch.Inputs.AsSpan((t * shape.Size + b) * size, size).ToArray()

        // As the engine cuts a batch: shards whose sizes differ by one at most.
        let shards =
            Array.splitInto ((shape.Size + together - 1) / together) [| 0 .. shape.Size - 1 |]

        let resting (shard: int array) =
            let all = shard |> Array.map (fun b -> states shape inputs recurrent bias (row b))

            seq {
                for t in 0 .. shape.Steps - 1 do
                    for j in 0 .. shape.Spec.HiddenSize - 1 do
                        all |> Array.forall (fun h -> h[t][j] = 0.0f)
            }
            |> Seq.averageBy (fun rests -> if rests then 1.0 else 0.0)

        Some(shards |> Array.averageBy resting)
