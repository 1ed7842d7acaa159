(**
# The API reference

Writes the reference of the engine's public types into a site: a page for each type with its
comments and example, and one that lists and searches them. FSharp.Formatting reads the assembly and
its comments, and the pages have the site's own style. The next `regenerate.fsx` into the same folder
links them from the index.

    dotnet fsi scripts/api.fsx --out out
*)

#load "shared/build.fsx"
#load "shared/prelude.fsx"

open System.Diagnostics
open System.IO
open Repro.Engine.Records

let help =
    """usage: dotnet fsi scripts/api.fsx [options]

Writes the reference of the engine's types into a site.

options:
  --out DIR   the site's folder (out)
  --help      this text"""

let wrong (message: string) : 'a =
    eprintfn "error: %s" message
    exit 2

let rec options (out: string) arguments =
    match arguments with
    | [] -> out
    | ("--help" | "-h" | "help") :: _ ->
        printfn "%s" help
        exit 0
    | "--out" :: value :: rest when not (value.StartsWith "--") -> options value rest
    | "--out" :: _ -> wrong "--out needs a value; see --help"
    | other :: _ ->
        match NearestWord.Of(other, [ "--out"; "--help" ]) with
        | null -> wrong $"there is no option '{other}'; known are --out and --help"
        | near -> wrong $"there is no option '{other}'; did you mean {near}? See --help"

let run (arguments: string list) =
    use running =
        Process.Start(ProcessStartInfo("dotnet", arguments, WorkingDirectory = Prelude.root))

    running.WaitForExit()
    running.ExitCode

let out =
    Prelude.arguments
    |> options (Path.Combine(Prelude.root, "out"))
    |> Path.GetFullPath

let at (path: string) = Path.Combine(Prelude.root, path)

let built =
    run [
        "build"
        "reports/api/Repro.Api.fsproj"
        "-c"
        "Release"
        "--nologo"
        "-v"
        "quiet"
        "-clp:ErrorsOnly"
    ]

if built <> 0 then
    eprintfn "error: reports/api does not build; the messages above say why"
    exit 1

exit (
    run [
        "exec"
        at "reports/api/bin/Release/net10.0/Repro.Api.dll"
        at "engine/bin/Release/net10.0/Repro.Engine.dll"
        out
    ]
)
