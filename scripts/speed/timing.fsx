// Times and what is made of them.

module Timing

open System
open System.Diagnostics
open System.Threading
open Repro.Engine.Numerics

let median (values: seq<float>) =
    let sorted = values |> Array.ofSeq |> Array.sort
    let middle = sorted.Length / 2

    if sorted.Length = 0 then nan
    elif sorted.Length % 2 = 1 then sorted[middle]
    else (sorted[middle - 1] + sorted[middle]) / 2.0

/// Milliseconds of one call.
let milliseconds (work: unit -> unit) =
    let start = Stopwatch.GetTimestamp()
    work ()
    Stopwatch.GetElapsedTime(start).TotalMilliseconds

/// Runs until the compiler has settled: twice as long as it takes to recompile what is called
/// often, and eight times at least.
let warmUp (work: unit -> unit) =
    let start = Stopwatch.GetTimestamp()
    let mutable calls = 0

    while calls < 8
          || (Stopwatch.GetElapsedTime(start).TotalMilliseconds < 400.0 && calls < 200) do
        work ()
        calls <- calls + 1

/// Warms up until the compiler has nothing more to do, or for a minute. It compiles in the
/// background, one method after another, and thousands of F# Interactive's own come before those of
/// an update: for ten seconds that would run as first compiled, at half its speed.
let settle (works: (unit -> unit) list) =
    let clock = Stopwatch.StartNew()
    let mutable compiled = -1L

    while compiled <> Runtime.JitInfo.GetCompiledMethodCount()
          && clock.Elapsed.TotalMinutes < 1.0 do
        compiled <- Runtime.JitInfo.GetCompiledMethodCount()
        works |> List.iter warmUp
        Thread.Sleep 500

/// As many calls as fill about a seventh of a second, 2 to 200.
let callsPerRound (typical: float) =
    int (Math.Clamp(150.0 / typical, 2.0, 200.0))

/// The slope of y against x when both axes are logarithmic: the exponent of a power law.
let slope (points: (float * float) list) =
    let points = points |> List.map (fun (x, y) -> Elementary.Log x, Elementary.Log y)
    let meanX, meanY = points |> List.averageBy fst, points |> List.averageBy snd
    let above = points |> List.sumBy (fun (x, y) -> (x - meanX) * (y - meanY))
    above / (points |> List.sumBy (fun (x, _) -> (x - meanX) * (x - meanX)))

/// GFLOP/s of the core, the best of three short runs.
let peak (set: InstructionSet) =
    List.max [ for _ in 1..3 -> PeakRate.Measure set ]

/// The medians of several pieces of work timed in turn, round after round, so that a slow spell
/// of the machine falls on all of them.
let interleaved rounds (works: (unit -> unit) list) =
    works |> List.iter warmUp
    let counts = works |> List.map (fun work -> callsPerRound (milliseconds work))
    let times = works |> List.map (fun _ -> ResizeArray<float>())

    for _ in 1..rounds do
        for work, count, taken in List.zip3 works counts times do
            for _ in 1..count do
                taken.Add(milliseconds work)

    times |> List.map median

/// Milliseconds of an update of each subject in interleaved rounds; the subjects are disposed of.
let ofSubjects rounds (subjects: Shapes.Subject list) =
    let times = subjects |> List.map (fun s -> s.Update) |> interleaved rounds
    subjects |> List.iter (fun s -> (s :> IDisposable).Dispose())
    times

/// Milliseconds that each of some pieces of work needs for `calls` calls on a thread of its own,
/// all at once: until the last is done.
let together calls (works: (unit -> unit) list) =
    use ready = new Barrier(works.Length + 1)

    let threads =
        works
        |> List.map (fun work ->
            Thread(fun () ->
                ready.SignalAndWait()

                for _ in 1..calls do
                    work ()))

    threads |> List.iter _.Start()
    ready.SignalAndWait()
    milliseconds (fun () -> threads |> List.iter _.Join())
