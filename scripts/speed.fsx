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
#load "speed/resting.fsx"
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
#load "speed/options.fsx"
#load "speed/against.fsx"
#load "speed/growth.fsx"
#load "speed/others.fsx"
#load "speed/page.fsx"

open System
open System.IO
open Repro.Reports
open Repro.Reports.Items
open Results
open Shapes
open SpeedOptions

(**
## Everything else

With all shapes, how the time grows, what else it depends on, threads within one update, products
of the Gauss–Newton matrix and the cost of the papers' scale are measured as well.
*)

type Whole = {
    Curves: (string * (float * float) list) list
    Others: Table
    Threads: Threads.Measured list
    Curvature: Curvature.Measured list
    Costs: Cost.Cost list
}

let measureAll (say: string -> unit) rounds (comparator: PyTorch.Comparator option) =
    say "growth, workers, vanishing gradients"
    let curves = Growth.measureAll rounds
    let others = Others.measure rounds
    say "threads within one update"
    let threads = Core.withAll (fun () -> threaded |> List.map (Threads.measure rounds))
    say "products of the Gauss–Newton matrix"

    let ask (shape: Shape) count =
        match comparator with
        | Some pytorch -> pytorch.Time(shape.Id, "product", count)
        | None -> []

    let curvature = Curvature.shapes |> List.map (Curvature.measure rounds ask)
    say "what the paper's scale costs"

    {
        Curves = curves
        Others = others
        Threads = threads
        Curvature = curvature
        Costs = Core.withAll (fun () -> Cost.measure say)
    }

let write (out: string) rounds facts (measured: Measured list) (whole: Whole option) =
    let folder = Path.Combine(out, "speed")

    let file (name: string) (content: string) =
        Site.writeFile (Path.Combine(folder, name)) content |> ignore

    file "speed.csv" (csv measured)

    match whole with
    | Some whole ->
        file "threads.csv" (Threads.csv whole.Threads)
        file "curvature.csv" (Curvature.csv whole.Curvature)
        file "cost.csv" (Cost.csv whole.Costs)
    | None -> ()

    let ofWhole (part: Whole -> 'T list) =
        whole |> Option.map part |> Option.defaultValue []

    let page: MeasurementPage = {
        Id = "speed"
        Title = "How fast a training step is"
        Shows =
            "Milliseconds of one update (forward, backward, clip, step) in the engine, in native \
             code on the fastest libraries and in PyTorch, float32, one thread each."
        Environment = facts
        Method =
            match whole with
            | Some whole ->
                SpeedPage.methodText
                + Threads.method
                + Curvature.method
                + Cost.method whole.Costs
            | None -> SpeedPage.methodText
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
            @ ofWhole (fun whole -> [
                ("Growth of the time with one size", Growth.table whole.Curves)
                ("Workers, vanishing gradients, inputs", whole.Others)
                ("Threads within one update", Threads.table whole.Threads)
                ("Products of the Gauss–Newton matrix", Curvature.table whole.Curvature)
                ("What the paper’s own scale costs", Cost.table whole.Costs)
            ])
        Figures = ofWhole (fun whole -> [ Growth.figure whole.Curves ])
        Findings = Tables.findings measured
        Command = "dotnet fsi scripts/speed.fsx"
        ValuesCsvHref = "speed.csv"
    }

    Site.writeMeasurements out page |> ignore
    Path.Combine(folder, "index.html")

(**
## What the terminal says
*)

let sayMeasured (say: string -> unit) (measured: Measured list) =
    for m in measured do
        let digits = Number.significant 3
        let engine = Timing.median m.Engine

        let native =
            match best m with
            | Some peer -> $"{digits (ratio m peer.Times)}× {peer.Peer}"
            | None -> "–"

        say (
            $"{m.Shape.Id, -24}{digits engine, 8} ms  {native, 16}"
            + $"  {digits (ratio m m.Fused), 6}×  {digits (ratio m m.Hand), 6}×"
            + $"  {digits (gflops m), 6} GFLOP/s"
            + $"  {Number.percent 0 (fractionOfPeak m)}"
        )

let sayWhole (say: string -> unit) (whole: Whole) =
    for name, points in whole.Curves do
        say $"slope in {name}: {Number.fixedPoint 2 (Timing.slope points)}"

    for row in whole.Others.Rows do
        say $"{row[0].Text}: {row[1].Text}"

    for m in whole.Threads do
        for allowed, used, ms in List.tail m.Times do
            let _, _, one = List.head m.Times

            say $"{m.Shape.Id} on {used} threads: {Number.fixedPoint 2 (one / ms)}× one thread"

    for m in whole.Curvature do
        say (
            $"G·v of {m.Shape.Id}: {Number.fixedPoint 2 (m.Product / m.Gradient)}× a gradient's "
            + $"time; PyTorch's {Number.fixedPoint 1 (m.PyTorch / m.Product)}× ours"
        )

    for cost in whole.Costs do
        for cores, wall in cost.Walls do
            say $"{cost.Name}: {Number.significant 3 (wall / 3600.0)} h on {cores} cores"

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
            let natives = Against.findPeers options scratch

            for native in natives do
                match native with
                | Ok peer ->
                    let facts = peer.Facts
                    terminal.Say $"{facts.Name}: {facts.Version}, kernels {facts.Kernel}"
                | Error(name, why) -> terminal.Warn $"{name} is not measured: {why}"

            let peers = natives |> List.choose Result.toOption

            try
                let measured =
                    Against.measureShapes
                        terminal.Say
                        options.Rounds
                        scratch
                        peers
                        comparator
                        options.Shapes

                measured, SpeedPage.environment natives found measured
            finally
                for peer in peers do
                    (peer :> IDisposable).Dispose()
        finally
            Directory.Delete(scratch, recursive = true)

    let whole =
        if options.Shapes.Length = all.Length then
            Some(measureAll terminal.Say options.Rounds comparator)
        else
            None

    comparator |> Option.iter (fun c -> (c :> IDisposable).Dispose())
    let written = write options.Out options.Rounds facts measured whole
    sayMeasured terminal.Say measured
    whole |> Option.iter (sayWhole terminal.Say)
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
