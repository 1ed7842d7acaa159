// PyTorch in a process of its own; see pytorch_speed.py for what it is asked.

module PyTorch

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text.Json

/// A running comparator, what it said of itself, and its last line of errors.
type Comparator(subject: Process, facts: JsonElement, lastError: unit -> string) =
    // What it was asked when its process ended, with what ended it.
    let ended (what: string) =
        let how =
            if subject.WaitForExit 5000 then
                // Without a limit it also waits for the last words.
                subject.WaitForExit()
                $"with exit code {subject.ExitCode}"
            else
                "without answering"

        let why = lastError ()

        failwith (
            $"PyTorch's process ended {how} while it timed {what}"
            + (if why = "" then "" else $"; it said: {why}")
            + "; --no-pytorch leaves it out"
        )

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
        try
            subject.StandardInput.WriteLine $"{shape} {variant} {count}"
            subject.StandardInput.Flush()
        with :? IOException ->
            ended $"{shape} {variant}"

        match subject.StandardOutput.ReadLine() with
        | null -> ended $"{shape} {variant}"
        | line ->
            let answer = JsonDocument.Parse(line).RootElement

            match answer.TryGetProperty "error" with
            | true, error -> failwith $"PyTorch on {shape}: {error.GetString()}"
            | _ -> [
                for t in answer.GetProperty("milliseconds").EnumerateArray() -> t.GetDouble()
              ]

    interface IDisposable with
        member _.Dispose() =
            try
                subject.StandardInput.WriteLine "quit"
                subject.StandardInput.Flush()
            with :? IOException ->
                ()

            if not (subject.WaitForExit 5000) then
                subject.Kill()

            subject.Dispose()

let private start (root: string) (python: string) =
    let info =
        ProcessStartInfo(
            python,
            [ Path.Combine(root, "scripts", "speed", "pytorch_speed.py") ],
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    Peers.environment Native.blasKernel info

    try
        match Process.Start info with
        | null -> Error $"'{python}' could not be started"
        | subject ->
            match subject.StandardOutput.ReadLine() with
            | null ->
                let lines = subject.StandardError.ReadToEnd().Trim().Split '\n'
                Error $"{python}: {Array.last lines}"
            | facts ->
                let lastError = ref ""

                subject.ErrorDataReceived.Add(fun line ->
                    if not (String.IsNullOrWhiteSpace line.Data) then
                        eprintfn "%s" line.Data
                        lastError.Value <- string line.Data)

                subject.BeginErrorReadLine()

                Ok(
                    new Comparator(
                        subject,
                        JsonDocument.Parse(facts).RootElement,
                        fun () -> lastError.Value
                    )
                )
    with :? Win32Exception as error ->
        Error $"'{python}' could not be started: {error.Message}"

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
