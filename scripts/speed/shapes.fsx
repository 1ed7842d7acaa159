// The shapes of the speed page and the engine's side of them. Letters: I inputs, H hidden units,
// O outputs, B sequences a batch, T steps. Sizes, data and first weights are distributed as in
// pytorch_shapes.py; the numbers themselves differ, which no time depends on.

module Shapes

open System
open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
open Repro.Engine.Numerics
open Repro.Engine.Training
open Repro.Engine.Training.Optimizers

type Cell =
    | Simple
    | Lstm
    /// The reset after the product, as in PyTorch.
    | Gru
    | Clock of Clockwork

type Shape = {
    Id: string
    Cell: Cell
    Spec: NetworkSpec
    Steps: int
    Size: int
    /// Each input is one of I symbols.
    OneHot: bool
}

let private shape id activation readout lossAt (i, h, o) size steps oneHot = {
    Id = id
    Cell = Simple
    Spec = NetworkSpec(i, h, o, activation, readout, lossAt)
    Steps = steps
    Size = size
    OneHot = oneHot
}

let private last = LossPlacement.LastStep
let private every = LossPlacement.EveryStep

let addition size steps hidden =
    let id = $"addition-H{hidden}-B{size}-T{steps}"
    shape id Activation.Relu Readout.Linear last (2, hidden, 1) size steps false

let private mnist size =
    let id = $"mnist-H100-B{size}-T784"
    shape id Activation.Relu Readout.Softmax last (1, 100, 10) size 784 false

let private lstm =
    let id = "lstm-H100-B16-T784"
    let simple = shape id Activation.Tanh Readout.Softmax last (1, 100, 10) 16 784 false
    { simple with Cell = Lstm }

let private gru = {
    lstm with
        Id = "gru-H100-B16-T784"
        Cell = Gru
}

/// Eight modules of 64 units, periods 1, 2, 4, …, 128, over a whole turn of the slowest.
let clockwork =
    let simple =
        shape
            "clockwork-H512-B20-T128"
            Activation.Tanh
            Readout.Softmax
            last
            (6, 512, 4)
            20
            128
            false

    {
        simple with
            Cell = Clock(Clockwork([ for i in 0..7 -> 1 <<< i ]))
    }

/// Whether others are timed on a shape: none has a clockwork network, and a GRU is not compared.
let isComparable (shape: Shape) =
    match shape.Cell with
    | Simple
    | Lstm -> true
    | Gru
    | Clock _ -> false

let all = [
    shape "torder-H50-B20-T200" Activation.Tanh Readout.Softmax last (6, 50, 4) 20 200 true
    addition 16 300 100
    addition 1 300 100
    mnist 16
    mnist 100
    shape "music-H200-B1-T200" Activation.Sigmoid Readout.Bernoulli every (88, 200, 88) 1 200 false
    shape "ptb-H500-B20-T200" Activation.Sigmoid Readout.Softmax every (50, 500, 50) 20 200 true
    lstm
    gru
    clockwork
]

/// A simple network of tanh units and a loss at the last step.
let private wide hidden size =
    let id = $"wide-H{hidden}-B{size}-T200"
    shape id Activation.Tanh Readout.Softmax last (2, hidden, 10) size 200 false

/// What one update is measured on with several threads: the last two are not split.
let threaded =
    [ mnist 100; wide 256 256; wide 1024 100; lstm ]
    @ [
        for shape in all do
            if shape.Id.StartsWith "torder" || shape.Id.StartsWith "ptb" then
                shape
    ]
    @ [ addition 16 300 100; addition 1 300 100; gru ]

/// Columns of the sums of a step: H, three times H in a GRU and four times H in an LSTM.
let columns (shape: Shape) =
    match shape.Cell with
    | Simple
    | Clock _ -> shape.Spec.HiddenSize
    | Gru -> 3 * shape.Spec.HiddenSize
    | Lstm -> 4 * shape.Spec.HiddenSize

/// Multiplications by recurrent and input weights of one sequence, forward.
let private products (shape: Shape) =
    let h, i = shape.Spec.HiddenSize, shape.Spec.InputSize

    match shape.Cell with
    | Simple
    | Gru
    | Lstm -> float shape.Steps * float (columns shape) * float (h + i)
    | Clock clock ->
        let size = h / clock.Periods.Count

        let works =
            clock.Periods
            |> Seq.sumBy (fun period ->
                Seq.init shape.Steps id
                |> Seq.filter (fun t -> clock.Works(period, t))
                |> Seq.length)

        float (clock.RecurrentProducts(h, shape.Steps)) + float (works * size * i)

/// Floating-point operations of an update: three products a step for recurrence and input, and
/// three for the readout, a multiplication and an addition each.
let operations (shape: Shape) =
    let spec = shape.Spec
    let readouts = if spec.LossAt = every then shape.Steps else 1
    let h, o = float spec.HiddenSize, float spec.OutputSize

    6.0 * float shape.Size * (products shape + float readouts * h * o)

