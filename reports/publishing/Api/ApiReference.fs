namespace Repro.Reports

open System.IO
open System.Text.Json

/// A name and what is said of it, both as HTML.
type ApiNote = { Name: string; Text: string }

/// What a comment says, as HTML; "" and [] where it says nothing.
type ApiComment = {
    Summary: string
    Remarks: string
    Examples: string list
    Exceptions: ApiNote list
    TypeParameters: ApiNote list
    Parameters: ApiNote list
    Returns: string
}

/// A constructor, method, property, field, event or member of an enumeration.
type ApiMember = {
    Name: string
    /// Name, parameters and type, as HTML.
    Signature: string
    Comment: ApiComment
}

/// Members of one kind under their heading.
type ApiGroup = {
    Title: string
    Members: ApiMember list
}

/// A public type.
type ApiType = {
    Name: string
    Namespace: string
    /// The name of its page, without a folder; other types' texts link to it.
    File: string
    /// "class", "struct", "interface", "enumeration" or "delegate".
    Kind: string
    /// What it derives from and implements, as HTML.
    Bases: string list
    Comment: ApiComment
    Groups: ApiGroup list
}

/// The public types of a library with their comments.
///
/// `reports/api` reads them with FSharp.Formatting when the library is built, which takes seconds,
/// and leaves them as a file beside the assemblies; pages are written from that file.
type ApiReference = {
    /// The library's name, such as "Repro.Engine".
    Assembly: string
    /// By namespace, then by name.
    Types: ApiType list
}

[<RequireQualifiedAccess>]
module ApiReference =
    /// The file's name.
    [<Literal>]
    let FileName = "api.json"

    /// The bytes are a function of the value alone.
    let write (reference: ApiReference) : string =
        JsonSerializer.Serialize reference + "\n"

    /// What `write` wrote. Raises InvalidDataException for anything else.
    let read (path: string) : ApiReference =
        let wrong (why: string) : ApiReference =
            raise (
                InvalidDataException(
                    sprintf
                        "'%s' is no list of a library's types (%s). Build reports/api again."
                        path
                        why
                )
            )

        try
            match JsonSerializer.Deserialize<ApiReference | null>(File.ReadAllText path) with
            | null -> wrong "null"
            | reference -> reference
        with :? JsonException as error ->
            wrong error.Message
