// A program that answers each line with a line, in a process of its own.

module Conversation

open System
open System.ComponentModel
open System.Diagnostics
open System.IO

/// Why a program is not talked to.
type Silence =
    | NotStarted of reason: string
    /// It ended without a word; its last line of errors may be empty.
    | Ended of exitCode: int * said: string

/// A running program, and its last line of errors.
type Conversation(subject: Process, said: unit -> string) =
    /// The answer to a line; an error that says how the program ended, where it did.
    member _.Ask(line: string) : Result<string, string> =
        let answer =
            try
                subject.StandardInput.WriteLine line
                subject.StandardInput.Flush()
                subject.StandardOutput.ReadLine()
            with :? IOException ->
                null

        match answer with
        | null ->
            let how =
                if subject.WaitForExit 5000 then
                    // Without a limit it also waits for the last words.
                    subject.WaitForExit()
                    $"with exit code {subject.ExitCode}"
                else
                    "without answering"

            Error how
        | answer -> Ok answer

    /// Its last line of errors as the end of a sentence; empty where there is none.
    member _.LastWords =
        match said () with
        | "" -> ""
        | said -> $"; it said: {said}"

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

/// Starts a program and waits for its first line; `heard` is given each line of errors after it.
let start
    (set: ProcessStartInfo -> unit)
    (heard: string -> unit)
    (program: string)
    (arguments: string list)
    : Result<Conversation * string, Silence> =
    let info =
        ProcessStartInfo(
            program,
            arguments,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    set info

    try
        match Process.Start info with
        | null -> Error(NotStarted $"'{program}' could not be started")
        | subject ->
            match subject.StandardOutput.ReadLine() with
            | null ->
                let lines = subject.StandardError.ReadToEnd().Trim().Split '\n'
                subject.WaitForExit()
                Error(Ended(subject.ExitCode, Array.last lines))
            | first ->
                let last = ref ""

                subject.ErrorDataReceived.Add(fun line ->
                    if not (String.IsNullOrWhiteSpace line.Data) then
                        heard (string line.Data)
                        last.Value <- string line.Data)

                subject.BeginErrorReadLine()
                Ok(new Conversation(subject, (fun () -> last.Value)), first)
    with :? Win32Exception as error ->
        Error(NotStarted $"'{program}' could not be started: {error.Message}")
