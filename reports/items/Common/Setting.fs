namespace Repro.Reports.Items

open System
open System.Text.Json
open System.Text.Json.Nodes
open Repro.Engine.Judging

/// A value of a protocol's `settings`, with its place for messages. Reading one that is missing
/// or of another kind raises a ProtocolException that says where and what was expected.
type Setting private (place: string, node: JsonNode | null) =
    let wrong (expected: string) : exn =
        let found =
            match node with
            | null -> "nothing"
            | node -> node.ToJsonString()

        ProtocolException($"the protocol's {place} should be {expected}, but there is {found}")

    let read (expected: string) (kinds: JsonValueKind list) (get: JsonValue -> 't) : 't =
        match node with
        | :? JsonValue as v when List.contains (v.GetValueKind()) kinds ->
            try
                get v
            with :? FormatException ->
                raise (wrong expected)
        | _ -> raise (wrong expected)

    /// The settings of a protocol.
    static member Of(protocol: Protocol) = Setting("settings", protocol.Settings)

    /// A member.
    member _.Item
        with get (key: string) =
            match node with
            | :? JsonObject as o -> Setting($"{place}.{key}", o[key])
            | _ -> raise (wrong "an object")

    /// Whether there is such a member and it is not null.
    member _.Has(key: string) =
        match node with
        | :? JsonObject as o -> not (isNull o[key])
        | _ -> raise (wrong "an object")

    /// These settings with one member set to a list of whole numbers.
    member this.WithWholes(key: string, values: int64 list) : Setting =
        let o = JsonObject()
        o[key] <- JsonArray([| for v in values -> JsonValue.Create v :> JsonNode |])
        this.With(Setting(place, o))

    /// These settings with one member set to a text.
    member this.WithText(key: string, value: string) : Setting =
        let o = JsonObject()
        o[key] <- JsonValue.Create value
        this.With(Setting(place, o))

    member _.Text = read "a text" [ JsonValueKind.String ] _.GetValue<string>()

    member _.Whole = read "a whole number" [ JsonValueKind.Number ] _.GetValue<int64>()
    member _.Number = read "a number" [ JsonValueKind.Number ] _.GetValue<float>()

    member _.Flag =
        read "true or false" [ JsonValueKind.True; JsonValueKind.False ] _.GetValue<bool>()

    /// The elements of an array.
    member _.List =
        match node with
        | :? JsonArray as a -> [ for i in 0 .. a.Count - 1 -> Setting($"{place}[{i}]", a[i]) ]
        | _ -> raise (wrong "a list")

    /// An element of an array.
    member this.At(index: int) = this.List[index]

    /// The case of an enumeration, in any spelling of capitals.
    member this.Case<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>() : 't =
        match Enum.TryParse<'t>(this.Text, true) with
        | true, result -> result
        | _ -> raise (wrong $"one of {String.Join(',', Enum.GetNames(typeof<'t>))}")

    /// These members, with those of `changes` in their place.
    member _.With(changes: Setting) : Setting =
        match node, (changes.Node: JsonNode | null) with
        | (:? JsonObject as o), (:? JsonObject as c) ->
            let merged = JsonObject()

            for source in [ o; c ] do
                for pair in source do
                    match pair.Value with
                    | null -> merged[pair.Key] <- null
                    | v -> merged[pair.Key] <- v.DeepClone()

            Setting(place, merged)
        | _ -> raise (wrong "an object")

    member private _.Node: JsonNode | null = node
