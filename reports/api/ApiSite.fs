namespace Repro.Reports

open System.IO

/// Writes the API reference into a site.
[<RequireQualifiedAccess>]
module ApiSite =
    /// Writes the pages of an assembly's public types to the site's folder `reference` and returns
    /// the files written. Pages of types that are gone are deleted.
    let write (site: string) (built: BuiltFrom option) (assembly: string) : string list =
        let spaces = ApiModel.namespaces (ApiModel.read assembly)
        let folder = Path.Combine(site, ApiModel.Folder)

        let place = {
            Site.placeBelow site built with
                HasApi = true
        }

        let files = [
            Path.Combine(folder, "index.html"), ApiHtml.index place spaces

            for space, entities in spaces do
                for entity in entities do
                    Path.Combine(folder, ApiHtml.fileOf entity), ApiHtml.entity place space entity
        ]

        if Directory.Exists folder then
            let wanted = files |> List.map (fst >> Path.GetFullPath) |> Set.ofList

            for path in Directory.GetFiles(folder, "*.html") do
                if not (wanted.Contains(Path.GetFullPath path)) then
                    File.Delete path

        for path, text in Site.assets site @ files do
            Site.writeFile path text |> ignore

        List.map fst files
