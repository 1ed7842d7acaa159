// The assemblies every script uses, built by build.fsx.

#r "../../reports/items/bin/Release/net10.0/MathNet.Numerics.dll"
#r "../../reports/items/bin/Release/net10.0/Newtonsoft.Json.dll"
#r "../../reports/items/bin/Release/net10.0/DynamicObj.dll"
#r "../../reports/items/bin/Release/net10.0/Giraffe.ViewEngine.dll"
#r "../../reports/items/bin/Release/net10.0/Plotly.NET.dll"
#r "../../reports/items/bin/Release/net10.0/Spectre.Console.dll"
#r "../../reports/items/bin/Release/net10.0/Repro.Engine.dll"
#r "../../reports/items/bin/Release/net10.0/Repro.Publishing.dll"
#r "../../reports/items/bin/Release/net10.0/Repro.Items.dll"

open System.IO

/// The repository's folder.
let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

/// Whether `dotnet fsi` was given this script, as opposed to one that loads it.
let isMain (file: string) =
    fsi.CommandLineArgs.Length > 0 && Path.GetFileName fsi.CommandLineArgs[0] = file

/// The options after the script's name.
let arguments = fsi.CommandLineArgs |> List.ofArray |> List.tail
