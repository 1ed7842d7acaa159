// One update on several threads: how much sooner it ends. The bits are those of one thread.

module Threads

open System
open System.Globalization
open Repro.Reports
open Repro.Reports.Items
open Shapes

type Measured = {
    Shape: Shape
    /// Threads allowed, threads used, milliseconds.
    Times: (int * int * float) list
}

/// 1, 2, 4, … up to the processors here.
let counts =
    1
    :: [
        for power in 1..10 do
            let threads = 1 <<< power

            if threads <= Environment.ProcessorCount then
                threads
    ]

let measure rounds shape =
    use subject = new Subject(shape)

    let used =
        counts
        |> List.map (fun threads ->
            subject.UpdateOn threads
            subject.ThreadsUsed)

    // A shape that is not split need not be timed as if it were.
    let different = List.zip counts used |> List.distinctBy snd

    let times =
        different
        |> List.map (fun (threads, _) -> fun () -> subject.UpdateOn threads)
        |> Timing.interleaved rounds

    {
        Shape = shape
        Times = List.zip different times |> List.map (fun ((t, u), ms) -> t, u, ms)
    }

/// The part of an update that threads do not share, by the law of Amdahl from the time of one
/// thread and of the most there are.
let serialShare (measured: Measured) =
    let _, _, one = List.head measured.Times
    let _, used, most = List.last measured.Times

    if used = 1 then
        1.0
    else
        let n = float used
        Math.Clamp((n * most / one - 1.0) / (n - 1.0), 0.0, 1.0)

/// How many times sooner an update ends on n threads, by that law.
let modelled (measured: Measured) (threads: int) =
    let serial = serialShare measured
    1.0 / (serial + (1.0 - serial) / float threads)

let private modelledThreads = [ 4; 16 ]

let table (measured: Measured list) =
    let digits = Number.significant 3

    let row m =
        let _, _, one = List.head m.Times

        let cell threads =
            match m.Times |> List.tryFind (fun (t, _, _) -> t = threads) with
            | Some(_, _, ms) -> Cell.text $"{digits ms} ({Number.fixedPoint 2 (one / ms)}×)"
            | None -> Cell.text "not split"

        [
            Cell.text m.Shape.Id
            Cell.text (digits one)
            for threads in List.tail counts do
                cell threads
            for threads in modelledThreads do
                Cell.text (
                    if m.Times.Length = 1 then
                        "–"
                    else
                        $"{Number.fixedPoint 1 (modelled m threads)}×"
                )
        ]

    let header = [
        "Shape"
        "1 thread, ms"
        for threads in List.tail counts do
            $"{threads} threads, ms"
        for threads in modelledThreads do
            $"{threads} threads, by the model"
    ]

    Table.create header (measured |> List.map row)

let private invariant (format: string) (value: float) =
    value.ToString(format, CultureInfo.InvariantCulture)

let csv (measured: Measured list) =
    let lines = [
        "shape,threads,threads_used,ms,speedup"
        for m in measured do
            let _, _, one = List.head m.Times

            for threads, used, ms in m.Times do
                let numbers = String.Join(",", [ invariant "F4" ms; invariant "F3" (one / ms) ])
                $"{m.Shape.Id},{threads},{used},{numbers}"
    ]

    String.Join("\n", lines) + "\n"

let method =
    "<p><em>Threads within one update</em>: a batch is swept in shards of at most 20 \
     sequences, and each thread takes whole shards. With the last of an odd number (the fifth of \
     mnist-H100-B100 on two threads) the other thread helps, and a single shard is cut into \
     windows, which gain less: each thread then reads what the other has written. Every sum is \
     made in the order of one thread, so the bits are the same. A shape is not split where that \
     would not pay: one sequence, short steps, a GRU or a clockwork network. The last columns \
     follow from the measured times by the law of Amdahl, with the part of an update that did \
     not get shorter as its serial part; they are a model and leave out what more cores ask of \
     the memory.</p>\n"
