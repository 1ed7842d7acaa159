// Your own sequences in F#: a tanh network learns a running mean of its inputs, which is
// a target at every step.
//
//     dotnet build engine -c Release
//     dotnet fsi docs/samples/own-data.fsx
#r "../../engine/bin/Release/net10.0/MathNet.Numerics.dll"
#r "../../engine/bin/Release/net10.0/Repro.Engine.dll"

open Repro.Engine.Networks
open Repro.Engine.Networks.Initializers
open Repro.Engine.Tasks
open Repro.Engine.Training

let sequences, steps = 200, 15

// [N, T, I] inputs and [N, T, O] targets. Replace this by what you have.
let inputs =
    Array3D.init sequences steps 1 (fun n t _ ->
        float32 ((n * 31 + t * 17 + n * t * 7) % 100) / 100.f)

let targets =
    Array3D.init sequences steps 1 (fun n t _ ->
        let last = [ for s in max 0 (t - 2) .. t -> inputs[n, s, 0] ]
        List.sum last / float32 last.Length)

let task = ArrayTask(inputs, targets, Readout.Linear, testCount = 40)
let network = new RecurrentNetwork<float32>(task.Network(10, Activation.Tanh))
network.Initialize(Variant.Named("np-tanhRNN").Recurrent, WeightScales(), 1UL)

let spec =
    TrainingSpec(
        BatchSize = 5,
        Updates = 2000L,
        LearningRate = 0.01,
        Clipping = ClippingSpec(ClippingKind.Norm, 1.0)
    )

let trainer = new Trainer(network, task, spec, 1UL)
trainer.Run()
let error = trainer.Score(Fold.Test)[MetricNames.SquaredError] / float steps
printfn $"mean squared error of a step: %.5f{error}"

let answers = network.Predict([| 0.3f; 0.6f; 0.9f; 0.6f |], 4)
printfn $"after 0.3, 0.6, 0.9, 0.6 the network says %.2f{answers[3]}; the mean is 0.70"
