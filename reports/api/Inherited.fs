namespace Repro.Reports

open System
open System.Collections.Generic
open System.Reflection
open System.Xml.Linq

/// Comments that say `<inheritdoc/>`: FSharp.Formatting shows nothing for them, so what they stand
/// for is put in their place first.
[<RequireQualifiedAccess>]
module internal Inherited =
    /// A type's name as comments spell it.
    let private nameOf (t: Type) =
        let definition = if t.IsGenericType then t.GetGenericTypeDefinition() else t

        match definition.FullName with
        | null -> ""
        | name -> name.Replace('+', '.')

    /// Where a type's members may have their comments from, the nearest first.
    let private ancestors (t: Type) =
        let bases =
            t.BaseType
            |> List.unfold (fun current ->
                match current with
                | null -> None
                | b -> Some(nameOf b, b.BaseType))

        bases @ [ for i in t.GetInterfaces() -> nameOf i ]

    /// "Advance" and 2 of "M:A.B.Advance(System.Int32,System.Int32)".
    let private shapeOf (suffix: string) =
        match suffix.IndexOf '(' with
        | -1 -> suffix, 0
        | at ->
            let mutable depth = 0
            let mutable commas = 0

            for c in suffix.Substring at do
                match c with
                | '{'
                | '[' -> depth <- depth + 1
                | '}'
                | ']' -> depth <- depth - 1
                | ',' when depth = 0 -> commas <- commas + 1
                | _ -> ()

            suffix.Substring(0, at), commas + 1

    /// The type in "M:A.B.Advance(System.Int32)", and what follows it.
    let private partsOf (id: string) =
        let head =
            match id.IndexOf '(' with
            | -1 -> id
            | at -> id.Substring(0, at)

        match head.LastIndexOf '.' with
        | -1 -> "", ""
        | dot -> id.Substring(2, dot - 2), id.Substring(dot + 1)

    /// A document's comments by the ids of what they speak of.
    let members (document: XDocument) =
        let found = Dictionary<string, XElement>()

        for node in document.Descendants(XName.Get "member") do
            match node.Attribute(XName.Get "name") with
            | null -> ()
            | name -> found[name.Value] <- node

        found

    /// The comments of an assembly, with none inherited.
    let resolve (assembly: Assembly) (comments: string) : XDocument =
        let document = XDocument.Load comments
        let known = members document

        let ancestorsOf =
            let types = Dictionary<string, Type>()

            for t in assembly.GetTypes() do
                types[nameOf t] <- t

            fun (name: string) ->
                match types.TryGetValue name with
                | true, t -> ancestors t
                | _ -> []

        /// A member of an ancestor with the same name and parameters; where a type parameter makes
        /// them differ in writing, the only one with as many.
        let original (id: string) =
            let kind = id.Substring(0, 2)
            let owner, suffix = partsOf id

            ancestorsOf (if kind = "T:" then id.Substring 2 else owner)
            |> List.tryPick (fun ancestor ->
                if kind = "T:" then
                    known.Keys |> Seq.tryFind ((=) (kind + ancestor))
                else
                    let exact = sprintf "%s%s.%s" kind ancestor suffix

                    if known.ContainsKey exact then
                        Some exact
                    else
                        known.Keys
                        |> Seq.filter (fun other ->
                            other.StartsWith(kind, StringComparison.Ordinal)
                            && (let otherOwner, otherSuffix = partsOf other
                                otherOwner = ancestor && shapeOf otherSuffix = shapeOf suffix))
                        |> List.ofSeq
                        |> function
                            | [ only ] -> Some only
                            | _ -> None)

        let rec contents (seen: string list) (id: string) : XNode list =
            match known.TryGetValue id with
            | true, node when not (List.contains id seen) -> [
                for child in node.Nodes() do
                    match child with
                    | :? XElement as element when element.Name.LocalName = "inheritdoc" ->
                        let source =
                            match element.Attribute(XName.Get "cref") with
                            | null -> original id
                            | cref -> Some cref.Value

                        match source with
                        | Some source -> yield! contents (id :: seen) source
                        | None -> ()
                    | child -> child
              ]
            | _ -> []

        for KeyValue(id, node) in List.ofSeq known do
            if not (Seq.isEmpty (node.Descendants(XName.Get "inheritdoc"))) then
                // A node that has a parent is copied when it is added to another.
                let copies = contents [] id |> List.map box |> Array.ofList
                node.RemoveNodes()
                node.Add copies

        document
