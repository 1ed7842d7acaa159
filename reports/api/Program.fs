module Repro.Reports.Program

open System
open System.IO

/// `Repro.Api ASSEMBLY SITE`: exit code 2 for wrong use, 1 where something is missing.
[<EntryPoint>]
let main arguments =
    match arguments with
    | [| assembly; site |] ->
        try
            let files = ApiSite.write site None assembly
            let bytes = files |> List.sumBy (fun path -> FileInfo(path).Length)

            Console.Out.WriteLine(
                "{0} pages, {1} KB: {2}",
                files.Length,
                bytes / 1024L,
                List.head files
            )

            0
        with :? IOException as error ->
            Console.Error.WriteLine("error: " + error.Message)
            1
    | _ ->
        Console.Error.WriteLine "error: give the engine's assembly and the site's folder"
        2
