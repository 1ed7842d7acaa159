(**
# How fast a training step is

One update is the forward sweep, the loss, back-propagation through time, clipping by the norm and
a step of gradient descent, in float32 and on one thread. This script times it in the engine, in
C++ written by hand on the fastest libraries that are installed, and in PyTorch on the same
shapes, compares the engine with the arithmetic peak of the core, and measures how the
time grows with the sizes and with the number of workers.
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"
#load "shared/items.fsx"
#load "speed/shapes.fsx"
#load "speed/problem.fsx"
#load "speed/timing.fsx"
#load "speed/core.fsx"
#load "speed/threads.fsx"
#load "speed/conversation.fsx"
#load "speed/peers.fsx"
#load "speed/native.fsx"
#load "speed/pytorch.fsx"
#load "speed/curvature.fsx"
#load "speed/cost.fsx"
#load "speed/results.fsx"
#load "speed/tables.fsx"

open System
open System.Globalization
open System.IO
open Repro.Engine.Networks
open Repro.Engine.Numerics
open Repro.Engine.Records
open Repro.Engine.Tasks
open Repro.Engine.Training.Optimizers
open Plotly.NET
open Repro.Reports
open Repro.Reports.Items
open Plotly.NET.StyleParam
open Results
open Shapes

type SpeedOptions = {
    Rounds: int
    Shapes: Shape list
    Out: string
    Pythons: string list
    NoPyTorch: bool
    Compiler: string
    Peers: string list
    NoNative: bool
    Help: bool
}

let help =
    """Usage: dotnet fsi scripts/speed.fsx [options]

Times one training update in the engine, in C++ on the libraries that are installed and in
PyTorch, one thread each, in interleaved rounds; writes OUT/speed/speed.csv and
OUT/speed/index.html. Takes about four minutes on an idle machine.

  --rounds N        rounds (default: 7)
  --only SHAPE,...  these shapes only, and no measurement of growth
  --out DIR         where results go (default: out in the repository)
  --python PATH     the interpreter that has PyTorch (default: /usr/bin/python3, then python3)
  --no-pytorch      without PyTorch
  --compiler PATH   the C++ compiler that builds the native peers (default: g++), each where its
                    library is installed: LIBXSMM, OpenBLAS, oneDNN 2 (Debian: libxsmm-dev,
                    libopenblas-dev, libdnnl-dev)
  --peer PROGRAM    a native peer built elsewhere, instead of those built here; may be repeated
                    (scripts/speed/native/server.hpp says what it is asked)
  --no-native       without native peers
  --help            this text

Exit codes: 0 done, 1 something failed, 2 wrong use."""

let parse (arguments: string list) =
    let ids = all |> List.map _.Id

    let named (id: string) =
        match all |> List.tryFind (fun s -> s.Id = id) with
        | Some shape -> shape
        | None ->
            let known = String.Join(", ", ids)
            raise (UsageError $"there is no shape '{id}'; known are {known}")

    let rec read options arguments =
        match arguments with
        | [] -> options
        | "--no-pytorch" :: rest -> read { options with NoPyTorch = true } rest
        | "--no-native" :: rest -> read { options with NoNative = true } rest
        | "--compiler" :: value :: rest -> read { options with Compiler = value } rest
        | "--peer" :: value :: rest ->
            read
                {
                    options with
                        Peers = options.Peers @ [ value ]
                }
                rest
        | ("--help" | "-h") :: rest -> read { options with Help = true } rest
        | "--rounds" :: (value: string) :: rest ->
            match Int32.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture) with
            | true, n when n >= 1 && n <= 1000 -> read { options with Rounds = n } rest
            | _ ->
                raise (UsageError $"--rounds is '{value}'; a whole number from 1 to 1000 is needed")
        | "--only" :: value :: rest ->
            let names = value.Split(',', StringSplitOptions.RemoveEmptyEntries)

            read
                {
                    options with
                        Shapes = names |> Array.map named |> List.ofArray
                }
                rest
        | "--out" :: value :: rest ->
            read
                {
                    options with
                        Out = Path.GetFullPath value
                }
                rest
        | "--python" :: value :: rest -> read { options with Pythons = [ value ] } rest
        | [ ("--rounds" | "--only" | "--out" | "--python" | "--compiler" | "--peer") as option ] ->
            raise (UsageError $"{option} needs a value; see --help")
        | option :: _ -> raise (UsageError $"there is no option '{option}'; see --help")

    read
        {
            Rounds = 7
            Shapes = all
            Out = Path.Combine(Prelude.root, "out")
            Pythons = [ "/usr/bin/python3"; "python3" ]
            NoPyTorch = false
            Compiler = "g++"
            Peers = []
            NoNative = false
            Help = false
        }
        arguments

