// A peer is built here, or given by `--peer`; where one is missing, the reason is said. Each
// computes a shape's gradient from the engine's parameters and batch, and a gradient that is not
// the engine's ends the script before any time is taken.
//
// Rounds are interleaved: in each, every shape runs the core's peak, the engine, the native peers,
// PyTorch's own fused module and back-propagation written by hand in PyTorch operations, some
// updates each. The table has the median over all updates; its spread is the fastest and the
// slowest. The peak is the rate of independent 512-bit fused multiply-adds (or the widest the core
// has) in the same rounds. On Linux all of it stays on one core, the same for everyone.

module Against

open System
open System.IO
open Repro.Reports.Items
open Results
open Shapes
open SpeedOptions

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
let private checkGradients
    (say: string -> unit)
    folder
    (peers: Peers.Peer list)
    (subject: Subject)
    =
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

/// Every shape's times in interleaved rounds.
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
            let measured = fresh (checkGradients say folder peers subject) shape

            {
                measured with
                    AtRest = Resting.share subject
            },
            subject
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
