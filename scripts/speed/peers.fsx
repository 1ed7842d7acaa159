// A peer: a program of its own that computes a shape's update as the engine does, on one thread,
// and says how long it takes. What it is asked and what it answers stands in native/server.hpp.
// Its gradient is compared with the engine's before any time is taken.

module Peers

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open Repro.Engine.Networks
open Conversation

/// What a peer says of itself when it starts.
type Facts = {
    Name: string
    Version: string
    /// Which of its kernels run here.
    Kernel: string
}

/// Parts of the largest element of a block of parameters by which a peer's gradient may differ
/// from the engine's: float32 over hundreds of steps, summed in another order.
let tolerance = 5e-4

let private text (element: JsonElement) (name: string) =
    match element.TryGetProperty name with
    | true, value when value.ValueKind = JsonValueKind.String -> string (value.GetString())
    | _ -> failwith $"no text '{name}'"

let private parsed (who: string) (line: string) (read: JsonElement -> 'a) : 'a =
    try
        read (JsonDocument.Parse(line).RootElement)
    with
    | :? JsonException
    | :? KeyNotFoundException
    | :? InvalidOperationException -> failwith $"{who} answered '{line}', which is not understood"
    | Failure what -> failwith $"{who} answered '{line}': {what}"

/// The first line a peer sends.
let readFacts (program: string) (line: string) : Facts =
    parsed program line (fun facts -> {
        Name = text facts "peer"
        Version = text facts "version"
        Kernel = text facts "kernel"
    })

let private refused (answer: JsonElement) =
    match answer.TryGetProperty "error" with
    | true, why -> Some(string why)
    | _ -> None

/// The answer to `load`: how the peer computes the shape, or why it has no way to.
let readPlan (who: string) (line: string) : Result<string, string> =
    parsed who line (fun answer ->
        match refused answer, answer.TryGetProperty "unable" with
        | Some why, _ -> failwith why
        | None, (true, why) -> Error(string why)
        | None, _ -> Ok(text answer "plan"))

/// The answer to `time`: milliseconds.
let readTimes (who: string) (count: int) (line: string) : float list =
    parsed who line (fun answer ->
        match refused answer with
        | Some why -> failwith why
        | None ->
            let times = [
                for t in answer.GetProperty("milliseconds").EnumerateArray() -> t.GetDouble()
            ]

            let isTime t = Double.IsFinite t && t > 0.0

            if times.Length <> count || not (List.forall isTime times) then
                failwith $"{count} times above 0 were asked for"

            times)

/// The greatest difference of a block's elements, relative to the engine's largest there, and the
/// block it is in.
let difference (views: ParameterView list) (engine: float32[]) (peer: float32[]) =
    let inBlock (view: ParameterView) =
        let elements = seq { view.Offset .. view.Offset + view.Length - 1 }
        let largest = elements |> Seq.map (fun k -> abs (float engine[k])) |> Seq.max

        let apart =
            elements
            |> Seq.map (fun k ->
                let d = abs (float peer[k] - float engine[k])
                if Double.IsNaN d then infinity else d)
            |> Seq.max

        view.Name, (if apart = 0.0 then 0.0 else apart / largest)

    views |> List.map inBlock |> List.maxBy snd

/// A gradient as a peer has written it.
let readGradient (path: string) : float32[] =
    let bytes = File.ReadAllBytes path
    MemoryMarshal.Cast<byte, float32>(ReadOnlySpan bytes).ToArray()

/// Ends with an error where a peer's gradient is not the engine's.
let check (who: string) (shape: string) views (engine: float32[]) (peer: float32[]) =
    if peer.Length <> engine.Length then
        failwith (
            $"{who} gave {peer.Length} numbers as the gradient of {shape}, which has "
            + $"{engine.Length}; no time is taken"
        )

    let block, worst = difference views engine peer

    if not (worst <= tolerance) then
        failwith (
            $"{who}'s gradient of {shape} is wrong: its {block} differ from the engine's by "
            + $"{worst:G3} of the largest, and {tolerance:G3} is allowed; no time is taken"
        )

/// A running peer.
type Peer(conversation: Conversation, facts: Facts) =
    let ask (what: string) =
        match conversation.Ask what with
        | Ok line -> line
        | Error how ->
            failwith (
                $"{facts.Name}'s process ended {how} when it was asked '{what}'"
                + conversation.LastWords
                + "; --no-native leaves it out"
            )

    member _.Facts = facts

    /// Has a problem read and its gradient written; how the peer computes it, or why it cannot.
    member _.Load(shape: string, problem: string, gradient: string) =
        readPlan facts.Name (ask $"load {shape} {problem} {gradient}")

    /// Milliseconds of `count` updates one after another.
    member _.Time(shape: string, count: int) =
        readTimes facts.Name count (ask $"time {shape} {count}")

    interface IDisposable with
        member _.Dispose() = (conversation :> IDisposable).Dispose()

/// Libraries told by the environment to take several threads, or the kernels of an older
/// processor, would not be at their best, and those told to say what they do would say it among
/// the answers.
let environment (blasKernel: string option) (start: ProcessStartInfo) =
    for variable in [ "OMP_NUM_THREADS"; "OPENBLAS_NUM_THREADS"; "MKL_NUM_THREADS" ] do
        start.Environment[variable] <- "1"

    let unset = [
        "OPENBLAS_L2_SIZE"
        "LIBXSMM_TARGET"
        for name in [ "MAX_CPU_ISA"; "CPU_ISA_HINTS"; "VERBOSE"; "DEFAULT_FPMATH_MODE" ] do
            "ONEDNN_" + name
            "DNNL_" + name
    ]

    for variable in unset do
        start.Environment.Remove variable |> ignore

    match blasKernel with
    | Some kernel -> start.Environment["OPENBLAS_CORETYPE"] <- kernel
    | None -> start.Environment.Remove "OPENBLAS_CORETYPE" |> ignore

/// Starts a program that is a peer, or says why it is none.
let start (blasKernel: string option) (program: string) (arguments: string list) =
    match Conversation.start (environment blasKernel) ignore program arguments with
    | Ok(conversation, line) -> Ok(new Peer(conversation, readFacts program line))
    | Error(NotStarted reason) -> Error reason
    | Error(Ended(exitCode, said)) -> Error $"'{program}' ended with exit code {exitCode}: {said}"