(**
## Native peers

A peer is built here, or given by `--peer`; where one is missing, the reason is said. Each computes
a shape's gradient from the engine's parameters and batch, and a gradient that is not the engine's
ends the script before any time is taken.
*)

/// A peer at work, or the name of one that is not and why.
let findPeers (options: SpeedOptions) (folder: string) =
    let started name program =
        match program |> Result.bind (fun path -> Peers.start Native.blasKernel path []) with
        | Ok peer -> Ok peer
        | Error why -> Error(name, why)

    if options.NoNative then
        [
            for source in Native.sources do
                Error(source.Peer, "left out on request")
        ]
    elif options.Peers.IsEmpty then
        [
            for source in Native.sources do
                Native.build Prelude.root options.Compiler folder source |> started source.Peer
        ]
    else
        [
            for program in options.Peers do
                match started program (Ok program) with
                | Ok peer -> Ok peer
                | Error(_, why) -> failwith why
        ]

/// The names of the peers that compute the shape, and how they do.
let checkGradients (say: string -> unit) folder (peers: Peers.Peer list) (subject: Subject) =
    let id = subject.Shape.Id

    if not (isComparable subject.Shape) || peers.IsEmpty then
        []
    else
        let problem = Path.Combine(folder, id + ".problem")
        let answer = Path.Combine(folder, id + ".gradient")
        Problem.write problem subject
        let _, own = subject.Gradient()

        [
            for peer in peers do
                let name = peer.Facts.Name

                match peer.Load(id, problem, answer) with
                | Ok plan ->
                    Peers.check name id subject.Views own (Peers.readGradient answer)
                    say $"{name} on {id}: {plan}"
                    name, plan
                | Error why -> say $"{name} is not timed on {id}: {why}"
        ]

(**
## Shapes against others

Rounds are interleaved: in each, every shape runs the core's peak, the engine, the native peers,
PyTorch's own fused module and back-propagation written by hand in PyTorch operations, some updates
each. The table has the median over all updates; its spread is the fastest and the slowest. The
peak is the rate of independent 512-bit fused multiply-adds (or the widest the core has) in the
same rounds. On Linux all of it stays on one core, the same for everyone.
*)

let measureShapes
    (say: string -> unit)
    rounds
    (folder: string)
    (peers: Peers.Peer list)
    (comparator: PyTorch.Comparator option)
    shapes
    =
    let subjects = [
        for shape in shapes do
            let subject = new Subject(shape)
            fresh (checkGradients say folder peers subject) shape, subject
    ]

    let fill (taken: Collections.Generic.List<float>) (time: int -> float list) =
        let typical = Timing.median (if taken.Count = 0 then Seq.ofList (time 2) else taken)

        taken.AddRange(time (Timing.callsPerRound typical))

    Core.withAll (fun () -> Timing.settle [ for _, subject in subjects -> subject.Update ])

    for round in 1..rounds do
        for measured, subject in subjects do
            let id = measured.Shape.Id
            let typical = Timing.milliseconds subject.Update
            measured.Peak.Add(Timing.peak set)

            for _ in 1 .. Timing.callsPerRound typical do
                measured.Engine.Add(Timing.milliseconds subject.Update)

            for native in measured.Native do
                let peer = peers |> List.find (fun p -> p.Facts.Name = native.Peer)
                fill native.Times (fun count -> peer.Time(id, count))

            match comparator with
            | Some pytorch when isComparable measured.Shape ->
                fill measured.Fused (fun count -> pytorch.Time(id, "fused", count))
                fill measured.Hand (fun count -> pytorch.Time(id, "hand", count))
            | _ -> ()

        say $"round {round} of {rounds}"

    for _, subject in subjects do
        (subject :> IDisposable).Dispose()

    subjects |> List.map fst

(**
## Growth, workers and vanishing gradients

Growth is measured around the addition shape. Two independent runs on two threads are compared
with one. Vanishing gradients fill a network with subnormal numbers, which a processor handles
10 to 100 times slower; the engine sets them to zero, and a recurrent matrix of spectral radius
0.5 shows whether that keeps the speed.
*)

let growth rounds (name: string) (sizes: int list) (make: int -> Shape) =
    let subjects = sizes |> List.map (fun size -> new Subject(make size))
    let times = subjects |> List.map (fun s -> s.Update) |> Timing.interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    name, List.zip (List.map float sizes) times

let workers rounds =
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

