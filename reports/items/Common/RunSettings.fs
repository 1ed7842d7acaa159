namespace Repro.Reports.Items

open System
open System.Globalization
open System.Text.Json.Nodes
open Repro.Engine.Records

/// A run's settings as a protocol states them: what all its runs share, and parts of it that
/// change members of that, all in the words of a recorded run's spec. The engine reads the whole.
module RunSettings =
    /// The entry that a text names exactly; another text is refused with the nearest name.
    let among (entries: (string * 'a) list) (name: Setting) : 'a =
        name.Choice [| for known, value in entries -> struct (known, Func<'a>(fun () -> value)) |]

    /// The member of an object that a text names exactly.
    let named (table: Setting) (name: Setting) : Setting =
        name |> among [ for struct (known, node) in table.Members -> known, node ]

    /// Settings with changes, a later one over those before it.
    let merged (settings: Setting) (changes: Setting list) : Setting =
        changes |> List.fold (fun (run: Setting) change -> run.With change) settings

    /// A list of texts, such as the values of a grid as the protocol spells them.
    let texts (node: Setting) : string list = node.List |> List.map _.Text

    /// The number that such a text spells.
    let number (text: string) : JsonNode =
        JsonValue.Create(Double.Parse(text, CultureInfo.InvariantCulture))

    /// The change of some members of one part, such as the steps of the task.
    let change (part: string) (members: (string * JsonNode) list) : Setting =
        let inner = JsonObject()

        for name, value in members do
            inner[name] <- value

        let outer = JsonObject()
        outer[part] <- inner
        SettingsNode("the plan", outer)
