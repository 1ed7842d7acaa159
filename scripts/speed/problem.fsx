// Hands a shape's parameters and batch to a program in another language; the form of the file is
// described in native/problem.hpp.

module Problem

open System.IO
open Repro.Engine.Networks
open Shapes

let private cell (shape: Shape) =
    match shape.Cell with
    | Simple -> 0
    | Lstm -> 1
    | Gru
    | Clock _ -> failwith $"no peer computes the cell of {shape.Id}"

let private activation (shape: Shape) =
    match shape.Spec.Activation with
    | Activation.Relu -> 0
    | Activation.Tanh -> 1
    | Activation.Sigmoid -> 2
    | other -> failwith $"no peer knows the activation {other} of {shape.Id}"

let private readout (shape: Shape) =
    match shape.Spec.Readout with
    | Readout.Linear -> 0
    | Readout.Softmax -> 1
    | Readout.Bernoulli -> 2
    | other -> failwith $"no peer knows the readout {other} of {shape.Id}"

/// Writes a subject's parameters, as they are now, and its batch.
let write (path: string) (subject: Subject) =
    let shape, batch = subject.Shape, subject.Batch
    let spec = shape.Spec
    use file = new BinaryWriter(File.Create path)
    let integers (values: int seq) = values |> Seq.iter file.Write
    let numbers (values: float32 seq) = values |> Seq.iter file.Write
    let flag condition = if condition then 1 else 0
    let parameters = subject.Parameters

    integers [
        cell shape
        activation shape
        readout shape
        flag (spec.LossAt = LossPlacement.EveryStep)
        flag shape.OneHot
        spec.InputSize
        spec.HiddenSize
        spec.OutputSize
        shape.Size
        shape.Steps
        parameters.Length
    ]

    numbers parameters

    if shape.OneHot then
        integers batch.InputIndices
    else
        numbers batch.Inputs

    if spec.Readout = Readout.Softmax then
        integers batch.Classes
    else
        numbers batch.Targets