let vanishing rounds activation =
    let shape = {
        addition 16 200 100 with
            Spec = NetworkSpec(2, 100, 1, activation)
    }

    let subjects = [ for radius in [ 0.95; 0.5 ] -> new Subject(shape, radius) ]
    let times = subjects |> List.map (fun s -> s.Update) |> Timing.interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    times[0], times[1]

/// Milliseconds of an update without the vanishing-gradient regulariser and with it.
let regularised rounds hidden =
    let shape = {
        List.head all with
            Spec = NetworkSpec(6, hidden, 4, Activation.Tanh, Readout.Softmax)
    }

    let subjects = [ for alpha in [ 0.0; 4.0 ] -> new Subject(shape, alpha = alpha) ]
    let times = subjects |> List.map (fun s -> s.Update) |> Timing.interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    hidden, (times[0], times[1])

/// Milliseconds of an update of a simple network and of a clockwork one of the same sizes.
let resting rounds =
    let dense = {
        clockwork with
            Id = "simple-H512-B20-T128"
            Cell = Simple
    }

    let subjects = [ for shape in [ dense; clockwork ] -> new Subject(shape) ]
    let times = subjects |> List.map (fun s -> s.Update) |> Timing.interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    times[0], times[1]

/// Milliseconds of an update with each optimiser, by name; gradient descent first.
let steps rounds =
    let shape = addition 16 300 100

    let optimizers: (string * Optimizer) list = [
        "gradient descent", Sgd() :> Optimizer
        "momentum", Momentum() :> Optimizer
        "Nesterov's momentum", Momentum(Nesterov = true) :> Optimizer
        "RMSprop", RmsProp() :> Optimizer
        "Adam", Adam() :> Optimizer
    ]

    let subjects = [ for _, optimizer in optimizers -> new Subject(shape, optimizer = optimizer) ]

    let times = subjects |> List.map (fun s -> s.Update) |> Timing.interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    List.zip (optimizers |> List.map fst) times

/// Milliseconds to make a batch of addition sequences, and those of the update it is for.
let inputs rounds batchSize =
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

(**
## The page
*)

let environment
    (peers: Result<Peers.Peer, string * string> list)
    (comparator: Result<PyTorch.Comparator, string>)
    (measured: Measured list)
    =
    let machine = MachineFacts.Here(set.ToString())
    let peaks = measured |> Seq.collect _.Peak |> Array.ofSeq

    [
        "Processor", $"{machine.Cpu}, {machine.Cores} logical processors"
        "System", $"{machine.Os}, {machine.Architecture}"
        ".NET", machine.DotNet
        "Vectors", $"{machine.InstructionSet}"
        "Peak of one core",
        $"{Timing.median peaks:F0} GFLOP/s of float32 fused multiply-adds "
        + $"(lowest {Array.min peaks:F0}, highest {Array.max peaks:F0})"
        for peer in peers do
            match peer with
            | Ok peer ->
                let facts = peer.Facts
                facts.Name, $"{facts.Version}, kernels {facts.Kernel}, one thread"
            | Error(name, reason) -> name, $"not measured: {reason}"
        match comparator with
        | Ok pytorch ->
            "PyTorch", $"{pytorch.Version}, one thread"
            "PyTorch's BLAS", pytorch.Blas
            "PyTorch flushes subnormals", (if pytorch.FlushesDenormals then "yes" else "no")
        | Error reason -> "PyTorch", $"not measured: {reason}"
    ]

let growthTable (curves: (string * (float * float) list) list) =
    let row (name: string, points: (float * float) list) =
        let times =
            points
            |> List.map (fun (x, y) -> $"{Number.significant 4 x}: {Number.significant 3 y}")

        [
            Cell.text name
            Cell.text (String.Join(", ", times))
            Cell.number 2 (Timing.slope points)
        ]

    Table.create [ "Size"; "Size: ms an update"; "Slope" ] (curves |> List.map row)

let growthFigure curves : Figure =
    let lines = [
        for name: string, points: (float * float) list in curves ->
            Chart.Line(points, ShowMarkers = true, Name = name)
    ]

    {
        Id = "growth"
        Caption =
            "Time of an update against one size, the others fixed at H = 100, B = 20, T = 300."
        Chart =
            Chart.combine lines
            |> Chart.withXAxisStyle (TitleText = "size", AxisType = AxisType.Log)
            |> Chart.withYAxisStyle (TitleText = "milliseconds", AxisType = AxisType.Log)
            |> Chart.withAltText "Three lines on logarithmic axes, rising with the size"
        Note = ""
    }

let otherTable ratios vanished regularised made (dense: float, clocked: float) stepped =
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

