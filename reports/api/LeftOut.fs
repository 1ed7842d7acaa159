namespace Repro.Reports

open System
open System.Collections.Generic
open System.Net
open System.Reflection
open System.Text.RegularExpressions
open System.Xml.Linq

/// What FSharp.Formatting leaves out of a C# assembly, read from the comments themselves: fields,
/// nested types, and methods that are async or iterators, whose attribute it cannot read.
[<RequireQualifiedAccess>]
module internal LeftOut =
    let private e (text: string) = string (WebUtility.HtmlEncode text)

    let private breaks = Regex(@"\s*\n\s*")

    /// Puts text outside of code on one line. FSharp.Formatting takes the indentation of some
    /// comments' second lines for that of code.
    let flatten (document: XDocument) =
        for node in List.ofSeq (document.DescendantNodes()) do
            match node with
            | :? XText as text when
                text.Ancestors() |> Seq.forall (fun a -> a.Name.LocalName <> "code")
                ->
                text.Value <- breaks.Replace(text.Value, " ")
            | _ -> ()

    let private attribute (name: string) (element: XElement) =
        match element.Attribute(XName.Get name) with
        | null -> ""
        | found -> found.Value

    let private code (text: string) = sprintf "<code>%s</code>" (e text)

    /// "RequireAsync" of "M:A.DataStore.RequireAsync(A.DataFile)".
    let private last (cref: string) =
        let head = cref.Split('(')[0]
        (head.Substring(head.LastIndexOf '.' + 1)).Split('`')[0]

    let rec private html (element: XElement) : string =
        element.Nodes()
        |> Seq.map (fun node ->
            match node with
            | :? XElement as inner ->
                match inner.Name.LocalName with
                | "see" -> code (last (attribute "cref" inner))
                | "paramref" -> code (attribute "name" inner)
                | "c" -> code inner.Value
                | _ -> html inner
            | :? XText as text -> e text.Value
            | _ -> "")
        |> String.concat ""
        |> fun text -> text.Trim()

    let private first (name: string) (comment: XElement) =
        match comment.Element(XName.Get name) with
        | null -> ""
        | element -> html element

    let private notes (name: string) (key: string) (nameOf: string -> string) comment =
        let all: XElement seq = (comment: XElement).Elements(XName.Get name)

        [
            for element in all ->
                {
                    ApiNote.Name = code (nameOf (attribute key element))
                    ApiNote.Text = html element
                }
        ]

    let private comment (node: XElement) : ApiComment = {
        Summary = (first "summary" node).Replace(" Source: ", "<br>Source: ")
        Remarks = first "remarks" node
        Examples = []
        Exceptions = notes "exception" "cref" last node
        TypeParameters = notes "typeparam" "name" id node
        Parameters = notes "param" "name" id node
        Returns = first "returns" node
    }

    let private nothing: ApiComment = {
        Summary = ""
        Remarks = ""
        Examples = []
        Exceptions = []
        TypeParameters = []
        Parameters = []
        Returns = ""
    }

    /// The comment of an id, empty where there is none.
    let commentOf (comments: Dictionary<string, XElement>) (id: string) : ApiComment =
        match comments.TryGetValue id with
        | true, node -> comment node
        | _ -> nothing

    let private isWritten (m: MemberInfo) =
        m.IsDefined(typeof<Runtime.CompilerServices.CompilerGeneratedAttribute>, false)
        || List.contains m.Name [ "Equals"; "GetHashCode"; "ToString"; "value__" ]

    /// The public methods, properties and fields of a type that are not among those shown, each
    /// with whether it is static.
    let members
        (comments: Dictionary<string, XElement>)
        (fileOf: Type -> string option)
        (shown: string list)
        (t: Type)
        : (bool * ApiMember) list =
        let flags =
            BindingFlags.Public
            ||| BindingFlags.Instance
            ||| BindingFlags.Static
            ||| BindingFlags.DeclaredOnly

        let isStatic (m: MemberInfo) =
            match m with
            | :? MethodInfo as f -> Some(f.IsStatic, f.IsSpecialName)
            | :? FieldInfo as f -> Some(f.IsStatic, f.IsSpecialName)
            | :? PropertyInfo as p ->
                p.GetAccessors() |> Array.tryHead |> Option.map (fun f -> f.IsStatic, false)
            | _ -> None

        [
            if not (typeof<Delegate>.IsAssignableFrom t) then
                for m in t.GetMembers flags do
                    match isStatic m with
                    | Some(isStatic, false) when not (isWritten m || List.contains m.Name shown) ->
                        isStatic,
                        {
                            Name = m.Name
                            Signature = Signatures.ofMember fileOf m.Name m
                            Comment = commentOf comments (DocIds.ofMember m)
                        }
                    | _ -> ()
        ]
