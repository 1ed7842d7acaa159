namespace Repro.Reports

open System.Collections.Generic
open System.IO
open System.Net
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq
open FSharp.Compiler.Symbols
open FSharp.Formatting.ApiDocs
open System

/// The public types of an assembly, as FSharp.Formatting reads them.
[<RequireQualifiedAccess>]
module internal Types =
    let private e (text: string) = WebUtility.HtmlEncode text |> string

    /// A type and those nested in it.
    let rec private withNested (entity: ApiDocEntity) = [
        entity
        for nested in entity.NestedEntities do
            if not nested.Exclude then
                yield! withNested nested
    ]

    let private kindOf (entity: ApiDocEntity) =
        let symbol = entity.Symbol

        if symbol.IsEnum then "enumeration"
        elif symbol.IsInterface then "interface"
        elif symbol.IsDelegate then "delegate"
        elif symbol.IsValueType then "struct"
        else "class"

    /// What the compiler writes into a record and its like, where nothing is said of it.
    let private isWritten (m: ApiDocMember) =
        Comments.textOf m.Comment.Summary = ""
        && (match m.Symbol with
            | :? FSharpMemberOrFunctionOrValue as f ->
                List.contains f.CompiledName [
                    "Equals"
                    "GetHashCode"
                    "ToString"
                    "op_Equality"
                    "op_Inequality"
                    "<Clone>$"
                    "Deconstruct"
                    "EqualityContract"
                    "get_EqualityContract"
                    "PrintMembers"
                ]
                // A record's constructor from another of its kind.
                || (f.IsConstructor
                    && f.CurriedParameterGroups
                       |> Seq.concat
                       |> Seq.map _.Name
                       |> List.ofSeq
                       |> (=) [ Some "original" ])
            | _ -> m.Name = "value__")

    let private bounds = Regex(@"\[0:(?:,\s*0:)*\]")

    let private ranked (separator: string) (more: int) (id: string) =
        bounds.Replace(
            id,
            fun m ->
                let rank = m.Value.Split(':').Length - 1 + more
                "[" + String.Join(separator, Seq.replicate rank "0:") + "]"
        )

    // The compiler service that FSharp.Formatting reads with writes T[,] as T[0:] in its ids and
    // T[,,] as T[0:, 0:], and so would find no comment of a member that takes a matrix.
    // Nor does it write what a conversion converts to.
    let private asRead (id: string) = ranked ", " -1 (id.Split('~')[0])
    let private asWritten (id: string) = ranked "," 1 id

    let private idOf (m: ApiDocMember) =
        match m.Symbol with
        | :? FSharpMemberOrFunctionOrValue as f -> asWritten f.XmlDocSig
        | :? FSharpField as f -> asWritten f.XmlDocSig
        | _ -> ""

    let private plain (entity: ApiDocEntity) = entity.Name.Split('<')[0]

    /// What the reference takes from elsewhere than FSharp.Formatting: members by their ids, the
    /// comments' own text, and the page of a type.
    type private Beside = {
        Members: Dictionary<string, MemberInfo>
        Comments: Dictionary<string, XElement>
        FileOf: Type -> string option
    }

    let private typeParameters (beside: Beside) (id: string) : ApiNote list =
        match beside.Comments.TryGetValue id with
        | true, node -> [
            for parameter in node.Elements(XName.Get "typeparam") do
                let name =
                    match parameter.Attribute(XName.Get "name") with
                    | null -> ""
                    | name -> name.Value

                {
                    Name = "<code>" + e name + "</code>"
                    Text = e (parameter.Value.Trim())
                }
          ]
        | _ -> []

    let private parameterNames (m: MemberInfo) =
        let names (all: ParameterInfo array) = [ for p in all -> string p.Name ]

        match m with
        | :? MethodBase as f -> names (f.GetParameters())
        | :? PropertyInfo as p -> names (p.GetIndexParameters())
        | _ -> []

    /// The member of an id; where FSharp.Formatting writes it otherwise than the C# compiler, the
    /// one of the same type and name, of several the one whose parameters have the same names.
    let private found (beside: Beside) (id: string) (m: ApiDocMember) =
        match beside.Members.TryGetValue id with
        | true, declared -> Some declared
        | _ ->
            let head = (id.Substring 2).Split('(')[0]
            let start = sprintf "%s:%s" (id.Substring(0, 1)) head

            let named = [
                for KeyValue(key, declared) in beside.Members do
                    if key.Split('(', '~')[0] = start then
                        declared
            ]

            let given = [ for p in m.Parameters -> p.ParameterNameText.TrimStart '?' ]

            named
            |> List.tryFind (fun declared -> parameterNames declared = given)
            |> Option.orElse (List.tryHead named)

    let private memberOf beside (entity: ApiDocEntity) (whole: ApiComment) (m: ApiDocMember) =
        let id = idOf m
        let isConstructor = id.Contains "#ctor"
        let name = if isConstructor then plain entity else m.Name
        let comment = Comments.ofMember m

        // A primary constructor has its type's comment, which stands above it already.
        let comment =
            if comment.Summary = whole.Summary then
                {
                    comment with
                        Summary = ""
                        Remarks = ""
                        Examples = []
                }
            else
                comment

        let signature =
            match found beside id m with
            | Some declared -> Signatures.ofMember beside.FileOf name declared
            | None ->
                failwithf
                    "The member '%s' (%s) of %s is not found in the assembly."
                    m.Name
                    id
                    entity.Name

        {
            Name = name
            Signature = signature
            Comment = {
                comment with
                    TypeParameters = typeParameters beside id
            }
        }

    let private typeOf (beside: Beside) (space: string) (entity: ApiDocEntity) : ApiType =
        let id = entity.Symbol.XmlDocSig

        let comment = {
            Comments.ofComment entity.Comment with
                TypeParameters = typeParameters beside id
        }

        let group title (members: ApiDocMember list) : ApiGroup option =
            match members |> List.filter (fun m -> not (m.Exclude || isWritten m)) with
            | [] -> None
            | shown ->
                Some {
                    Title = title
                    Members = List.map (memberOf beside entity comment) shown
                }

        let bases =
            match beside.Members.TryGetValue id with
            | true, (:? Type as t) when not (t.IsEnum || typeof<Delegate>.IsAssignableFrom t) -> [
                match t.BaseType with
                | null -> ()
                | b when b = typeof<obj> || b = typeof<ValueType> -> ()
                | b -> Signatures.typeOf beside.FileOf null b

                for i in t.GetInterfaces() do
                    // A record's own, which every record has.
                    if i.Name <> "IEquatable`1" then
                        Signatures.typeOf beside.FileOf null i
              ]
            | _ -> []

        let read =
            [
                group "Constructors" entity.Constructors
                group "Values" (entity.UnionCases @ entity.RecordFields @ entity.ValuesAndFuncs)
                group "Members" entity.InstanceMembers
                group "Static members" entity.StaticMembers
            ]
            |> List.choose (fun g -> g)

        let left =
            let shown = [
                for g in read do
                    for m in g.Members -> m.Name
            ]

            match beside.Members.TryGetValue id with
            | true, (:? Type as t) -> LeftOut.members beside.Comments beside.FileOf shown t
            | _ -> []

        let groups = [
            for title in [ "Constructors"; "Values"; "Members"; "Static members" ] do
                let own = read |> List.filter (fun g -> g.Title = title) |> List.collect _.Members

                let more = [
                    for isStatic, m in left do
                        if title = (if isStatic then "Static members" else "Members") then
                            m
                ]

                if not (own.IsEmpty && more.IsEmpty) then
                    { Title = title; Members = own @ more }
        ]

        {
            Name = entity.Name.Replace("'", "")
            Namespace = space
            File = entity.UrlBaseName + ".html"
            Kind = kindOf entity
            Bases = bases
            Comment = comment
            Groups = groups
        }

    let private fileOfType (t: Type) =
        (DocIds.ofType t).Substring(2).ToLowerInvariant().Replace('.', '-').Replace('`', '-')
        + ".html"

    /// A type that FSharp.Formatting leaves out, as are all that stand within another.
    let private leftOut (beside: Beside) (t: Type) : ApiType =
        let members = LeftOut.members beside.Comments beside.FileOf [] t

        {
            Name = t.Name.Split('`')[0]
            Namespace = string t.Namespace
            File = fileOfType t
            Kind =
                if t.IsEnum then "enumeration"
                elif t.IsInterface then "interface"
                elif t.IsValueType then "struct"
                elif typeof<Delegate>.IsAssignableFrom t then "delegate"
                else "class"
            Bases = []
            Comment = LeftOut.commentOf beside.Comments (DocIds.ofType t)
            Groups = [
                for title, isStatic in [ "Members", false; "Static members", true ] do
                    match members |> List.filter (fun (s, _) -> s = isStatic) with
                    | [] -> ()
                    | some -> {
                        Title = title
                        Members = List.map snd some
                      }
            ]
        }

    /// A copy of the comments under the ids that FSharp.Formatting looks for.
    let private saveAsRead (document: XDocument) (path: string) =
        let copy = XDocument document

        for KeyValue(id, node) in Inherited.members copy do
            node.SetAttributeValue(XName.Get "name", asRead id)

        copy.Save path

    /// Reads an assembly and the XML file of comments beside it.
    let read (assembly: string) : ApiReference =
        let name = string (Path.GetFileNameWithoutExtension assembly)
        let comments = Path.ChangeExtension(assembly, ".xml") |> string

        for path in [ assembly; comments ] do
            if not (File.Exists path) then
                raise (
                    FileNotFoundException(
                        sprintf "'%s' does not exist. Build the engine first." path
                    )
                )

        let folder = Directory.CreateTempSubdirectory "repro-api-"

        try
            let whole = Path.Combine(folder.FullName, name + ".xml")
            let loaded = Assembly.LoadFrom(Path.GetFullPath assembly)
            let document = Inherited.resolve loaded comments
            LeftOut.flatten document
            saveAsRead document whole

            let input = {
                ApiDocInput.FromFile(assembly, warn = false) with
                    XmlFile = Some whole
            }

            let model =
                ApiDocs.GenerateModel(
                    [ input ],
                    collectionName = name,
                    substitutions = [],
                    libDirs = [ string (Path.GetDirectoryName(Path.GetFullPath assembly)) ],
                    root = "../"
                )

            let entities = [
                for space in model.Collection.Namespaces do
                    for entity in space.Entities do
                        if not entity.Exclude then
                            for each in withNested entity -> space.Name, each
            ]

            let files = Dictionary<string, string>(StringComparer.Ordinal)

            for _, entity in entities do
                files[entity.Symbol.XmlDocSig] <- entity.UrlBaseName + ".html"

            let others =
                loaded.GetExportedTypes()
                // A name with such a sign is the compiler's own.
                |> Array.filter (fun t ->
                    not (files.ContainsKey(DocIds.ofType t) || t.Name.StartsWith '<'))
                |> List.ofArray

            for t in others do
                files[DocIds.ofType t] <- fileOfType t

            let fileOf (t: Type) =
                let own = if t.IsGenericType then t.GetGenericTypeDefinition() else t

                match files.TryGetValue(DocIds.ofType own) with
                | true, file when not t.IsGenericParameter -> Some file
                | _ -> None

            let beside = {
                Members = DocIds.all loaded
                Comments = Inherited.members document
                FileOf = fileOf
            }

            {
                Assembly = name
                Types =
                    entities
                    |> List.map (fun (space, entity) -> typeOf beside space entity)
                    |> List.append (others |> List.map (leftOut beside))
                    |> List.sortWith (fun a b ->
                        match String.CompareOrdinal(a.Namespace, b.Namespace) with
                        | 0 -> String.CompareOrdinal(a.Name, b.Name)
                        | order -> order)
            }
        finally
            folder.Delete true
