namespace Repro.Reports.Items

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