let methodText =
    "<p>Median milliseconds over all updates of all rounds, with the fastest and the slowest as \
     the spread; on Linux everything compared runs on the same core. A <em>native peer</em> is C++ \
     written for this page, with what a compiler may do that the engine may not \
     (<code>-O3 -march=native -ffast-math</code>). On LIBXSMM and OpenBLAS it is \
     back-propagation through time by hand, on their products and with vectorised activations. \
     On oneDNN it is the library's own primitives of recurrent networks, forward and \
     backward, which want symbols as rows with a single one and compute a gradient of the inputs \
     too, and its matrix product for the readout. How the columns, the batch and the steps are cut \
     is the fastest way of those tried; a table says which it was, and which of oneDNN's \
     implementations ran (<code>ref</code> is its name for the general one, which calls its own \
     compiled products). Each peer's gradient has been compared with the engine's. \
     <em>PyTorch</em> is <code>nn.RNN</code> or \
     <code>nn.LSTM</code> with autograd, <code>clip_grad_norm_</code> and \
     <code>optim.SGD</code>; <em>by hand</em> is back-propagation through time written in PyTorch \
     operations without autograd. A ratio is the other's median over the engine's. Shapes \
     marked * are of sigmoid units: <code>nn.RNN</code> has none, so its tanh stands in; the \
     version by hand has the sigmoid. GRU and clockwork network are timed in the engine alone. \
     GFLOP/s count 2·3·T·B·H·(H + I) operations for the sweeps, four times as many in an LSTM, \
     three times in a GRU, those of the modules at work in a clockwork network, \
     and 2·3·H·O for every readout, which is more than the engine performs: no gradient of the \
     inputs is needed, and inputs that are symbols (temporal order and PTB) are looked up instead \
     of multiplied. The table of limits shows what time and ratios a program would have that did \
     nothing but these operations \
     at the core's peak.</p>\n"

