// What else an update's time depends on. Two independent runs on two threads are compared with one.
// Vanishing gradients fill a network with subnormal numbers, which a processor handles 10 to 100
// times slower; the engine sets them to zero, and a recurrent matrix of spectral radius 0.5 shows
// whether that keeps the speed.

module Others

open Repro.Engine.Networks
open Repro.Engine.Tasks
open Repro.Engine.Training.Optimizers
open Repro.Reports
open Repro.Reports.Items
open System
open Shapes

let private workers rounds =
    let first, second =
        new Subject(addition 16 300 100), new Subject(addition 16 300 100)

    let works = [ first.Update; second.Update ]
    works |> List.iter Timing.warmUp
    let calls = Timing.callsPerRound (Timing.milliseconds first.Update)

    let ratios = [
        for _ in 1..rounds do
            let alone = Timing.together calls [ first.Update ]
            2.0 * alone / Timing.together calls works
    ]

    for subject in [ first; second ] do
        (subject :> IDisposable).Dispose()

    ratios

let private vanishing rounds activation =
    let shape = {
        addition 16 200 100 with
            Spec = NetworkSpec(2, 100, 1, activation)
    }

    let subjects = [ for radius in [ 0.95; 0.5 ] -> new Subject(shape, radius) ]
    let times = subjects |> Timing.ofSubjects rounds
    times[0], times[1]

/// Milliseconds of an update without the vanishing-gradient regulariser and with it.
let private regularised rounds hidden =
    let shape = {
        List.head all with
            Spec = NetworkSpec(6, hidden, 4, Activation.Tanh, Readout.Softmax)
    }

    let subjects = [ for alpha in [ 0.0; 4.0 ] -> new Subject(shape, alpha = alpha) ]
    let times = subjects |> Timing.ofSubjects rounds
    times[0], times[1]

/// Milliseconds of an update of a simple network and of a clockwork one of the same sizes.
let private resting rounds =
    let dense = {
        clockwork with
            Id = "simple-H512-B20-T128"
            Cell = Simple
    }

    let subjects = [ for shape in [ dense; clockwork ] -> new Subject(shape) ]
    let times = subjects |> Timing.ofSubjects rounds
    times[0], times[1]

/// Milliseconds of an update with each optimiser, by name; gradient descent first.
let private steps rounds =
    let shape = addition 16 300 100

    let optimizers: (string * Optimizer) list = [
        "gradient descent", Sgd() :> Optimizer
        "momentum", Momentum() :> Optimizer
        "Nesterov's momentum", Momentum(Nesterov = true) :> Optimizer
        "RMSprop", RmsProp() :> Optimizer
        "Adam", Adam() :> Optimizer
    ]

    let subjects = [ for _, optimizer in optimizers -> new Subject(shape, optimizer = optimizer) ]

    let times = subjects |> Timing.ofSubjects rounds
    List.zip (optimizers |> List.map fst) times

/// Milliseconds to make a batch of addition sequences, and those of the update it is for.
let private inputs rounds batchSize =
    let steps = 300
    let subject = new Subject(addition batchSize steps 100)
    let task = MarkedPairTask(PairTarget.Sum, steps, 1UL)
    let batch = Batch<float32>(task.Network(100, Activation.Relu), steps, batchSize)
    let mutable next = 0L

    let fill () =
        for slot in 0 .. batchSize - 1 do
            task.Fill(Fold.Training, next % 100000L, batch, slot)
            next <- next + 1L

    let times = Timing.interleaved rounds [ fill; subject.Update ]
    (subject :> IDisposable).Dispose()
    times[0], times[1]

let private table ratios vanished regularised made (dense: float, clocked: float) stepped =
    let digits = Number.significant 3
    let range = $"{digits (List.min ratios)}–{digits (List.max ratios)}"

    let workersRow = [
        Cell.text "Throughput of two independent runs on two threads, relative to one"
        Cell.text $"{digits (Timing.median ratios)} ({range})"
    ]

    let vanishedRow (name: string, (healthy: float, vanishing: float)) = [
        Cell.text $"Time at spectral radius 0.5 relative to 0.95: {name}, H = 100, B = 16, T = 200"
        Cell.text (Number.significant 3 (vanishing / healthy))
    ]

    let regularisedRow (hidden: int, (plain: float, withIt: float)) = [
        Cell.text
            $"Time with the vanishing-gradient regulariser relative to without: temporal order, \
              H = {hidden}, B = 20, T = 200"
        Cell.text (Number.significant 3 (withIt / plain))
    ]

    let inputsRow (batchSize: int, (fill: float, update: float)) = [
        Cell.text $"Making the sequences, share of an update: addition, T = 300, B = {batchSize}"
        Cell.text (Number.percent 1 (fill / update))
    ]

    let share = operations clockwork / operations { clockwork with Cell = Simple }

    let restingRow = [
        Cell.text
            $"Time of a clockwork network relative to a simple one: H = 512, eight modules, \
              B = 20, T = 128; of the operations it has {Number.percent 0 share}"
        Cell.text (Number.significant 3 (clocked / dense))
    ]

    let plain = stepped |> List.head |> snd

    let stepRow (name: string, time: float) = [
        Cell.text
            $"Time of an update with {name} relative to gradient descent: addition, H = 100, \
              B = 16, T = 300"
        Cell.text (Number.significant 3 (time / plain))
    ]

    Table.create
        [ "What"; "Value" ]
        (workersRow :: List.map vanishedRow vanished
         @ List.map regularisedRow regularised
         @ List.map inputsRow made
         @ restingRow :: List.map stepRow (List.tail stepped))

/// All of it, as the page's table.
let measure rounds =
    let vanished = [
        "ReLU", vanishing rounds Activation.Relu
        "tanh", vanishing rounds Activation.Tanh
    ]

    let costs = [ for hidden in [ 50; 100 ] -> hidden, regularised rounds hidden ]
    let made = [ for batchSize in [ 1; 16 ] -> batchSize, inputs rounds batchSize ]
    let ratios = Core.withAll (fun () -> workers rounds)
    table ratios vanished costs made (resting rounds) (steps rounds)
