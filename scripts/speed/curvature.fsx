// A product of the Gauss–Newton matrix with a vector beside a gradient of the same sequences, in
// the engine and in PyTorch, which differentiates twice. Hessian-free optimisation makes some
// hundreds of them at each set of weights, so that the states are kept and not timed.

module Curvature

open System
open Repro.Engine.Numerics
open Repro.Engine.Training.Learners
open Repro.Reports
open Repro.Reports.Items
open Shapes

type Measured = {
    Shape: Shape
    /// Medians in milliseconds: a gradient, and a product without and with damped states.
    Gradient: float
    Product: float
    Damped: float
    /// PyTorch's product; NaN where it was not timed.
    PyTorch: float
}

/// What is timed: tanh, ReLU and LSTM, at batches that PyTorch can do in minutes. The graph that
/// it differentiates twice grows with the square of the steps.
let shapes =
    all
    |> List.filter (fun shape ->
        [ "torder"; "addition-H100-B16"; "lstm" ]
        |> List.exists (fun start -> shape.Id.StartsWith(start, StringComparison.Ordinal)))

/// `ask` gives PyTorch's times of so many products of a shape, none where it is not there.
let measure rounds (ask: Shape -> int -> float list) (shape: Shape) =
    use subject = new Subject(shape)
    let network, batch = subject.Network, subject.Batch
    use products = new GaussNewton<float32>(network, 1.0, StructuralForm.Post)
    let normal = Philox(2013UL, 5u)

    let direction =
        Array.init network.Parameters.Length (fun i -> normal.Normal(uint64 i))

    let result = Array.zeroCreate<float> direction.Length
    let sum = Array.zeroCreate<float> direction.Length
    products.Start batch
    products.Keep batch

    let multiply structural () =
        products.Multiply(direction, structural, result)

    // The gradient that a Hessian-free update needs: of the same sequences, with states kept.
    let gradient () =
        products.Start batch
        products.AddGradient(batch, true, 1.0, sum) |> ignore

    let times = Timing.interleaved rounds [ gradient; multiply 0.0; multiply 0.1 ]

    if not (Array.forall Double.IsFinite result) then
        failwith $"the products of shape {shape.Id} are not finite; their time means nothing"

    let theirs = [
        // One call first, which builds and warms up.
        let first = ask shape 1

        if not first.IsEmpty then
            for _ in 1..rounds do
                yield! ask shape (max 1 (Timing.callsPerRound (List.min first) / 4))
    ]

    {
        Shape = shape
        Gradient = times[0]
        Product = times[1]
        Damped = times[2]
        PyTorch = Timing.median theirs
    }

let table (measured: Measured list) =
    let digits = Number.significant 3

    let ratio value =
        if Double.IsFinite value then
            Number.fixedPoint 2 value + "×"
        else
            "–"

    measured
    |> List.map (fun m ->
        [
            m.Shape.Id
            digits m.Gradient
            digits m.Product
            ratio (m.Product / m.Gradient)
            digits m.Damped
            digits m.PyTorch
            ratio (m.PyTorch / m.Product)
        ]
        |> List.map Cell.text)
    |> Table.create [
        "Shape"
        "Gradient, ms"
        "G·v, ms"
        "Of a gradient"
        "Damped, ms"
        "PyTorch, ms"
        "Ratio"
    ]

let csv (measured: Measured list) =
    let number value =
        if Double.IsFinite value then
            Number.significant 4 value
        else
            ""

    let lines = [
        "shape,gradient_ms,product_ms,damped_ms,pytorch_ms,ratio"
        for m in measured do
            let numbers =
                [ m.Gradient; m.Product; m.Damped; m.PyTorch; m.PyTorch / m.Product ]
                |> List.map number

            String.Join(",", m.Shape.Id :: numbers)
    ]

    String.Join("\n", lines) + "\n"

let method =
    "<p><em>A product of the Gauss–Newton matrix</em>, G·v, is a tangent sweep, the loss's \
     curvature and a backward sweep over states that are kept; <em>damped</em> is with structural \
     damping. A gradient sweeps forward and back. PyTorch has no such product: it \
     differentiates its own gradient along v, over a graph that is kept as well.</p>\n"