let run (options: SpeedOptions) =
    let terminal = Terminal()
    Core.keepOne ()

    let found =
        if options.NoPyTorch then
            Error "left out on request"
        else
            PyTorch.find Prelude.root options.Pythons

    match found with
    | Ok pytorch -> terminal.Say $"PyTorch {pytorch.Version} on {pytorch.Blas}"
    | Error reason -> terminal.Warn $"PyTorch is not measured: {reason}"

    let comparator = Result.toOption found
    let scratch = Directory.CreateTempSubdirectory("repro-speed-").FullName

    let measured, facts =
        try
            let natives = findPeers options scratch

            for native in natives do
                match native with
                | Ok peer ->
                    let facts = peer.Facts
                    terminal.Say $"{facts.Name}: {facts.Version}, kernels {facts.Kernel}"
                | Error(name, why) -> terminal.Warn $"{name} is not measured: {why}"

            let peers = natives |> List.choose Result.toOption

            try
                let measured =
                    measureShapes
                        terminal.Say
                        options.Rounds
                        scratch
                        peers
                        comparator
                        options.Shapes

                measured, environment natives found measured
            finally
                for peer in peers do
                    (peer :> IDisposable).Dispose()
        finally
            Directory.Delete(scratch, recursive = true)

    let isWhole = options.Shapes.Length = all.Length
    let rounds = options.Rounds

    let curves =
        if not isWhole then
            []
        else
            terminal.Say "growth, workers, vanishing gradients"

            [
                growth rounds "T" [ 100; 200; 400; 800; 1600 ] (fun t -> addition 20 t 100)
                growth rounds "B" [ 1; 4; 10; 20; 40; 80; 160 ] (fun b -> addition b 300 100)
                growth rounds "H" [ 32; 64; 128; 256; 512 ] (fun h -> addition 20 300 h)
            ]

    let others =
        if not isWhole then
            []
        else
            let vanished = [
                "ReLU", vanishing rounds Activation.Relu
                "tanh", vanishing rounds Activation.Tanh
            ]

            let costs = [ for hidden in [ 50; 100 ] -> regularised rounds hidden ]
            let made = [ for batchSize in [ 1; 16 ] -> batchSize, inputs rounds batchSize ]

            [
                ("Workers, vanishing gradients, inputs",
                 otherTable
                     (Core.withAll (fun () -> workers rounds))
                     vanished
                     costs
                     made
                     (resting rounds)
                     (steps rounds))
            ]

    let threads =
        if not isWhole then
            []
        else
            terminal.Say "threads within one update"
            Core.withAll (fun () -> threaded |> List.map (Threads.measure rounds))

    let curvature =
        if not isWhole then
            []
        else
            terminal.Say "products of the Gauss–Newton matrix"

            let ask (shape: Shape) count =
                match comparator with
                | Some pytorch -> pytorch.Time(shape.Id, "product", count)
                | None -> []

            Curvature.shapes |> List.map (Curvature.measure rounds ask)

    let costs =
        if not isWhole then
            []
        else
            terminal.Say "what the paper's scale costs"
            Core.withAll (fun () -> Cost.measure terminal.Say)

    let folder = Path.Combine(options.Out, "speed")
    comparator |> Option.iter (fun c -> (c :> IDisposable).Dispose())
    Site.writeFile (Path.Combine(folder, "speed.csv")) (csv measured) |> ignore

    if isWhole then
        Site.writeFile (Path.Combine(folder, "threads.csv")) (Threads.csv threads)
        |> ignore

        Site.writeFile (Path.Combine(folder, "curvature.csv")) (Curvature.csv curvature)
        |> ignore

        Site.writeFile (Path.Combine(folder, "cost.csv")) (Cost.csv costs) |> ignore

    let page: MeasurementPage = {
        Id = "speed"
        Title = "How fast a training step is"
        Shows =
            "Milliseconds of one update (forward, backward, clip, step) in the engine, in native \
             code on the fastest libraries and in PyTorch, float32, one thread each."
        Environment = facts
        Method =
            if isWhole then
                methodText + Threads.method + Curvature.method + Cost.method costs
            else
                methodText
        Tables =
            [
                ($"One update, {rounds} interleaved rounds", Tables.native measured)
                for title, table in
                    [
                        "Every native peer, ms and ratio", Tables.peers measured
                        "How each native peer computes", Tables.plans measured
                    ] do
                    match table with
                    | Some table -> (title, table)
                    | None -> ()
                ("Against PyTorch", Tables.pytorch measured)
                ("What the core's arithmetic would allow", Tables.limits measured)
            ]
            @ (if isWhole then
                   [ ("Growth of the time with one size", growthTable curves) ]
               else
                   [])
            @ others
            @ (if isWhole then
                   [
                       ("Threads within one update", Threads.table threads)
                       ("Products of the Gauss–Newton matrix", Curvature.table curvature)
                       ("What the paper’s own scale costs", Cost.table costs)
                   ]
               else
                   [])
        Figures = if isWhole then [ growthFigure curves ] else []
        Findings = Tables.findings measured
        Command = "dotnet fsi scripts/speed.fsx"
        ValuesCsvHref = "speed.csv"
    }

    Site.writeMeasurements options.Out page |> ignore

    for m in measured do
        let digits = Number.significant 3
        let engine = Timing.median m.Engine

        let native =
            match best m with
            | Some peer -> $"{digits (ratio m peer.Times)}× {peer.Peer}"
            | None -> "–"

        terminal.Say(
            $"{m.Shape.Id, -24}{digits engine, 8} ms  {native, 16}"
            + $"  {digits (ratio m m.Fused), 6}×  {digits (ratio m m.Hand), 6}×"
            + $"  {digits (gflops m), 6} GFLOP/s"
            + $"  {Number.percent 0 (fractionOfPeak m)}"
        )

    for name, points in curves do
        terminal.Say $"slope in {name}: {Number.fixedPoint 2 (Timing.slope points)}"

    for _, table in others do
        for row in table.Rows do
            terminal.Say $"{row[0].Text}: {row[1].Text}"

    for m in threads do
        for allowed, used, ms in List.tail m.Times do
            let _, _, one = List.head m.Times

            terminal.Say
                $"{m.Shape.Id} on {used} threads: {Number.fixedPoint 2 (one / ms)}× one thread"

    for m in curvature do
        terminal.Say(
            $"G·v of {m.Shape.Id}: {Number.fixedPoint 2 (m.Product / m.Gradient)}× a gradient's "
            + $"time; PyTorch's {Number.fixedPoint 1 (m.PyTorch / m.Product)}× ours"
        )

    for cost in costs do
        for cores, wall in cost.Walls do
            terminal.Say $"{cost.Name}: {Number.significant 3 (wall / 3600.0)} h on {cores} cores"

    let written = Path.Combine(folder, "index.html")
    terminal.Say $"done in {terminal.Elapsed}: {written}"

let main (arguments: string list) =
    try
        let options = parse arguments

        if options.Help then
            Console.Out.WriteLine help
        else
            run options

        0
    with
    | UsageError message ->
        Console.Error.WriteLine $"error: {message}"
        2
    | :? IOException
    | :? UnauthorizedAccessException as error ->
        Console.Error.WriteLine $"error: {error.Message}"
        1
    | Failure message ->
        Console.Error.WriteLine $"error: {message}"
        1

if Prelude.isMain __SOURCE_FILE__ then
    exit (main Prelude.arguments)
