namespace Repro.Reports

open System.IO
open FSharp.Formatting.ApiDocs

/// The public types of an assembly with their comments, as FSharp.Formatting reads them.
[<RequireQualifiedAccess>]
module ApiModel =
    /// The folder of the pages, as FSharp.Formatting's links spell it.
    [<Literal>]
    let Folder = "reference"

    /// Reads an assembly and the XML file of comments beside it. Raises FileNotFoundException
    /// where one of them is missing.
    let read (assembly: string) : ApiDocModel =
        let folder, name =
            match Path.GetDirectoryName(Path.GetFullPath assembly) with
            | null -> ".", string (Path.GetFileNameWithoutExtension assembly)
            | folder -> folder, string (Path.GetFileNameWithoutExtension assembly)

        for path in [ assembly; Path.Combine(folder, name + ".xml") ] do
            if not (File.Exists path) then
                raise (
                    FileNotFoundException(
                        sprintf
                            "'%s' does not exist. Build the engine first: dotnet build engine \
                             -c Release."
                            path
                    )
                )

        ApiDocs.GenerateModel(
            [ ApiDocInput.FromFile(assembly, warn = false) ],
            collectionName = name,
            substitutions = [],
            libDirs = [ folder ],
            root = "../"
        )

    /// A type and those nested in it.
    let rec private withNested (entity: ApiDocEntity) = [
        entity
        for nested in entity.NestedEntities do
            if not nested.Exclude then
                yield! withNested nested
    ]

    /// The namespaces by name, each with its types by name.
    let namespaces (model: ApiDocModel) : (string * ApiDocEntity list) list =
        [
            for space in model.Collection.Namespaces ->
                space.Name,
                space.Entities
                |> List.filter (fun entity -> not entity.Exclude)
                |> List.collect withNested
                |> List.sortWith (fun a b -> System.String.CompareOrdinal(a.Name, b.Name))
        ]
        |> List.filter (fun (_, entities) -> not entities.IsEmpty)
        |> List.sortWith (fun (a, _) (b, _) -> System.String.CompareOrdinal(a, b))