let private fillBatch (shape: Shape) (batch: Batch<float32>) =
    let spec = shape.Spec
    let inputs = Philox(2013UL, 1u)

    if shape.OneHot then
        for row in 0 .. shape.Steps * shape.Size - 1 do
            let symbol = int (inputs.Below(uint64 row, uint32 spec.InputSize))
            batch.InputIndices[row] <- symbol
    else
        for k in 0 .. batch.Inputs.Length - 1 do
            let u = inputs.Uniform(uint64 k)

            batch.Inputs[k] <-
                if spec.Readout = Readout.Bernoulli then
                    (if u < 0.05 then 1.0f else 0.0f)
                else
                    float32 u

    let targets = Philox(2013UL, 2u)

    for k in 0 .. batch.Classes.Length - 1 do
        batch.Classes[k] <- int (targets.Below(uint64 k, uint32 spec.OutputSize))

    for k in 0 .. batch.Targets.Length - 1 do
        let u = targets.Uniform(uint64 k)

        batch.Targets[k] <-
            if spec.Readout = Readout.Bernoulli then
                (if u < 0.05 then 1.0f else 0.0f)
            else
                float32 u

let private fill (parameters: Span<float32>) (view: ParameterView) deviation =
    let normal = Philox(2013UL, 3u)

    for k in view.Offset .. view.Offset + view.Length - 1 do
        parameters[k] <- float32 (deviation * normal.Normal(uint64 k))

let private fillWeights (shape: Shape) (network: RecurrentNetwork<float32>) =
    let spec = shape.Spec
    let h = spec.HiddenSize

    let spread =
        match spec.Activation with
        | Activation.Relu -> 0.03
        | Activation.Tanh -> 1.1
        | _ -> 3.0

    let layout = network.Layout
    fill network.Parameters layout.RecurrentWeights (spread / sqrt (float h))
    fill network.Parameters layout.InputWeights (0.3 / sqrt (float spec.InputSize))
    fill network.Parameters layout.ReadoutWeights 0.1

    if spec.Activation = Activation.Relu then
        // Near the identity: a random ReLU network dies out or overflows over hundreds of steps.
        for k in 0 .. h - 1 do
            let at = layout.RecurrentWeights.Offset + k * (h + 1)
            network.Parameters[at] <- network.Parameters[at] + 0.97f

let private diverged (shape: Shape) =
    failwith $"the network of shape {shape.Id} has diverged; its time would mean nothing"

let private rate, private threshold = 1e-4, 1.0

let private simpleNetwork (shape: Shape) (radius: float option) : SequenceNetwork<float32> =
    let network = new RecurrentNetwork<float32>(shape.Spec)
    fillWeights shape network

    match radius with
    | None -> ()
    | Some radius ->
        // An orthogonal matrix: every eigenvalue of the multiple has the radius's size.
        let matrix = RandomOrthogonal().Matrix(shape.Spec.HiddenSize, Philox(2013UL, 4u))
        let at = network.Layout.RecurrentWeights.Offset

        matrix
        |> Seq.cast<float>
        |> Seq.iteri (fun k v -> network.Parameters[at + k] <- float32 (radius * v))

    network

/// Gives a network's weights a spread that is right for saturating units.
let private filled (shape: Shape) (network: SweptNetwork<float32>) : SequenceNetwork<float32> =
    let layout = network.Layout
    fill network.Parameters layout.RecurrentWeights (1.0 / sqrt (float shape.Spec.HiddenSize))
    fill network.Parameters layout.InputWeights (0.3 / sqrt (float shape.Spec.InputSize))
    fill network.Parameters layout.ReadoutWeights 0.1
    network

/// One network in training: gradient, with the regulariser where alpha is above 0, clip by norm
/// and a step, of gradient descent unless another is asked for.
type Subject(shape: Shape, ?radius: float, ?alpha: float, ?optimizer: Optimizer) =
    let network =
        match shape.Cell with
        | Simple -> simpleNetwork shape radius
        | Lstm -> filled shape (new LstmNetwork<float32>(shape.Spec))
        | Gru -> filled shape (new GruNetwork<float32>(shape.Spec, GruReset.After))
        | Clock clock -> filled shape (new ClockworkNetwork<float32>(shape.Spec, clock))

    let alpha = defaultArg alpha 0.0
    let batch = Batch<float32>(shape.Spec, shape.Steps, shape.Size, shape.OneHot)
    let clipping = ClippingSpec(ClippingKind.Norm, threshold)
    let rule = defaultArg optimizer (Sgd() :> Optimizer)
    let optimizer = new ClippedStep<float32>(network, rule, clipping)

    do fillBatch shape batch

    member _.Shape = shape

    /// An update with the gradient on at most so many threads, and how many it was.
    member this.UpdateOn threads =
        network.Threads <- threads
        this.Update()

    member _.ThreadsUsed = network.ThreadsUsed

    member _.Batch = batch

    /// The parameters as they are now.
    member _.Parameters = network.Parameters.ToArray()

    /// Where each block of the parameters lies.
    member _.Views = List.ofSeq network.Views

    /// Loss and gradient of the parameters as they are now.
    member _.Gradient() =
        let loss = network.Gradient(batch, alpha)
        loss, network.Gradients.ToArray()

    member _.Update() =
        let loss = network.Gradient(batch, alpha)
        let report = optimizer.Step rate

        if not (report.Finite && Double.IsFinite loss) then
            diverged shape

    /// The network itself, for what is done with it beside updates.
    member _.Network =
        match network with
        | :? SweptNetwork<float32> as swept -> swept
        | other -> failwith $"{shape.Id} is of {other.GetType().Name}, which has no curvature"

    interface IDisposable with
        member _.Dispose() =
            optimizer.Dispose()
            network.Dispose()
