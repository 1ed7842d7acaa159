module Repro.Reports.Program

open System
open System.IO

/// `Repro.Api ASSEMBLY FILE`: exit code 2 for wrong use, 1 where something is missing.
[<EntryPoint>]
let main arguments =
    match arguments with
    | [| assembly; file |] ->
        try
            // FSharp.Formatting says on the output what it does.
            let output = Console.Out
            Console.SetOut TextWriter.Null
            let reference = Types.read assembly
            Console.SetOut output
            let temporary = file + "." + string Environment.ProcessId + ".tmp"
            File.WriteAllText(temporary, ApiReference.write reference)
            File.Move(temporary, file, true)
            0
        with :? IOException as error ->
            Console.Error.WriteLine("error: " + error.Message)
            1
    | _ ->
        Console.Error.WriteLine "error: give a library's assembly and the file to write"

        2
