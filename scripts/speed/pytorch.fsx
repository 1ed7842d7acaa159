// PyTorch in a process of its own; see pytorch_speed.py for what it is asked.

module PyTorch

open System
open System.IO
open System.Text.Json
open Conversation

/// A running comparator, and what it said of itself.
type Comparator(conversation: Conversation, facts: JsonElement) =
    /// The version of PyTorch.
    member _.Version = facts.GetProperty("torch").GetString() |> string

    /// File names of the BLAS libraries it has loaded, and their speed.
    member _.Blas =
        let names = [ for name in facts.GetProperty("blas").EnumerateArray() -> string name ]
        let speed = facts.GetProperty("matmulGflops").GetDouble()

        let libraries =
            if names.IsEmpty then
                "built in"
            else
                String.Join(", ", names)

        let kernel =
            match facts.TryGetProperty "blasKernel" with
            | true, name when string name <> "" -> $", kernels {name}"
            | _ -> ""

        $"{libraries}{kernel}, {speed:F0} GFLOP/s at 1024³"

    member _.FlushesDenormals = facts.GetProperty("flushDenormal").GetBoolean()

    /// Milliseconds of `count` updates one after another.
    member _.Time(shape: string, variant: string, count: int) : float list =
        match conversation.Ask $"{shape} {variant} {count}" with
        | Error how ->
            failwith (
                $"PyTorch's process ended {how} while it timed {shape} {variant}"
                + conversation.LastWords
                + "; --no-pytorch leaves it out"
            )
        | Ok line ->
            let answer = JsonDocument.Parse(line).RootElement

            match answer.TryGetProperty "error" with
            | true, error -> failwith $"PyTorch on {shape}: {error.GetString()}"
            | _ -> [
                for t in answer.GetProperty("milliseconds").EnumerateArray() -> t.GetDouble()
              ]

    interface IDisposable with
        member _.Dispose() = (conversation :> IDisposable).Dispose()

let private start (root: string) (python: string) =
    let program = Path.Combine(root, "scripts", "speed", "pytorch_speed.py")
    let set = Peers.environment Native.blasKernel

    match Conversation.start set (eprintfn "%s") python [ program ] with
    | Ok(conversation, facts) ->
        Ok(new Comparator(conversation, JsonDocument.Parse(facts).RootElement))
    | Error(NotStarted reason) -> Error reason
    | Error(Ended(_, said)) -> Error $"{python}: {said}"

/// The comparator of the first interpreter that has PyTorch on a fast BLAS, or why none has.
let find (root: string) (pythons: string list) : Result<Comparator, string> =
    let rec search reasons pythons =
        match pythons with
        | [] -> Error(String.Join("; ", List.rev reasons))
        | python :: rest ->
            match start root python with
            | Ok comparator -> Ok comparator
            | Error reason -> search (reason :: reasons) rest

    search [] pythons
