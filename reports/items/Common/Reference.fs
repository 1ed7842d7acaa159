namespace Repro.Reports.Items

open System.IO
open Repro.Reports

/// The engine's public types, as the build left them beside the assemblies.
module Reference =
    type private Marker = class end

    /// None where these assemblies were built without it.
    let ofEngine () : ApiReference option =
        let assembly = typeof<Marker>.Assembly.Location
        let folder = Path.GetDirectoryName(assembly: string) |> string
        let path = Path.Combine(folder, ApiReference.FileName)

        if File.Exists path then
            Some(ApiReference.read path)
        else
            None
