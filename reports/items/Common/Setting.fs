namespace Repro.Reports.Items

open System
open System.Text.Json.Nodes
open Repro.Engine.Judging
open Repro.Engine.Records

/// A value of a protocol's `settings`: the engine's own reader, in F#'s terms.
type Setting = SettingsNode

[<AutoOpen>]
module Settings =
    type SettingsNode with

        /// The settings of a protocol.
        static member Of(protocol: Protocol) =
            SettingsNode("the protocol's settings", protocol.Settings)

        /// The elements of an array.
        member this.List = List.ofSeq this.Elements

        /// An element of an array.
        member this.At(index: int) = this[index]

        /// These settings with one member set to a list of whole numbers.
        member this.WithWholes(key: string, values: int64 list) =
            this.With(
                key,
                JsonArray([| for v in values -> JsonValue.Create v :> JsonNode | null |])
            )

        /// These settings with one member set to a text.
        member this.WithText(key: string, value: string) =
            this.With(key, JsonValue.Create value)

        /// The case of an enumeration, in any spelling of capitals.
        member this.Case<'t when 't: struct and 't: (new: unit -> 't) and 't :> ValueType>() : 't =
            match Enum.TryParse<'t>(this.Text, true) with
            | true, result -> result
            | _ ->
                let names = String.Join(", ", Enum.GetNames(typeof<'t>))
                raise (this.Expected $"one of {names}")
