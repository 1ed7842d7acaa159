namespace Repro.Reports

open System
open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Nodes

/// JSON whose members keep the order that they were given in.
[<RequireQualifiedAccess>]
module internal Json =
    /// A number; null where it is not finite.
    let number (v: float) : JsonNode | null =
        if Double.IsFinite v then JsonValue.Create v else null

    /// A text.
    let text (v: string) : JsonNode | null = JsonValue.Create v

    /// True or false.
    let flag (v: bool) : JsonNode | null = JsonValue.Create v

    /// A list. A value stands in one list or object only.
    let list (items: (JsonNode | null) seq) : JsonNode | null = JsonArray(Array.ofSeq items)

    /// An object. A value stands in one list or object only.
    let object' (members: (string * (JsonNode | null)) list) : JsonNode | null =
        let node = JsonObject()

        for name, value in members do
            node[name] <- value

        node

    let private options =
        JsonSerializerOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    /// The value on one line, safe inside a script element: no text of it may open or close a tag
    /// or a comment.
    let write (json: JsonNode | null) =
        match json with
        | null -> "null"
        | json ->
            json
                .ToJsonString(options)
                .Replace("<", "\\u003c")
                .Replace(">", "\\u003e")
                .Replace("&", "\\u0026")
                .Replace("\u2028", "\\u2028")
                .Replace("\u2029", "\\u2029")
